"""A digest that was due while its chat could not be written to: today's comes on the return."""

import asyncio
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from bot.digest.report import Missed, MissedDigest
from demo.telegram import Person
from tests.digest.served import until_served

from .campus import ANNA, local
from .line import move_in, on_the_line, shown
from .one_chat import dates
from .speaking import SpeakingCampus

TODAY = date(2026, 3, 2)
LEAVE: dict[str, Callable[[Person], None]] = {
    "blocked": Person.block,
    "deactivated": Person.deactivate,
    "chat not found": Person.vanish,
}


async def come_back(campus: SpeakingCampus) -> None:
    person = campus.phones.person(ANNA)
    person.unblock()
    person.reappear()
    await campus.heard_from(ANNA)


def calls(campus: SpeakingCampus) -> int:
    return sum(call.method in {"sendMessage", "sendPhoto"} for call in campus.phones.calls)


@pytest.mark.parametrize("marked", [True, False])
@pytest.mark.parametrize("leave", LEAVE)
def test_one_of_today_comes_once_on_the_return(tmp_path: Path, leave: str, marked: bool) -> None:
    """``marked`` before it was due; else the digest itself finds it out."""

    async def story(campus: SpeakingCampus) -> None:
        await move_in(campus)
        LEAVE[leave](campus.phones.person(ANNA))
        if marked:
            await campus.reach.note_unreachable(ANNA)
        assert await campus.tick_at("2026-03-02 21:00") == []
        for minute in range(1, 60, 10):
            assert await campus.tick_at(f"2026-03-02 21:{minute:02}") == []
        assert calls(campus) == (0 if marked else 1)
        await campus.restart()
        await campus.sleep_until(local("2026-03-02 22:15"))

        await come_back(campus)

        (said,) = await campus.tick()
        assert (dates([said]), said.report.missed) == ([TODAY], [])
        assert await campus.tick() == []
        (row,) = await campus.rows()
        assert (row.reason, row.sent_at is not None) == (None, True)
        (said,) = await campus.tick_at("2026-03-03 21:00")
        assert said.report.missed == []
        assert len(shown(campus)) == 2

    on_the_line(tmp_path, story)


@pytest.mark.parametrize("leave", LEAVE)
def test_who_returns_another_day_is_told_of_the_one_that_telegram_lost(
    tmp_path: Path, leave: str
) -> None:
    """What a person missed by a block of their own needs no word."""

    async def story(campus: SpeakingCampus) -> None:
        await move_in(campus)
        LEAVE[leave](campus.phones.person(ANNA))
        assert await campus.tick_at("2026-03-02 21:00") == []
        assert await campus.tick_at("2026-03-03 21:00") == []
        assert await campus.tick_at("2026-03-04 21:00") == []
        assert calls(campus) == 1
        await campus.sleep_until(local("2026-03-05 12:00"))
        await come_back(campus)
        assert await campus.tick() == []
        (said,) = await campus.tick_at("2026-03-05 21:00")
        lost = [MissedDigest(TODAY, Missed.DOWN)] if leave == "chat not found" else []
        assert said.report.missed == lost
        (said,) = await campus.tick_at("2026-03-06 21:00")
        assert said.report.missed == []

    on_the_line(tmp_path, story)


def test_one_whose_answer_was_lost_does_not_come_again_on_a_return(tmp_path: Path) -> None:
    async def story(campus: SpeakingCampus) -> None:
        await move_in(campus)
        campus.phones.lose_answer("sendPhoto")
        campus.phones.lose_answer("sendMessage")
        assert await campus.tick_at("2026-03-02 21:00") == []
        came = len(shown(campus))
        await campus.reach.note_unreachable(ANNA)
        await campus.sleep_until(local("2026-03-02 22:00"))
        await come_back(campus)
        assert await campus.tick() == []
        assert len(shown(campus)) == came

    on_the_line(tmp_path, story)


def test_one_whose_answer_was_lost_when_the_person_left_does_not_come_again(
    tmp_path: Path,
) -> None:
    async def story(campus: SpeakingCampus) -> None:
        await move_in(campus)
        campus.phones.lose_answer("sendPhoto")
        campus.phones.lose_answer("sendMessage")
        await campus.sleep_until(local("2026-03-02 21:00"))
        await campus.digests.tick()
        while not any(not call.answered for call in campus.phones.calls):  # noqa: ASYNC110
            await asyncio.sleep(0.01)
        await campus.reach.note_unreachable(ANNA)
        await until_served(campus.digests)
        came = len(shown(campus))
        await come_back(campus)
        assert await campus.tick() == []
        assert len(shown(campus)) == came
        (row,) = await campus.rows()
        assert (row.reason, row.told_at) == ("unsaid", None)

    on_the_line(tmp_path, story)
