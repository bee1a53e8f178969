"""Ends a job's run: one transaction writes the job's state, its items and the notice to the
student."""

import json
from collections.abc import Mapping
from datetime import datetime

from aiosqlite import Connection

from bot.accounts import mark_expired
from bot.clock import PlatformClock
from bot.jobs import notice_keys
from bot.jobs.ended_cells import end_state, give_up_cells
from bot.jobs.items import counts_of
from bot.study.attempt import Verdict
from bot.study.events import CellEnded
from bot.zjy.errors import Barred
from storage import accounts, job_changes, jobs
from storage.accounts import Account
from storage.enums import JobReason, JobState, NoticeKind, Outcome
from storage.jobs import Job
from storage.notices import insert_notice

BAR_MINUTES = 30
"""If the platform names no number (``docs/platform.md``, section *Result codes*)."""
BAR_MARGIN = 60.0
"""Platform seconds added to a bar: «9分钟» can mean 9:40, and study at 9:00 is barred again."""
BARRED_AGAIN_WITHIN = 3600.0
"""Platform seconds after a bar in which a second one ends the job."""
TROUBLE_MINUTES = (1, 5, 15)
"""Waits while the platform is unavailable; the last one repeats."""
MAX_TROUBLES = 100
"""Waits without one cell done, about a day in all; then the job ends with that reason."""
TELL_TROUBLE_AT = 2
"""The first short wait is shown in the progress message only, without a notice."""


def _minutes(error: Barred) -> int:
    return error.minutes or BAR_MINUTES


