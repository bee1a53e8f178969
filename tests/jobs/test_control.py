"""Pause, resume and cancel: in each state, pressed twice, too late, and from another chat."""

import asyncio
from pathlib import Path

import pytest

from bot.jobs.answers import Answer
from demo.platform import STUDENT, Endpoint, Fault, Phase, picture, school_of, video
from storage.enums import JobState
from tests.support.jobs_harness import JobsHarness, open_jobs
from tests.support.names import ANNA, BORIS

LONG = [video(4000), picture()]
ACTIONS = ["pause", "resume", "cancel", "retry"]


async def running(harness: JobsHarness) -> int:
    job_id = await harness.start((await harness.log_in(ANNA)).account)
    await harness.until_reports(2)
    return job_id


async def press(harness: JobsHarness, action: str, job_id: int, chat_id: int = ANNA) -> Answer:
    result = await getattr(harness.control, action)(chat_id, job_id)
    answer: Answer = result.answer
    return answer


async def test_a_running_job_pauses_before_its_next_report_and_resumes(tmp_path: Path) -> None:
    async with open_jobs(tmp_path, school_of([video(200)])) as harness:
        job_id = await running(harness)
        assert await press(harness, "pause", job_id) is Answer.ASKED
        sent = len(harness.sent(Endpoint.REPORT))
        await harness.until_state(job_id, JobState.PAUSED)
        assert len(harness.sent(Endpoint.REPORT)) <= sent + 1
        assert await press(harness, "pause", job_id) is Answer.ALREADY
        assert await press(harness, "resume", job_id) is Answer.RESUMED
        assert await press(harness, "resume", job_id) in {Answer.ALREADY, Answer.RESUMED}
        assert (await harness.until_ended(job_id)).state is JobState.SUCCEEDED
        positions = [float(r.form["studyNewlyTime"]) for r in harness.sent(Endpoint.REPORT)]
        assert positions == sorted(set(positions))
        assert harness.platform.violations == []


async def test_a_running_job_is_cancelled_before_its_next_report_without_a_notice(
    tmp_path: Path,
) -> None:
    async with open_jobs(tmp_path, school_of(LONG)) as harness:
        job_id = await running(harness)
        assert await press(harness, "cancel", job_id) is Answer.ASKED
        sent = len(harness.sent(Endpoint.REPORT))
        job = await harness.until_ended(job_id)
        assert job.state is JobState.CANCELLED
        assert job.finished_at is not None
        assert len(harness.sent(Endpoint.REPORT)) <= sent + 1
        for action in ("cancel", "pause", "resume"):
            assert await press(harness, action, job_id) is Answer.ENDED
        assert await harness.told() == []
        assert await press(harness, "retry", job_id) is Answer.STARTED


@pytest.mark.parametrize("action", ACTIONS)
async def test_another_chat_finds_no_job_and_changes_nothing(tmp_path: Path, action: str) -> None:
    async with open_jobs(tmp_path, school_of(LONG)) as harness:
        job_id = await running(harness)
        before = await harness.job(job_id)
        assert await press(harness, action, job_id, BORIS) is Answer.UNKNOWN
        assert await press(harness, action, 4711) is Answer.UNKNOWN
        assert await harness.job(job_id) == before
        assert await harness.control.get(BORIS, job_id) is None
        assert await harness.control.unfinished(BORIS) == []
        assert await harness.control.latest(BORIS) == []


async def test_a_running_job_cannot_be_retried(tmp_path: Path) -> None:
    async with open_jobs(tmp_path, school_of(LONG)) as harness:
        assert await press(harness, "retry", await running(harness)) is Answer.NOTHING_TO_DO


async def test_requests_between_two_reports_follow_each_other(tmp_path: Path) -> None:
    async with open_jobs(tmp_path, school_of([video(100)])) as harness:
        account = (await harness.log_in(ANNA)).account
        go, held = asyncio.Event(), asyncio.Event()

        async def hold(endpoint: Endpoint, phase: Phase) -> None:
            if endpoint is Endpoint.REPORT and phase is Phase.BEFORE:
                held.set()
                await go.wait()

        harness.platform.on_request = hold
        job_id = await harness.start(account)
        await held.wait()
        assert await press(harness, "resume", job_id) is Answer.ALREADY
        assert await press(harness, "pause", job_id) is Answer.ASKED
        assert await press(harness, "pause", job_id) is Answer.ASKED
        assert await press(harness, "resume", job_id) is Answer.RESUMED
        go.set()
        # The pause was taken back before it was followed: the job goes on by itself.
        assert (await harness.until_ended(job_id)).state is JobState.SUCCEEDED
        assert "paused" not in await harness.states(job_id)
        assert harness.platform.violations == []


