"""A chat's digest settings, typed: read and changed for the screens of ``/digest``."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, time
from typing import Self

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

MOST_WATCHES = 6
"""The most looks for new lessons a day."""
QUIET = (time(22, 30), time(7, 30))
"""The quiet hours of a chat that never set any: the schema's own."""


@dataclass(frozen=True, slots=True)
class Wish:
    """Times of day are the chat's own. ``weekday`` counts from Monday, 0; ``watch_times`` 0 is
    off; ``start_hour`` None is off; ``next_at`` is the UTC moment of the next digest, if any."""

    wanted: bool
    at: time
    days: Days
    weekday: int
    no_news: NoNews
    quiet_from: time
    quiet_until: time
    watch_times: int
    start_hour: int | None
    zone: str
    has_account: bool
    next_at: datetime | None

    @classmethod
    def of(cls, settings: DigestSettings, next_at: datetime | None) -> Self:
        return cls(
            wanted=settings.wanted,
            at=time.fromisoformat(settings.at),
            days=settings.days,
            weekday=settings.weekday,
            no_news=settings.no_news,
            quiet_from=time.fromisoformat(settings.quiet_from),
            quiet_until=time.fromisoformat(settings.quiet_until),
            watch_times=settings.watch_times,
            start_hour=settings.start_hour,
            zone=settings.time_zone,
            has_account=settings.has_account_since is not None,
            next_at=next_at,
        )


class Wishes:
    """Each call names the chat, which must exist. Changes return the new digest settings."""

    def __init__(self, db: Database, clock: Clock) -> None:
        self._db = db
        self._clock = clock

    async def get(self, chat_id: int) -> Wish:
        async def nothing(conn: Connection, now: datetime) -> None:
            await digest_settings.ensure(conn, chat_id, now)

        return await self._change(chat_id, nothing)

    async def switch(self, chat_id: int, *, on: bool) -> Wish:
        return await self._change(
            chat_id, lambda c, now: digest_settings.set_wanted(c, chat_id, now, wanted=on)
        )

    async def set_at(self, chat_id: int, at: time) -> Wish:
        return await self._change(
            chat_id, lambda c, now: digest_settings.set_at(c, chat_id, now, _text(at))
        )

    async def set_days(self, chat_id: int, days: Days, weekday: int | None = None) -> Wish:
        """None leaves ``weekday`` unchanged."""
        return await self._change(
            chat_id,
            lambda c, now: digest_settings.set_days(c, chat_id, now, days, weekday),
        )

    async def set_no_news(self, chat_id: int, no_news: NoNews) -> Wish:
        return await self._change(
            chat_id, lambda c, now: digest_settings.set_no_news(c, chat_id, now, no_news)
        )

    async def set_quiet(self, chat_id: int, quiet_from: time, quiet_until: time) -> Wish:
        """Two equal times: never quiet."""
        return await self._change(
            chat_id,
            lambda c, now: digest_settings.set_quiet(
                c, chat_id, now, _text(quiet_from), _text(quiet_until)
            ),
        )

    async def set_watch(self, chat_id: int, times: int) -> Wish:
        """At most :data:`MOST_WATCHES` a day; 0 is off."""
        return await self._change(
            chat_id, lambda c, now: digest_settings.set_watch(c, chat_id, now, times)
        )

    async def set_start_hour(self, chat_id: int, hour: int | None) -> Wish:
        """Jobs of new lessons start automatically at that hour, 0-23; None is off."""
        return await self._change(
            chat_id, lambda c, now: digest_settings.set_start_hour(c, chat_id, now, hour)
        )

    async def is_quiet(self, chat_id: int) -> bool:
        """Whether a message to the chat is silent now."""

        async def unit(conn: Connection) -> bool:
            now = self._clock.now()
            settings = await digest_settings.get(conn, chat_id)
            if settings is not None:
                wish, zone = Wish.of(settings, None), zone_of(settings.time_zone)
                return is_quiet(now, zone, wish.quiet_from, wish.quiet_until)
            chat = await chats.get(conn, chat_id)
            return chat is not None and is_quiet(now, zone_of(chat.time_zone), *QUIET)

        return await self._db.read(unit)

    async def still_wants(self, report: DigestReport) -> bool:
        """Whether the chat still wants a report that was due: it can have switched digests off,
        removed an account, erased everything or blocked the bot since."""

        async def unit(conn: Connection) -> bool:
            settings = await digest_settings.get(conn, report.chat_id)
            if settings is None or not settings.wanted or settings.blocked_at is not None:
                return False
            there = {each.id for each in await accounts.of_chat(conn, report.chat_id)}
            return {part.account_id for part in report.accounts} <= there

        return await self._db.read(unit)

    async def _change(
        self, chat_id: int, change: Callable[[Connection, datetime], Awaitable[None]]
    ) -> Wish:
        async def unit(conn: Connection) -> Wish:
            now = self._clock.now()
            await change(conn, now)
            settings = await digest_settings.ensure(conn, chat_id, now)
            return Wish.of(settings, await _next_at(conn, settings, now))

        return await self._db.write(unit)


async def _next_at(conn: Connection, settings: DigestSettings, now: datetime) -> datetime | None:
    schedule = digest_schedule(in_this_zone(settings, now))
    if schedule is None:
        return None
    kind = DigestKind.DIGEST
    rows = await digests.since(conn, settings.chat_id, kind, first_date(settings, now))
    return next_due(schedule, now, {row.local_date for row in rows if not row.is_open})


def _text(at: time) -> str:
    return f"{at:%H:%M}"
