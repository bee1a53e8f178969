"""After a kill the job goes on from where the platform says it stands."""

from pathlib import Path

import pytest

from bot.jobs.answers import Answer
from demo.platform import STUDENT, Endpoint, course, module, picture, school_of, topic, video
from storage import drafts
from storage.enums import DraftState, JobReason, JobState, Outcome, Pace
from tests.support.jobs_harness import open_jobs
from tests.support.names import ANNA

TWO_TOPICS = [topic([video(30)]), topic([video(80), picture()])]


@pytest.mark.parametrize("reports", [1, 3, 5, 8])
async def test_a_killed_job_goes_on_and_reports_nothing_twice(tmp_path: Path, reports: int) -> None:
    async with open_jobs(tmp_path, school_of(topics=TWO_TOPICS)) as harness:
        job_id = await harness.start((await harness.log_in(ANNA)).account)
        await harness.until_reports(reports)
        await harness.kill_and_start()
        assert harness.recovered == [job_id]
        job = await harness.until_ended(job_id)
        assert (job.state, job.restarts, job.message_id) == (JobState.SUCCEEDED, 1, 7)
        items = await harness.items(job_id)
        assert {item.outcome for item in items} == {Outcome.DONE}
        assert harness.outcomes_agree(items)
        for cell_id in ("cell-1", "cell-2"):
            positions = [float(r.form["studyNewlyTime"]) for r in harness.reports_of(cell_id)]
            # Only the answer that the kill cut off may have been lost on its way out.
            assert positions == sorted(positions)
            assert len(positions) - len(set(positions)) <= 1
        assert JobReason.RESTARTED in [row.reason for row in await harness.history(job_id)]
        assert [n.kind for n in await harness.told(ANNA)] == ["job_ended"]
        assert harness.platform.violations == []


async def test_an_orderly_end_leaves_running_jobs_to_the_next_start(tmp_path: Path) -> None:
    async with open_jobs(tmp_path, school_of([video(120)])) as harness:
        job_id = await harness.start((await harness.log_in(ANNA)).account)
        await harness.until_reports(2)
        await harness.close()
        assert harness.transport.in_flight == 0
        await harness.open()
        assert harness.recovered == [job_id]
        assert (await harness.job(job_id)).state is JobState.QUEUED
        harness.begin()
        assert (await harness.until_ended(job_id)).state is JobState.SUCCEEDED
        assert harness.platform.violations == []


@pytest.mark.parametrize(
    ("requested", "state"), [("pause", JobState.PAUSED), ("cancel", JobState.CANCELLED)]
)
async def test_a_request_that_a_kill_cut_off_is_followed_at_the_next_start(
    tmp_path: Path, requested: str, state: JobState
) -> None:
    async with open_jobs(tmp_path, school_of([video(4000)])) as harness:
        job_id = await harness.start((await harness.log_in(ANNA)).account)
        await harness.until_reports(1)
        await harness.close(orderly=False)
        await harness.open()
        await harness.db.write(
            lambda c: c.execute("UPDATE jobs SET state = 'running', requested = ?", (requested,))
        )
        await harness.close()
        await harness.open()
        harness.begin()
        job = await harness.job(job_id)
        assert job.state is state
        assert (job.finished_at is not None) == state.is_ended


async def test_a_job_that_waits_or_rests_is_left_so_by_a_restart(tmp_path: Path) -> None:
    async with open_jobs(tmp_path, school_of([video(4000)])) as harness:
        job_id = await harness.start((await harness.log_in(ANNA)).account)
        await harness.until_reports(1)
        assert (await harness.control.pause(ANNA, job_id)).answer is Answer.ASKED
        await harness.until_state(job_id, JobState.PAUSED)
        await harness.kill_and_start()
        assert harness.recovered == []
        assert (await harness.job(job_id)).state is JobState.PAUSED


async def test_a_reading_that_was_cut_off_can_be_begun_again(tmp_path: Path) -> None:
    async with open_jobs(tmp_path, school_of([picture()])) as harness:
        account = (await harness.log_in(ANNA)).account
        (listed,) = await harness.drafts.read_courses(account)
        opened = await harness.drafts.begin(account, listed, 5, Pace.NORMAL)
        assert opened is not None
        assert await harness.drafts.claim_reading(opened.draft.id)
        assert not await harness.drafts.claim_reading(opened.draft.id)
        await harness.kill_and_start()
        found = await harness.db.read(lambda conn: drafts.get(conn, ANNA, opened.draft.id))
        assert found is not None
        assert found.state is DraftState.CHOOSING


async def test_finished_topics_of_a_killed_job_are_not_even_read_again(tmp_path: Path) -> None:
    school = school_of(courses=[course([module(TWO_TOPICS)], name="a")])
    async with open_jobs(tmp_path, school) as harness:
        job_id = await harness.start((await harness.log_in(ANNA)).account)
        await harness.until_so(lambda: harness.reports_of("cell-2"))
        before = len(harness.sent(Endpoint.CELLS))
        await harness.kill_and_start()
        await harness.until_ended(job_id)
        read = [r.form["topicId"] for r in harness.sent(Endpoint.CELLS)[before:]]
        assert set(read) == {"topic-2"}
        assert harness.platform.shown(STUDENT.stu_id, "cell-1") == 100


async def test_a_look_for_lost_jobs_leaves_those_alone_that_have_a_run(tmp_path: Path) -> None:
    async with open_jobs(tmp_path, school_of([video(4000)])) as harness:
        job_id = await harness.start((await harness.log_in(ANNA)).account)
        await harness.until_reports(1)
        assert await harness.dispatcher._take_back_lost() == []
        assert (await harness.job(job_id)).state is JobState.RUNNING
