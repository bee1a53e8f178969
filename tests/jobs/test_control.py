"""Pause, resume and cancel: in each state, pressed twice, too late, and from another chat."""

import asyncio
from pathlib import Path

import pytest

from bot.digest.reading import AccountReader
from bot.jobs.answers import Answer
from bot.login.credentials import Credential
from bot.zjy.errors import SessionExpired
from bot.zjy.gate import Priority
from demo.platform import (
    STUDENT,
    Endpoint,
    Fault,
    Phase,
    course,
    module,
    picture,
    school_of,
    topic,
    video,
)
from storage import accounts, chats, job_changes
from storage.enums import Awaiting, JobState
from storage.jobs import Job
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
            case _:
                pass
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


async def test_a_job_that_was_ended_before_its_run_began_is_not_studied(tmp_path: Path) -> None:
    async with open_jobs(tmp_path, school_of(LONG)) as harness:
        harness.dispatcher.close()
        job_id = await harness.start((await harness.log_in(ANNA)).account)
        job = await harness.db.write(
            lambda conn: job_changes.claim_next(conn, harness.clock.now(), 200)
        )
        assert job is not None
        [ended] = await harness.control.cancel_all(ANNA)
        await harness.runner.run(job)
        assert ended.state is (await harness.job(job_id)).state is JobState.CANCELLED
        assert harness.sent(Endpoint.REPORT) == []


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


@pytest.mark.parametrize("way", ["erase", "log out"])
async def test_a_job_that_begins_while_the_others_are_ended_is_ended_too(
    tmp_path: Path, way: str
) -> None:
    school = school_of(
        courses=[
            course([module([topic([video(length=200)])])], name="a"),
            course([module([topic([video(length=300)])])], name="b"),
        ]
    )
    async with open_jobs(tmp_path, school, speed=500) as harness:
        account = (await harness.log_in(ANNA)).account
        await harness.start(account)
        late = await harness.draft(account, course=1)
        await harness.until_reports(1)
        told: list[int] = []

        async def farewell(job: Job) -> None:
            """The job of the other course begins while Telegram shows the end of the first."""
            told.append(job.id)
            if len(told) == 1:
                await press_start(harness, late)
                await harness.until_so(lambda: len(harness.running) > 0)

        if way == "erase":
            await harness.login.erase(ANNA, farewell)
        else:
            await harness.login.log_out(ANNA, account.id, farewell)
        sent = len(harness.sent(Endpoint.REPORT))
        await harness.until_so(lambda: not harness.running)
        assert len(harness.sent(Endpoint.REPORT)) == sent
        assert len(told) == 2


async def press_start(harness: JobsHarness, draft_id: int) -> int:
    result = await harness.control.start(ANNA, draft_id, None)
    assert result.job is not None
    return result.job.id


async def test_a_job_that_still_runs_when_its_rows_are_removed_stops(tmp_path: Path) -> None:
    async with open_jobs(tmp_path, school_of(LONG), speed=500) as harness:
        account = (await harness.log_in(ANNA)).account
        await harness.start(account)
        await harness.until_reports(1)
        await harness.control.remove(
            ANNA, account.stu_id, lambda conn: accounts.remove(conn, ANNA, account.id)
        )
        sent = len(harness.sent(Endpoint.REPORT))
        await harness.until_so(lambda: not harness.running)
        assert len(harness.sent(Endpoint.REPORT)) == sent


async def test_a_job_whose_rows_vanished_studies_no_further_topic(tmp_path: Path) -> None:
    topics = [topic([picture(), picture()]) for _ in range(4)]
    async with open_jobs(tmp_path, school_of(courses=[course([module(topics)])])) as harness:
        account = (await harness.log_in(ANNA)).account
        await harness.start(account)
        await harness.until_reports(2)
        await harness.db.write(lambda conn: accounts.remove(conn, ANNA, account.id))
        sent = len(harness.sent(Endpoint.REPORT))
        await harness.until_so(lambda: not harness.running)
        assert len(harness.sent(Endpoint.REPORT)) <= sent + 2


async def test_a_chat_uses_only_its_own_accounts(tmp_path: Path) -> None:
    async with open_jobs(tmp_path, school_of(LONG)) as harness:
        account = (await harness.log_in(ANNA)).account
        await harness.log_in(BORIS)
        assert not await harness.accounts.use(BORIS, account.id)
        assert await harness.accounts.use(ANNA, account.id)
        assert (await harness.accounts.active(ANNA)) == account
        assert account.stu_id == STUDENT.stu_id


async def test_a_cookie_that_meets_a_newer_one_ends_the_wait_for_one(tmp_path: Path) -> None:
    async with open_jobs(tmp_path, school_of(LONG)) as harness:
        await harness.db.write(lambda c: chats.ensure(c, ANNA, ANNA, harness.clock.now()))
        pasted = Credential(harness.platform.cookie_for(STUDENT.stu_id))
        await harness.pending.begin(ANNA, [], [pasted])
        [older] = await harness.pending.cookies(ANNA)
        student = await harness.login.prove(ANNA, pasted)
        newer = (await harness.log_in(ANNA)).account
        await harness.db.write(lambda c: chats.set_awaiting(c, ANNA, Awaiting.COOKIE))
        kept = await harness.login.keep(older, pasted, student, in_use=True)
        assert kept is not None
        assert kept.account.cookie_number == newer.cookie_number
        chat = await harness.db.read(lambda conn: chats.get(conn, ANNA))
        assert chat is not None
        assert chat.awaiting is None


async def test_a_reading_that_meets_two_expired_cookies_marks_the_second_too(
    tmp_path: Path,
) -> None:
    async with open_jobs(tmp_path, school_of(LONG)) as harness:
        account = (await harness.log_in(ANNA)).account
        reader = AccountReader(harness.db, harness.accounts, harness.platform_clock)

        async def expire_both(_: object) -> None:
            if (await harness.accounts.get(ANNA, account.id)) == account:
                await harness.log_in(ANNA)
            raise SessionExpired("index")

        with pytest.raises(SessionExpired):
            await reader._work(account, Priority.DIGEST, expire_both)
        [left] = await harness.accounts.of_chat(ANNA)
        assert (left.has_cookie, left.expired_at is None) == (False, False)
