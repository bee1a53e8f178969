"""Who is heard from again is told everything: what ended, what goes on, what was left as a row."""

import asyncio
from datetime import timedelta

import pytest
from aiosqlite import Connection

from bot.outbox.screen import Screen
from demo.telegram import Message
from storage import chats
from storage.enums import JobState
from storage.rows import run
from tests.chat.newsroom import Newsroom
from tests.chat.post import ANNA, BORIS


async def a_shown_job(room: Newsroom, state: JobState = JobState.RUNNING) -> tuple[int, Message]:
    """A job and its progress message."""
    account = await room.student()
    message_id = await room.outbox.send(ANNA, Screen("preview"))
    job_id = await room.job(account, message_id=message_id, state=state)
    room.reporter.job_changed(job_id)
    await room.quiet()
    return job_id, room.message(message_id)


async def end(room: Newsroom, job_id: int, state: JobState = JobState.SUCCEEDED) -> None:
    """End a job as the jobs do: the rows first, then word of it."""
    await room.end_cells(job_id, c0="done", c1="done", c2="done", c3="done")
    await room.change(job_id, state)
    if state is not JobState.CANCELLED:
        await room.notice(job_id)
    room.reporter.job_changed(job_id)
    room.notices.wake()
    await room.quiet()


async def later(room: Newsroom, by: timedelta) -> None:
    """Everything that is stored happened so much earlier."""

    async def unit(conn: Connection) -> None:
        seconds = f"-{by.total_seconds()} seconds"
        form = "%Y-%m-%dT%H:%M:%f000+00:00"
        for table, column in (
            ("chats", "blocked_at"),
            ("jobs", "created_at"),
            ("jobs", "finished_at"),
            ("notices", "created_at"),
            ("notices", "sent_at"),
        ):
            await run(
                conn,
                f"UPDATE {table} SET {column} = strftime(?, {column}, ?)"  # noqa: S608
                f" WHERE {column} IS NOT NULL",
                (form, seconds),
            )

    await room.db.write(unit)


def labels(message: Message) -> list[str]:
    return [button.text for row in message.buttons for button in row]


@pytest.mark.parametrize("restarts", [False, True])
@pytest.mark.parametrize("state", [JobState.SUCCEEDED, JobState.FAILED, JobState.CANCELLED])
async def test_a_job_that_ended_days_ago_is_told_of(
    room: Newsroom, state: JobState, restarts: bool
) -> None:
    job_id, progress = await a_shown_job(room)
    room.person().block()
    await end(room, job_id, state)
    await later(room, timedelta(days=3))
    assert labels(progress) == ["暂停", "取消"]
    if restarts:
        await room.restart()
        await room.reporter.show_again(room.clock.now())
        room.notices.wake()
        await room.quiet()

    room.person().unblock()
    await room.heard_from()
    await room.quiet()

    assert "暂停" not in labels(progress)
    assert ("已取消" if state is JobState.CANCELLED else "4/4") in progress.text
    assert len(room.said()) == (1 if state is JobState.CANCELLED else 2)


async def test_an_end_right_after_the_return_leaves_it_to_the_next_start(room: Newsroom) -> None:
    """The summary came, the edit did not, and the job ended days ago."""
    job_id, progress = await a_shown_job(room)
    room.person().block()
    await end(room, job_id)
    await later(room, timedelta(days=3))
    room.person().unblock()
    room.telegram.fail("editMessageText", 502, "Bad Gateway", times=1000)
    await room.heard_from()
    await room.telegram.wait_for(lambda: len(room.said()) == 2)
    await room.waits_in_the_outbox()
    await room.close()
    room.telegram.trouble.clear()
    assert labels(progress) == ["暂停", "取消"]

    await room.open()
    await room.reporter.show_again(room.clock.now())
    room.notices.wake()
    await room.quiet()

    assert labels(progress) == []
    assert len(room.said()) == 2


async def test_seven_things_that_were_missed_come_once_each_and_in_their_order(
    room: Newsroom,
) -> None:
    shown = [await a_shown_job(room) for _ in range(7)]
    room.person().vanish()
    for job_id, _ in shown:
        await end(room, job_id)
    before = len(room.calls("sendMessage"))
    await later(room, timedelta(days=3))

    room.person().reappear()
    await room.heard_from()
    await room.heard_from()
    await room.quiet()

    assert len(room.calls("sendMessage")) - before == 7
    summaries = [message for message in room.said() if "完成 4" in message.text]
    assert len(summaries) == 7
    assert [message.message_id for message in summaries] == sorted(
        message.message_id for message in summaries
    )
    assert [labels(progress) for _, progress in shown] == [[]] * 7


