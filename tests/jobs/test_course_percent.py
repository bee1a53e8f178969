"""A job's end tells how far the course is by then, as the platform shows it."""

from datetime import timedelta
from pathlib import Path

import pytest

from bot.jobs.batches import Batches
from demo.platform import (
    STUDENT,
    Endpoint,
    Fault,
    School,
    course,
    module,
    picture,
    school_of,
    topic,
)
from storage import courses
from storage.enums import JobState, Pace
from storage.jobs import Job
from storage.moments import to_text
from tests.support.jobs_harness import JobsHarness, open_jobs
from tests.support.names import ANNA

ODD: list[object] = [None, "--", "66,6", {}, float("nan"), True]
"""Percents that say nothing."""


def a_school() -> School:
    """A course that is half done."""
    cells = [picture(finished=True), picture()]
    return school_of(courses=[course([module([topic(cells)])], name="a")])


async def _stored_percent(harness: JobsHarness, account_id: int) -> float | None:
    (stored,) = await harness.db.read(lambda c: courses.courses_of(c, ANNA, account_id))
    return stored.percent


async def test_the_end_of_a_job_reads_the_course_once_more(tmp_path: Path) -> None:
    async with open_jobs(tmp_path, a_school()) as harness:
        account = (await harness.log_in(ANNA)).account
        job_id = await harness.start(account)
        before = len(harness.sent(Endpoint.COURSES))
        job = await harness.until_ended(job_id)
        assert (job.percent_before, job.percent_after) == (50.0, 100.0)
        assert await _stored_percent(harness, account.id) == 100.0
        assert len(harness.sent(Endpoint.COURSES)) - before == 1
        assert harness.platform.violations == []


async def test_a_retry_begins_where_the_job_before_it_ended(tmp_path: Path) -> None:
    async with open_jobs(tmp_path, a_school()) as harness:
        harness.fault(Endpoint.VIEW, Fault.json({"code": -500}), times=None)
        job_id = await harness.start((await harness.log_in(ANNA)).account)
        assert (await harness.until_ended(job_id)).percent_after == 50.0
        harness.platform.faults.clear()
        result = await harness.control.retry(ANNA, job_id)
        assert result.job is not None
        job = await harness.until_ended(result.job.id)
        assert (job.percent_before, job.percent_after) == (50.0, 100.0)


async def test_a_percent_that_was_told_long_ago_is_not_the_one_a_job_begins_with(
    tmp_path: Path,
) -> None:
    async with open_jobs(tmp_path, a_school()) as harness:
        account = (await harness.log_in(ANNA)).account
        draft_id = await harness.draft(account)
        old = to_text(harness.clock.now() - timedelta(minutes=6))
        await harness.db.write(lambda c: c.execute("UPDATE courses SET percent_at = ?", (old,)))
        started = await harness.control.start(ANNA, draft_id, 7)
        assert started.job is not None
        job = await harness.until_ended(started.job.id)
        assert (job.percent_before, job.percent_after) == (None, 100.0)


async def test_a_bar_at_the_last_read_keeps_the_next_job_waiting(tmp_path: Path) -> None:
    async with open_jobs(tmp_path, a_school()) as harness:
        harness.fault(Endpoint.VIEW, Fault.json({"code": -500}), times=None)
        account = (await harness.log_in(ANNA)).account
        draft_id = await harness.draft(account)
        harness.fault(Endpoint.COURSES, Fault.bar(20))
        started = await harness.control.start(ANNA, draft_id, 7)
        assert started.job is not None
        ended = await harness.until_ended(started.job.id)
        assert (ended.percent_after, ended.reason) == (None, None)
        assert [notice.kind for notice in await harness.told(ANNA)] == ["job_ended"]
        harness.platform.faults.clear()
        result = await harness.control.retry(ANNA, ended.id)
        assert result.job is not None
        assert (await harness.until_ended(result.job.id)).state is JobState.SUCCEEDED
        assert harness.platform.violations == []


