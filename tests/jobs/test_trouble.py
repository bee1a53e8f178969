"""Bars, expired sessions, a platform that is away, and what nobody foresaw."""

import asyncio
import json
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from bot.jobs.answers import Answer
from bot.jobs.endings import BAR_MARGIN, MAX_TROUBLES, Endings
from bot.study.attempt import Verdict
from bot.study.run import Study
from bot.zjy.errors import Barred, ServerTrouble, SessionExpired
from demo.platform import (
    EXPIRED_FORMS,
    OTHER_STUDENT,
    STUDENT,
    Endpoint,
    Fault,
    course,
    link,
    module,
    picture,
    school_of,
    topic,
    video,
)
from storage import accounts, job_changes
from storage.enums import JobReason, JobState, Outcome
from tests.support.jobs_harness import JobsHarness, open_jobs
from tests.support.names import ANNA, BORIS

LONG = school_of([video(300), picture()])
LONG_BAR = 100
"""Minutes; three real seconds, in which a busy machine still does what a test does meanwhile."""


TROUBLES = {
    "bar": Barred("viewDirectory", "10分钟", minutes=10),
    "expiry": SessionExpired("viewDirectory"),
    "away": ServerTrouble("viewDirectory"),
    "unforeseen": ZeroDivisionError("nobody foresaw this"),
}


async def running_job(harness: JobsHarness, chat_id: int = ANNA) -> int:
    """A job that has sent its first reports."""
    job_id = await harness.start((await harness.log_in(chat_id)).account)
    await harness.until_reports(2)
    return job_id


async def test_a_bar_waits_as_long_as_it_says_and_goes_on_by_itself(tmp_path: Path) -> None:
    async with open_jobs(tmp_path, school_of([video(60), picture()])) as harness:
        account = (await harness.log_in(ANNA)).account
        harness.fault(Endpoint.REPORT, Fault.bar(LONG_BAR))
        job_id = await harness.start(account)
        job = await harness.until_state(job_id, JobState.WAITING)
        assert job.reason == JobReason.BARRED
        assert job.resume_at == job.barred_until
        assert job.resume_at is not None
        barred_at = (await harness.history(job_id))[-1].at
        waits = (job.resume_at - barred_at).total_seconds()
        said = harness.platform_clock.real(LONG_BAR * 60 + BAR_MARGIN)
        assert said / 2 < waits <= said
        await harness.until_so(lambda: not harness.running)
        (notice,) = await harness.told(ANNA)
        assert notice.kind == "barred"
        assert json.loads(notice.payload)["minutes"] == LONG_BAR
        assert (await harness.control.resume(ANNA, job_id)).answer is Answer.WAITS
        assert (await harness.until_ended(job_id)).state is JobState.SUCCEEDED
        assert harness.platform.violations == []
        assert [row.reason for row in await harness.history(job_id)] == [
            *[None, None, JobReason.BARRED, JobReason.TIME, None, None]
        ]


async def test_a_process_that_ends_in_the_read_back_after_a_bar_does_not_study_into_it(
    tmp_path: Path,
) -> None:
    async with open_jobs(tmp_path, school_of([video(60), picture()])) as harness:
        account = (await harness.log_in(ANNA)).account
        harness.fault(Endpoint.REPORT, Fault.bar(LONG_BAR))
        held = asyncio.Event()

        async def hold_the_read_back(endpoint: Endpoint, _: object) -> None:
            if endpoint is Endpoint.CELLS and harness.sent(Endpoint.REPORT):
                held.set()
                await asyncio.sleep(60)

        harness.platform.on_request = hold_the_read_back
        job_id = await harness.start(account)
        await asyncio.wait_for(held.wait(), 30)
        harness.platform.on_request = None
        await harness.kill_and_start()
        job = await harness.job(job_id)
        assert (job.state, job.reason) == (JobState.WAITING, JobReason.BARRED)
        assert job.resume_at == job.barred_until is not None
        assert [notice.kind for notice in await harness.told(ANNA)] == ["barred"]
        assert (await harness.until_ended(job_id)).state is JobState.SUCCEEDED
        assert harness.platform.violations == []


