"""Who is heard from again is told everything: what ended, what goes on, what was left as a row."""

import asyncio
from datetime import datetime, timedelta

import pytest
from aiosqlite import Connection

from bot.outbox.screen import Screen
from demo.telegram import Message
from storage import chats, outdated_messages
from storage.enums import JobState
from storage.rows import run
from tests.support.chat_harness import COURSE, ChatHarness
from tests.support.names import ANNA, BORIS
from tests.support.shown import labels


async def a_shown_job(
    harness: ChatHarness, state: JobState = JobState.RUNNING, course_name: str = COURSE
) -> tuple[int, Message]:
    """A job and its progress message."""
    account = await harness.student()
    message_id = await harness.outbox.send(ANNA, Screen("preview"))
    job_id = await harness.job(account, message_id=message_id, state=state, course_name=course_name)
    harness.reporter.job_changed(job_id)
    await harness.quiet()
    return job_id, harness.message(message_id)


async def end(harness: ChatHarness, job_id: int, state: JobState = JobState.SUCCEEDED) -> None:
    """End a job as the jobs do: the rows first, then word of it."""
    await harness.end_cells(job_id, c0="done", c1="done", c2="done", c3="done")
    await harness.change(job_id, state)
    if state is not JobState.CANCELLED:
        await harness.notice(job_id)
    harness.reporter.job_changed(job_id)
    harness.notices.wake()
    await harness.quiet()


async def later(harness: ChatHarness, by: timedelta) -> None:
    """Everything that is stored happened so much earlier."""

    async def unit(conn: Connection) -> None:
        seconds = f"-{by.total_seconds()} seconds"
        form = "%Y-%m-%dT%H:%M:%f000+00:00"
        for table, column in (
            ("chats", "blocked_at"),
            ("jobs", "created_at"),
            ("jobs", "finished_at"),
            ("job_history", "at"),
            ("notices", "created_at"),
            ("notices", "sent_at"),
        ):
            await run(
                conn,
                f"UPDATE {table} SET {column} = strftime(?, {column}, ?)"  # noqa: S608
                f" WHERE {column} IS NOT NULL",
                (form, seconds),
            )

    await harness.db.write(unit)


async def last_change(harness: ChatHarness) -> datetime:
    found = await harness.db.read(outdated_messages.last_change)
    assert found is not None
    return found


@pytest.mark.parametrize("restarts", [False, True])
@pytest.mark.parametrize("state", [JobState.SUCCEEDED, JobState.FAILED, JobState.CANCELLED])
async def test_a_job_that_ended_days_ago_is_told_of(
    harness: ChatHarness, state: JobState, restarts: bool
) -> None:
    job_id, progress = await a_shown_job(harness)
    harness.person().block()
    await end(harness, job_id, state)
    await later(harness, timedelta(days=3))
    assert labels(progress) == ["暂停", "取消", "🔄 刷新"]
    if restarts:
        await harness.restart()
        await harness.reporter.show_changed(await last_change(harness))
        harness.notices.wake()
        await harness.quiet()

    harness.person().unblock()
    await harness.heard_from()
    await harness.quiet()

    assert "暂停" not in labels(progress)
    assert ("已取消" if state is JobState.CANCELLED else "4/4") in progress.text
    assert len(harness.said()) == (1 if state is JobState.CANCELLED else 2)


async def test_an_end_right_after_the_return_leaves_it_to_the_next_start(
    harness: ChatHarness,
) -> None:
    """The summary came, the edit did not, and the job ended days ago."""
    job_id, progress = await a_shown_job(harness)
    harness.person().block()
    await end(harness, job_id)
    await later(harness, timedelta(days=3))
    harness.person().unblock()
    harness.telegram.fail("editMessageText", 502, "Bad Gateway", times=1000)
    await harness.heard_from()
    await harness.telegram.wait_for(lambda: len(harness.said()) == 2)
    await harness.waits_in_the_outbox()
    await harness.close()
    harness.telegram.trouble.clear()
    assert labels(progress) == ["暂停", "取消", "🔄 刷新"]

    await harness.open()
    await harness.reporter.show_changed(await last_change(harness))
    harness.notices.wake()
    await harness.quiet()

    assert labels(progress) == []
    assert len(harness.said()) == 2