@pytest.mark.parametrize("fault", [Fault.HTTP_502, Fault.EXPIRED_TEXT])
async def test_a_course_that_cannot_be_read_costs_the_percent_alone(
    tmp_path: Path, fault: Fault
) -> None:
    async with open_jobs(tmp_path, a_school()) as harness:
        job_id = await harness.start((await harness.log_in(ANNA)).account)
        harness.fault(Endpoint.COURSES, fault, times=None)
        job = await harness.until_ended(job_id)
        assert (job.state, job.percent_after) == (JobState.SUCCEEDED, None)
        assert harness.platform.shown(STUDENT.stu_id, "cell-2") == 100


@pytest.mark.parametrize("odd", ODD, ids=repr)
async def test_a_percent_that_is_no_number_at_the_end_takes_no_progress_away(
    tmp_path: Path, odd: object
) -> None:
    async with open_jobs(tmp_path, a_school()) as harness:
        account = (await harness.log_in(ANNA)).account
        job_id = await harness.start(account)
        (before,) = await harness.drafts.courses(account)
        harness.fault(Endpoint.COURSES, Fault.percents(odd), times=None)
        job = await harness.until_ended(job_id)
        assert (job.state, job.percent_before, job.percent_after) == (
            JobState.SUCCEEDED,
            50.0,
            None,
        )
        (after,) = await harness.drafts.courses(account)
        assert (after.percent, after.percent_at) == (50.0, before.percent_at)
        assert after.seen_at > before.seen_at


@pytest.mark.parametrize("odd", ODD, ids=repr)
async def test_a_course_of_unknown_percents_is_studied_and_never_said_to_begin_at_zero(
    tmp_path: Path, odd: object
) -> None:
    async with open_jobs(tmp_path, a_school()) as harness:
        account = (await harness.log_in(ANNA)).account
        for endpoint in (Endpoint.COURSES, Endpoint.MODULES):
            harness.fault(endpoint, Fault.percents(odd), times=None)
        job_id = await harness.start(account)
        assert await _stored_percent(harness, account.id) is None
        harness.platform.faults.clear()
        job = await harness.until_ended(job_id)
        assert (job.state, job.percent_before, job.percent_after) == (
            JobState.SUCCEEDED,
            None,
            100.0,
        )
        assert harness.platform.shown(STUDENT.stu_id, "cell-2") == 100


async def test_all_courses_at_once_takes_those_whose_percent_is_not_known(tmp_path: Path) -> None:
    async with open_jobs(tmp_path, a_school()) as harness:
        account = (await harness.log_in(ANNA)).account
        for endpoint in (Endpoint.COURSES, Endpoint.MODULES):
            harness.fault(endpoint, Fault.percents(None), times=None)
        listed = await harness.drafts.read_courses(account)
        batches = Batches(harness.db, harness.drafts, harness.control)
        batch = [read.batch async for read in batches.read(account, listed, 5, Pace.NORMAL)][-1]
        assert batch is not None
        (plan,) = await batches.plans(ANNA, batch)
        assert (plan.to_study, plan.finished_modules) == (1, 0)


async def _are_fresh(harness: JobsHarness, job: Job) -> bool:
    account = await harness.accounts.active(ANNA)
    assert account is not None
    assert job.finished_at is not None
    return await harness.drafts.are_fresh(account, await harness.drafts.courses(account))


@pytest.mark.parametrize("fault", [None, Fault.HTTP_502])
async def test_what_is_kept_is_of_the_jobs_end_unless_that_could_not_be_read(
    tmp_path: Path, fault: Fault | None
) -> None:
    async with open_jobs(tmp_path, a_school()) as harness:
        job_id = await harness.start((await harness.log_in(ANNA)).account)
        if fault is not None:
            harness.fault(Endpoint.COURSES, fault, times=None)
        job = await harness.until_ended(job_id)
        assert await _are_fresh(harness, job) is (fault is None)