async def test_a_bar_without_minutes_lasts_thirty(tmp_path: Path) -> None:
    async with open_jobs(tmp_path, school_of([picture()])) as harness:
        account = (await harness.log_in(ANNA)).account
        harness.fault(Endpoint.VIEW, Fault.bar(None))
        job = await harness.until_ended(await harness.start(account))
        assert job.state is JobState.SUCCEEDED
        barred = next(n for n in await harness.told(ANNA) if n.kind == "barred")
        assert json.loads(barred.payload)["minutes"] == 30
        assert harness.platform.violations == []


async def test_a_second_bar_within_the_hour_ends_the_job_with_the_rest_refused(
    tmp_path: Path,
) -> None:
    async with open_jobs(tmp_path, school_of([link(), video(60), picture()])) as harness:
        account = (await harness.log_in(ANNA)).account
        harness.fault(Endpoint.REPORT, Fault.bar(5), times=2)
        job_id = await harness.start(account)
        job = await harness.until_ended(job_id)
        assert job.reason == JobReason.BARRED_AGAIN
        items = await harness.items(job_id)
        assert {item.outcome for item in items} == {Outcome.DONE, Outcome.REFUSED}
        assert all("5分钟" in (i.msg or "") for i in items if i.outcome is Outcome.REFUSED)
        assert [n.kind for n in await harness.told(ANNA)] == ["barred", "job_ended"]
        retried = await harness.control.retry(ANNA, job_id)
        assert retried.job is not None
        await harness.until_ended(retried.job.id)
        assert harness.platform.violations == []


@pytest.mark.parametrize("how", ["pause", "cancel"])
async def test_no_job_of_the_student_runs_while_a_bar_lasts_whatever_became_of_the_first(
    tmp_path: Path, how: str
) -> None:
    school = school_of(
        courses=[
            course([module([topic([video(60)])])], name="a"),
            course([module([topic([picture()])])], name="b"),
        ]
    )
    async with open_jobs(tmp_path, school) as harness:
        account = (await harness.log_in(ANNA)).account
        harness.fault(Endpoint.REPORT, Fault.bar(LONG_BAR))
        first = await harness.start(account)
        barred = await harness.until_state(first, JobState.WAITING)
        second = await harness.start(account, course=1)
        act = harness.control.pause if how == "pause" else harness.control.cancel
        assert (await act(ANNA, first)).job is not None
        if how == "pause":
            again = await harness.control.resume(ANNA, first)
            assert again.answer is Answer.WAITS
            assert again.job is not None
            assert again.job.resume_at == barred.resume_at
            await harness.until_ended(first)
        await harness.until_ended(second)
        began = next(row.at for row in await harness.history(second) if row.state == "running")
        assert barred.resume_at is not None
        assert began >= barred.resume_at
        assert harness.platform.violations == []


@pytest.mark.parametrize("seed", range(len(EXPIRED_FORMS)))
async def test_an_expired_session_rests_the_job_with_one_notice_until_a_new_cookie(
    tmp_path: Path, seed: int
) -> None:
    async with open_jobs(tmp_path, school_of([video(60), picture()])) as harness:
        account = (await harness.log_in(ANNA)).account
        job_id = await harness.start(account)
        await harness.until_reports(1)
        harness.platform.faults.expired_form = EXPIRED_FORMS[seed]
        harness.platform.expire(STUDENT.stu_id)
        job = await harness.until_state(job_id, JobState.NEEDS_LOGIN)
        assert job.reason == JobReason.SESSION_EXPIRED
        assert [n.kind for n in await harness.told(ANNA)] == ["needs_login"]
        (kept,) = await harness.accounts.of_chat(ANNA)
        assert (kept.has_cookie, kept.expired_at is None) == (False, False)
        assert (await harness.control.resume(ANNA, job_id)).answer is Answer.NEEDS_LOGIN

        logged_in = await harness.log_in(ANNA)
        assert [each.id for each in logged_in.resumed] == [job_id]
        assert logged_in.resumed[0].state is JobState.QUEUED
        ended = await harness.until_ended(job_id)
        assert ended.state is JobState.SUCCEEDED
        assert harness.platform.violations == []


