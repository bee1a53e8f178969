"""Pause, resume and cancel: in each state, pressed twice, too late, and from another chat."""

import asyncio
from pathlib import Path

import pytest

from bot.digest.reading import AccountReader
from bot.jobs.answers import Answer
from bot.zjy.cookies import PastedCookie
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
from storage.enums import JobState
from storage.jobs import Job

from .office import Office, open_office

ANNA, BORIS = 1001, 1002
LONG = [video(4000), picture()]
ACTIONS = ["pause", "resume", "cancel", "retry"]


async def running(office: Office) -> int:
    job_id = await office.start((await office.log_in(ANNA)).account)
    await office.until_reports(2)
    return job_id


async def press(office: Office, action: str, job_id: int, chat_id: int = ANNA) -> Answer:
    result = await getattr(office.control, action)(chat_id, job_id)
    answer: Answer = result.answer
    return answer


async def test_a_running_job_pauses_before_its_next_report_and_resumes(tmp_path: Path) -> None:
    async with open_office(tmp_path, school_of([video(200)])) as office:
        job_id = await running(office)
        assert await press(office, "pause", job_id) is Answer.ASKED
        sent = len(office.sent(Endpoint.REPORT))
        await office.until_state(job_id, JobState.PAUSED)
        assert len(office.sent(Endpoint.REPORT)) <= sent + 1
        assert await press(office, "pause", job_id) is Answer.ALREADY
        assert await press(office, "resume", job_id) is Answer.RESUMED
        assert await press(office, "resume", job_id) in {Answer.ALREADY, Answer.RESUMED}
        assert (await office.until_ended(job_id)).state is JobState.SUCCEEDED
        positions = [float(r.form["studyNewlyTime"]) for r in office.sent(Endpoint.REPORT)]
        assert positions == sorted(set(positions))
        assert office.platform.violations == []


async def test_a_running_job_is_cancelled_before_its_next_report_without_a_notice(
    tmp_path: Path,
) -> None:
    async with open_office(tmp_path, school_of(LONG)) as office:
        job_id = await running(office)
        assert await press(office, "cancel", job_id) is Answer.ASKED
        sent = len(office.sent(Endpoint.REPORT))
        job = await office.until_ended(job_id)
        assert job.state is JobState.CANCELLED
        assert job.finished_at is not None
        assert len(office.sent(Endpoint.REPORT)) <= sent + 1
        for action in ("cancel", "pause", "resume"):
            assert await press(office, action, job_id) is Answer.ENDED
        assert await office.told() == []
        assert await press(office, "retry", job_id) is Answer.STARTED


@pytest.mark.parametrize("action", ACTIONS)
async def test_another_chat_finds_no_job_and_changes_nothing(tmp_path: Path, action: str) -> None:
    async with open_office(tmp_path, school_of(LONG)) as office:
        job_id = await running(office)
        before = await office.job(job_id)
        assert await press(office, action, job_id, BORIS) is Answer.UNKNOWN
        assert await press(office, action, 4711) is Answer.UNKNOWN
        assert await office.job(job_id) == before
        assert await office.control.get(BORIS, job_id) is None
        assert await office.control.unfinished(BORIS) == []
        assert await office.control.latest(BORIS) == []


async def test_a_running_job_cannot_be_retried(tmp_path: Path) -> None:
    async with open_office(tmp_path, school_of(LONG)) as office:
        assert await press(office, "retry", await running(office)) is Answer.NOTHING_TO_DO


async def test_requests_between_two_reports_follow_each_other(tmp_path: Path) -> None:
    async with open_office(tmp_path, school_of([video(100)])) as office:
        account = (await office.log_in(ANNA)).account
        go, held = asyncio.Event(), asyncio.Event()

        async def hold(endpoint: Endpoint, phase: Phase) -> None:
            if endpoint is Endpoint.REPORT and phase is Phase.BEFORE:
                held.set()
                await go.wait()

        office.platform.on_request = hold
        job_id = await office.start(account)
        await held.wait()
        assert await press(office, "resume", job_id) is Answer.ALREADY
        assert await press(office, "pause", job_id) is Answer.ASKED
        assert await press(office, "pause", job_id) is Answer.ASKED
        assert await press(office, "resume", job_id) is Answer.RESUMED
        go.set()
        # The pause was taken back before it was followed: the job goes on by itself.
        assert (await office.until_ended(job_id)).state is JobState.SUCCEEDED
        assert "paused" not in await office.states(job_id)
        assert office.platform.violations == []


