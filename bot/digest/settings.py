"""Reads and changes a chat's digest settings for the screens of ``/digest``."""

from collections.abc import Awaitable, Callable
from datetime import datetime, time
from typing import Concatenate, ParamSpec

from aiosqlite import Connection

from bot.clock import Clock
from bot.digest.agenda import digest_schedule, first_date, in_this_zone
from bot.digest.due import is_quiet, next_due
from bot.digest.report import DigestReport
from bot.zones import zone_of
from storage import accounts, chats, digest_settings, digests
from storage.database import Database
from storage.digest_settings import DigestSettings
from storage.enums import Days, DigestKind, NoNews

P = ParamSpec("P")
MOST_WATCHES = 6
"""The most looks for new lessons a day."""
QUIET = (time(22, 30), time(7, 30))
"""The quiet hours of a chat that never set any: the schema's own."""


class DigestSettingsService:
    """Each call names the chat, which must exist. Changes return the new settings."""

    def __init__(self, db: Database, clock: Clock) -> None:
        self._db = db
        self._clock = clock

    async def get(self, chat_id: int) -> DigestSettings:
        now = self._clock.now()
        return await self._db.write(lambda conn: digest_settings.ensure(conn, chat_id, now))

    async def next_at(self, chat_id: int) -> datetime | None:
        """The UTC moment of the chat's next digest; None while digests are off or without an
        account."""

        async def unit(conn: Connection) -> datetime | None:
            now, settings = self._clock.now(), await digest_settings.get(conn, chat_id)
            if settings is None:
                return None
            schedule = digest_schedule(in_this_zone(settings, now))
            if schedule is None:
                return None
            first = first_date(settings, now)
            rows = await digests.since(conn, chat_id, DigestKind.DIGEST, first)
            return next_due(schedule, now, {row.local_date for row in rows if not row.is_open})

        return await self._db.read(unit)

    async def switch(self, chat_id: int, *, on: bool) -> DigestSettings:
        return await self._change(chat_id, digest_settings.switch, on=on)

    async def set_at(self, chat_id: int, at: time) -> DigestSettings:
        return await self._change(chat_id, digest_settings.set_at, at)

    async def set_days(
        self, chat_id: int, days: Days, weekday: int | None = None
    ) -> DigestSettings:
        """None leaves ``weekday`` unchanged."""
        return await self._change(chat_id, digest_settings.set_days, days, weekday)

    async def set_no_news(self, chat_id: int, no_news: NoNews) -> DigestSettings:
        return await self._change(chat_id, digest_settings.set_no_news, no_news)

    async def set_quiet(self, chat_id: int, start: time, end: time) -> DigestSettings:
        """Two equal times: never quiet."""
        return await self._change(chat_id, digest_settings.set_quiet, start, end)

    async def set_watch(self, chat_id: int, times: int) -> DigestSettings:
        """At most :data:`MOST_WATCHES` a day; 0 is off."""
        return await self._change(chat_id, digest_settings.set_watch, times)

    async def set_start_hour(self, chat_id: int, hour: int | None) -> DigestSettings:
        """Jobs of new lessons start automatically at that hour, 0-23; None is off."""
        return await self._change(chat_id, digest_settings.set_start_hour, hour)

    async def is_quiet(self, chat_id: int) -> bool:
        """Whether a message to the chat is silent now."""

        async def unit(conn: Connection) -> bool:
            now = self._clock.now()
            settings = await digest_settings.get(conn, chat_id)
            if settings is not None:
                zone = zone_of(settings.time_zone)
                return is_quiet(now, zone, settings.quiet_from, settings.quiet_until)
            chat = await chats.get(conn, chat_id)
            return chat is not None and is_quiet(now, zone_of(chat.time_zone), *QUIET)

        return await self._db.read(unit)

    async def is_still_due(self, report: DigestReport) -> bool:
        """Whether a report that was due may still be sent: the chat can have switched digests off,
        removed an account, erased everything or blocked the bot since."""

        async def unit(conn: Connection) -> bool:
            settings = await digest_settings.get(conn, report.chat_id)
            if settings is None or not settings.is_on or settings.blocked_at is not None:
                return False
            there = {each.id for each in await accounts.of_chat(conn, report.chat_id)}
            return {part.account_id for part in report.accounts} <= there

        return await self._db.read(unit)

    async def _change(
        self,
        chat_id: int,
        change: Callable[Concatenate[Connection, int, datetime, P], Awaitable[None]],
        *values: P.args,
        **named: P.kwargs,
    ) -> DigestSettings:
        async def unit(conn: Connection) -> DigestSettings:
            now = self._clock.now()
            await change(conn, chat_id, now, *values, **named)
            return await digest_settings.ensure(conn, chat_id, now)

        return await self._db.write(unit)