async def test_another_students_cookie_never_moves_the_job(tmp_path: Path) -> None:
    async with open_jobs(tmp_path, LONG) as harness:
        job_id = await running_job(harness)
        harness.platform.expire(STUDENT.stu_id)
        await harness.until_state(job_id, JobState.NEEDS_LOGIN)
        other = await harness.log_in(ANNA, OTHER_STUDENT.stu_id)
        assert other.resumed == []
        assert [(job.id, name) for job, name in other.waiting] == [(job_id, STUDENT.name)]
        elsewhere = await harness.log_in(BORIS)
        assert elsewhere.resumed == []
        assert (await harness.job(job_id)).state is JobState.NEEDS_LOGIN
        assert (await harness.accounts.active(ANNA)) == other.account


async def test_two_jobs_of_one_expired_cookie_are_told_of_once(tmp_path: Path) -> None:
    school = school_of(
        courses=[
            course([module([topic([video(300)])])], name="a"),
            course([module([topic([picture()])])], name="b"),
        ]
    )
    async with open_jobs(tmp_path, school) as harness:
        account = (await harness.log_in(ANNA)).account
        first = await harness.start(account)
        second = await harness.start(account, course=1)
        await harness.until_reports(1)
        harness.platform.expire(STUDENT.stu_id)
        for each in (first, second):
            await harness.until_state(each, JobState.NEEDS_LOGIN)
        assert [n.kind for n in await harness.told(ANNA)] == ["needs_login"]


@pytest.mark.parametrize("in_one_paste", [False, True])
async def test_a_late_expiry_of_an_old_cookie_does_not_expire_the_new_one(
    tmp_path: Path, in_one_paste: bool
) -> None:
    async with open_jobs(tmp_path, school_of([video(60)])) as harness:
        account = (await harness.log_in(ANNA)).account
        renewed = asyncio.Event()
        harness.fault(Endpoint.REPORT, Fault.EXPIRED_STRING)

        async def hold(endpoint: Endpoint, _phase: object) -> None:
            if endpoint is Endpoint.REPORT:
                await renewed.wait()

        harness.platform.on_request = hold
        job_id = await harness.start(account)
        await harness.until_so(lambda: harness.transport.in_flight)
        await harness.until_so(lambda: len(harness.sent(Endpoint.VIEW)) == 1)
        # The new cookie comes while the old one's answer is on its way.
        pasted_at = account.pasted_at if in_one_paste else harness.clock.now()
        assert pasted_at is not None
        cookie = harness.platform.cookie_for(STUDENT.stu_id)
        await harness.db.write(
            lambda conn: accounts.save(
                conn,
                harness.vault,
                chat_id=ANNA,
                stu_id=STUDENT.stu_id,
                name="",
                number="",
                cookie=cookie,
                pasted_at=pasted_at,
                expires_at=None,
            )
        )
        renewed.set()
        assert (await harness.until_ended(job_id)).state is JobState.SUCCEEDED
        (kept,) = await harness.accounts.of_chat(ANNA)
        assert kept.has_cookie
        assert [n.kind for n in await harness.told(ANNA)] == ["job_ended"]
        assert JobReason.NEW_COOKIE in [row.reason for row in await harness.history(job_id)]


async def test_a_job_without_a_usable_cookie_asks_for_one(tmp_path: Path) -> None:
    async with open_jobs(tmp_path, LONG) as harness:
        account = (await harness.log_in(ANNA)).account
        await harness.accounts.expired(account)
        with pytest.raises(SessionExpired):
            await harness.accounts.session(account)
        account = (await harness.log_in(ANNA)).account
        draft = await harness.draft(account)
        await harness.db.write(lambda c: c.execute("UPDATE accounts SET sealed_cookie = x'00'"))
        result = await harness.control.start(ANNA, draft, 7)
        assert result.job is not None
        await harness.until_state(result.job.id, JobState.NEEDS_LOGIN)
        with pytest.raises(SessionExpired):
            await harness.accounts.session(account)


