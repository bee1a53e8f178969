"""How screens look on a phone: no walls, no cut labels, colours, moments, numbers to copy."""

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from telegram import InlineKeyboardButton

from bot.chat.callbacks import Action
from bot.chat.i18n import Translators
from bot.chat.keyboards import (
    MOST_LINES,
    button,
    button_width,
    copy_button,
    expandable,
    folding,
    rows_of,
    with_expandable,
)
from bot.chat.labels import display_width
from bot.chat.views import batches, home, job
from bot.outbox.screen import MAX_TEXT
from bot.study.progress import Counts, Snapshot
from demo.telegram.html_text import utf16_length
from storage.enums import Pace
from tests.chat.test_contract_words import NAMELESS, action_of, every_language
from tests.support.all_screens import NASTY_NAMES, a_cell, a_job, plans
from tests.support.rendered import as_telegram_takes_it, taken

FOLDED = re.compile(r"\n?<blockquote expandable>.*?</blockquote>", re.DOTALL)
BEGINS = {Action.START, Action.START_ALL, Action.START_NEW, Action.RESUME}
ENDS = {Action.CANCEL_YES, Action.LOGOUT, Action.ERASE, Action.REMOVE}
NOW = datetime(2021, 3, 1, 7, 30, tzinfo=UTC)
ZONE = ZoneInfo("Asia/Shanghai")


@every_language
@pytest.mark.parametrize("name", [NAMELESS, *NASTY_NAMES.values()], ids=["§", *NASTY_NAMES])
def test_no_screen_is_a_wall(translators: Translators, language: str, name: str) -> None:
    for each in taken(translators[language], name):
        assert len(FOLDED.sub("", each.shown.screen.text).split("\n")) <= MOST_LINES, each


@every_language
@pytest.mark.parametrize("name", [NAMELESS, *NASTY_NAMES.values()], ids=["§", *NASTY_NAMES])
def test_no_label_is_wider_than_its_button_on_a_phone(
    translators: Translators, language: str, name: str
) -> None:
    for each in taken(translators[language], name):
        for row in each.rows:
            for shown in row:
                assert display_width(shown.text) <= button_width(len(row)), (shown.text, each)


@every_language
def test_what_begins_is_green_and_what_cannot_be_undone_is_red(
    translators: Translators, language: str
) -> None:
    seen = set()
    for each in taken(translators[language], NAMELESS):
        for shown in each.buttons:
            action = action_of(shown)
            style = "success" if action in BEGINS else "danger" if action in ENDS else None
            assert shown.style == style, each
            seen.add(action)
    assert seen >= BEGINS | ENDS


def test_a_number_to_tell_the_owner_is_copied_by_a_press(translators: Translators) -> None:
    _, rows = as_telegram_takes_it(home.failed(translators["zh"], "A1B2C3", logged_in=True))
    assert [shown.copy_text for shown in rows[0]] == ["A1B2C3"]
    assert copy_button("x", "A1").callback_data is None


@pytest.mark.parametrize(
    ("language", "after", "text", "drawn"),
    [
        ("zh", timedelta(minutes=60), "16:30", None),
        ("zh", timedelta(minutes=61), "16:31", "t"),
        ("en", timedelta(hours=8), "23:30", "t"),
        ("zh", timedelta(hours=9), "3月2日 00:30", "Dt"),
        ("en", timedelta(days=2), "3 Mar 15:30", "Dt"),
        ("zh", timedelta(hours=-3), "12:30", None),
    ],
)
def test_a_moment_over_an_hour_away_is_marked_and_else_is_text(
    translators: Translators, language: str, after: timedelta, text: str, drawn: str | None
) -> None:
    tr, moment = translators[language], NOW + after
    told = tr.moment(moment, ZONE, NOW)
    unix = int(moment.timestamp())
    marked = f'<tg-time unix="{unix}" format="{drawn}">{text}</tg-time>'
    assert told == (marked if drawn else text)
    assert tr.html("{time}", time=told) == told
    assert tr.html("{time}", time=str(told)) == str(told).replace("<", "&lt;").replace(">", "&gt;")


@every_language
def test_no_screen_shows_markup_as_text(translators: Translators, language: str) -> None:
    marked = 0
    for each in taken(translators[language], NASTY_NAMES["plain"]):
        for text in (each.text, *each.labels):
            assert "tg-time" not in text, each
            assert "blockquote" not in text, each
        marked += each.shown.view is job.progress and "<tg-time" in each.shown.screen.text
    assert marked > 0


def test_long_lists_are_folded_at_a_blank_line_if_there_is_one() -> None:
    lines = [f"line {number}" for number in range(30)]
    assert folding(lines[:MOST_LINES]) == "\n".join(lines[:MOST_LINES])
    assert folding(lines) == "\n".join(lines[:12]) + "\n" + expandable(lines[12:])
    parted = [*lines[:9], "", *lines[9:]]
    assert folding(parted) == "\n".join(lines[:9]) + "\n" + expandable(lines[9:])


@pytest.mark.parametrize("size", [1, 40, 400, 4000])
def test_folded_lines_that_do_not_fit_are_left_out_whole(size: int) -> None:
    folded = [f"<b>{'x' * size}</b>"] * 500
    text = with_expandable(["head"], folded)
    assert utf16_length(text) <= MAX_TEXT
    assert text.startswith("head\n<blockquote expandable>")
    kept = text.removesuffix("</blockquote>").split("\n")[1:]
    assert kept[-1].endswith("…")
    assert all(line.endswith("</b>") for line in kept[:-1])
    assert with_expandable(["head"], []) == "head"
    assert with_expandable(["h" * (MAX_TEXT - 10)], folded) == "h" * (MAX_TEXT - 10)


def test_a_label_that_would_be_cut_gets_a_wider_button() -> None:
    def labelled(label: str) -> InlineKeyboardButton:
        return button(label, Action.HOME)

    wide, short = labelled("布宜诺斯艾利斯 (UTC-3)"), labelled("上海 (UTC+8)")
    assert rows_of([short, short, short]) == [[short, short], [short]]
    assert rows_of([short, wide, short, short]) == [[short], [wide], [short, short]]
    assert rows_of([short] * 3, 3) == [[short] * 3]
    assert rows_of([]) == []


@pytest.mark.parametrize(
    ("lengths", "lines"),
    [
        ({"c": Decimal(600)}, ["1× · 还需 10 分钟 · 预计 15:40 学完"]),
        ({}, ["1× · 还需 5～20 分钟", "🏁 预计 15:35～15:50 学完"]),
    ],
)
def test_the_end_has_its_own_line_only_while_it_is_a_range(
    translators: Translators, lengths: dict[str, Decimal], lines: list[str]
) -> None:
    cell = replace(a_cell(0, "视频"), cell_id="c", percent=0.0)
    snapshot = Snapshot((cell,), Counts(total=1), lengths=lengths)
    what = job.Shown(a_job("x", pace=Pace.NORMAL, restarts=0), snapshot, NOW, ZONE, 1.0)
    text, _ = as_telegram_takes_it(job.progress(translators["zh"], what))
    assert text.split("\n")[2:] == lines


@every_language
def test_only_several_jobs_are_said_to_follow_one_another(
    translators: Translators, language: str
) -> None:
    tr = translators[language]
    plan = next(each for form, each in plans("x") if form == "all of it")
    sentence = {"zh": "一个接一个", "en": "follow one another"}[language]
    assert sentence not in batches.preview(tr, [plan], 1).text
    assert sentence in batches.preview(tr, [plan, plan], 1).text
