"""The stored rows of digests: which digests are due by them, and how they change."""

import json
from collections.abc import Collection
from datetime import date, datetime

from aiosqlite import Connection

from bot.clock import Clock
from bot.delivery_status import DeliveryStatus
from bot.digest.agenda import Rows, Todo, digest_schedule, first_date, in_this_zone, todo
from bot.digest.collect import keep_said
from bot.digest.due import Due
from bot.digest.report import DigestReport
from bot.jobs import notice_keys
from bot.zones import local_date, zone_of
from storage import accounts, digest_settings, digests, jobs
from storage.database import Database
from storage.digest_settings import DigestSettings
from storage.enums import DigestKind, JobState, NoticeKind, SkipReason
from storage.notices import insert_notice


class DigestStore:
    def __init__(self, db: Database, clock: Clock) -> None:
        self._db = db
        self._clock = clock

    async def look(self, settings: DigestSettings, now: datetime) -> Todo:
        """What is due for the chat. Stores a change of its zone, and a clock that was set back."""
        if settings.reported_until is not None and settings.reported_until > now:
            # The last digest told nothing that is found from now on.
            await self._db.write(lambda c: digest_settings.set_reported(c, settings.chat_id, now))
        if settings.zone != settings.time_zone:
            await self._db.write(
                lambda c: digest_settings.set_zone(c, settings.chat_id, now, settings.time_zone)
            )
        return await self._db.read(lambda conn: _look(conn, settings, now))

    async def claim(
        self, chat_id: int, due: Due, kind: DigestKind = DigestKind.DIGEST
    ) -> int | None:
        """Claim the day's row of a digest, or of the automatic jobs, if it is still due: the
        settings may have changed, and time has passed. Returns the row's id, or None."""

        async def unit(conn: Connection) -> int | None:
            now = self._clock.now()
            settings = await digest_settings.get(conn, chat_id)
            if settings is None or settings.blocked_at is not None:
                return None
            found = await _look(conn, settings, now)
            current = found.digest if kind is DigestKind.DIGEST else found.start
            if current is None or current.local_date != due.local_date:
                return None
            return await digests.claim(conn, chat_id, kind, due.local_date, now)

        return await self._db.write(unit)

    async def skip(
        self,
        settings: DigestSettings,
        dates: Collection[date],
        reason: SkipReason,
        kind: DigestKind = DigestKind.DIGEST,
    ) -> None:
        """Store that no digest comes on those dates. A chat that the bot cannot write to is not
        told of it later."""
        now, told = self._clock.now(), settings.blocked_at is not None
        await self._db.write(
            lambda conn: digests.skip(conn, settings.chat_id, kind, dates, reason, now, told=told)
        )

    async def sent(self, row: int, report: DigestReport | None = None) -> None:
        """Store that a claimed row was sent; the next digest counts from its report."""
        now = self._clock.now()

        async def unit(conn: Connection) -> None:
            await digests.mark_sent(conn, row, now)
            if report is not None:
                await keep_said(conn, report, now)

        await self._db.write(unit)

    async def not_sent(self, row: int, report: DigestReport, delivery: DeliveryStatus) -> None:
        """Store that a claimed row was handed over without a confirmed delivery."""
        now = self._clock.now()

        async def unit(conn: Connection) -> None:
            settings = await digest_settings.get(conn, report.chat_id)
            if settings is None:
                reason, told = SkipReason.BLOCKED, True
            elif delivery is DeliveryStatus.UNKNOWN:
                reason, told = SkipReason.UNSAID, False
            elif delivery is DeliveryStatus.REFUSED:
                reason, told = SkipReason.BROKEN, False
            elif digest_schedule(settings) is None:
                # Digests were switched off, or no account is left.
                reason, told = SkipReason.UNSAID, True
            elif settings.blocked_at is not None:
                reason, told = SkipReason.BLOCKED, delivery is not DeliveryStatus.NOT_FOUND
            elif now < report.until:
                await digests.reopen(conn, row, now)
                return
            else:
                reason, told = SkipReason.DOWN, False
            await digests.mark_skipped(conn, row, reason, now, told=told)

        await self._db.write(unit)

    async def reopen_today(self, chat_id: int) -> None:
        """Allow the digest of the chat's local date again if it was skipped because the bot could
        not write to the chat."""

        async def unit(conn: Connection) -> None:
            settings = await digest_settings.get(conn, chat_id)
            if settings is not None:
                now = self._clock.now()
                today = local_date(now, zone_of(settings.time_zone))
                await digests.reopen_blocked(conn, chat_id, today, now)

        await self._db.write(unit)

    async def ask_for_cookies(self, chat_id: int, account_ids: Collection[int]) -> None:
        """Leave a notice, once per cookie, that these accounts' cookies have expired, except where
        a job already left one."""
        now, waiting = self._clock.now(), [JobState.NEEDS_LOGIN]

        async def unit(conn: Connection) -> None:
            for account_id in account_ids:
                account = await accounts.get(conn, chat_id, account_id)
                if account is None or await jobs.in_states(
                    conn, waiting, chat_id=chat_id, stu_id=account.stu_id
                ):
                    continue
                await insert_notice(
                    conn,
                    chat_id=chat_id,
                    kind=NoticeKind.NEEDS_LOGIN,
                    once=notice_keys.session_expired(account),
                    payload=json.dumps({"account_id": account_id}),
                    now=now,
                )

        await self._db.write(unit)

    async def unsent(self, row: int, reason: SkipReason, *, told: bool) -> None:
        """Store that a claimed row was not sent; with ``told`` the student is not told of it
        later."""
        now = self._clock.now()
        await self._db.write(lambda conn: digests.mark_skipped(conn, row, reason, now, told=told))

    async def apologized(self, row: int, report: DigestReport) -> None:
        """Store that an apology, which names the missed digests, was sent in place of a claimed
        row's digest."""
        now, days = self._clock.now(), [each.local_date for each in report.missed]

        async def unit(conn: Connection) -> None:
            await digests.mark_skipped(conn, row, SkipReason.BROKEN, now, told=True)
            await digests.mark_told(conn, report.chat_id, days, now)

        await self._db.write(unit)


async def _look(conn: Connection, settings: DigestSettings, now: datetime) -> Todo:
    chat_id, first = settings.chat_id, first_date(settings, now)
    rows = Rows(
        tuple(await digests.since(conn, chat_id, DigestKind.DIGEST, first)),
        tuple(await digests.since(conn, chat_id, DigestKind.START, first)),
    )
    return todo(in_this_zone(settings, now), rows, now)
