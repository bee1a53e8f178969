"""The progress message: what it shows, in which message it is, and its last words."""

import re
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from bot.chat.reporter import EDIT_GAPS, OLD_EDIT_GAP
from bot.jobs.items import snapshot_of
from bot.outbox.screen import Screen
from bot.study.events import CellEnded, CellMoved, CellOpened
from bot.study.methods import CellKind
from bot.study.progress import Snapshot
from storage import jobs
from storage.enums import JobState, Outcome
from storage.lengths import KnownLengths
from tests.support.chat_harness import COURSE, ChatHarness
from tests.support.names import ANNA


async def a_shown_job(
    harness: ChatHarness, state: JobState = JobState.RUNNING, *, cells: int = 4
) -> tuple[int, int]:
    """A job in a message of its own; the ids of both."""
    account = await harness.student()
    message_id = await harness.outbox.send(ANNA, Screen("preview"))
    assert message_id is not None
    job_id = await harness.job(account, message_id=message_id, state=state, cells=cells)
    harness.reporter.job_changed(job_id)
    await harness.quiet()
    return job_id, message_id


async def begun(harness: ChatHarness, job_id: int) -> Snapshot:
    """The snapshot of a job whose first video is 430 s into 750."""
    rows = await harness.db.read(lambda conn: jobs.items(conn, job_id))
    snapshot = snapshot_of(rows, KnownLengths())
    cell = snapshot.open_cells[0]
    snapshot = snapshot.after(CellOpened(cell, CellKind.VIDEO, Decimal(0), Decimal(750)))
    return snapshot.after(CellMoved(cell, Decimal(430), Decimal(750)))


@pytest.mark.parametrize(
    ("state", "words", "labels"),
    [
        (JobState.QUEUED, "排队中", ["暂停", "取消", "🔄 刷新"]),
        (JobState.RUNNING, "0/4", ["暂停", "取消", "🔄 刷新"]),
        (JobState.PAUSED, "已暂停", ["继续", "取消"]),
        (JobState.NEEDS_LOGIN, "登录已过期", ["🔑 如何登录", "取消"]),
        (JobState.WAITING, "连不上", ["暂停", "取消"]),
    ],
)
async def test_every_change_of_state_shows_in_the_jobs_own_message(
    harness: ChatHarness, state: JobState, words: str, labels: list[str]
) -> None:
    job_id, message_id = await a_shown_job(harness, JobState.QUEUED)
    await harness.change(job_id, state)
    harness.reporter.job_changed(job_id)
    await harness.quiet()
    message = harness.message(message_id)
    assert COURSE in message.text
    assert words in message.text
    assert [button.text for row in message.buttons for button in row] == labels
    assert len(harness.said()) == 1


async def test_the_study_shows_where_it_is(harness: ChatHarness) -> None:
    job_id, message_id = await a_shown_job(harness)
    snapshot = await begun(harness, job_id)
    harness.reporter.progress_changed(job_id, snapshot)
    assert harness.reporter._snapshots[job_id] == snapshot
    await harness.quiet()
    assert "Cell c0 07:10/12:30" in harness.message(message_id).text
    ended = snapshot.after(CellEnded(snapshot.open_cells[0], Outcome.DONE, 100.0, None, ""))
    harness.reporter.progress_changed(job_id, ended)
    await harness.quiet()
    assert "1/4" in harness.message(message_id).text


async def test_a_paused_job_shows_what_is_stored_not_what_it_was_doing(
    harness: ChatHarness,
) -> None:
    job_id, message_id = await a_shown_job(harness)
    harness.reporter.progress_changed(job_id, await begun(harness, job_id))
    await harness.quiet()
    await harness.end_cells(job_id, c0="done", c1="refused")
    await harness.change(job_id, JobState.PAUSED)
    before_it_is_told = await harness.reporter.screen(job_id)
    assert before_it_is_told is not None
    assert "1/4" in before_it_is_told.text
    harness.reporter.job_changed(job_id)
    await harness.quiet()
    text = harness.message(message_id).text
    assert "07:10" not in text
    assert "1/4" in text
    assert "失败 1" in text
    assert job_id not in harness.reporter._snapshots


