"""What an unfinished job will study is planned by no second job of the same chat."""

from pathlib import Path

import pytest

from bot.courses.plan import Plan
from bot.jobs.answers import Answer
from demo.platform import document, module, school_of, topic, video
from storage.accounts import Account
from storage.enums import Outcome, Pace
from tests.support.jobs_harness import JobsHarness, open_jobs
from tests.support.names import ANNA, BORIS

MODULES = [
    module([topic([video(90_000), document(2)])], name="one"),
    module([topic([document(3), document(4), document(5)])], name="two"),
]


async def plan_of(harness: JobsHarness, draft_id: int, chat_id: int = ANNA) -> Plan:
    opened = await harness.drafts.get(chat_id, draft_id)
    assert opened is not None
    return await harness.drafts.plan(opened)


async def first_module(harness: JobsHarness, account: Account) -> int:
    """A draft of the first module alone, which was read."""
    [course] = await harness.drafts.read_courses(account)
    opened = await harness.drafts.begin(account, course, 5, Pace.NORMAL)
    assert opened is not None
    await harness.drafts.tick(account.chat_id, opened.draft.id, opened.modules[0].id)
    assert await harness.drafts.claim_reading(opened.draft.id)
    async for _ in harness.drafts.read(account, await harness.draft_now(opened)):
        continue
    return opened.draft.id


@pytest.mark.parametrize("state", ["running", "paused", "waiting for a cookie"])
async def test_a_course_that_a_job_has_is_not_planned_again(tmp_path: Path, state: str) -> None:
    async with open_jobs(tmp_path, school_of(modules=MODULES)) as harness:
        account = (await harness.log_in(ANNA)).account
        job_id = await harness.start(account)
        await harness.until_reports(1)
        again = await harness.draft(account)
        if state == "paused":
            await harness.control.pause(ANNA, job_id)
        elif state == "waiting for a cookie":
            harness.platform.expire(account.stu_id)

        plan = await plan_of(harness, again)
        assert (plan.to_study, plan.total, plan.planned) == (0, 0, 5)
        result = await harness.control.start(ANNA, again, 8)
        assert result.answer is Answer.PLANNED
        assert result.job is not None
        assert result.job.id == job_id
        assert len(await harness.control.latest(ANNA)) == 1


async def test_only_the_cells_that_no_job_has_are_planned(tmp_path: Path) -> None:
    async with open_jobs(tmp_path, school_of(modules=MODULES)) as harness:
        account = (await harness.log_in(ANNA)).account
        first = await harness.control.start(ANNA, await first_module(harness, account), 7)
        assert first.answer is Answer.STARTED
        rest = await harness.draft(account)

        plan = await plan_of(harness, rest)
        assert (plan.to_study, plan.planned) == (3, 2)
        assert plan.estimate.is_exact, "the long video is not counted"
        result = await harness.control.start(ANNA, rest, 8)
        assert result.answer is Answer.STARTED
        assert result.job is not None
        items = await harness.items(result.job.id)
        assert {item.cell.module_name for item in items} == {"two"}


async def test_of_two_previews_of_one_course_the_second_start_starts_nothing(
    tmp_path: Path,
) -> None:
    async with open_jobs(tmp_path, school_of(modules=MODULES)) as harness:
        account = (await harness.log_in(ANNA)).account
        drafts = [await harness.draft(account) for _ in range(2)]
        answers = [(await harness.control.start(ANNA, draft, 7)).answer for draft in drafts]
        assert answers == [Answer.STARTED, Answer.PLANNED]


async def test_what_a_job_did_since_the_reading_is_not_planned_again(tmp_path: Path) -> None:
    short, long = (module([topic([cell])]) for cell in (document(2), video(90_000)))
    async with open_jobs(tmp_path, school_of(modules=[short, long])) as harness:
        account = (await harness.log_in(ANNA)).account
        early = await harness.draft(account)
        job_id = await harness.start(account)

        async def is_done() -> bool:
            return any(item.outcome is Outcome.DONE for item in await harness.items(job_id))

        await harness.until(is_done)
        assert (await plan_of(harness, early)).to_study == 0
        assert (await harness.control.start(ANNA, early, 8)).answer is Answer.PLANNED


async def test_what_an_ended_job_left_can_be_planned_again(tmp_path: Path) -> None:
    async with open_jobs(tmp_path, school_of(modules=MODULES)) as harness:
        account = (await harness.log_in(ANNA)).account
        job_id = await harness.start(account)
        again = await harness.draft(account)
        await harness.control.cancel(ANNA, job_id)
        await harness.until_ended(job_id)
        assert (await plan_of(harness, again)).planned == 0
        assert (await harness.control.start(ANNA, again, 8)).answer is Answer.STARTED


async def test_a_retry_leaves_out_what_another_job_has(tmp_path: Path) -> None:
    async with open_jobs(tmp_path, school_of(modules=MODULES)) as harness:
        account = (await harness.log_in(ANNA)).account
        ended = await harness.start(account)
        await harness.control.cancel(ANNA, ended)
        await harness.until_ended(ended)
        first = await harness.control.start(ANNA, await first_module(harness, account), 7)
        assert first.job is not None
        retried = await harness.control.retry(ANNA, ended)
        assert retried.answer is Answer.STARTED
        assert retried.job is not None
        items = await harness.items(retried.job.id)
        assert {item.cell.module_name for item in items} == {"two"}


async def test_a_retry_of_what_another_job_has_whole_says_so(tmp_path: Path) -> None:
    async with open_jobs(tmp_path, school_of(modules=MODULES)) as harness:
        account = (await harness.log_in(ANNA)).account
        ended = await harness.start(account)
        await harness.control.cancel(ANNA, ended)
        await harness.until_ended(ended)
        await harness.start(account)
        assert (await harness.control.retry(ANNA, ended)).answer is Answer.PLANNED
        assert len(await harness.control.latest(ANNA)) == 2


async def test_a_job_of_another_chat_is_not_told_of(tmp_path: Path) -> None:
    async with open_jobs(tmp_path, school_of(modules=MODULES)) as harness:
        anna = (await harness.log_in(ANNA)).account
        boris = (await harness.log_in(BORIS)).account
        await harness.start(anna)
        draft = await harness.draft(boris)
        assert (await plan_of(harness, draft, BORIS)).planned == 0
        assert (await harness.control.start(BORIS, draft, 7)).answer is Answer.STARTED