class Endings:
    """Units of work for the storage, one per way in which a run can end.

    Each takes the unit's connection and does nothing if the job is no longer running.
    """

    def __init__(self, clock: PlatformClock) -> None:
        self._clock = clock

    async def finished(self, conn: Connection, job: Job, reason: JobReason | None = None) -> None:
        """End a job whose items all have an outcome; leave the summary as a notice."""
        items = await jobs.items(conn, job.id)
        if await self._change(conn, job, end_state(counts_of(items)), reason):
            await self._notice(conn, job, NoticeKind.JOB_ENDED, once=notice_keys.job_ended(job.id))

    async def stopped(self, conn: Connection, job: Job) -> None:
        """Follow the pause or cancel request; queue the job again if a pause was withdrawn."""
        if not await self._followed_request(conn, job):
            await self._change(conn, job, JobState.QUEUED, JobReason.BY_PERSON)

    async def locked(self, conn: Connection, job: Job) -> None:
        """Queue the job again until the key of its cookie is here; the student is not told."""
        if not await self._followed_request(conn, job):
            await self._change(conn, job, JobState.QUEUED, None)

    async def _followed_request(self, conn: Connection, job: Job) -> bool:
        """Follow a pause or cancel request before any other rest; returns whether there was one."""
        row = await jobs.get(conn, job.id)
        if row is None or row.requested is None:
            return False
        state = job_changes.FOLLOWED[row.requested]
        await self._change(conn, job, state, JobReason.BY_PERSON)
        return True

    async def session_expired(
        self,
        conn: Connection,
        job: Job,
        used: Account | None,
        *,
        keep_cookie: bool = False,
    ) -> None:
        """Let the job wait for the same student's new cookie, as the one of ``used``, the
        account as the run began with it, no longer works. Queue it again if the new cookie came
        before the platform's answer. With ``keep_cookie`` the old one stays stored: it could not be
        opened."""
        account = await accounts.get(conn, job.chat_id, job.account_id)
        if account is None:
            return
        if await self._followed_request(conn, job):
            return
        number = used.cookie_number if used is not None else None
        replaced = account.cookie_number != number and account.expired_at is None
        if replaced:
            await self._change(conn, job, JobState.QUEUED, JobReason.NEW_COOKIE)
        elif await self._change(conn, job, JobState.NEEDS_LOGIN, JobReason.SESSION_EXPIRED):
            if not keep_cookie:
                await mark_expired(conn, account, self._clock.now())
            once = notice_keys.session_expired(account)
            await self._notice(conn, job, NoticeKind.NEEDS_LOGIN, once=once)

    def bar_end(self, error: Barred) -> datetime:
        """When a bar that was just met ends."""
        return self._clock.after(_minutes(error) * 60 + BAR_MARGIN)

    async def bar_met(self, conn: Connection, job: Job, error: Barred, until: datetime) -> None:
        """Store a bar, and leave a notice of it if the job will go on by itself."""
        await job_changes.set_barred(conn, job.id, until)
        row = await jobs.get(conn, job.id)
        goes_on = row is not None and row.state is JobState.RUNNING and row.requested is None
        if goes_on and not self.is_second_bar(job):
            await self._notice(
                conn,
                job,
                NoticeKind.BARRED,
                once=notice_keys.barred(job.id, until),
                minutes=_minutes(error),
                msg=error.msg,
            )

    def is_second_bar(self, job: Job) -> bool:
        """Whether a bar ends the job, because the bar before ended less than an hour ago. ``job``
        is as it was claimed."""
        until = job.barred_until
        return until is not None and self._clock.since(until) < BARRED_AGAIN_WITHIN

    async def barred(
        self,
        conn: Connection,
        job: Job,
        error: Barred,
        known: Mapping[str, CellEnded],
        *,
        until: datetime,
    ) -> None:
        """Let the job wait for the end of a stored bar; a second bar within the hour ends the job.
        ``known`` are the outcomes, by cell id, of cells that the bar did not end."""
        if await self._followed_request(conn, job):
            return
        if self.is_second_bar(job):
            refused = Verdict.of(Outcome.REFUSED, error)
            await self._give_up(conn, job, refused, known, JobReason.BARRED_AGAIN)
            return
        await self._change(conn, job, JobState.WAITING, JobReason.BARRED, until)

    async def is_last_trouble(self, conn: Connection, job: Job) -> bool:
        """Whether one more wait because of trouble ends the job."""
        row = await jobs.get(conn, job.id)
        return row is not None and row.troubles >= MAX_TROUBLES

    async def platform_away(
        self,
        conn: Connection,
        job: Job,
        verdict: Verdict,
        known: Mapping[str, CellEnded],
        *,
        is_last: bool,
    ) -> None:
        """Let the job wait 1, 5, then 15 minutes, so that an hour's outage does not end it. With
        ``is_last`` it ends, and cells that are not in ``known`` get ``verdict``."""
        await self._trouble(conn, job, JobReason.PLATFORM_AWAY, verdict, known, is_last=is_last)

    async def broke_off(
        self,
        conn: Connection,
        job: Job,
        reference: str,
        known: Mapping[str, CellEnded],
        *,
        is_last: bool,
        barred_until: datetime | None = None,
    ) -> None:
        """As :meth:`platform_away`, for an unexpected error of the bot, which is logged under
        ``reference``; the wait lasts at least until ``barred_until``, the end of a bar that the run
        met."""
        if barred_until is not None:
            await job_changes.set_barred(conn, job.id, barred_until)
        verdict = Verdict(Outcome.OWN_FAULT, reference)
        reason = JobReason.BROKE_OFF
        await self._trouble(
            conn, job, reason, verdict, known, is_last=is_last, not_before=barred_until
        )

    async def lost(self, conn: Connection, job: Job, reference: str, *, is_last: bool) -> None:
        """As :meth:`broke_off`, for a job without a run, whose bar is in ``job``."""
        until, verdict = job.barred_until, Verdict(Outcome.OWN_FAULT, reference)
        await self._trouble(
            conn, job, JobReason.BROKE_OFF, verdict, {}, is_last=is_last, not_before=until
        )

    async def _trouble(
        self,
        conn: Connection,
        job: Job,
        reason: JobReason,
        verdict: Verdict,
        known: Mapping[str, CellEnded],
        *,
        is_last: bool,
        not_before: datetime | None = None,
    ) -> None:
        if await self._followed_request(conn, job):
            return
        troubles = await job_changes.add_trouble(conn, job.id)
        if is_last:
            await self._give_up(conn, job, verdict, known, reason)
            return
        minutes = TROUBLE_MINUTES[min(troubles, len(TROUBLE_MINUTES)) - 1]
        resume_at = self._clock.after(minutes * 60)
        resume_at = max(resume_at, not_before or resume_at)
        changed = await self._change(conn, job, JobState.WAITING, reason, resume_at)
        if changed and reason is JobReason.PLATFORM_AWAY and troubles == TELL_TROUBLE_AT:
            once = notice_keys.platform_away(job.id, self._clock.now())
            await self._notice(conn, job, NoticeKind.PLATFORM_AWAY, once=once, minutes=minutes)

    async def _give_up(
        self,
        conn: Connection,
        job: Job,
        verdict: Verdict,
        known: Mapping[str, CellEnded],
        reason: JobReason,
    ) -> None:
        await give_up_cells(conn, job.id, verdict, known)
        await self.finished(conn, job, reason)

    async def _change(
        self,
        conn: Connection,
        job: Job,
        state: JobState,
        reason: JobReason | None,
        resume_at: datetime | None = None,
    ) -> bool:
        """Move the running job to ``state``; False if it is no longer running."""
        return await job_changes.change_state(
            conn,
            job.id,
            expected=(JobState.RUNNING,),
            state=state,
            reason=reason,
            resume_at=resume_at,
            now=self._clock.now(),
        )

    async def _notice(
        self, conn: Connection, job: Job, kind: NoticeKind, *, once: str, **facts: object
    ) -> None:
        await insert_notice(
            conn,
            chat_id=job.chat_id,
            job_id=job.id,
            kind=kind,
            once=once,
            payload=json.dumps(facts, ensure_ascii=False),
            now=self._clock.now(),
        )
