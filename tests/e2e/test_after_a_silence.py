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
from tests.support.app_harness import PATIENCE, AppHarness, one_course
from tests.support.names import ANNA
from tests.support.shown import labels

Make = Callable[..., Any]

LEAVE: dict[str, Callable[[AppHarness], None]] = {
    "blocked": lambda harness: harness.person.block(),
    "deactivated": lambda harness: harness.person.deactivate(),
    "chat not found": lambda harness: harness.person.vanish(),
}


def writes(harness: AppHarness) -> None:
    harness.person.reappear()
    harness.person.send_sticker()


def edits(harness: AppHarness) -> None:
    harness.person.reappear()
    mine = next(m for m in harness.person.chat.messages if not m.from_bot)
    harness.person.edit(mine.message_id, "/help me")


def pins(harness: AppHarness) -> None:
    harness.person.reappear()
    mine = next(m for m in harness.person.chat.messages if not m.from_bot)
    pinned = {
        "message_id": mine.message_id,
        "date": 0,
        "chat": {"id": ANNA, "type": "private"},
    }
    harness.person.service(pinned_message=pinned)


def sends_what_cannot_be_read(harness: AppHarness) -> None:
    harness.person.reappear()
    harness.person.service(giveaway={})


def presses(harness: AppHarness) -> None:
    harness.person.reappear()
    harness.person.press("暂停")


RETURN: dict[str, tuple[str, Callable[[AppHarness], None]]] = {
    "unblocks": ("blocked", lambda harness: harness.person.unblock()),
    "writes": ("chat not found", writes),
    "edits": ("chat not found", edits),
    "presses": ("chat not found", presses),
    "pins": ("chat not found", pins),
    "sends what cannot be read": ("chat not found", sends_what_cannot_be_read),
    "is there again": ("deactivated", writes),
}


async def begin(
    open_app: Make, cells: tuple[Cell, ...] = (video(900),)
) -> tuple[AppHarness, Message]:
    """A bot with a running job; and the job's progress message."""
    harness: AppHarness = await open_app(one_course(cells))
    await harness.log_in()
    progress = await harness.start_job("测试科目", "测试模块")
    await harness.reported()
    await harness.see("0/1")
    return harness, progress


async def ended(harness: AppHarness, jobs: int = 1) -> None:
    """Wait until so many jobs have ended, and the outbox has done what it would do about it."""
    app = harness.app
    assert app is not None
    sql = "SELECT count(*) AS ended FROM jobs WHERE finished_at IS NOT NULL"
    async with asyncio.timeout(PATIENCE):
        while True:
            row = await app.db.read(lambda conn: first_row(conn, sql))
            if row is not None and row["ended"] >= jobs and not app.outbox._dispatcher.workers():
                return
            await asyncio.sleep(0.02)


def calls(harness: AppHarness, since: int = 0) -> list[Call]:
    """What was asked of Telegram for the chat."""
    return [call for call in harness.telegram.calls[since:] if call.chat_id == ANNA]


async def told_all(harness: AppHarness, progress: Message) -> None:
    """The summary came, once, and the progress message is no longer one of a running job."""
    await harness.until(lambda: "已结束" in progress.text)
    await harness.final()
    assert labels(progress) == []
    assert len(harness.finals()) == 1


@pytest.mark.parametrize("back", RETURN)
async def test_a_job_that_ended_in_the_silence_is_told_of_when_the_person(
    open_app: Make, back: str
) -> None:
    harness, progress = await begin(open_app)
    leave, comes_back = RETURN[back]
    LEAVE[leave](harness)
    await ended(harness)
    assert harness.finals() == []

    comes_back(harness)

    await told_all(harness, progress)


@pytest.mark.parametrize("back", ["unblocks", "writes"])
async def test_a_restart_in_the_silence_changes_nothing_about_it(open_app: Make, back: str) -> None:
    harness, progress = await begin(open_app)
    leave, comes_back = RETURN[back]
    LEAVE[leave](harness)
    await ended(harness)
    await harness.close()
    before = len(harness.telegram.calls)
    await harness.open()
    await ended(harness)
    assert calls(harness, before) == []

    comes_back(harness)

    await told_all(harness, progress)


@pytest.mark.parametrize("leave", LEAVE)
async def test_nothing_is_asked_again_and_again_in_the_silence(open_app: Make, leave: str) -> None:
    harness, _ = await begin(open_app, (video(3000),))
    reports, before = harness.report_count(), len(harness.telegram.calls)
    LEAVE[leave](harness)

    await harness.reported(reports + 30)
    await ended(harness)

    assert len(calls(harness, before)) <= 1


