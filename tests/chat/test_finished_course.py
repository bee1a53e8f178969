"""A course that a job brought to 100 comes with its card and an effect, each once."""

from dataclasses import replace

import pytest

from bot.chat import finished_course
from bot.chat.cards.content import ModuleBar
from bot.chat.finished_course import finished_bars
from storage import job_changes
from storage.courses import Module
from storage.enums import JobState, Outcome
from storage.jobs import JobItem
from tests.support.all_screens import a_cell
from tests.support.chat_harness import COURSE, ChatHarness
from tests.support.names import ANNA

PARTY = "5046509860389126442"


async def a_finished_course(harness: ChatHarness, percent: float = 100.0) -> int:
    """The notice of a job that did all its cells, after which the course shows ``percent``."""
    job_id = await harness.job(await harness.student())
    await harness.end_cells(job_id, c0="done", c1="done", c2="done", c3="by_hand")
    await harness.change(job_id, JobState.SUCCEEDED)
    await harness.db.write(lambda conn: job_changes.set_percent_after(conn, job_id, percent))
    return await harness.notice(job_id)


def shown(harness: ChatHarness) -> list[tuple[bool, str | None]]:
    """For each message of the bot: whether it is a picture, and its effect."""
    return [(message.photo is not None, message.effect_id) for message in harness.said()]


async def test_the_card_comes_first_and_the_final_message_with_its_buttons_last(
    harness: ChatHarness,
) -> None:
    notice = await a_finished_course(harness)
    harness.notices.wake()
    await harness.quiet()
    card, final = harness.said()
    assert shown(harness) == [(True, None), (False, PARTY)]
    assert card.text == f"🏆 {COURSE}：进度 100%！"
    assert card.buttons == []
    assert "完成 3 · 失败 0 · 跳过 1" in final.text
    assert final.buttons
    assert await harness.fate(notice) == "sent"


async def test_a_course_below_100_has_neither(harness: ChatHarness) -> None:
    await a_finished_course(harness, 99.99)
    harness.notices.wake()
    await harness.quiet()
    assert shown(harness) == [(False, None)]


async def test_a_card_that_was_sent_is_not_sent_again_with_the_final_message(
    harness: ChatHarness,
) -> None:
    notice = await a_finished_course(harness)
    harness.telegram.fail("sendMessage", 502, "Bad Gateway", times=100)
    harness.notices.wake()
    await harness.telegram.wait_for(lambda: harness.said())
    await harness.waits_in_the_outbox()
    await harness.close()
    harness.telegram.trouble.clear()
    await harness.open()
    assert await harness.fate(notice) == "waits"
    harness.notices.wake()
    await harness.quiet()
    assert shown(harness) == [(True, None), (False, PARTY)]


@pytest.mark.parametrize(
    "words",
    ["Bad Request: EFFECT_ID_INVALID", "Bad Request: can't use message effects in the chat"],
)
async def test_a_server_that_takes_no_effect_gets_the_message_without(
    harness: ChatHarness, words: str
) -> None:
    notice = await a_finished_course(harness)
    harness.telegram.fail("sendMessage", 400, words)
    harness.notices.wake()
    await harness.quiet()
    assert shown(harness) == [(True, None), (False, None)]
    assert await harness.fate(notice) == "sent"


async def test_a_picture_that_telegram_refuses_costs_the_picture_alone(
    harness: ChatHarness,
) -> None:
    notice = await a_finished_course(harness)
    harness.telegram.fail("sendPhoto", 400, "Bad Request: PHOTO_INVALID_DIMENSIONS")
    harness.notices.wake()
    await harness.quiet()
    assert shown(harness) == [(False, PARTY)]
    assert await harness.fate(notice) == "sent"


async def test_a_card_that_cannot_be_drawn_costs_the_picture_alone(
    harness: ChatHarness, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> bytes:
        raise MemoryError

    monkeypatch.setattr(finished_course, "course_card", broken)
    await a_finished_course(harness)
    harness.notices.wake()
    await harness.quiet()
    assert shown(harness) == [(False, PARTY)]


async def test_an_upload_is_shown_while_a_picture_is_drawn(harness: ChatHarness) -> None:
    await harness.student()
    async with harness.outbox.announced_picture(ANNA):
        await harness.telegram.wait_for(lambda: harness.calls("sendChatAction"))
    assert harness.calls("sendChatAction")[0].params["action"] == "upload_photo"


async def test_a_refused_sign_of_an_upload_changes_nothing(harness: ChatHarness) -> None:
    await harness.student()
    harness.telegram.fail("sendChatAction", 429, "Too Many Requests: retry after 9", retry_after=9)
    async with harness.outbox.announced_picture(ANNA):
        await harness.telegram.wait_for(lambda: harness.calls("sendChatAction"))
    assert len(harness.calls("sendChatAction")) == 1


def ended(module_id: str, outcome: Outcome) -> JobItem:
    return JobItem(replace(a_cell(0, "x"), module_id=module_id), outcome, None, None)


@pytest.mark.parametrize(
    ("stored", "outcome", "is_drawn"),
    [
        (100.0, Outcome.DONE, True),
        (12.0, Outcome.DONE, True),
        (12.0, Outcome.REFUSED, False),
        (None, Outcome.DONE, True),
    ],
)
def test_bars_are_drawn_where_all_modules_are_known_to_be_finished(
    stored: float | None, outcome: Outcome, *, is_drawn: bool
) -> None:
    modules = [Module("a", "甲", 100.0, 1, 1), Module("b", "乙", stored, 2, 1)]
    bars = finished_bars(modules, [ended("b", Outcome.DONE), ended("b", outcome)])
    assert bars == ([ModuleBar("甲", 100), ModuleBar("乙", 100)] if is_drawn else [])
    assert finished_bars([*modules, Module("c", "丙", 99.9, 3, 1)], []) == []
