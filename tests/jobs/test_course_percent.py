"""A job's end tells how far the course is by then, as the platform shows it."""

from pathlib import Path

import pytest

from bot.demo.platform import (
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
from bot.jobs.states import JobState
from storage import courses

from .office import Office, open_office

ANNA = 1001


def a_school() -> School:
    """A course that is half done."""
    cells = [picture(finished=True), picture()]
    return school_of(courses=[course([module([topic(cells)])], name="a")])


async def _stored_percent(office: Office, account_id: int) -> float:
    (stored,) = await office.db.read(lambda c: courses.courses_of(c, ANNA, account_id))
    return stored.percent


async def test_the_end_of_a_job_reads_the_course_once_more(tmp_path: Path) -> None:
    async with open_office(tmp_path, a_school()) as office:
        account = (await office.log_in(ANNA)).account
        job_id = await office.start(account)
        before = len(office.sent(Endpoint.COURSES))
        job = await office.until_ended(job_id)
        assert (job.percent_before, job.percent_after) == (50.0, 100.0)
        assert await _stored_percent(office, account.id) == 100.0
        assert len(office.sent(Endpoint.COURSES)) - before == 1
        assert office.platform.violations == []


async def test_a_retry_begins_where_the_job_before_it_ended(tmp_path: Path) -> None:
    async with open_office(tmp_path, a_school()) as office:
        office.fault(Endpoint.VIEW, Fault.json({"code": -500}), times=None)
        job_id = await office.start((await office.log_in(ANNA)).account)
        assert (await office.until_ended(job_id)).percent_after == 50.0
        office.platform.faults.clear()
        result = await office.control.retry(ANNA, job_id)
        assert result.job is not None
        job = await office.until_ended(result.job.id)
        assert (job.percent_before, job.percent_after) == (50.0, 100.0)


async def test_a_bar_at_the_last_read_keeps_the_next_job_waiting(tmp_path: Path) -> None:
    async with open_office(tmp_path, a_school()) as office:
        office.fault(Endpoint.VIEW, Fault.json({"code": -500}), times=None)
        account = (await office.log_in(ANNA)).account
        draft_id = await office.draft(account)
        office.fault(Endpoint.COURSES, Fault.bar(20))
        started = await office.control.start(ANNA, draft_id, 7)
        assert started.job is not None
        ended = await office.until_ended(started.job.id)
        assert (ended.percent_after, ended.reason) == (None, None)
        assert [notice.kind for notice in await office.told(ANNA)] == ["job_ended"]
        office.platform.faults.clear()
        result = await office.control.retry(ANNA, ended.id)
        assert result.job is not None
        assert (await office.until_ended(result.job.id)).state is JobState.SUCCEEDED
        assert office.platform.violations == []


@pytest.mark.parametrize("fault", [Fault.HTTP_502, Fault.EXPIRED_TEXT])
async def test_a_course_that_cannot_be_read_costs_the_percent_alone(
    tmp_path: Path, fault: Fault
) -> None:
    async with open_office(tmp_path, a_school()) as office:
        job_id = await office.start((await office.log_in(ANNA)).account)
        office.fault(Endpoint.COURSES, fault, times=None)
        job = await office.until_ended(job_id)
        assert (job.state, job.percent_after) == (JobState.SUCCEEDED, None)
        assert office.platform.shown(STUDENT.stu_id, "cell-2") == 100
