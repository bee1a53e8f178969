"""The accounts of a chat, and their platform sessions."""

from collections.abc import Callable
from datetime import datetime

from aiosqlite import Connection

from bot.clock import PlatformClock
from bot.platforms import Platforms, Reading, Studying
from bot.zjy.errors import CookieLocked, CookieUnreadable, SessionExpired
from bot.zjy.gate import Priority
from bot.zjy.models import Student
from bot.zjy.retries import never
from storage import accounts, chats
from storage.accounts import Account
from storage.database import Database
from storage.vault import Vault, VaultError, WrongKey


class ReadOnlyAccountError(Exception):
    """The account's platform is only read: nothing can be studied there."""


class Accounts:
    def __init__(
        self, db: Database, vault: Vault, platforms: Platforms, clock: PlatformClock
    ) -> None:
        self._db = db
        self._vault = vault
        self._platforms = platforms
        self._clock = clock

    async def of_chat(self, chat_id: int) -> list[Account]:
        return await self._db.read(lambda conn: accounts.of_chat(conn, chat_id))

    async def get(self, chat_id: int, account_id: int) -> Account | None:
        """The account with this id; None if the chat has no such account."""
        return await self._db.read(lambda conn: accounts.get(conn, chat_id, account_id))

    async def active(self, chat_id: int) -> Account | None:
        """The account in use: the last chosen one, else the chat's only or first one."""

        async def unit(conn: Connection) -> Account | None:
            chat = await chats.get(conn, chat_id)
            if chat is not None and chat.active_account is not None:
                return await accounts.get(conn, chat_id, chat.active_account)
            return next(iter(await accounts.of_chat(conn, chat_id)), None)

        return await self._db.read(unit)

    async def any_can_study(self, chat_id: int) -> bool:
        """False if the chat has accounts, and each of them is only read."""
        there = await self.of_chat(chat_id)
        return not there or any(account.can_study for account in there)

    async def use(self, chat_id: int, account_id: int) -> bool:
        """Make an account of the chat the one in use; False if the chat has no such account."""

        async def unit(conn: Connection) -> bool:
            if await accounts.get(conn, chat_id, account_id) is None:
                return False
            return await chats.set_active_account(conn, chat_id, account_id)

        return await self._db.write(unit)

    async def session(
        self,
        account: Account,
        priority: Priority = Priority.PERSON,
        *,
        stopped: Callable[[], bool] = never,
    ) -> Reading:
        """Open a session with the account's sealed cookie; ``stopped`` is that of :class:`Session`.
        Raises SessionExpired if no usable cookie is stored, CookieLocked if its key is not here."""
        return self._platforms.reading(
            account.platform,
            await self._secret(account),
            stu_id=account.stu_id,
            priority=priority,
            stopped=stopped,
        )

    async def study_session(
        self, account: Account, priority: Priority, *, stopped: Callable[[], bool] = never
    ) -> Studying:
        """As :meth:`session`, for study. Raises ReadOnlyAccountError where that is not possible."""
        if not account.can_study:
            raise ReadOnlyAccountError
        return self._platforms.studying(
            await self._secret(account), stu_id=account.stu_id, priority=priority, stopped=stopped
        )

    async def _secret(self, account: Account) -> str:
        try:
            cookie = await self._db.read(lambda c: accounts.cookie(c, self._vault, account.id))
        except WrongKey as error:
            raise CookieLocked("vault", detail=str(error)) from error
        except VaultError as error:
            raise CookieUnreadable("vault", detail=str(error)) from error
        if cookie is None:
            raise SessionExpired("vault", detail="no cookie is stored")
        return cookie

    async def refresh(self, account: Account) -> Account:
        """Read the student's pending school items from the platform again, where it tells them.
        Raises a ZjyError."""
        if not account.can_study:
            return account
        student = await (await self.session(account)).me()
        return await self._db.write(lambda conn: keep_school_work(conn, account, student))

    async def expired(self, account: Account) -> bool:
        """Record that the platform rejected the cookie that the account had when it was read; one
        that cannot be opened was never sent, and stays. False if the account has another cookie
        now."""
        now = self._clock.now()

        async def unit(conn: Connection) -> bool:
            try:
                await accounts.cookie(conn, self._vault, account.id)
            except VaultError:
                return True
            await mark_expired(conn, account, now)
            found = await accounts.get(conn, account.chat_id, account.id)
            return found is None or not found.has_cookie

        return await self._db.write(unit)


async def mark_expired(conn: Connection, account: Account, now: datetime) -> None:
    """Record, within a transaction, that the platform rejected the cookie that ``account`` was read
    with; a cookie pasted since then stays."""
    await accounts.mark_expired(conn, account.id, now, cookie_number=account.cookie_number)


async def keep_school_work(conn: Connection, account: Account, student: Student) -> Account:
    work = student.school_work
    await accounts.set_school_work(
        conn, account.id, homework=work.homework, exams=work.exams, unread=work.unread
    )
    return await accounts.get(conn, account.chat_id, account.id) or account
