"""The card of a course: its bars are as long as the percents, and what is new is marked."""

from dataclasses import replace
from datetime import date
from itertools import groupby

import pytest
from PIL import Image

from bot.chat.cards import palette as inks
from bot.chat.cards.canvas import LEFT, RIGHT, pixels
from bot.chat.cards.content import CourseCard, ModuleBar
from bot.chat.cards.course import course_card
from bot.chat.cards.palette import Ink
from bot.chat.cards.rows import BAR_HEIGHT, MOST_ROWS, shown
from bot.chat.i18n import Translator, Translators
from tests.gallery.cards import sample_card
from tests.support.image_asserts import TODAY, Spy, colours, opened, pixel


@pytest.fixture
def spy(monkeypatch: pytest.MonkeyPatch) -> Spy:
    seen = Spy()
    seen.watch(monkeypatch)
    return seen


@pytest.fixture(params=["zh", "en"])
def tr(request: pytest.FixtureRequest, translators: Translators) -> Translator:
    return translators[request.param]


def a_card(*modules: ModuleBar, percent: float = 50, gained: float = 0) -> CourseCard:
    return CourseCard("数据结构", percent, gained, 3, 6, modules, "张三", TODAY, TODAY)


def bars(image: Image.Image) -> list[list[Ink]]:
    """The pixels along the middle of every bar, from top to bottom."""
    inside = {inks.TRACK, inks.DONE, inks.COMPLETE, inks.GAIN}
    column = [pixel(image, LEFT + BAR_HEIGHT // 2, down) in inside for down in range(image.height)]
    found, down = [], 0
    for is_bar, run in groupby(column):
        length = len(list(run))
        if is_bar and length >= BAR_HEIGHT - 2:
            middle = down + length // 2
            found.append([pixel(image, across, middle) for across in range(LEFT, RIGHT)])
        down += length
    return found


@pytest.mark.parametrize("percent", [0, 1, 12.5, 50, 72, 99, 99.9, 100])
def test_a_bar_is_as_long_as_its_percent(tr: Translator, percent: float) -> None:
    (bar,) = bars(opened(course_card(tr, a_card(ModuleBar("栈", percent)))))

    done = bar.count(inks.COMPLETE if percent == 100 else inks.DONE)
    assert done == pytest.approx(percent / 100 * len(bar), abs=4)
    assert (done == len(bar)) == (percent == 100)
    assert (done > 0) == (percent > 0)
    assert inks.GAIN not in bar


@pytest.mark.parametrize(
    ("percent", "gained"), [(72, 18), (100, 6.5), (8, 8), (100, 100), (50.5, 0.5), (30, 45)]
)
def test_a_gain_is_marked_at_the_end_of_the_bar(
    tr: Translator, percent: float, gained: float
) -> None:
    (bar,) = bars(opened(course_card(tr, a_card(ModuleBar("栈", percent, gained)))))

    new = min(percent, gained) / 100 * len(bar)
    assert bar.count(inks.GAIN) == pytest.approx(new, abs=4)
    done = inks.COMPLETE if percent == 100 else inks.DONE
    assert bar.count(done) == pytest.approx(percent / 100 * len(bar) - new, abs=4)
    order = [ink for ink, _ in groupby(bar) if ink in {done, inks.GAIN, inks.TRACK}]
    assert order == sorted(order, key=[done, inks.GAIN, inks.TRACK].index)


@pytest.mark.parametrize("gained", [0, 0.01, -3])
def test_where_nothing_was_gained_no_gain_is_drawn(tr: Translator, gained: float) -> None:
    card = a_card(ModuleBar("栈", 40, gained), ModuleBar("队列", 0, gained), gained=gained)

    assert inks.GAIN not in colours(opened(course_card(tr, card)))


def test_every_module_has_its_bar_in_the_platforms_order(tr: Translator) -> None:
    values = [10, 80, 100, 0, 55]
    card = a_card(*(ModuleBar(f"{n}", value) for n, value in enumerate(values)))

    drawn = bars(opened(course_card(tr, card)))

    lengths = [100 * (bar.count(inks.DONE) + bar.count(inks.COMPLETE)) / len(bar) for bar in drawn]
    assert lengths == pytest.approx(values, abs=0.5)


def test_with_many_modules_those_that_moved_and_the_unfinished_are_shown(
    translators: Translators, spy: Spy
) -> None:
    finished = [ModuleBar(f"完 {n}", 100) for n in range(9)]
    moved = [ModuleBar(f"动 {n}", 100, 5) for n in range(4)]
    left = [ModuleBar(f"余 {n}", 30) for n in range(9)]

    kept = shown([*finished, *left, *moved])
    image = opened(course_card(translators["zh"], a_card(*finished, *left, *moved)))

    assert kept == [*left[:6], *moved]
    assert len(bars(image)) == MOST_ROWS - 1
    assert spy.sees("12", "个模块")


def test_as_many_modules_as_there_is_room_for_are_all_shown() -> None:
    modules = [ModuleBar("完", 100) for _ in range(MOST_ROWS)]

    assert shown(modules) == modules


def test_a_card_says_percent_cells_gain_student_and_day(translators: Translators, spy: Spy) -> None:
    card = replace(sample_card(), since=date(2021, 2, 28))
    course_card(translators["zh"], card)
    assert {"52%", "java面向对象程序设计", "张三", "3/31"} <= set(spy.texts)
    assert spy.sees("137", "71")
    assert spy.sees("2/28", "+5.5%")
    spy.written.clear()

    course_card(translators["en"], card)
    assert {"52%", "张三", "31 Mar", "+18", "+6.5"} <= set(spy.texts)
    assert spy.sees("28 Feb", "+5.5%")


@pytest.mark.parametrize(
    ("gained", "said"), [(0, "no change since 31 Mar"), (-2.25, "−2.2% since 31 Mar")]
)
def test_a_card_says_when_nothing_changed_and_when_it_fell(
    translators: Translators, spy: Spy, gained: float, said: str
) -> None:
    course_card(translators["en"], a_card(gained=gained))

    assert said in spy.texts


def test_what_is_not_counted_is_not_said(translators: Translators, spy: Spy) -> None:
    course_card(translators["en"], replace(a_card(), cells_done=None, since=None))

    assert set(spy.texts) == {"数据结构", "50%", "张三", "31 Mar"}


@pytest.mark.parametrize(
    ("share", "filled"), [(0, 0), (0.0001, 4), (0.5, 450), (0.9999, 896), (1, 900), (1.2, 900)]
)
def test_only_the_whole_fills_a_bar_and_only_nothing_leaves_it_empty(
    share: float, filled: int
) -> None:
    assert pixels(share, 900) == filled


def test_a_name_of_nothing_that_can_be_drawn_has_a_dash(translators: Translators, spy: Spy) -> None:
    course_card(translators["en"], replace(a_card(ModuleBar("", 1)), course="🚀", student=""))

    assert spy.texts.count("–") == 2


def rows_of(spy: Spy, *names: str) -> list[str]:
    """The names in the order in which they stand, from top to bottom."""
    found = [(at[1], text) for text, at in spy.places if text in names]
    return [text for _, text in sorted(found)]


def test_of_courses_the_unfinished_stand_first_and_modules_keep_their_order(
    translators: Translators, spy: Spy
) -> None:
    bars_of = [
        ModuleBar("甲", 100),
        ModuleBar("乙", 40),
        ModuleBar("丙", 100),
        ModuleBar("丁", None),
    ]
    course_card(translators["zh"], replace(a_card(*bars_of), of_courses=True))
    assert rows_of(spy, "甲", "乙", "丙", "丁") == ["乙", "丁", "甲", "丙"]
    spy.places.clear()

    course_card(translators["zh"], a_card(*bars_of))
    assert rows_of(spy, "甲", "乙", "丙", "丁") == ["甲", "乙", "丙", "丁"]


def test_what_is_complete_is_green_and_has_a_tick(tr: Translator, spy: Spy) -> None:
    image = opened(course_card(tr, a_card(ModuleBar("甲", 99.99), ModuleBar("乙", 100))))

    unfinished, complete = bars(image)
    assert inks.DONE in unfinished
    assert inks.COMPLETE not in unfinished
    assert set(complete[12:-12]) == {inks.COMPLETE}
    assert spy.texts.count("✓ 100%") == 1
    assert "99%" in spy.texts


def test_a_complete_course_has_a_green_ring(tr: Translator) -> None:
    assert inks.COMPLETE in colours(opened(course_card(tr, a_card(percent=100))))
    assert inks.COMPLETE not in colours(opened(course_card(tr, a_card(percent=99.9))))


@pytest.mark.parametrize(
    ("language", "whole", "row"),
    [
        ("zh", "照这个速度，约 12/5 学完", "约 12/5 学完"),
        ("en", "done around 5 Dec at this rate", "done ~5 Dec"),
    ],
)
def test_a_card_says_when_a_course_ends_at_its_rate(
    translators: Translators, spy: Spy, language: str, whole: str, row: str
) -> None:
    end = date(2021, 12, 5)
    course_card(translators[language], replace(a_card(gained=2), done_by=end))
    assert whole in spy.texts
    spy.written.clear()

    bars_of = [ModuleBar("甲", 40, done_by=end), ModuleBar("乙", 40)]
    course_card(translators[language], replace(a_card(*bars_of), of_courses=True))
    assert spy.texts.count(row) == 1
    assert whole not in spy.texts


def test_gains_stand_in_one_column_beside_ticks(translators: Translators, spy: Spy) -> None:
    card = a_card(ModuleBar("甲", 40, 5), ModuleBar("乙", 100, 5))
    course_card(translators["zh"], card)

    assert len({at[0] for text, at in spy.places if text == "+5"}) == 1
