"""Jobs from their start to their end, over a real database and a real job queue."""

import json
from pathlib import Path

from bot.jobs.answers import Answer
from demo.platform import (
    OTHER_STUDENT,
    STUDENT,
    Endpoint,
    course,
    document,
    folder,
    link,
    module,
    picture,
    quiz,
    school_of,
    topic,
    unsupported,
    video,
)
from storage.enums import JobState, Outcome, Pace
from tests.support.jobs_harness import open_jobs
from tests.support.names import ANNA, BORIS


async def test_a_job_studies_its_cells_and_ends_with_one_notice(tmp_path: Path) -> None:
    cells = [video(30), folder([document(3), link()]), quiz(), video(9, finished=True)]
    async with open_jobs(tmp_path, school_of(cells)) as harness:
        account = (await harness.log_in(ANNA)).account
        job_id = await harness.start(account, pace=Pace.DOUBLE)
        job = await harness.until_ended(job_id)
        items = await harness.items(job_id)
        assert job.state is JobState.SUCCEEDED
        assert [item.outcome for item in items] == [
            *[Outcome.DONE, Outcome.DONE, Outcome.DONE],
            Outcome.BY_HAND,
        ]
        assert harness.outcomes_agree(items)
        assert await harness.states(job_id) == ["queued", "running", "succeeded"]
        (notice,) = await harness.told(ANNA)
        assert (notice.kind, notice.job_id, json.loads(notice.payload)) == ("job_ended", job_id, {})
        assert job.finished_at is not None
        assert (job.message_id, job.pace) == (7, Pace.DOUBLE)
        assert harness.platform.violations == []
        # A tree that was read just now is not read again before the study.
        assert len(harness.sent(Endpoint.CELLS)) == 2
        snapshots = [snapshot for heard, snapshot in harness.heard.moved if heard == job_id]
        assert snapshots[-1].open_cells == ()


async def test_a_start_pressed_twice_finds_the_same_job(tmp_path: Path) -> None:
    async with open_jobs(tmp_path, school_of([video(30)])) as harness:
        account = (await harness.log_in(ANNA)).account
        draft = await harness.draft(account)
        first = await harness.control.start(ANNA, draft, 7)
        second = await harness.control.start(ANNA, draft, 8)
        assert (first.answer, second.answer) == (Answer.STARTED, Answer.ALREADY_STARTED)
        assert first.job is not None
        assert second.job is not None
        assert first.job.id == second.job.id
        assert second.job.message_id == 7
        await harness.until_ended(first.job.id)
        third = await harness.control.start(ANNA, draft, 9)
        assert third.answer is Answer.ALREADY_STARTED
        assert len(await harness.control.latest(ANNA)) == 1


async def test_a_start_without_anything_to_study_or_before_the_reading_says_so(
    tmp_path: Path,
) -> None:
    school = school_of([link()])
    async with open_jobs(tmp_path, school) as harness:
        account = (await harness.log_in(ANNA)).account
        (listed,) = await harness.drafts.read_courses(account)
        opened = await harness.drafts.begin(account, listed, 5, Pace.NORMAL)
        assert opened is not None
        unread = await harness.control.start(ANNA, opened.draft.id, 7)
        assert unread.answer is Answer.NOT_READY
        draft = await harness.draft(account)
        await harness.db.write(lambda conn: conn.execute("UPDATE draft_cells SET percent = 100"))
        assert (await harness.control.start(ANNA, draft, 7)).answer is Answer.NOTHING_TO_DO
        for chat, known in ((BORIS, draft), (ANNA, 999)):
            assert (await harness.control.start(chat, known, 7)).answer is Answer.UNKNOWN
        assert await harness.control.latest(ANNA) == []


async def test_two_students_run_side_by_side(tmp_path: Path) -> None:
    async with open_jobs(tmp_path, school_of([video(4000)])) as harness:
        anna = (await harness.log_in(ANNA)).account
        boris = (await harness.log_in(BORIS, OTHER_STUDENT.stu_id)).account
        first, second = await harness.start(anna), await harness.start(boris)
        await harness.until_reports(2, STUDENT.stu_id)
        await harness.until_reports(2, OTHER_STUDENT.stu_id)
        assert (await harness.job(first)).state is JobState.RUNNING
        assert (await harness.job(second)).state is JobState.RUNNING
        assert harness.platform.violations == []