async def test_a_platform_that_is_away_is_waited_for_one_five_and_fifteen_minutes(
    tmp_path: Path,
) -> None:
    async with open_jobs(tmp_path, school_of([video(60)])) as harness:
        account = (await harness.log_in(ANNA)).account
        draft = await harness.draft(account)
        harness.transport.is_open = False
        result = await harness.control.start(ANNA, draft, 7)
        assert result.job is not None
        job_id = result.job.id
        for troubles in range(1, 5):

            async def waits(troubles: int = troubles) -> bool:
                now = await harness.job(job_id)
                return now.troubles == troubles and now.state is JobState.WAITING

            await harness.until(waits)
            job = await harness.job(job_id)
            if job.troubles == troubles and job.resume_at is not None:
                row = (await harness.history(job_id))[-1]
                minutes = (1, 5, 15, 15)[troubles - 1]
                waited = (job.resume_at - row.at).total_seconds()
                assert waited == pytest.approx(harness.platform_clock.real(minutes * 60), abs=0.005)
                assert row.reason == JobReason.PLATFORM_AWAY
        told = [n.kind for n in await harness.told(ANNA)]
        assert told == ["platform_away"]
        harness.transport.is_open = True
        assert (await harness.until_ended(job_id)).state is JobState.SUCCEEDED
        assert (await harness.job(job_id)).troubles == 0
        assert harness.platform.violations == []


async def test_after_a_day_of_trouble_the_job_ends_and_says_so(tmp_path: Path) -> None:
    async with open_jobs(tmp_path, LONG) as harness:
        job_id = await running_job(harness)
        endings = Endings(harness.platform_clock)
        job = await harness.job(job_id)
        await harness.db.write(lambda c: c.execute("UPDATE jobs SET troubles = ?", (MAX_TROUBLES,)))
        away = Verdict(Outcome.TEMPORARY)
        await harness.db.write(
            lambda conn: endings.platform_away(conn, job, away, {}, is_last=True)
        )
        ended = await harness.job(job_id)
        assert (ended.state, ended.reason) == (JobState.FAILED, JobReason.PLATFORM_AWAY)
        assert {i.outcome for i in await harness.items(job_id)} == {Outcome.TEMPORARY}
        assert [n.kind for n in await harness.told(ANNA)] == ["job_ended"]