async def test_a_job_that_goes_on_is_shown_as_it_is(room: Newsroom) -> None:
    job_id, progress = await a_shown_job(room)
    room.person().vanish()
    await room.change(job_id, JobState.PAUSED)
    room.reporter.job_changed(job_id)
    await room.quiet()
    room.person().reappear()
    await room.heard_from()
    await room.quiet()
    assert labels(progress) == ["继续", "取消"]


async def test_a_job_that_began_and_ended_in_the_silence_brings_its_summary_alone(
    room: Newsroom,
) -> None:
    account = await room.student()
    room.person().block()
    job_id = await room.job(account)
    room.reporter.job_changed(job_id)
    await room.quiet()
    await end(room, job_id)
    room.person().unblock()
    await room.heard_from()
    await room.quiet()
    (summary,) = room.said()
    assert "完成 4" in summary.text


@pytest.mark.parametrize("answer", ["deleted", "message can't be edited"])
async def test_a_message_that_cannot_be_edited_any_more_breaks_nothing(
    room: Newsroom, answer: str
) -> None:
    job_id, progress = await a_shown_job(room)
    room.person().block()
    await end(room, job_id)
    room.person().unblock()
    if answer == "deleted":
        room.person().delete(progress.message_id)
    else:
        room.telegram.fail("editMessageText", 400, f"Bad Request: {answer}", times=9)
    await room.heard_from()
    await room.quiet()
    assert sum("完成 4" in message.text for message in room.said()) == 1
    assert len(room.calls("editMessageText")) < 5


async def test_a_bar_that_is_over_is_not_told_after_days(room: Newsroom) -> None:
    job_id, _ = await a_shown_job(room)
    room.person().block()
    await room.reach.note_unreachable(ANNA)
    bar = await room.notice(job_id, "barred", minutes=20)
    await later(room, timedelta(days=3))
    room.person().unblock()
    await room.heard_from()
    await room.quiet()
    assert await room.fate(bar) == "dropped"
    assert not any("20 分钟" in message.text for message in room.said())


async def test_another_chats_silence_ends_for_that_chat_alone(room: Newsroom) -> None:
    jobs = {}
    for chat_id in (ANNA, BORIS):
        jobs[chat_id] = await room.job(await room.student(chat_id))
        room.person(chat_id).block()
        await room.change(jobs[chat_id], JobState.SUCCEEDED)
        await room.notice(jobs[chat_id])
    room.notices.wake()
    await room.quiet()
    for chat_id in (ANNA, BORIS):
        room.person(chat_id).unblock()
    await room.heard_from(BORIS)
    await room.quiet()
    assert (len(room.said(ANNA)), len(room.said(BORIS))) == (0, 1)


async def test_a_mark_that_is_still_being_written_is_taken_back_by_an_update(
    room: Newsroom,
) -> None:
    await room.student()
    for _ in range(20):
        noting = asyncio.create_task(room.reach.note_unreachable(ANNA))
        await asyncio.sleep(0)
        assert not await room.reach.is_reachable(ANNA)
        assert await room.reach.heard_from(ANNA) is not None
        await noting
        assert await room.reach.is_reachable(ANNA)
        assert await room.reach.heard_from(ANNA) is None


async def test_since_when_a_chat_was_silent_is_its_first_sign(room: Newsroom) -> None:
    await room.student()
    before = room.clock.now()
    await room.reach.note_unreachable(ANNA)
    first = room.clock.now()
    await room.reach.note_unreachable(ANNA)
    since = await room.reach.heard_from(ANNA)
    assert since is not None
    assert before <= since <= first


async def test_a_chat_without_a_row_is_reachable_and_leaves_none(room: Newsroom) -> None:
    await room.reach.note_unreachable(ANNA)
    assert await room.reach.is_reachable(ANNA)
    assert await room.reach.heard_from(ANNA) is None
    assert await room.db.read(lambda conn: chats.get(conn, ANNA)) is None