@pytest.mark.parametrize(
    "state", [JobState.QUEUED, JobState.PAUSED, JobState.WAITING, JobState.NEEDS_LOGIN]
)
async def test_a_job_that_rests_says_how_long_is_left(
    harness: ChatHarness, state: JobState
) -> None:
    job_id, message_id = await a_shown_job(harness)
    running = harness.message(message_id).text
    assert (guess := re.search(r"1× · 还需 .*", running)) is not None
    await harness.change(job_id, state)
    harness.reporter.job_changed(job_id)
    await harness.quiet()
    assert f"{guess[0]}\n🏁 预计 " in running
    assert guess[0] in harness.message(message_id).text


async def test_the_time_left_of_a_pause_does_not_count_again_what_was_watched(
    harness: ChatHarness,
) -> None:
    job_id, message_id = await a_shown_job(harness)
    await harness.end_cells(job_id, c1="done", c2="done", c3="done")
    harness.reporter.progress_changed(job_id, await begun(harness, job_id))
    await harness.change(job_id, JobState.PAUSED)
    before_it_is_told = await harness.reporter.screen(job_id)
    assert before_it_is_told is not None
    assert "还需 5 分钟" in before_it_is_told.text
    harness.reporter.job_changed(job_id)
    await harness.quiet()
    assert "还需 5 分钟" in harness.message(message_id).text


@pytest.mark.parametrize(
    ("state", "words"),
    [
        (JobState.SUCCEEDED, "已结束"),
        (JobState.PARTLY_FAILED, "1/4"),
        (JobState.FAILED, "1/4"),
        (JobState.CANCELLED, "已取消"),
    ],
)
async def test_an_ended_job_says_its_last_words_in_its_own_message(
    harness: ChatHarness, state: JobState, words: str
) -> None:
    job_id, message_id = await a_shown_job(harness)
    await harness.end_cells(job_id, c0="done")
    await harness.change(job_id, state)
    harness.reporter.job_changed(job_id)
    await harness.quiet()
    message = harness.message(message_id)
    assert words in message.text
    labels = [button.text for row in message.buttons for button in row]
    assert labels == (["下一模块", "📚 课程"] if state is JobState.CANCELLED else [])
    assert len(harness.said()) == 1
    assert (harness.reporter._jobs, harness.reporter._snapshots) == ({}, {})


async def test_a_deleted_progress_message_is_replaced_once(harness: ChatHarness) -> None:
    job_id, message_id = await a_shown_job(harness)
    harness.person().delete(message_id)
    for _ in range(3):
        harness.reporter.progress_changed(job_id, await begun(harness, job_id))
        await harness.quiet()
    (fresh,) = harness.said()
    assert fresh.message_id != message_id
    assert (await harness.row(job_id)).message_id == fresh.message_id
    assert "07:10/12:30" in fresh.text
    harness.person().delete(fresh.message_id)
    for _ in range(3):
        harness.reporter.progress_changed(job_id, await begun(harness, job_id))
        await harness.quiet()
    assert harness.said() == []


async def test_who_presses_gets_a_deleted_message_anew(harness: ChatHarness) -> None:
    job_id, message_id = await a_shown_job(harness)
    harness.person().delete(message_id)
    await harness.reporter.show_now(job_id)
    await harness.quiet()
    (fresh,) = harness.said()
    assert (await harness.row(job_id)).message_id == fresh.message_id
    harness.reporter.progress_changed(job_id, await begun(harness, job_id))
    await harness.quiet()
    assert "07:10/12:30" in harness.message(fresh.message_id).text