async def test_jobs_of_one_student_go_one_after_the_other_whichever_chats_started_them(
    tmp_path: Path,
) -> None:
    school = school_of(
        courses=[
            course([module([topic([video(60)])])], name="a"),
            course([module([topic([video(60), picture()])])], name="b"),
        ]
    )
    async with open_jobs(tmp_path, school) as harness:
        anna = (await harness.log_in(ANNA)).account
        boris = (await harness.log_in(BORIS)).account
        first, second = await harness.start(anna), await harness.start(boris, course=1)
        await harness.until_ended(first)
        await harness.until_ended(second)
        assert harness.platform.violations == []
        ended = (await harness.history(first))[-1].at
        began = next(row.at for row in await harness.history(second) if row.state == "running")
        assert began >= ended
        assert [n.job_id for n in await harness.told(ANNA)] == [first]
        assert [n.job_id for n in await harness.told(BORIS)] == [second]


async def test_no_more_jobs_run_than_allowed(tmp_path: Path) -> None:
    async with open_jobs(tmp_path, school_of([video(300)]), max_running=1) as harness:
        anna = (await harness.log_in(ANNA)).account
        boris = (await harness.log_in(BORIS, OTHER_STUDENT.stu_id)).account
        first, second = await harness.start(anna), await harness.start(boris)
        await harness.until_reports(2)
        assert (await harness.job(second)).state is JobState.QUEUED
        await harness.until_ended(first)
        await harness.until_ended(second)
        ended = (await harness.history(first))[-1].at
        began = next(row.at for row in await harness.history(second) if row.state == "running")
        assert began >= ended


async def test_with_few_places_every_students_jobs_have_their_turn(tmp_path: Path) -> None:
    school = school_of(
        courses=[course([module([topic([video(1200)])])], name=name) for name in ("a", "b")]
    )
    async with open_jobs(tmp_path, school, max_running=1) as harness:
        anna = (await harness.log_in(ANNA)).account
        boris = (await harness.log_in(BORIS, OTHER_STUDENT.stu_id)).account
        begun = [
            await harness.start(anna),
            await harness.start(anna, course=1),
            await harness.start(boris),
        ]
        # Who rests and comes back is not put behind everybody again.
        await harness.control.pause(ANNA, begun[0])
        await harness.until_state(begun[0], JobState.PAUSED)
        await harness.control.resume(ANNA, begun[0])
        for job_id in begun:
            assert (await harness.until_ended(job_id)).state is JobState.SUCCEEDED
        started = [(await harness.history(job_id))[1].at for job_id in begun]
        assert started == sorted(started)
        assert harness.platform.violations == []


async def test_a_partly_failed_and_a_failed_job_say_so(tmp_path: Path) -> None:
    school = school_of([video(20), link(), unsupported()])
    async with open_jobs(tmp_path, school) as harness:
        from demo.platform import Fault

        account = (await harness.log_in(ANNA)).account
        refuse = Fault.json({"code": 4711, "msg": "数据校验失败"})
        harness.platform.faults.add(
            Endpoint.VIEW, refuse, times=None, where=lambda form: form["cellId"] == "cell-1"
        )
        job = await harness.until_ended(await harness.start(account))
        assert job.state is JobState.PARTLY_FAILED
        failed = next(i for i in await harness.items(job.id) if i.outcome is Outcome.REFUSED)
        assert (failed.code, failed.msg) == ("4711", "数据校验失败")

        retried = await harness.control.retry(ANNA, job.id)
        again = await harness.control.retry(ANNA, job.id)
        assert (retried.answer, again.answer) == (Answer.STARTED, Answer.ALREADY_STARTED)
        assert retried.job is not None
        assert again.job is not None
        assert again.job.id == retried.job.id
        ended = await harness.until_ended(retried.job.id)
        assert ended.state is JobState.FAILED
        assert [i.cell.cell_id for i in await harness.items(ended.id)] == ["cell-1"]

        harness.platform.faults.clear()
        once_more = await harness.control.retry(ANNA, ended.id)
        assert once_more.job is not None
        done = await harness.until_ended(once_more.job.id)
        assert done.state is JobState.SUCCEEDED
        assert (await harness.control.retry(ANNA, done.id)).answer is Answer.NOTHING_TO_DO
        assert (await harness.control.retry(BORIS, ended.id)).answer is Answer.UNKNOWN


async def test_a_plan_tells_what_the_job_then_does(tmp_path: Path) -> None:
    cells = [video(30), document(2), quiz(name="Q"), unsupported(name="U"), link(finished=True)]
    async with open_jobs(tmp_path, school_of(cells)) as harness:
        account = (await harness.log_in(ANNA)).account
        draft = await harness.draft(account)
        opened = await harness.drafts.get(ANNA, draft)
        assert opened is not None
        plan = await harness.drafts.plan(opened)
        assert (plan.to_study, plan.complete, plan.estimate.is_exact) == (2, 1, False)
        assert (plan.by_hand, plan.unsupported) == (["Q"], ["U"])
        assert await harness.drafts.get(BORIS, draft) is None