@pytest.mark.parametrize("requested", ["pause", "cancel"])
@pytest.mark.parametrize("trouble", TROUBLES)
async def test_a_request_goes_before_whatever_else_ends_the_run(
    tmp_path: Path, requested: str, trouble: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with open_jobs(tmp_path, LONG) as harness:
        account = (await harness.log_in(ANNA)).account
        asked = asyncio.Event()
        arrived = asyncio.Event()

        async def broken(self: Study, *_: object, **__: object) -> AsyncIterator[None]:
            arrived.set()
            await asked.wait()
            for error in (TROUBLES[trouble],):
                raise error
            yield

        monkeypatch.setattr(Study, "run", broken)
        job_id = await harness.start(account)
        await arrived.wait()
        act = harness.control.pause if requested == "pause" else harness.control.cancel
        assert (await act(ANNA, job_id)).answer is Answer.ASKED
        asked.set()
        expected = JobState.PAUSED if requested == "pause" else JobState.CANCELLED
        job = await harness.until_state(job_id, expected, JobState.WAITING, JobState.NEEDS_LOGIN)
        assert job.state is expected
        assert (job.barred_until is not None) == (trouble == "bar")
        assert await harness.told(ANNA) == []


async def test_what_nobody_foresaw_is_logged_with_a_reference_and_the_job_is_not_lost(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    async with open_jobs(tmp_path, school_of([video(30)])) as harness:
        account = (await harness.log_in(ANNA)).account
        real, calls = Study.run, 0

        def once_broken(self: Study, *args: object, **options: object) -> object:
            nonlocal calls
            calls += 1
            if calls == 1:
                raise ZeroDivisionError("nobody foresaw this")
            return real(self, *args, **options)  # type: ignore[arg-type]

        monkeypatch.setattr(Study, "run", once_broken)
        job_id = await harness.start(account)
        assert (await harness.until_ended(job_id)).state is JobState.SUCCEEDED
        waited = next(row for row in await harness.history(job_id) if row.state == "waiting")
        assert waited.reason == JobReason.BROKE_OFF
        assert [n.kind for n in await harness.told(ANNA)] == ["job_ended"]
        said = capsys.readouterr().out
        assert "a job broke off" in said
        assert "reference=" in said
        assert "nobody foresaw this" in said


async def test_a_run_whose_end_could_not_be_stored_is_taken_up_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with open_jobs(tmp_path, school_of([video(30)])) as harness:
        account = (await harness.log_in(ANNA)).account
        real, calls = Endings.finished, 0

        async def full_disk(self: Endings, *args: object) -> None:
            nonlocal calls
            calls += 1
            if calls <= 2:  # also without the courses
                raise OSError("no space left")
            await real(self, *args)  # type: ignore[arg-type]

        async def full_disk_too(self: Endings, *args: object) -> None:
            raise OSError("no space left")

        monkeypatch.setattr(Endings, "finished", full_disk)
        monkeypatch.setattr(Endings, "broke_off", full_disk_too)
        job_id = await harness.start(account)
        assert (await harness.until_ended(job_id)).state is JobState.SUCCEEDED
        waited = next(row for row in await harness.history(job_id) if row.state == "waiting")
        assert waited.reason == JobReason.BROKE_OFF
        assert len(harness.reports_of("cell-1")) == 3


async def test_a_look_for_work_in_a_process_that_ends_leaves_its_jobs_to_the_next(
    tmp_path: Path,
) -> None:
    async with open_jobs(tmp_path, school_of([video(300), picture()])) as harness:
        job_id = await running_job(harness)
        harness.dispatcher.close()
        for task in harness.running._tasks.values():
            task.cancel()
        await harness.until_so(lambda: not harness.running and not harness.dispatcher._at_work)
        await harness.dispatcher._tick()
        assert (await harness.job(job_id)).state is JobState.RUNNING
        await harness.kill_and_start()
        assert (await harness.until_ended(job_id)).restarts == 1
        assert JobReason.BROKE_OFF not in [row.reason for row in await harness.history(job_id)]


async def test_endings_do_nothing_to_a_job_that_is_not_running_or_gone(tmp_path: Path) -> None:
    async with open_jobs(tmp_path, LONG) as harness:
        job_id = await running_job(harness)
        job = await harness.job(job_id)
        endings = Endings(harness.platform_clock)
        await harness.control.cancel(ANNA, job_id)
        await harness.until_ended(job_id)
        before = await harness.history(job_id)
        for unit in (
            lambda c: endings.finished(c, job),
            lambda c: endings.stopped(c, job),
            lambda c: endings.session_expired(c, job, None),
            lambda c: endings.bar_met(c, job, Barred("x"), harness.platform_clock.after(60)),
            lambda c: endings.barred(
                c, job, Barred("x"), {}, until=harness.platform_clock.after(60)
            ),
            lambda c: endings.platform_away(c, job, Verdict(Outcome.TEMPORARY), {}, is_last=True),
            lambda c: endings.broke_off(c, job, "A1B2C3", {}, is_last=False),
        ):
            await harness.db.write(unit)
        assert await harness.history(job_id) == before
        assert await harness.told(ANNA) == []
        await harness.login.log_out(ANNA, job.account_id)
        await harness.db.write(lambda c: endings.session_expired(c, job, None))
        assert await harness.db.write(lambda c: job_changes.add_trouble(c, job_id)) == 0
        assert harness.platform_clock.after(0) - harness.clock.now() < timedelta(seconds=1)
