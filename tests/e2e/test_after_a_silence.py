"""A chat that cannot be written to for a while: nothing is asked for it, and then all is told."""

import asyncio
from collections.abc import Callable
from typing import Any

import pytest

from bot.demo.platform import Cell, document, video
from bot.demo.telegram import Call, Message
from storage.rows import first_row
from tests.e2e.house import PATIENCE, PERSON_ID, House, one_course

Make = Callable[..., Any]

LEAVE: dict[str, Callable[[House], None]] = {
    "blocked": lambda house: house.person.block(),
    "deactivated": lambda house: house.person.deactivate(),
    "chat not found": lambda house: house.person.vanish(),
}


def writes(house: House) -> None:
    house.person.reappear()
    house.person.send_sticker()


def edits(house: House) -> None:
    house.person.reappear()
    mine = next(m for m in house.person.chat.messages if not m.from_bot)
    house.person.edit(mine.message_id, "/help me")


def presses(house: House) -> None:
    house.person.reappear()
    house.person.press("暂停")


RETURN: dict[str, tuple[str, Callable[[House], None]]] = {
    "unblocks": ("blocked", lambda house: house.person.unblock()),
    "writes": ("chat not found", writes),
    "edits": ("chat not found", edits),
    "presses": ("chat not found", presses),
    "is there again": ("deactivated", writes),
}


async def begin(houses: Make, cells: tuple[Cell, ...] = (video(900),)) -> tuple[House, Message]:
    """A house with a running job; and the job's progress message."""
    house: House = await houses(one_course(cells))
    await house.log_in()
    progress = await house.start_job("测试科目", "测试模块")
    await house.reported()
    await house.see("0/1")
    return house, progress


async def ended(house: House, jobs: int = 1) -> None:
    """Wait until so many jobs have ended."""
    assert house.app is not None
    sql = "SELECT count(*) AS ended FROM jobs WHERE finished_at IS NOT NULL"
    async with asyncio.timeout(PATIENCE):
        while True:
            row = await house.app.db.read(lambda conn: first_row(conn, sql))
            if row is not None and row["ended"] >= jobs:
                return
            await asyncio.sleep(0.02)


def calls(house: House, since: int = 0) -> list[Call]:
    """What was asked of Telegram for the chat."""
    return [call for call in house.telegram.calls[since:] if call.chat_id == PERSON_ID]


def labels(message: Message) -> list[str]:
    return [button.text for row in message.buttons for button in row]


async def told_all(house: House, progress: Message) -> None:
    """The summary came, once, and the progress message is no longer one of a running job."""
    await house.until(lambda: "已结束" in progress.text)
    await house.final()
    assert labels(progress) == []
    assert len(house.finals()) == 1


@pytest.mark.parametrize("restarts", [False, True])
@pytest.mark.parametrize("back", RETURN)
async def test_a_job_that_ended_in_the_silence_is_told_of_when_the_person(
    houses: Make, back: str, restarts: bool
) -> None:
    house, progress = await begin(houses)
    leave, comes_back = RETURN[back]
    LEAVE[leave](house)
    await ended(house)
    if restarts:
        await house.close()
        await house.open()

    comes_back(house)

    await told_all(house, progress)


@pytest.mark.parametrize("leave", LEAVE)
async def test_nothing_is_asked_again_and_again_in_the_silence(houses: Make, leave: str) -> None:
    house, _ = await begin(houses, (video(3000),))
    reports, before = house.report_count(), len(house.telegram.calls)
    LEAVE[leave](house)

    await house.reported(reports + 30)
    await ended(house)

    assert len(calls(house, before)) <= 1