async def test_two_jobs_and_a_retry_that_ended_are_each_told_of_once(open_app: Make) -> None:
    school = school_of(
        courses=[
            course([module([topic([video(900)])], name="测试模块一")], name="测试科目一"),
            course([module([topic([video(1800)])], name="测试模块二")], name="测试科目二"),
        ]
    )
    harness: AppHarness = await open_app(school)
    harness.platform.faults.add("*", Fault(FaultKind.NO_COUNT), times=None)
    await harness.log_in()
    first = await harness.start_job("测试科目一", "测试模块一")
    assert (await harness.final()).counts == (0, 1, 0)
    harness.platform.faults.clear()
    second = await harness.start_job("测试科目二", "测试模块二")
    await harness.press("重试")
    await harness.until(lambda: labels(first) == [])
    retried = await harness.until(lambda: _running(harness, "测试科目一"))
    harness.person.vanish()
    await ended(harness, 3)
    assert len(harness.finals()) == 1

    writes(harness)

    for progress in (second, retried):
        await harness.until(lambda progress=progress: "已结束" in progress.text)  # type: ignore[misc]
    await harness.final(3)
    await ended(harness, 3)
    assert [final.counts for final in harness.finals()] == [(0, 1, 0), (1, 0, 0), (1, 0, 0)]
    assert labels(first) == labels(second) == labels(retried) == []


def _running(harness: AppHarness, course_name: str) -> Message | None:
    """The progress message of the course's job."""
    return next(
        (
            message
            for message in harness.person.chat.messages
            if course_name in message.text and "暂停" in labels(message)
        ),
        None,
    )


async def test_who_comes_back_and_blocks_again_hears_all_the_next_time(open_app: Make) -> None:
    harness, progress = await begin(open_app)
    harness.person.block()
    await ended(harness)
    before = len(harness.telegram.calls)

    harness.person.unblock()
    harness.person.block()
    await harness.until(lambda: not harness.telegram.world.updates.pending)
    await ended(harness)
    assert not any(call.ok for call in calls(harness, before))
    harness.person.unblock()

    await told_all(harness, progress)


async def test_a_progress_message_that_was_deleted_in_the_silence_breaks_nothing(
    open_app: Make,
) -> None:
    harness, progress = await begin(open_app)
    harness.person.vanish()
    await ended(harness)
    harness.person.delete(progress.message_id)

    writes(harness)

    await harness.final()
    await ended(harness)
    harness.person.send("/jobs")
    await harness.see("任务")
    assert len(harness.finals()) == 1


async def test_a_job_that_goes_on_is_shown_where_it_is(open_app: Make) -> None:
    harness, progress = await begin(open_app, (video(60000),))
    harness.person.block()
    shown, reports = progress.text, harness.report_count()
    await harness.reported(reports + 10)
    assert progress.text == shown

    harness.person.unblock()

    await harness.until(lambda: progress.text != shown)
    assert "暂停" in labels(progress)


async def test_a_press_in_the_silence_is_answered_and_has_its_effect(open_app: Make) -> None:
    harness, progress = await begin(open_app, (video(60000),))
    harness.person.vanish()

    answer = await harness.person.press("暂停").answered()

    assert answer.text
    harness.person.reappear()
    harness.person.send("/jobs")
    await harness.until(lambda: "继续" in labels(progress))


async def test_an_erased_chat_that_was_silent_is_told_nothing(open_app: Make) -> None:
    harness, progress = await begin(open_app, (video(60000),))
    harness.person.vanish()
    await harness.until(lambda: any(call.error_code == 400 for call in calls(harness)))
    harness.person.send("/erase")
    harness.person.reappear()
    harness.person.send("/erase")
    await harness.press("全部删除")
    await harness.see("已全部删除")
    harness.person.block()
    text = progress.text

    harness.person.unblock()
    harness.person.send("/start")

    await harness.see_button("登录")
    assert progress.text == text
    assert harness.finals() == []


@pytest.mark.parametrize("restarts", [False, True])
async def test_a_cookie_that_could_not_be_deleted_is_when_the_person_is_back(
    open_app: Make, restarts: bool
) -> None:
    harness: AppHarness = await open_app(one_course([video(60)]))
    harness.person.vanish()
    harness.person.send(f"auth={harness.platform.cookie_for(STUDENT.stu_id)}")
    await harness.until(lambda: any(call.method == "deleteMessage" for call in calls(harness)))
    if restarts:
        await harness.close()
        await harness.open()
        await harness.until(lambda: not harness.telegram.world.updates.pending)

    writes(harness)

    await harness.until(lambda: not any("auth=" in m.text for m in harness.person.chat.messages))