async def test_a_cancel_goes_before_a_pause_and_is_not_taken_back_by_one(tmp_path: Path) -> None:
    async with open_office(tmp_path, school_of(LONG)) as office:
        account = (await office.log_in(ANNA)).account
        go, held = asyncio.Event(), asyncio.Event()

        async def hold(endpoint: Endpoint, phase: Phase) -> None:
            if endpoint is Endpoint.REPORT and phase is Phase.BEFORE:
                held.set()
                await go.wait()

        office.platform.on_request = hold
        job_id = await office.start(account)
        await held.wait()
        assert await press(office, "pause", job_id) is Answer.ASKED
        assert await press(office, "cancel", job_id) is Answer.ASKED
        assert await press(office, "cancel", job_id) is Answer.ALREADY
        assert await press(office, "pause", job_id) is Answer.ALREADY
        assert await press(office, "resume", job_id) is Answer.ALREADY
        go.set()
        assert (await office.until_ended(job_id)).state is JobState.CANCELLED


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
    async with open_office(tmp_path, school_of(LONG), speed=200) as office:
        account = (await office.log_in(ANNA)).account
        match rest:
            case "queued":
                office.dispatcher.close()
            case "waiting":
                office.fault(Endpoint.VIEW, Fault.bar(60))
            case "needs_login":
                office.fault(Endpoint.VIEW, Fault.EXPIRED_TEXT)
        job_id = await office.start(account)
        if rest == "paused":
            await press(office, "pause", job_id)
        await office.until_state(job_id, JobState(rest))
        expected = Answer.ALREADY if rest == action.removesuffix("e") + "ed" else answer
        assert await press(office, action, job_id) is expected
        job = await office.job(job_id)
        assert job.state is state
        assert job.resume_at is None
        twice = Answer.ENDED if state.is_ended else Answer.ALREADY
        assert await press(office, action, job_id) is twice


async def test_a_wait_for_a_bar_holds_no_place_among_the_running(tmp_path: Path) -> None:
    from demo.platform import OTHER_STUDENT

    async with open_office(tmp_path, school_of([video(30)]), max_running=1) as office:
        anna = (await office.log_in(ANNA)).account
        boris = (await office.log_in(BORIS, OTHER_STUDENT.stu_id)).account
        office.fault(Endpoint.VIEW, Fault.bar(300))
        first = await office.start(anna)
        await office.until_state(first, JobState.WAITING)
        second = await office.start(boris)
        assert (await office.until_ended(second)).state is JobState.SUCCEEDED
        assert (await office.job(first)).state is JobState.WAITING


async def test_a_cancel_between_the_claim_and_the_run_is_followed(tmp_path: Path) -> None:
    async with open_office(tmp_path, school_of(LONG)) as office:
        account = (await office.log_in(ANNA)).account
        real = office.runner.run
        claimed, go = asyncio.Event(), asyncio.Event()

        async def late(job: object) -> None:
            claimed.set()
            await go.wait()
            await real(job)  # type: ignore[arg-type]

        office.runner.run = late  # type: ignore[method-assign]
        job_id = await office.start(account)
        await claimed.wait()
        assert await press(office, "cancel", job_id) is Answer.ASKED
        go.set()
        assert (await office.until_ended(job_id)).state is JobState.CANCELLED
        assert office.sent(Endpoint.VIEW) == []


async def test_a_job_that_was_ended_before_its_run_began_is_not_studied(tmp_path: Path) -> None:
    async with open_office(tmp_path, school_of(LONG)) as office:
        office.dispatcher.close()
        job_id = await office.start((await office.log_in(ANNA)).account)
        job = await office.db.write(
            lambda conn: job_changes.claim_next(conn, office.clock.now(), 200)
        )
        assert job is not None
        [ended] = await office.control.cancel_all(ANNA)
        await office.runner.run(job)
        assert ended.state is (await office.job(job_id)).state is JobState.CANCELLED
        assert office.sent(Endpoint.REPORT) == []


async def test_logging_out_ends_the_accounts_jobs_and_forgets_its_cookie(tmp_path: Path) -> None:
    async with open_office(tmp_path, school_of(LONG)) as office:
        job_id = await running(office)
        account = (await office.accounts.of_chat(ANNA))[0]
        assert await office.login.log_out(BORIS, account.id) is None
        gone = await office.login.log_out(ANNA, account.id)
        assert gone is not None
        assert await office.accounts.of_chat(ANNA) == []
        await office.until_so(lambda: not office.running)
        sent = len(office.sent(Endpoint.REPORT))
        assert await office.control.get(ANNA, job_id) is None
        assert len(office.sent(Endpoint.REPORT)) == sent


