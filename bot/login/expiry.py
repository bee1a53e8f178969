"""Warns a chat, once per cookie, an hour before a cookie expires that a job needs for longer.

A cookie lives 10 hours from its paste, or until its own expiry (``docs/platform.md``, section
*Session*); a job at a player's pace can take days.
"""

import json
from datetime import timedelta

from aiosqlite import Connection

from bot.clock import PlatformClock
from bot.jobs import notice_keys
from bot.jobs.items import snapshot_of
from bot.jobs.listener import JobListener
from storage import accounts, jobs, lengths
from storage.accounts import Account
from storage.database import Database
from storage.enums import JobState, NoticeKind
from storage.jobs import Job
from storage.notices import insert_notice

WARN_BEFORE = 3600.0
"""Platform seconds before the cookie's expiry."""
AT_WORK = (JobState.QUEUED, JobState.RUNNING, JobState.WAITING)
"""The states of jobs that go on by themselves and so need the cookie."""


class ExpiryWatch:
    """Checks the cookies that expire soon. The job queue calls ``look`` every ``interval``."""

    def __init__(self, db: Database, clock: PlatformClock, listener: JobListener) -> None:
        self._db = db
        self._clock = clock
        self._listener = listener

    @property
    def interval(self) -> timedelta:
        """Real time between two looks: five platform minutes, within fixed bounds."""
        return timedelta(seconds=min(max(self._clock.real(300.0), 0.25), 60.0))

    async def look(self) -> None:
        """Leave a notice for each chat with a job that would outlast its cookie."""
        if await self._db.write(self._warn):
            self._listener.notices_waiting()

    async def _warn(self, conn: Connection) -> bool:
        now = self._clock.now()
        is_new = False
        for account in await accounts.expiring(conn, now, self._clock.after(WARN_BEFORE)):
            job = await self._outliving(conn, account)
            if job is not None:
                is_new |= await self._leave_notice(conn, account, job)
        return is_new

    async def _outliving(self, conn: Connection, account: Account) -> Job | None:
        """The account's first job that is not likely to end in time. One student's jobs run one
        after the other, also across chats."""
        seconds = 0.0
        for job in await jobs.in_states(conn, AT_WORK, stu_id=account.stu_id):
            seconds = max(seconds, self._wait_of(job)) + await self._left(conn, job)
            ends = self._clock.after(seconds)
            if job.account_id == account.id and account.expires_at and ends > account.expires_at:
                return job
        return None

    def _wait_of(self, job: Job) -> float:
        """Platform seconds until a waiting job goes on."""
        if job.resume_at is None:
            return 0.0
        wait: timedelta = job.resume_at - self._clock.now()
        return wait.total_seconds() * self._clock.speed

    async def _left(self, conn: Connection, job: Job) -> float:
        items = await jobs.items(conn, job.id)
        known = await lengths.of_job(conn, job, items)
        return snapshot_of(items, known).left(job.pace).likely

    async def _leave_notice(self, conn: Connection, account: Account, job: Job) -> bool:
        pasted_at = account.pasted_at.isoformat() if account.pasted_at else None
        notice_id = await insert_notice(
            conn,
            chat_id=account.chat_id,
            job_id=job.id,
            kind=NoticeKind.EXPIRING,
            once=notice_keys.expiring(account),
            payload=json.dumps({"pasted_at": pasted_at}),
            now=self._clock.now(),
        )
        return notice_id is not None
