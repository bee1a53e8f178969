"""After a kill the job goes on from where the platform says it stands."""

from pathlib import Path

import pytest

from bot.jobs.answers import Answer
from demo.platform import STUDENT, Endpoint, course, module, picture, school_of, topic, video
from storage import drafts
from storage.enums import DraftState, JobReason, JobState, Outcome, Pace

from .office import open_office

ANNA = 1001
TWO_TOPICS = [topic([video(30)]), topic([video(80), picture()])]


@pytest.mark.parametrize("reports", [1, 3, 5, 8])
async def test_a_killed_job_goes_on_and_reports_nothing_twice(tmp_path: Path, reports: int) -> None:
    async with open_office(tmp_path, school_of(topics=TWO_TOPICS)) as office:
        job_id = await office.start((await office.log_in(ANNA)).account)
        await office.until_reports(reports)
        await office.kill_and_start()
        assert office.recovered == [job_id]
        job = await office.until_ended(job_id)
        assert (job.state, job.restarts, job.message_id) == (JobState.SUCCEEDED, 1, 7)
        items = await office.items(job_id)
        assert {item.outcome for item in items} == {Outcome.DONE}
        assert office.outcomes_agree(items)
        for cell_id in ("cell-1", "cell-2"):
            positions = [float(r.form["studyNewlyTime"]) for r in office.reports_of(cell_id)]
            # Only the answer that the kill cut off may have been lost on its way out.
            assert positions == sorted(positions)
            assert len(positions) - len(set(positions)) <= 1
        assert JobReason.RESTARTED in [row.reason for row in await office.history(job_id)]
        assert [n.kind for n in await office.told(ANNA)] == ["job_ended"]
        assert office.platform.violations == []


async def test_an_orderly_end_leaves_running_jobs_to_the_next_start(tmp_path: Path) -> None:
    async with open_office(tmp_path, school_of([video(120)])) as office:
        job_id = await office.start((await office.log_in(ANNA)).account)
        await office.until_reports(2)
        await office.close()
        assert office.corridor.in_flight == 0
        await office.open()
        assert office.recovered == [job_id]
        assert (await office.job(job_id)).state is JobState.QUEUED
        office.begin()
        assert (await office.until_ended(job_id)).state is JobState.SUCCEEDED
        assert office.platform.violations == []


@pytest.mark.parametrize(
    ("requested", "state"), [("pause", JobState.PAUSED), ("cancel", JobState.CANCELLED)]
)
async def test_a_request_that_a_kill_cut_off_is_followed_at_the_next_start(
    tmp_path: Path, requested: str, state: JobState
) -> None:
    async with open_office(tmp_path, school_of([video(4000)])) as office:
        job_id = await office.start((await office.log_in(ANNA)).account)
        await office.until_reports(1)
        await office.close(orderly=False)
        await office.open()
        await office.db.write(
            lambda c: c.execute("UPDATE jobs SET state = 'running', requested = ?", (requested,))
        )
        await office.close()
        await office.open()
        office.begin()
        job = await office.job(job_id)
        assert job.state is state
        assert (job.finished_at is not None) == state.is_ended


async def test_a_job_that_waits_or_rests_is_left_so_by_a_restart(tmp_path: Path) -> None:
    async with open_office(tmp_path, school_of([video(4000)])) as office:
        job_id = await office.start((await office.log_in(ANNA)).account)
        await office.until_reports(1)
        assert (await office.control.pause(ANNA, job_id)).answer is Answer.ASKED
        await office.until_state(job_id, JobState.PAUSED)
        await office.kill_and_start()
        assert office.recovered == []
        assert (await office.job(job_id)).state is JobState.PAUSED


async def test_a_reading_that_was_cut_off_can_be_begun_again(tmp_path: Path) -> None:
    async with open_office(tmp_path, school_of([picture()])) as office:
        account = (await office.log_in(ANNA)).account
        (listed,) = await office.drafts.read_courses(account)
        opened = await office.drafts.begin(account, listed, 5, Pace.NORMAL)
        assert opened is not None
        assert await office.drafts.claim_reading(opened.draft.id)
        assert not await office.drafts.claim_reading(opened.draft.id)
        await office.kill_and_start()
        found = await office.db.read(lambda conn: drafts.get(conn, ANNA, opened.draft.id))
        assert found is not None
        assert found.state is DraftState.CHOOSING


async def test_finished_topics_of_a_killed_job_are_not_even_read_again(tmp_path: Path) -> None:
    school = school_of(courses=[course([module(TWO_TOPICS)], name="a")])
    async with open_office(tmp_path, school) as office:
        job_id = await office.start((await office.log_in(ANNA)).account)
        await office.until_so(lambda: office.reports_of("cell-2"))
        before = len(office.sent(Endpoint.CELLS))
        await office.kill_and_start()
        await office.until_ended(job_id)
        read = [r.form["topicId"] for r in office.sent(Endpoint.CELLS)[before:]]
        assert set(read) == {"topic-2"}
        assert office.platform.shown(STUDENT.stu_id, "cell-1") == 100


async def test_a_look_for_lost_jobs_leaves_those_alone_that_have_a_run(tmp_path: Path) -> None:
    async with open_office(tmp_path, school_of([video(4000)])) as office:
        job_id = await office.start((await office.log_in(ANNA)).account)
        await office.until_reports(1)
        assert await office.dispatcher._take_back_lost() == []
        assert (await office.job(job_id)).state is JobState.RUNNING