async def test_erasing_a_chat_leaves_the_other_chats_job_alone(tmp_path: Path) -> None:
    async with open_office(tmp_path, school_of(LONG)) as office:
        await running(office)
        boris = (await office.log_in(BORIS)).account
        kept = await office.start(boris)
        await office.login.erase(ANNA)
        assert await office.control.latest(ANNA) == []
        await office.until_state(kept, JobState.RUNNING)
        assert (await office.accounts.active(BORIS)) is not None
        assert (await office.accounts.active(ANNA)) is None


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
    async with open_office(tmp_path, school, speed=500) as office:
        account = (await office.log_in(ANNA)).account
        await office.start(account)
        late = await office.draft(account, course=1)
        await office.until_reports(1)
        told: list[int] = []

        async def farewell(job: Job) -> None:
            """The job of the other course begins while Telegram shows the end of the first."""
            told.append(job.id)
            if len(told) == 1:
                await press_start(office, late)
                await office.until_so(lambda: len(office.running) > 0)

        if way == "erase":
            await office.login.erase(ANNA, farewell)
        else:
            await office.login.log_out(ANNA, account.id, farewell)
        sent = len(office.sent(Endpoint.REPORT))
        await office.until_so(lambda: not office.running)
        assert len(office.sent(Endpoint.REPORT)) == sent
        assert len(told) == 2


async def press_start(office: Office, draft_id: int) -> int:
    result = await office.control.start(ANNA, draft_id, None)
    assert result.job is not None
    return result.job.id


async def test_a_job_that_still_runs_when_its_rows_are_removed_stops(tmp_path: Path) -> None:
    async with open_office(tmp_path, school_of(LONG), speed=500) as office:
        account = (await office.log_in(ANNA)).account
        await office.start(account)
        await office.until_reports(1)
        await office.control.remove(
            ANNA, account.stu_id, lambda conn: accounts.remove(conn, ANNA, account.id)
        )
        sent = len(office.sent(Endpoint.REPORT))
        await office.until_so(lambda: not office.running)
        assert len(office.sent(Endpoint.REPORT)) == sent


async def test_a_job_whose_rows_vanished_studies_no_further_topic(tmp_path: Path) -> None:
    topics = [topic([picture(), picture()]) for _ in range(4)]
    async with open_office(tmp_path, school_of(courses=[course([module(topics)])])) as office:
        account = (await office.log_in(ANNA)).account
        await office.start(account)
        await office.until_reports(2)
        await office.db.write(lambda conn: accounts.remove(conn, ANNA, account.id))
        sent = len(office.sent(Endpoint.REPORT))
        await office.until_so(lambda: not office.running)
        assert len(office.sent(Endpoint.REPORT)) <= sent + 2


async def test_a_chat_uses_only_its_own_accounts(tmp_path: Path) -> None:
    async with open_office(tmp_path, school_of(LONG)) as office:
        account = (await office.log_in(ANNA)).account
        await office.log_in(BORIS)
        assert not await office.accounts.use(BORIS, account.id)
        assert await office.accounts.use(ANNA, account.id)
        assert (await office.accounts.active(ANNA)) == account
        assert account.stu_id == STUDENT.stu_id


async def test_a_cookie_that_meets_a_newer_one_ends_the_wait_for_one(tmp_path: Path) -> None:
    async with open_office(tmp_path, school_of(LONG)) as office:
        await office.db.write(lambda c: chats.ensure(c, ANNA, ANNA, office.clock.now()))
        pasted = PastedCookie(office.platform.cookie_for(STUDENT.stu_id))
        await office.pending.begin(ANNA, [], [pasted])
        [older] = await office.pending.cookies(ANNA)
        student = await office.login.prove(ANNA, pasted)
        newer = (await office.log_in(ANNA)).account
        await office.login.expect_cookie(ANNA, expecting=True)
        kept = await office.login.keep(older, pasted, student, in_use=True)
        assert kept is not None
        assert kept.account.cookie_number == newer.cookie_number
        chat = await office.db.read(lambda conn: chats.get(conn, ANNA))
        assert chat is not None
        assert chat.awaiting is None


async def test_a_reading_that_meets_two_expired_cookies_marks_the_second_too(
    tmp_path: Path,
) -> None:
    async with open_office(tmp_path, school_of(LONG)) as office:
        account = (await office.log_in(ANNA)).account
        reader = AccountReader(office.db, office.accounts, office.clock)

        async def expire_both(_: object) -> None:
            if (await office.accounts.get(ANNA, account.id)) == account:
                await office.log_in(ANNA)
            raise SessionExpired("index")

        with pytest.raises(SessionExpired):
            await reader._work(account, Priority.DIGEST, expire_both)
        [left] = await office.accounts.of_chat(ANNA)
        assert (left.has_cookie, left.expired_at is None) == (False, False)