async def test_seven_things_that_were_missed_come_once_each_and_in_their_order(
    harness: ChatHarness,
) -> None:
    shown = [await a_shown_job(harness, course_name=f"科目{n}") for n in range(7)]
    harness.person().vanish()
    for job_id, _ in shown:
        await end(harness, job_id)
    before = len(harness.calls("sendMessage"))
    await later(harness, timedelta(days=3))

    harness.person().reappear()
    await harness.heard_from()
    await harness.heard_from()
    await harness.quiet()

    assert len(harness.calls("sendMessage")) - before == 7
    summaries = [message for message in harness.said() if "完成 4" in message.text]
    assert len(summaries) == 7
    assert [message.message_id for message in summaries] == sorted(
        message.message_id for message in summaries
    )
    assert [labels(progress) for _, progress in shown] == [[]] * 7


async def test_a_job_that_goes_on_is_shown_as_it_is(harness: ChatHarness) -> None:
    job_id, progress = await a_shown_job(harness)
    harness.person().vanish()
    await harness.change(job_id, JobState.PAUSED)
    harness.reporter.job_changed(job_id)
    await harness.quiet()
    harness.person().reappear()
    await harness.heard_from()
    await harness.quiet()
    assert labels(progress) == ["继续", "取消"]


async def test_a_job_that_began_and_ended_in_the_silence_brings_its_summary_alone(
    harness: ChatHarness,
) -> None:
    account = await harness.student()
    harness.person().block()
    job_id = await harness.job(account)
    harness.reporter.job_changed(job_id)
    await harness.quiet()
    await end(harness, job_id)
    harness.person().unblock()
    await harness.heard_from()
    await harness.quiet()
    (summary,) = harness.said()
    assert "完成 4" in summary.text


@pytest.mark.parametrize("answer", ["deleted", "message can't be edited"])
async def test_a_message_that_cannot_be_edited_any_more_breaks_nothing(
    harness: ChatHarness, answer: str
) -> None:
    job_id, progress = await a_shown_job(harness)
    harness.person().block()
    await end(harness, job_id)
    harness.person().unblock()
    if answer == "deleted":
        harness.person().delete(progress.message_id)
    else:
        harness.telegram.fail("editMessageText", 400, f"Bad Request: {answer}", times=9)
    await harness.heard_from()
    await harness.quiet()
    assert sum("完成 4" in message.text for message in harness.said()) == 1
    assert len(harness.calls("editMessageText")) < 5


async def test_a_bar_that_is_over_is_not_told_after_days(harness: ChatHarness) -> None:
    job_id, _ = await a_shown_job(harness)
    harness.person().block()
    await harness.reach.note_unreachable(ANNA)
    bar = await harness.notice(job_id, "barred", minutes=20)
    await later(harness, timedelta(days=3))
    harness.person().unblock()
    await harness.heard_from()
    await harness.quiet()
    assert await harness.fate(bar) == "dropped"
    assert not any("任务暂停 20 分钟" in message.text for message in harness.said())


async def test_another_chats_silence_ends_for_that_chat_alone(harness: ChatHarness) -> None:
    jobs = {}
    for chat_id in (ANNA, BORIS):
        jobs[chat_id] = await harness.job(await harness.student(chat_id))
        harness.person(chat_id).block()
        await harness.change(jobs[chat_id], JobState.SUCCEEDED)
        await harness.notice(jobs[chat_id])
    harness.notices.wake()
    await harness.quiet()
    for chat_id in (ANNA, BORIS):
        harness.person(chat_id).unblock()
    await harness.heard_from(BORIS)
    await harness.quiet()
    assert (len(harness.said(ANNA)), len(harness.said(BORIS))) == (0, 1)


async def test_a_mark_that_is_still_being_written_is_taken_back_by_an_update(
    harness: ChatHarness,
) -> None:
    await harness.student()
    for _ in range(20):
        noting = asyncio.create_task(harness.reach.note_unreachable(ANNA))
        await asyncio.sleep(0)
        assert not await harness.reach.is_reachable(ANNA)
        assert await harness.reach.heard_from(ANNA) is not None
        await noting
        assert await harness.reach.is_reachable(ANNA)
        assert await harness.reach.heard_from(ANNA) is None


async def test_since_when_a_chat_was_silent_is_its_first_sign(harness: ChatHarness) -> None:
    await harness.student()
    before = harness.clock.now()
    await harness.reach.note_unreachable(ANNA)
    first = harness.clock.now()
    await harness.reach.note_unreachable(ANNA)
    since = await harness.reach.heard_from(ANNA)
    assert since is not None
    assert before <= since <= first


async def test_a_chat_without_a_row_is_reachable_and_leaves_none(harness: ChatHarness) -> None:
    await harness.reach.note_unreachable(ANNA)
    assert await harness.reach.is_reachable(ANNA)
    assert await harness.reach.heard_from(ANNA) is None
    assert await harness.db.read(lambda conn: chats.get(conn, ANNA)) is None
