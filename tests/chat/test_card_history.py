"""The chart of the last 30 days: what was recorded, where it was recorded, and nothing else."""

from datetime import date, timedelta
from itertools import pairwise

import pytest

from bot.chat.cards import palette as inks
from bot.chat.cards.canvas import RIGHT, SMALL
from bot.chat.cards.content import ChartLine
from bot.chat.cards.history import PLOT_HEIGHT, drawn_lines, history_chart
from bot.chat.cards.plot import GUTTER_RIGHT, spread
from bot.chat.i18n import Translator, Translators
from tests.gallery.cards import sample_history
from tests.support.image_asserts import (
    TODAY,
    WINDOW,
    Columns,
    Spy,
    colours,
    history,
    opened,
    steady,
)

VALUES = RIGHT - GUTTER_RIGHT
"""Today's values stand to the right of this pixel."""


@pytest.fixture
def spy(monkeypatch: pytest.MonkeyPatch) -> Spy:
    seen = Spy()
    seen.watch(monkeypatch)
    return seen


@pytest.fixture(params=["zh", "en"])
def tr(request: pytest.FixtureRequest, translators: Translators) -> Translator:
    return translators[request.param]


def test_a_gap_in_the_history_stays_a_gap(tr: Translator) -> None:
    known = [*WINDOW[:10], *WINDOW[16:]]
    png = history_chart(tr, history(steady("栈", *known)))

    line = Columns(png, inks.LINES[0])
    area = Columns(png, inks.tint(inks.LINES[0]))
    dots = Columns(png, inks.faint(inks.LINES[0]))
    assert all(line.has(day) and area.has(day) for day in [*WINDOW[1:9], *WINDOW[17:-1]])
    assert not any(line.has(day) or area.has(day) for day in WINDOW[10:16])
    across = [dots.has(day, part / 8) for day in WINDOW[10:15] for part in range(8)]
    assert any(across)
    assert not all(across)


def test_dots_are_explained_where_there_are_any(translators: Translators, spy: Spy) -> None:
    history_chart(translators["en"], history(steady("栈", *WINDOW)))
    assert not spy.sees("Dotted")

    history_chart(translators["en"], history(steady("栈", *WINDOW[:3], *WINDOW[4:])))
    assert spy.sees("Dotted", "no record")


def test_values_that_read_the_same_stand_once(translators: Translators, spy: Spy) -> None:
    equal = [steady(f"栈 {n}", *WINDOW, start=40 + n / 10) for n in range(3)]
    history_chart(translators["en"], history(*equal, steady("队列", *WINDOW, start=10)))

    beside = [text for text, at in spy.places if text.endswith("%") and VALUES < at[0] < RIGHT]
    assert sorted(beside) == ["39%", "69%"]


def test_values_that_are_near_stand_below_each_other(translators: Translators, spy: Spy) -> None:
    near = [steady(f"栈 {n}", *WINDOW, start=40 + n) for n in range(5)]
    history_chart(translators["en"], history(*near))

    beside = [at for text, at in spy.places if text.endswith("%") and VALUES < at[0] < RIGHT]
    assert len(beside) == 5
    downs = sorted(down for _, down in beside)
    assert all(after - before >= SMALL for before, after in pairwise(downs))


def test_nothing_is_drawn_before_the_first_record_or_after_the_last(tr: Translator) -> None:
    ink = inks.LINES[0]
    png = history_chart(tr, history(steady("栈", *WINDOW[12:20])))

    drawn = Columns(png, ink, inks.tint(ink), inks.faint(ink))
    assert [day for day in WINDOW if drawn.has(day)] == WINDOW[12:20]


def test_a_line_stands_as_high_as_its_percents(tr: Translator) -> None:
    png = history_chart(tr, history(steady("栈", *WINDOW, start=20, rise=2)))
    drawn = Columns(png, inks.LINES[0])

    for number, day in list(enumerate(WINDOW))[1:-2]:
        rows = drawn.rows(day)
        middle = (rows[0] + rows[-1]) / 2
        assert middle == pytest.approx(PLOT_HEIGHT * (1 - (20 + 2 * number) / 100), abs=2)


FIRST = [
    ("zh", TODAY, "今天的进度", "明天起这里会有曲线。"),
    ("en", TODAY, "Progress today", "From tomorrow a curve appears here."),
    ("zh", WINDOW[3], "3/5 的进度", "再记录一天，这里就会有曲线。"),
    ("en", WINDOW[3], "Progress on 5 Mar", "With one more recorded day there is a curve here."),
]


