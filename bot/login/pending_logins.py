"""Cookies whose student the platform has not named yet: stored sealed and tried again for some
minutes, across restarts too."""

from collections.abc import Sequence
from dataclasses import dataclass

from aiosqlite import Connection

from bot.clock import PlatformClock
from bot.login.credentials import MOST_CANDIDATES, Credential
from storage import chats, pasted_messages, pending_logins
from storage.database import Database
from storage.pending_logins import PendingCookie, PendingLogin
from storage.vault import Vault, VaultError

TRY_FOR = 600.0
"""Platform seconds from the paste; the try after them is the last."""
WAITS = (15.0, 30.0, 60.0, 120.0)
"""Platform seconds between two tries; the last one repeats."""
MOST_PENDING = 2 * MOST_CANDIDATES
"""The most pending cookies of a chat; those of the oldest pastes are removed."""


class PendingLogins:
    """The stored rows; the handlers try them and tell the student."""

    def __init__(self, db: Database, vault: Vault, clock: PlatformClock) -> None:
        self._db = db
        self._vault = vault
        self._clock = clock

    async def begin(
        self, chat_id: int, message_ids: Sequence[int], found: Sequence[Credential]
    ) -> int | None:
        """Store the cookies of a paste, sealed, and mark its messages as read. A cookie that was
        already pending starts anew. Returns the message of the chat's previous login, which this
        one replaces. Nothing is stored for an erased chat."""
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
                    cookie=pasted.secret,
                    expires_at=pasted.expires_at,
                    pasted_at=now,
                    until=until,
                    platform=pasted.platform,
                )
            pending = await pending_logins.cookies(conn, chat_id)
            await pending_logins.remove(conn, [each.id for each in pending[MOST_PENDING:]])
            await pasted_messages.mark_read(conn, chat_id, message_ids)
            return await pending_logins.begin(conn, chat_id, now)

        return await self._db.write(unit)

    async def _remove_copies(
        self, conn: Connection, chat_id: int, found: Sequence[Credential]
    ) -> None:
        values = {pasted.secret for pasted in found}
        for pending in await pending_logins.cookies(conn, chat_id):
            try:
                value = await pending_logins.cookie(conn, self._vault, pending.id)
            except VaultError:
                continue  # the same error comes, and is reported, when it is tried
            if value in values:
                await pending_logins.remove(conn, [pending.id])

    async def login(self, chat_id: int) -> PendingLogin | None:
        """The chat's login, until its result was told."""
        return await self._db.read(lambda conn: pending_logins.get(conn, chat_id))

    async def set_shown(self, chat_id: int, message_id: int) -> None:
        await self._db.write(lambda conn: pending_logins.set_shown(conn, chat_id, message_id))

    async def told(self, login: PendingLogin) -> None:
        """Store that the result was told, unless another paste began a new login."""

        async def unit(conn: Connection) -> None:
            now = await pending_logins.get(conn, login.chat_id)
            if now is not None and now.began_at == login.began_at:
                await pending_logins.end(conn, login.chat_id)

        await self._db.write(unit)

    async def cookies(self, chat_id: int) -> list[PendingCookie]:
        return await self._db.read(lambda conn: pending_logins.cookies(conn, chat_id))

    async def open(self, pending: PendingCookie) -> Credential | None:
        """The cookie itself; None if it was removed. Raises VaultError."""
        value = await self._db.read(
            lambda conn: pending_logins.cookie(conn, self._vault, pending.id)
        )
        if value is None:
            return None
        return Credential(value, pending.expires_at, pending.platform)

    async def remove(self, pending: PendingCookie) -> None:
        """Remove one cookie, from the write-ahead log too."""
        await self._db.write(lambda conn: pending_logins.remove(conn, [pending.id]))
        await self._db.checkpoint()

    async def withdraw(self, chat_id: int) -> PendingLogin | None:
        """Remove the chat's pending login and cookies, from the write-ahead log too. Returns the
        login if its result was not told."""

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
    """When each pending cookie of one chat is tried. It is in memory only: a restart tries each at
    once."""

    def __init__(self, clock: PlatformClock) -> None:
        self._clock = clock
        self._tries: dict[int, _Tries] = {}

    def due(self, pending: Sequence[PendingCookie]) -> list[PendingCookie]:
        """The cookies to try now, in the order in which to try them. One that a patient try left
        undecided goes last, since only the first is tried patiently."""
        now = self._clock.monotonic()
        self._tries = {each.id: self._tries_of(each) for each in pending}
        due = [each for each in pending if self._tries[each.id].next_at <= now]
        return sorted(due, key=lambda each: self._tries[each.id].patient)

    def seconds_left(self) -> float:
        """Platform seconds until the next one is due."""
        now = self._clock.monotonic()
        return max(0.0, min(tries.next_at for tries in self._tries.values()) - now)

    def undecided(self, pending: PendingCookie, *, is_patient: bool) -> bool:
        """Schedule the next try after one without a result: after a wait, and no later than the end
        of the cookie's time. False if that time is over."""
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
        """Postpone all tries of the known cookies by ``seconds`` of platform time, but no later
        than the end of each cookie's time."""
        resume_at = self._clock.monotonic() + seconds
        for tries in self._tries.values():
            tries.next_at = max(tries.next_at, min(resume_at, tries.deadline))

    def _tries_of(self, pending: PendingCookie) -> _Tries:
        known = self._tries.get(pending.id)
        if known is not None:
            return known
        now = self._clock.monotonic()
        # A clock that was set back must not lengthen the wait.
        left = min(max(-self._clock.since(pending.until), 0.0), TRY_FOR)
        return _Tries(deadline=now + left, next_at=now)
