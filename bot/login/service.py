"""Logging in with a cookie, and logging out."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from aiosqlite import Connection

from bot.accounts import Accounts, keep_school_work
from bot.clock import PlatformClock
from bot.courses.course_names import name_courses
from bot.jobs.control import JobControl
from bot.limits import MOST, Limit, LimitReachedError
from bot.login.credentials import Credential
from bot.platforms import Platforms
from bot.zjy.gate import Priority
from bot.zjy.models import Student
from bot.zjy.retries import never
from storage import accounts, chats, job_changes, jobs, pasted_messages, pending_logins
from storage.accounts import Account
from storage.database import Database, Unit
from storage.enums import JobReason, JobState, Platform
from storage.jobs import Job
from storage.pasted_messages import PastedMessage
from storage.pending_logins import PendingCookie
from storage.vault import Vault

COOKIE_LIVES = 10 * 3600.0
"""Platform seconds from the paste, at the latest (``docs/platform.md``, section *Session*)."""

Farewell = Callable[[Job], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class LoggedIn:
    """A successful login: the jobs that go on with it, and the jobs that wait for other students'
    cookies, each with that student's name."""

    account: Account
    resumed: Sequence[Job]
    waiting: Sequence[tuple[Job, str]]


class LoginService:
    def __init__(
        self,
        db: Database,
        vault: Vault,
        platforms: Platforms,
        clock: PlatformClock,
        accounts_: Accounts,
        control: JobControl,
    ) -> None:
        self._db = db
        self._vault = vault
        self._platforms = platforms
        self._clock = clock
        self._accounts = accounts_
        self._control = control

    async def prove(
        self, chat_id: int, pasted: Credential, *, stopped: Callable[[], bool] = never
    ) -> Student:
        """Ask the platform which student's cookie it is; temporary trouble is retried until
        ``stopped()``. A chat's candidates share a student queue, which keeps one student's pauses
        between them.

        Raises a ZjyError if the platform does not name the student.
        """
        session = self._platforms.reading(
            pasted.platform,
            pasted.secret,
            stu_id=f"pasted in {chat_id}",
            priority=Priority.PERSON,
            stopped=stopped,
        )
        return await session.me()

    async def keep(
        self, pending: PendingCookie, pasted: Credential, student: Student, *, in_use: bool
    ) -> LoggedIn | None:
        """Store a proved pending cookie as the student's account, and with ``in_use`` as the
        account in use; a cookie that the chat pasted later stays. None, and nothing is stored, if
        the pending one was removed meanwhile.

        Raises LimitReachedError, with the pending cookie removed, if it would be one account too
        many.
        """
        is_full = False

        async def unit(conn: Connection) -> tuple[Account, list[Job]] | None:
            nonlocal is_full
            if not await pending_logins.remove(conn, [pending.id]):
                return None
            is_full = await _is_one_too_many(conn, pending.chat_id, student)
            if is_full:
                return None
            await chats.set_awaiting(conn, pending.chat_id, None)
            newer = await _newer(conn, pending, student)
            if newer is None:
                return await self._save(
                    conn, pending.chat_id, pasted, student, pending.pasted_at, in_use=in_use
                )
            if in_use:
                await chats.set_active_account(conn, pending.chat_id, newer.id)
            return newer, []

        saved = await self._db.write(unit)
        if is_full:
            await self._db.checkpoint()
            raise LimitReachedError(Limit.ACCOUNTS)
        if saved is None:
            return None
        await self._db.checkpoint()
        account, resumed = saved
        await self._control.tell_resumed(resumed)
        return LoggedIn(account, resumed, await self._waiting(account.chat_id, account.stu_id))

    async def _save(
        self,
        conn: Connection,
        chat_id: int,
        pasted: Credential,
        student: Student,
        pasted_at: datetime,
        *,
        in_use: bool,
    ) -> tuple[Account, list[Job]]:
        """The account with its sealed cookie, and the jobs that waited for it."""
        account = await accounts.save(
            conn,
            self._vault,
            chat_id=chat_id,
            stu_id=student.stu_id,
            name=student.name or student.user_name or student.number,
            number=student.number,
            cookie=pasted.secret,
            pasted_at=pasted_at,
            expires_at=self._expiry(pasted, pasted_at),
            platform=pasted.platform,
        )
        if in_use:
            await chats.set_active_account(conn, chat_id, account.id)
        account = await keep_school_work(conn, account, student)
        now = self._clock.now()
        return account, await _queue_for_cookie(conn, chat_id, student.stu_id, now)

    def _expiry(self, pasted: Credential, pasted_at: datetime) -> datetime | None:
        """When it expires at the latest. How long a token lives is not known."""
        told = pasted.expires_at
        if pasted.platform is not Platform.ZJY:
            return told if told is not None and told > self._clock.now() else None
        latest = pasted_at + timedelta(seconds=self._clock.real(COOKIE_LIVES))
        if told is None or told <= self._clock.now():
            return latest
        return min(told, latest)

    async def _waiting(self, chat_id: int, stu_id: str) -> list[tuple[Job, str]]:
        names = {account.stu_id: account.name for account in await self._accounts.of_chat(chat_id)}
        return [
            (job, names.get(job.stu_id, ""))
            for job in await self._control.unfinished(chat_id)
            if job.state is JobState.NEEDS_LOGIN and job.stu_id != stu_id
        ]

    async def remember_paste(self, chat_id: int, *message_ids: int) -> None:
        """Store messages that may hold a cookie: until :meth:`forget_paste`, a restart deletes
        them."""
        now = self._clock.now()
        await self._db.write(lambda conn: pasted_messages.remember(conn, chat_id, message_ids, now))

    async def forget_paste(self, chat_id: int, *message_ids: int) -> None:
        await self._db.write(lambda conn: pasted_messages.forget(conn, chat_id, message_ids))

    async def pastes_left_over(self) -> list[PastedMessage]:
        """The messages that the last process had not finished with."""
        return await self._db.read(pasted_messages.left_over)

    async def log_out(
        self, chat_id: int, account_id: int, farewell: Farewell | None = None
    ) -> Account | None:
        """End the account's jobs and remove it with its cookie and the chat's pending ones. None if
        there is no such account.

        ``farewell`` is awaited with each job that was ended, while the job can still be shown.
        """
        account = await self._accounts.get(chat_id, account_id)
        if account is None:
            return None
        await self._end_jobs(chat_id, account.stu_id, farewell)

        async def unit(conn: Connection) -> None:
            await accounts.remove(conn, chat_id, account_id)
            # The students of pending cookies are unknown: one of them may be this student.
            await pending_logins.remove_all(conn, chat_id)
            await name_courses(conn, chat_id)

        await self._control.remove(chat_id, account.stu_id, unit)
        await self._db.checkpoint()
        return account

    async def erase(
        self,
        chat_id: int,
        farewell: Farewell | None = None,
        *,
        also: Unit[None] | None = None,
    ) -> None:
        """End the chat's jobs and remove all data of the chat, from the write-ahead log too;
        ``also`` removes more in the same transaction."""
        await self._end_jobs(chat_id, None, farewell)

        async def unit(conn: Connection) -> None:
            await chats.erase(conn, chat_id)
            if also is not None:
                await also(conn)

        await self._control.remove(chat_id, None, unit)
        await self._db.checkpoint()

    async def _end_jobs(self, chat_id: int, stu_id: str | None, farewell: Farewell | None) -> None:
        """Cancel the jobs, and those that begin while the others are being cancelled."""
        while ended := await self._control.cancel_all(chat_id, stu_id):
            for job in ended:
                if farewell is not None:
                    await farewell(job)


