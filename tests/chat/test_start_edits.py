"""A start edits the messages of jobs that changed, one after the other, and no others."""

from datetime import datetime, timedelta

import pytest

from bot.chat.start_edits import SPREAD, StartEdits
from bot.clock import SystemClock
from storage.enums import JobState
from tests.chat.test_reporter import a_shown_job
from tests.chat.test_returning import last_change, later
from tests.support.chat_harness import ChatHarness


class CountingClock(SystemClock):
    """Waits are counted instead of waited."""

    def __init__(self) -> None:
        self.waited: list[float] = []

    async def sleep(self, seconds: float) -> None:
        self.waited.append(seconds)


@pytest.mark.parametrize(("jobs", "seconds"), [(1, 0.06), (100, 6), (1000, 60), (3000, 60)])
async def test_the_edits_of_a_start_are_spread_over_a_minute_at_most(
    jobs: int, seconds: float
) -> None:
    clock, shown = CountingClock(), list[int]()
    await StartEdits(clock, shown.append).run(range(jobs))
    assert shown == [*range(jobs)]
    assert len(clock.waited) == jobs
    assert max(clock.waited) == pytest.approx(min(clock.waited))
    assert sum(clock.waited) == pytest.approx(seconds)
    assert seconds <= SPREAD


async def a_start(harness: ChatHarness) -> datetime:
    """The next process, before any job is taken up; when a job changed last before it."""
    changed_at = await last_change(harness)
    await harness.restart()
    harness.telegram.calls.clear()
    harness.reporter.resume(harness.recovered)
    return changed_at


async def test_a_start_edits_what_changed_and_leaves_the_rest(harness: ChatHarness) -> None:
    _, resting = await a_shown_job(harness, JobState.PAUSED)
    _, gone_by = await a_shown_job(harness, JobState.NEEDS_LOGIN)
    await later(harness, timedelta(days=3))
    running_id, running = await a_shown_job(harness, JobState.QUEUED)
    await harness.change(running_id, JobState.RUNNING)

    changed_at = await a_start(harness)
    await harness.reporter.show_changed(changed_at)
    await harness.quiet()

    edited = [int(each.params["message_id"]) for each in harness.calls("editMessageText")]
    assert edited == [running]
    assert {resting, gone_by}.isdisjoint(edited)


async def test_a_job_that_goes_on_is_edited_in_its_turn_and_at_once_for_a_press(
    harness: ChatHarness,
) -> None:
    job_id, message_id = await a_shown_job(harness, JobState.RUNNING)
    changed_at = await a_start(harness)
    await harness.change(job_id, JobState.RUNNING)
    harness.reporter.job_changed(job_id)
    await harness.quiet()
    assert harness.calls("editMessageText") == []

    await harness.reporter.show_now(job_id)
    assert len(harness.calls("editMessageText")) == 1

    await harness.reporter.show_changed(changed_at)
    await harness.quiet()
    assert "重启" in harness.message(message_id).text
    harness.reporter.job_changed(job_id)
    await harness.quiet()
    assert len(harness.calls("editMessageText")) == 3


async def test_what_a_job_came_to_right_after_the_start_is_told_before_its_turn(
    harness: ChatHarness,
) -> None:
    job_id, message_id = await a_shown_job(harness, JobState.RUNNING)
    await a_start(harness)
    await harness.change(job_id, JobState.NEEDS_LOGIN)
    harness.reporter.job_changed(job_id)
    await harness.quiet()
    assert "登录已过期" in harness.message(message_id).text
