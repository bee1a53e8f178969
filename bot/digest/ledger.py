"""The rows of the digests: what they say is due, and how they change."""

from collections.abc import Collection
from datetime import date, datetime

from aiosqlite import Connection

from bot.clock import Clock
from bot.digest.agenda import DigestKind, Reason, Rows, Todo, first_date, in_this_zone, todo
from bot.digest.collect import keep_said
from bot.digest.due import Due
from bot.digest.report import DigestReport
from storage import chats, digest_settings, digests
from storage.database import Database
from storage.digest_settings import DigestSettings


class Ledger:
    def __init__(self, db: Database, clock: Clock) -> None:
        self._db = db
        self._clock = clock

    async def look(self, settings: DigestSettings, now: datetime) -> Todo:
        """What is due for the chat. A change of its zone is noted on the way."""
        if settings.zone != settings.time_zone:
            await self._db.write(
                lambda c: digest_settings.set_zone(c, settings.chat_id, now, settings.time_zone)
            )
        return await self._db.read(lambda conn: _look(conn, settings, now))

    async def claim_digest(self, chat_id: int, due: Due) -> int | None:
        """Take the day's row, if the digest is due still: the chat may have been changed, and time
        has passed."""

        async def unit(conn: Connection) -> int | None:
            now = self._clock.now()
            settings = await digest_settings.get(conn, chat_id)
            if settings is None or settings.blocked_at is not None:
                return None
            found = (await _look(conn, settings, now)).digest
            if found is None or found.local_date != due.local_date:
                return None
            kind = DigestKind.DIGEST.value
            return await digests.claim(conn, chat_id, kind, due.local_date, now)

        return await self._db.write(unit)

    async def claim_start(self, chat_id: int, due: Due) -> int | None:
        """Take the day's row of the jobs that start by themselves."""
        now, kind = self._clock.now(), DigestKind.START.value
        return await self._db.write(
            lambda conn: digests.claim(conn, chat_id, kind, due.local_date, now)
        )

    async def skip(
        self,
        settings: DigestSettings,
        dates: Collection[date],
        reason: Reason,
        kind: DigestKind = DigestKind.DIGEST,
    ) -> None:
        """Nothing comes on those dates. Who blocked the bot needs no word of it later."""
        now, told = self._clock.now(), settings.blocked_at is not None
        await self._db.write(
            lambda conn: digests.skip(
                conn, settings.chat_id, kind.value, dates, reason.value, now, told=told
            )
        )

    async def sent(self, row: int, report: DigestReport | None = None) -> None:
        """A claimed row was sent; the next digest counts from its report."""
        now = self._clock.now()

        async def unit(conn: Connection) -> None:
            await digests.mark_sent(conn, row, now)
            if report is not None:
                await keep_said(conn, report, now)

        await self._db.write(unit)

    async def not_taken(self, row: int, report: DigestReport) -> None:
        """Telegram did not take a claimed one."""
        chat = await self._db.read(lambda conn: chats.get(conn, report.chat_id))
        if chat is None or chat.blocked_at is not None:
            await self.unsent(row, Reason.BLOCKED, told=True)
        else:
            is_over = self._clock.now() >= report.until
            await self.unsent(row, Reason.DOWN if is_over else Reason.UNSAID, told=False)

    async def unsent(self, row: int, reason: Reason, *, told: bool) -> None:
        """A claimed row was not sent; with ``told`` the student needs no word of it."""
        now = self._clock.now()
        await self._db.write(
            lambda conn: digests.mark_skipped(conn, row, reason.value, now, told=told)
        )


async def _look(conn: Connection, settings: DigestSettings, now: datetime) -> Todo:
    chat_id, first = settings.chat_id, first_date(settings, now)
    rows = Rows(
        tuple(await digests.since(conn, chat_id, DigestKind.DIGEST.value, first)),
        tuple(await digests.since(conn, chat_id, DigestKind.START.value, first)),
    )
    return todo(in_this_zone(settings, now), rows, now)