async def test_a_cancel_goes_before_a_pause_and_is_not_taken_back_by_one(tmp_path: Path) -> None:
    async with open_jobs(tmp_path, school_of(LONG)) as harness:
        account = (await harness.log_in(ANNA)).account
        go, held = asyncio.Event(), asyncio.Event()

        async def hold(endpoint: Endpoint, phase: Phase) -> None:
            if endpoint is Endpoint.REPORT and phase is Phase.BEFORE:
                held.set()
                await go.wait()

        harness.platform.on_request = hold
        job_id = await harness.start(account)
        await held.wait()
        assert await press(harness, "pause", job_id) is Answer.ASKED
        assert await press(harness, "cancel", job_id) is Answer.ASKED
        assert await press(harness, "cancel", job_id) is Answer.ALREADY
        assert await press(harness, "pause", job_id) is Answer.ALREADY
        assert await press(harness, "resume", job_id) is Answer.ALREADY
        go.set()
        assert (await harness.until_ended(job_id)).state is JobState.CANCELLED


@pytest.mark.parametrize(
    ("action", "state", "answer"),
    [
        ("pause", JobState.PAUSED, Answer.PAUSED),
        ("cancel", JobState.CANCELLED, Answer.CANCELLED),
    ],
)
@pytest.mark.parametrize("rest", ["queued", "waiting", "needs_login", "paused"])
async def test_a_resting_job_is_paused_and_cancelled_at_once(
    tmp_path: Path, rest: str, action: str, state: JobState, answer: Answer
) -> None:
    async with open_jobs(tmp_path, school_of(LONG), speed=200) as harness:
        account = (await harness.log_in(ANNA)).account
        match rest:
            case "queued":
                harness.dispatcher.close()
            case "waiting":
                harness.fault(Endpoint.VIEW, Fault.bar(60))
            case "needs_login":
                harness.fault(Endpoint.VIEW, Fault.EXPIRED_TEXT)
        job_id = await harness.start(account)
        if rest == "paused":
            await press(harness, "pause", job_id)
        await harness.until_state(job_id, JobState(rest))
        expected = Answer.ALREADY if rest == action.removesuffix("e") + "ed" else answer
        assert await press(harness, action, job_id) is expected
        job = await harness.job(job_id)
        assert job.state is state
        assert job.resume_at is None
        twice = Answer.ENDED if state.is_ended else Answer.ALREADY
        assert await press(harness, action, job_id) is twice


async def test_a_wait_for_a_bar_holds_no_place_among_the_running(tmp_path: Path) -> None:
    from demo.platform import OTHER_STUDENT

    async with open_jobs(tmp_path, school_of([video(30)]), max_running=1) as harness:
        anna = (await harness.log_in(ANNA)).account
        boris = (await harness.log_in(BORIS, OTHER_STUDENT.stu_id)).account
        harness.fault(Endpoint.VIEW, Fault.bar(300))
        first = await harness.start(anna)
        await harness.until_state(first, JobState.WAITING)
        second = await harness.start(boris)
        assert (await harness.until_ended(second)).state is JobState.SUCCEEDED
        assert (await harness.job(first)).state is JobState.WAITING


async def test_a_cancel_between_the_claim_and_the_run_is_followed(tmp_path: Path) -> None:
    async with open_jobs(tmp_path, school_of(LONG)) as harness:
        account = (await harness.log_in(ANNA)).account
        real = harness.runner.run
        claimed, go = asyncio.Event(), asyncio.Event()

        async def late(job: object) -> None:
            claimed.set()
            await go.wait()
            await real(job)  # type: ignore[arg-type]

        harness.runner.run = late  # type: ignore[method-assign]
        job_id = await harness.start(account)
        await claimed.wait()
        assert await press(harness, "cancel", job_id) is Answer.ASKED
        go.set()
        assert (await harness.until_ended(job_id)).state is JobState.CANCELLED
        assert harness.sent(Endpoint.VIEW) == []


async def test_logging_out_ends_the_accounts_jobs_and_forgets_its_cookie(tmp_path: Path) -> None:
    async with open_jobs(tmp_path, school_of(LONG)) as harness:
        job_id = await running(harness)
        account = (await harness.accounts.of_chat(ANNA))[0]
        assert await harness.login.log_out(BORIS, account.id) is None
        gone = await harness.login.log_out(ANNA, account.id)
        assert gone is not None
        assert await harness.accounts.of_chat(ANNA) == []
        await harness.until_so(lambda: not harness.running)
        sent = len(harness.sent(Endpoint.REPORT))
        assert await harness.control.get(ANNA, job_id) is None
        assert len(harness.sent(Endpoint.REPORT)) == sent


async def test_erasing_a_chat_leaves_the_other_chats_job_alone(tmp_path: Path) -> None:
    async with open_jobs(tmp_path, school_of(LONG)) as harness:
        await running(harness)
        boris = (await harness.log_in(BORIS)).account
        kept = await harness.start(boris)
        await harness.login.erase(ANNA)
        assert await harness.control.latest(ANNA) == []
        await harness.until_state(kept, JobState.RUNNING)
        assert (await harness.accounts.active(BORIS)) is not None
        assert (await harness.accounts.active(ANNA)) is None


async def test_a_chat_uses_only_its_own_accounts(tmp_path: Path) -> None:
    async with open_jobs(tmp_path, school_of(LONG)) as harness:
        account = (await harness.log_in(ANNA)).account
        await harness.log_in(BORIS)
        assert not await harness.accounts.use(BORIS, account.id)
        assert await harness.accounts.use(ANNA, account.id)
        assert (await harness.accounts.active(ANNA)) == account
        assert account.stu_id == STUDENT.stu_id