async def _is_one_too_many(conn: Connection, chat_id: int, student: Student) -> bool:
    held = {account.stu_id for account in await accounts.of_chat(conn, chat_id)}
    return student.stu_id not in held and len(held) >= MOST[Limit.ACCOUNTS]


async def _newer(conn: Connection, pending: PendingCookie, student: Student) -> Account | None:
    """The chat's account of the student, if its cookie was pasted later than the pending one."""
    for account in await accounts.of_chat(conn, pending.chat_id):
        if account.stu_id == student.stu_id and account.has_cookie and account.pasted_at:
            return account if account.pasted_at > pending.pasted_at else None
    return None


async def _queue_for_cookie(
    conn: Connection, chat_id: int, stu_id: str, now: datetime
) -> list[Job]:
    """Queue the jobs that waited for the student's cookie, which this unit stores.

    Returns them as they are now.
    """
    expected = (JobState.NEEDS_LOGIN,)
    resumed = []
    for row in await jobs.in_states(conn, expected, chat_id=chat_id, stu_id=stu_id):
        await job_changes.change_state(
            conn,
            row.id,
            expected=expected,
            state=JobState.QUEUED,
            reason=JobReason.NEW_COOKIE,
            now=now,
        )
        changed = await jobs.get(conn, row.id)
        resumed += [changed] if changed is not None else []
    return resumed
