"""A chat that cannot be written to for a while: nothing is asked for it, and then all is told."""

import asyncio
from collections.abc import Callable
from typing import Any

import pytest

from demo.platform import (
    STUDENT,
    Cell,
    Fault,
    FaultKind,
    course,
    module,
    school_of,
    topic,
    video,
)
from demo.telegram import Call, Message
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
    """Wait until so many jobs have ended, and the outbox has done what it would do about it."""
    app = house.app
    assert app is not None
    sql = "SELECT count(*) AS ended FROM jobs WHERE finished_at IS NOT NULL"
    async with asyncio.timeout(PATIENCE):
        while True:
            row = await app.db.read(lambda conn: first_row(conn, sql))
            if row is not None and row["ended"] >= jobs and not app.outbox._workers():
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


@pytest.mark.parametrize("back", RETURN)
async def test_a_job_that_ended_in_the_silence_is_told_of_when_the_person(
    houses: Make, back: str
) -> None:
    house, progress = await begin(houses)
    leave, comes_back = RETURN[back]
    LEAVE[leave](house)
    await ended(house)
    assert house.finals() == []

    comes_back(house)

    await told_all(house, progress)


@pytest.mark.parametrize("back", ["unblocks", "writes"])
async def test_a_restart_in_the_silence_changes_nothing_about_it(houses: Make, back: str) -> None:
    house, progress = await begin(houses)
    leave, comes_back = RETURN[back]
    LEAVE[leave](house)
    await ended(house)
    await house.close()
    before = len(house.telegram.calls)
    await house.open()
    await ended(house)
    assert calls(house, before) == []

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


async def test_two_jobs_and_a_retry_that_ended_are_each_told_of_once(houses: Make) -> None:
    school = school_of(
        courses=[
            course([module([topic([video(900)])], name="测试模块一")], name="测试科目一"),
            course([module([topic([video(1800)])], name="测试模块二")], name="测试科目二"),
        ]
    )
    house: House = await houses(school)
    house.platform.faults.add("*", Fault(FaultKind.NO_COUNT), times=None)
    await house.log_in()
    first = await house.start_job("测试科目一", "测试模块一")
    assert (await house.final()).counts == (0, 1, 0)
    house.platform.faults.clear()
    second = await house.start_job("测试科目二", "测试模块二")
    await house.press("重试")
    await house.until(lambda: labels(first) == [])
    retried = await house.until(lambda: _running(house, "测试科目一"))
    house.person.vanish()
    await ended(house, 3)
    assert len(house.finals()) == 1

    writes(house)

    for progress in (second, retried):
        await house.until(lambda progress=progress: "已结束" in progress.text)  # type: ignore[misc]
    await house.final(3)
    await ended(house, 3)
    assert [final.counts for final in house.finals()] == [(0, 1, 0), (1, 0, 0), (1, 0, 0)]
    assert labels(first) == labels(second) == labels(retried) == []


def _running(house: House, course_name: str) -> Message | None:
    """The progress message of the course's job."""
    return next(
        (
            message
            for message in house.person.chat.messages
            if course_name in message.text and "暂停" in labels(message)
        ),
        None,
    )


async def test_who_comes_back_and_blocks_again_hears_all_the_next_time(houses: Make) -> None:
    house, progress = await begin(houses)
    house.person.block()
    await ended(house)
    before = len(house.telegram.calls)

    house.person.unblock()
    house.person.block()
    await house.until(lambda: not house.telegram.world.updates.pending)
    await ended(house)
    assert not any(call.ok for call in calls(house, before))
    house.person.unblock()

    await told_all(house, progress)


async def test_a_progress_message_that_was_deleted_in_the_silence_breaks_nothing(
    houses: Make,
) -> None:
    house, progress = await begin(houses)
    house.person.vanish()
    await ended(house)
    house.person.delete(progress.message_id)

    writes(house)

    await house.final()
    await ended(house)
    house.person.send("/jobs")
    await house.see("任务")
    assert len(house.finals()) == 1


async def test_a_job_that_goes_on_is_shown_where_it_is(houses: Make) -> None:
    house, progress = await begin(houses, (video(60000),))
    house.person.block()
    shown, reports = progress.text, house.report_count()
    await house.reported(reports + 10)
    assert progress.text == shown

    house.person.unblock()

    await house.until(lambda: progress.text != shown)
    assert "暂停" in labels(progress)


async def test_a_press_in_the_silence_is_answered_and_has_its_effect(houses: Make) -> None:
    house, progress = await begin(houses, (video(60000),))
    house.person.vanish()

    answer = await house.person.press("暂停").answered()

    assert answer.text
    house.person.reappear()
    house.person.send("/jobs")
    await house.until(lambda: "继续" in labels(progress))


async def test_an_erased_chat_that_was_silent_is_told_nothing(houses: Make) -> None:
    house, progress = await begin(houses, (video(60000),))
    house.person.vanish()
    await house.until(lambda: any(call.error_code == 400 for call in calls(house)))
    house.person.send("/erase")
    house.person.reappear()
    house.person.send("/erase")
    await house.press("全部删除")
    await house.see("已全部删除")
    house.person.block()
    text = progress.text

    house.person.unblock()
    house.person.send("/start")

    await house.see_button("登录")
    assert progress.text == text
    assert house.finals() == []


@pytest.mark.parametrize("restarts", [False, True])
async def test_a_cookie_that_could_not_be_deleted_is_when_the_person_is_back(
    houses: Make, restarts: bool
) -> None:
    house: House = await houses(one_course([video(60)]))
    house.person.vanish()
    house.person.send(f"auth={house.platform.cookie_for(STUDENT.stu_id)}")
    await house.until(lambda: any(call.method == "deleteMessage" for call in calls(house)))
    if restarts:
        await house.close()
        await house.open()
        await house.until(lambda: not house.telegram.world.updates.pending)

    writes(house)

    await house.until(lambda: not any("auth=" in m.text for m in house.person.chat.messages))
