"""The real rows of one chat, served by hand on a clock that is turned by hand: what a process does
between a look and a sent digest, without a platform and without Telegram."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from bot.delivery_status import DeliveryStatus
from bot.digest.agenda import NotDueCache
from bot.digest.due import Due
from bot.digest.settings import DigestSettingsService
from bot.digest.store import DigestStore
from storage import chats, digest_settings, digests
from storage.database import Database
from storage.digests import DigestRow
from storage.enums import DigestKind, SkipReason
from storage.moments import to_text
from storage.rows import run
from tests.support.clocks import SettableClock
from tests.support.digest_reports import report


@dataclass
class StoredChat:
    """``sent`` are dates and what the clock showed then. What is to go wrong with the next digest:
    ``meanwhile`` happens between the look and the claim, ``dies`` ends the process right after
    the claim, and ``stays`` keeps it from leaving once."""

    db: Database
    clock: SettableClock
    chat_id: int
    sent: list[tuple[date, datetime]] = field(default_factory=list)
    lost: set[date] = field(default_factory=set)
    meanwhile: Callable[[], Awaitable[None]] | None = None
    dies: bool = False
    stays: bool = False

    async def open(self) -> None:
        """The chat comes, with an account."""
        now, chat_id = self.clock.now(), self.chat_id
        self.wishes = DigestSettingsService(self.db, self.clock)
        await self.db.write(lambda conn: chats.ensure(conn, chat_id, chat_id, now))
        await self.db.write(
            lambda conn: run(
                conn,
                "INSERT INTO accounts (chat_id, stu_id, name, number, created_at)"
                " VALUES (?, 'stu', '', '', ?)",
                (chat_id, to_text(now)),
            )
        )
        self.restart()

    def restart(self) -> None:
        """A new process: all it knows are the rows."""
        self.store, self._quiet = DigestStore(self.db, self.clock), NotDueCache()

    async def tick(self) -> None:
        """One look, and what follows from it."""
        settings = await self.db.read(lambda c: digest_settings.get(c, self.chat_id))
        assert settings is not None
        now = self.clock.now()
        if not settings.is_on or self._quiet.lasts(settings, now):
            return
        found = await self.store.look(settings, now)
        if found.is_empty:
            self._quiet.begin(settings, now, found.again_at, self._quiet.mark)
            return
        if found.missed:
            await self.store.skip(settings, found.missed, SkipReason.DOWN)
        if found.digest is not None:
            day = found.digest.local_date
            assert day not in {*self.lost, *(day for day, _ in self.sent)}, "it was taken"
            await self._send(found.digest)

    async def _send(self, due: Due) -> None:
        if self.meanwhile is not None:
            act, self.meanwhile = self.meanwhile, None
            await act()
        row = await self.store.claim(self.chat_id, due)
        if row is None:
            return
        if self.dies:
            self.dies = False
            self.lost.add(due.local_date)
            self.restart()
        elif self.stays:
            self.stays = False
            told = report(chat_id=self.chat_id, local_date=due.local_date, until=due.until)
            await self.store.not_sent(row, told, DeliveryStatus.UNSENT)
            await self.tick()
        else:
            await self.store.sent(row)
            self.sent.append((due.local_date, self.clock.now()))

    async def rows(self) -> list[DigestRow]:
        first = self.clock.now().date() - timedelta(days=90)
        return await self.db.read(
            lambda c: digests.since(c, self.chat_id, DigestKind.DIGEST, first)
        )
