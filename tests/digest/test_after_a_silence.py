"""A digest that was due while its chat could not be written to: today's comes on the return."""

import asyncio
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from bot.digest.report import Missed, MissedDigest
from demo.telegram import Person
from tests.support.digest_chat_harness import DigestChatHarness
from tests.support.digest_harness import local, until_served
from tests.support.names import ANNA

from .digest_chat import move_in, play_digest_chat, shown
from .one_chat import dates

TODAY = date(2026, 3, 2)
LEAVE: dict[str, Callable[[Person], None]] = {
    "blocked": Person.block,
    "deactivated": Person.deactivate,
    "chat not found": Person.vanish,
}


async def come_back(harness: DigestChatHarness) -> None:
    person = harness.server.person(ANNA)
    person.unblock()
    person.reappear()
    await harness.heard_from(ANNA)


def calls(harness: DigestChatHarness) -> int:
    return sum(call.method in {"sendMessage", "sendPhoto"} for call in harness.server.calls)


@pytest.mark.parametrize("marked", [True, False])
@pytest.mark.parametrize("leave", LEAVE)
def test_one_of_today_comes_once_on_the_return(tmp_path: Path, leave: str, marked: bool) -> None:
    """``marked`` before it was due; else the digest itself finds it out."""

    async def story(harness: DigestChatHarness) -> None:
        await move_in(harness)
        LEAVE[leave](harness.server.person(ANNA))
        if marked:
            await harness.reach.note_unreachable(ANNA)
        assert await harness.tick_at("2026-03-02 21:00") == []
        for minute in range(1, 60, 10):
            assert await harness.tick_at(f"2026-03-02 21:{minute:02}") == []
        assert calls(harness) == (0 if marked else 1)
        await harness.restart()
        await harness.sleep_until(local("2026-03-02 22:15"))

        await come_back(harness)

        (said,) = await harness.tick()
        assert (dates([said]), said.report.missed) == ([TODAY], [])
        assert await harness.tick() == []
        (row,) = await harness.rows()
        assert (row.reason, row.sent_at is not None) == (None, True)
        (said,) = await harness.tick_at("2026-03-03 21:00")
        assert said.report.missed == []
        assert len(shown(harness)) == 2

    play_digest_chat(tmp_path, story)


@pytest.mark.parametrize("leave", LEAVE)
def test_who_returns_another_day_is_told_of_the_one_that_telegram_lost(
    tmp_path: Path, leave: str
) -> None:
    """What a person missed by a block of their own needs no word."""

    async def story(harness: DigestChatHarness) -> None:
        await move_in(harness)
        LEAVE[leave](harness.server.person(ANNA))
        assert await harness.tick_at("2026-03-02 21:00") == []
        assert await harness.tick_at("2026-03-03 21:00") == []
        assert await harness.tick_at("2026-03-04 21:00") == []
        assert calls(harness) == 1
        await harness.sleep_until(local("2026-03-05 12:00"))
        await come_back(harness)
        assert await harness.tick() == []
        (said,) = await harness.tick_at("2026-03-05 21:00")
        lost = [MissedDigest(TODAY, Missed.DOWN)] if leave == "chat not found" else []
        assert said.report.missed == lost
        (said,) = await harness.tick_at("2026-03-06 21:00")
        assert said.report.missed == []

    play_digest_chat(tmp_path, story)


def test_one_whose_answer_was_lost_does_not_come_again_on_a_return(tmp_path: Path) -> None:
    async def story(harness: DigestChatHarness) -> None:
        await move_in(harness)
        harness.server.lose_answer("sendPhoto")
        harness.server.lose_answer("sendMessage")
        assert await harness.tick_at("2026-03-02 21:00") == []
        came = len(shown(harness))
        await harness.reach.note_unreachable(ANNA)
        await harness.sleep_until(local("2026-03-02 22:00"))
        await come_back(harness)
        assert await harness.tick() == []
        assert len(shown(harness)) == came

    play_digest_chat(tmp_path, story)


def test_one_whose_answer_was_lost_when_the_person_left_does_not_come_again(
    tmp_path: Path,
) -> None:
    async def story(harness: DigestChatHarness) -> None:
        await move_in(harness)
        harness.server.lose_answer("sendPhoto")
        harness.server.lose_answer("sendMessage")
        await harness.sleep_until(local("2026-03-02 21:00"))
        await harness.digests.tick()
        while not any(not call.answered for call in harness.server.calls):  # noqa: ASYNC110
            await asyncio.sleep(0.01)
        await harness.reach.note_unreachable(ANNA)
        await until_served(harness.digests)
        came = len(shown(harness))
        await come_back(harness)
        assert await harness.tick() == []
        assert len(shown(harness)) == came
        (row,) = await harness.rows()
        assert (row.reason, row.told_at) == ("unsaid", None)

    play_digest_chat(tmp_path, story)