@pytest.mark.parametrize(("language", "day", "title", "note"), FIRST)
def test_a_single_day_is_a_bar_per_course_and_tells_of_the_curve(
    translators: Translators, spy: Spy, language: str, day: date, title: str, note: str
) -> None:
    lines = [ChartLine("栈", [(day, 100.0)]), ChartLine("队列", [(day, 12.9)])]
    image = opened(history_chart(translators[language], history(*lines, kept_since=day)))

    assert {title, note, "12%", "✓ 100%"} <= set(spy.texts)
    places = dict(spy.places)
    assert places["队列"][1] < places["栈"][1] < places[note][1]
    drawn = colours(image)
    assert {inks.DONE, inks.COMPLETE} <= drawn
    assert "0%" not in spy.texts


def test_a_first_day_of_many_courses_counts_those_that_do_not_fit(
    translators: Translators, spy: Spy
) -> None:
    lines = [ChartLine(f"栈 {n}", [(TODAY, float(n))]) for n in range(14)]
    history_chart(translators["en"], history(*lines))

    assert "4 more courses" in spy.texts


def test_two_days_of_any_courses_are_a_chart(translators: Translators, spy: Spy) -> None:
    lines = [ChartLine("栈", [(TODAY, 12.9)]), ChartLine("队列", [(WINDOW[-2], 5.0)])]
    history_chart(translators["en"], history(*lines))

    assert "The last 30 days" in spy.texts


def test_todays_value_is_labelled_and_an_older_one_has_its_day(
    translators: Translators, spy: Spy
) -> None:
    here = steady("栈", *WINDOW, start=1)
    older = steady("队列", *WINDOW[:20], start=60)
    history_chart(translators["en"], history(here, older))

    assert spy.texts.count("30%") == 2
    assert "79% on 21 Mar" in spy.texts
    assert "79%" not in spy.texts


def test_days_stand_on_the_axis_as_the_language_writes_them(
    translators: Translators, spy: Spy
) -> None:
    history_chart(translators["zh"], sample_history())
    assert {"3/3", "3/10", "3/17", "3/24", "3/31", "0%", "50%", "100%"} <= set(spy.texts)
    spy.written.clear()

    history_chart(translators["en"], sample_history())
    assert {"3 Mar", "10 Mar", "17 Mar", "24 Mar", "31 Mar"} <= set(spy.texts)


def test_five_courses_are_drawn_those_that_moved_and_the_rest_is_counted(
    translators: Translators, spy: Spy
) -> None:
    still = [steady(f"静 {n}", *WINDOW, rise=0) for n in range(3)]
    moving = [steady(f"动 {n}", *WINDOW) for n in range(4)]
    old = ChartLine("旧", [(TODAY - timedelta(days=30), 5.0), (TODAY + timedelta(days=1), 9.0)])
    past = history(*still, old, *moving)

    lines, left_out = drawn_lines(past)
    history_chart(translators["en"], past)

    assert [line.name for line in lines] == ["静 0", "动 0", "动 1", "动 2", "动 3"]
    assert len({line.ink for line in lines}) == len({line.sign for line in lines}) == 5
    assert left_out == 2
    assert "2 more courses are not drawn" in spy.texts
    assert "旧" not in spy.texts


def test_the_last_of_two_records_of_a_day_counts_and_the_order_is_no_matter() -> None:
    points = [(TODAY, 40.0), (WINDOW[3], 10.0), (TODAY, 50.0), (WINDOW[1], 140.0)]

    (line,), _ = drawn_lines(history(ChartLine("栈", points)))

    assert line.points == [(WINDOW[1], 100.0), (WINDOW[3], 10.0), (TODAY, 50.0)]


@pytest.mark.parametrize(
    ("kept_since", "said"),
    [(None, "begins with the first record"), (date(2021, 3, 2), "since 2 Mar")],
)
def test_an_empty_history_says_since_when_it_is_kept(
    translators: Translators, spy: Spy, kept_since: date | None, said: str
) -> None:
    opened(history_chart(translators["en"], history(ChartLine("栈", []), kept_since=kept_since)))

    assert said in " ".join(spy.texts)


@pytest.mark.parametrize(
    "wished", [[10, 20, 30], [10, 200, 205], [500, 510, 515, 520], [0, 0, 0, 0, 0], [520]]
)
def test_values_beside_each_other_are_moved_apart(wished: list[float]) -> None:
    placed = spread(wished, 44, 520)

    assert all(after - before >= 44 for before, after in pairwise(placed))
    assert max(placed) <= 520
    assert min(placed) >= 0
