"""Cookies of which the platform has not said yet whose they are: kept sealed and tried again for
some minutes, over a restart too."""

from collections.abc import Sequence
from dataclasses import dataclass

from aiosqlite import Connection

from bot.clock import PlatformClock
from bot.zjy.cookies import MOST_CANDIDATES, PastedCookie
from storage import chats, pasted_messages, pending_logins
from storage.database import Database
from storage.pending_logins import PendingCookie, PendingLogin
from storage.vault import Vault, VaultError

TRY_FOR = 600.0
"""Platform seconds from the paste; after them one more answer must do."""
WAITS = (15.0, 30.0, 60.0, 120.0)
"""Platform seconds from a try to the next; the last one is repeated."""
MOST_PENDING = 2 * MOST_CANDIDATES
"""Cookies that a chat may have pending; those of the oldest pastes are removed."""


class PendingLogins:
    """The rows; who tries them and tells is above."""

    def __init__(self, db: Database, vault: Vault, clock: PlatformClock) -> None:
        self._db = db
        self._vault = vault
        self._clock = clock

    async def begin(
        self, chat_id: int, message_ids: Sequence[int], found: Sequence[PastedCookie]
    ) -> int | None:
        """Keep the cookies of a paste, sealed, and mark its messages as read. A cookie that was
        pending already is pending anew. Returns the message of the chat's login before, which
        this one replaces. Nothing is kept of a chat that was erased."""
        now = self._clock.now()
        until = self._clock.after(TRY_FOR)

        async def unit(conn: Connection) -> int | None:
            if await chats.get(conn, chat_id) is None:
                return None
            await self._remove_copies(conn, chat_id, found)
            for pasted in found:
                await pending_logins.add(
                    conn,
                    self._vault,
                    chat_id=chat_id,
                    cookie=pasted.auth,
                    expires_at=pasted.expires_at,
                    pasted_at=now,
                    until=until,
                )
            pending = await pending_logins.cookies(conn, chat_id)
            await pending_logins.remove(conn, [each.id for each in pending[MOST_PENDING:]])
            await pasted_messages.mark_read(conn, chat_id, message_ids)
            return await pending_logins.begin(conn, chat_id, now)

        return await self._db.write(unit)

    async def _remove_copies(
        self, conn: Connection, chat_id: int, found: Sequence[PastedCookie]
    ) -> None:
        values = {pasted.auth for pasted in found}
        for pending in await pending_logins.cookies(conn, chat_id):
            try:
                value = await pending_logins.cookie(conn, self._vault, pending.id)
            except VaultError:
                continue  # found again, and told of, when it is tried
            if value in values:
                await pending_logins.remove(conn, [pending.id])

    async def login(self, chat_id: int) -> PendingLogin | None:
        """The chat's login, until the person was told the result."""
        return await self._db.read(lambda conn: pending_logins.get(conn, chat_id))

    async def set_shown(self, chat_id: int, message_id: int) -> None:
        await self._db.write(lambda conn: pending_logins.set_shown(conn, chat_id, message_id))

    async def told(self, login: PendingLogin) -> None:
        """The person was told the result, unless another paste began a login anew."""

        async def unit(conn: Connection) -> None:
            now = await pending_logins.get(conn, login.chat_id)
            if now is not None and now.began_at == login.began_at:
                await pending_logins.end(conn, login.chat_id)

        await self._db.write(unit)

    async def cookies(self, chat_id: int) -> list[PendingCookie]:
        return await self._db.read(lambda conn: pending_logins.cookies(conn, chat_id))

    async def open(self, pending: PendingCookie) -> PastedCookie | None:
        """The cookie itself; None if it was removed. Raises VaultError."""
        value = await self._db.read(
            lambda conn: pending_logins.cookie(conn, self._vault, pending.id)
        )
        return PastedCookie(value, pending.expires_at) if value is not None else None

    async def remove(self, pending: PendingCookie) -> None:
        """Remove one cookie, from the log of changes too."""
        await self._db.write(lambda conn: pending_logins.remove(conn, [pending.id]))
        await self._db.checkpoint()

    async def withdraw(self, chat_id: int) -> PendingLogin | None:
        """Remove everything that is pending in the chat, from the log of changes too. Returns the
        login whose result the person was not told."""

        async def unit(conn: Connection) -> tuple[PendingLogin | None, bool]:
            login = await pending_logins.get(conn, chat_id)
            pending = await pending_logins.cookies(conn, chat_id)
            await pending_logins.remove_all(conn, chat_id)
            return login, bool(pending)

        login, held_cookies = await self._db.write(unit)
        if held_cookies:
            await self._db.checkpoint()
        return login

    async def chats(self) -> list[int]:
        """The chats with a pending login or cookie."""
        return await self._db.read(pending_logins.chats)


@dataclass(slots=True)
class _Tries:
    """Times are of the platform clock's ``monotonic``."""

    deadline: float
    next_at: float
    count: int = 0
    patient: int = 0


class TrialSchedule:
    """When each pending cookie of one chat is tried. It lives in memory: a restart tries each at
    once."""

    def __init__(self, clock: PlatformClock) -> None:
        self._clock = clock
        self._tries: dict[int, _Tries] = {}

    def due(self, pending: Sequence[PendingCookie]) -> list[PendingCookie]:
        """The cookies that are to be tried now, in the order in which to try them: one that
        outlasted a patient try goes last, for only the first is tried patiently."""
        now = self._clock.monotonic()
        self._tries = {each.id: self._tries_of(each) for each in pending}
        due = [each for each in pending if self._tries[each.id].next_at <= now]
        return sorted(due, key=lambda each: self._tries[each.id].patient)

    def seconds_left(self) -> float:
        """Platform seconds until the next one is due."""
        now = self._clock.monotonic()
        return max(0.0, min(tries.next_at for tries in self._tries.values()) - now)

    def undecided(self, pending: PendingCookie, *, is_patient: bool) -> bool:
        """A try of the cookie ended without a result: the next comes after a wait, and at the end
        of its time at the latest. False if that is over."""
        tries = self._tries[pending.id]
        now = self._clock.monotonic()
        if now >= tries.deadline:
            return False
        wait = WAITS[min(tries.count, len(WAITS) - 1)]
        tries.count += 1
        tries.patient += is_patient
        tries.next_at = min(now + wait, tries.deadline)
        return True

    def rest(self, seconds: float) -> None:
        """Try none of the cookies that are known now for so many platform seconds, but each once
        at the end of its time."""
        resume_at = self._clock.monotonic() + seconds
        for tries in self._tries.values():
            tries.next_at = max(tries.next_at, min(resume_at, tries.deadline))

    def _tries_of(self, pending: PendingCookie) -> _Tries:
        known = self._tries.get(pending.id)
        if known is not None:
            return known
        now = self._clock.monotonic()
        # A clock that was put back makes nobody wait longer.
        left = min(max(-self._clock.since(pending.until), 0.0), TRY_FOR)
        return _Tries(deadline=now + left, next_at=now)