async def test_a_job_that_begins_without_a_message_gets_one(harness: ChatHarness) -> None:
    account = await harness.student()
    job_id = await harness.job(account, state=JobState.QUEUED)
    for _ in range(5):
        harness.reporter.job_changed(job_id)
    await harness.quiet()
    (message,) = harness.said()
    assert (await harness.row(job_id)).message_id == message.message_id
    await harness.change(job_id, JobState.RUNNING)
    harness.reporter.job_changed(job_id)
    await harness.quiet()
    assert "0/4" in message.text
    assert len(harness.said()) == 1


async def test_changes_that_come_while_the_first_message_is_noted_begin_no_second_one(
    harness: ChatHarness,
) -> None:
    account = await harness.student()
    job_id = await harness.job(account, state=JobState.QUEUED)
    while (await harness.row(job_id)).message_id is None:
        harness.reporter.job_changed(job_id)
    harness.reporter.job_changed(job_id)
    await harness.quiet()
    assert len(harness.said()) == 1


async def test_an_ended_job_begins_no_message(harness: ChatHarness) -> None:
    account = await harness.student()
    job_id = await harness.job(account)
    await harness.change(job_id, JobState.CANCELLED)
    harness.reporter.job_changed(job_id)
    await harness.quiet()
    assert harness.said() == []


async def test_the_question_stands_until_it_is_answered_and_no_longer_than_the_job(
    harness: ChatHarness,
) -> None:
    job_id, message_id = await a_shown_job(harness)
    harness.reporter.ask(job_id, asking=True)
    await harness.reporter.show_now(job_id)
    harness.reporter.progress_changed(job_id, await begun(harness, job_id))
    await harness.quiet()
    buttons = harness.message(message_id).buttons
    assert [b.text for row in buttons for b in row] == ["确认取消", "不取消"]
    harness.reporter.ask(job_id, asking=False)
    await harness.reporter.show_now(job_id)
    buttons = harness.message(message_id).buttons
    assert [b.text for row in buttons for b in row] == ["暂停", "取消", "🔄 刷新"]
    harness.reporter.ask(job_id, asking=True)
    await harness.change(job_id, JobState.CANCELLED)
    harness.reporter.job_changed(job_id)
    await harness.quiet()
    assert harness.reporter._asking == set()


async def test_a_job_can_be_shown_in_another_message_too(harness: ChatHarness) -> None:
    job_id, message_id = await a_shown_job(harness)
    other = await harness.outbox.send(ANNA, Screen("list of jobs"))
    assert other is not None
    assert await harness.reporter.show_in(ANNA, other, job_id) == other
    assert harness.message(other).text == harness.message(message_id).text
    assert (await harness.row(job_id)).message_id == message_id


async def test_an_unknown_job_shows_nothing(harness: ChatHarness) -> None:
    await harness.student()
    await harness.reporter.show_now(999)
    harness.reporter.job_changed(999)
    assert await harness.reporter.screen(999) is None
    await harness.quiet()
    assert harness.said() == []


async def test_the_older_a_job_the_rarer_its_message_is_edited(harness: ChatHarness) -> None:
    job_id, _ = await a_shown_job(harness)
    job = await harness.row(job_id)
    ages = [0, 59, 61, 599, 601, 3599, 3601, 86_400]
    gaps = [
        harness.reporter._gap(replace(job, created_at=job.created_at - timedelta(seconds=age)))
        for age in ages
    ]
    assert gaps == [3, 3, 5, 5, 10, 10, OLD_EDIT_GAP, OLD_EDIT_GAP]
    assert [limit for limit, _ in EDIT_GAPS] == sorted(limit for limit, _ in EDIT_GAPS)


async def test_places_in_the_queue_are_told(harness: ChatHarness) -> None:
    account = await harness.student()
    await harness.job(account)
    second = await harness.job(account, state=JobState.QUEUED)
    screen = await harness.reporter.screen(second)
    assert screen is not None
    assert "前面还有 1 个任务" in screen.text
