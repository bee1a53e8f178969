"""The rows of the digests: what they say is due, and how they change."""

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
        """What is due for the chat. A change of its zone is noted on the way, and so is a clock
        that was put back."""
        if settings.reported_until is not None and settings.reported_until > now:
            # The last digest has told nothing of what is found from now on.
            await self._db.write(lambda c: digest_settings.set_reported(c, settings.chat_id, now))
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
            kind = DigestKind.DIGEST
            return await digests.claim(conn, chat_id, kind, due.local_date, now)

        return await self._db.write(unit)

    async def claim_start(self, chat_id: int, due: Due) -> int | None:
        """Take the day's row of the jobs that start by themselves, if they are due still."""

        async def unit(conn: Connection) -> int | None:
            now = self._clock.now()
            settings = await digest_settings.get(conn, chat_id)
            if settings is None or settings.blocked_at is not None:
                return None
            found = (await _look(conn, settings, now)).start
            if found is None or found.local_date != due.local_date:
                return None
            return await digests.claim(conn, chat_id, DigestKind.START, due.local_date, now)

        return await self._db.write(unit)

    async def skip(
        self,
        settings: DigestSettings,
        dates: Collection[date],
        reason: SkipReason,
        kind: DigestKind = DigestKind.DIGEST,
    ) -> None:
        """Nothing comes on those dates. A chat that the bot cannot write to needs no word of it
        later."""
        now, told = self._clock.now(), settings.blocked_at is not None
        await self._db.write(
            lambda conn: digests.skip(conn, settings.chat_id, kind, dates, reason, now, told=told)
        )

    async def sent(self, row: int, report: DigestReport | None = None) -> None:
        """A claimed row was sent; the next digest counts from its report."""
        now = self._clock.now()

        async def unit(conn: Connection) -> None:
            await digests.mark_sent(conn, row, now)
            if report is not None:
                await keep_said(conn, report, now)

        await self._db.write(unit)

    async def not_sent(self, row: int, report: DigestReport, delivery: DeliveryStatus) -> None:
        """A claimed row was handed over and is not known to have come."""
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
                # Switched off, or no account is left to tell of.
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
        """The digest of the chat's local date may be sent still, if it was skipped because the bot
        could not write to the chat."""

        async def unit(conn: Connection) -> None:
            settings = await digest_settings.get(conn, chat_id)
            if settings is not None:
                now = self._clock.now()
                today = local_date(now, zone_of(settings.time_zone))
                await digests.reopen_blocked(conn, chat_id, today, now)

        await self._db.write(unit)

    async def ask_for_cookies(self, chat_id: int, account_ids: Collection[int]) -> None:
        """Leave a notice, once per cookie, that these accounts' have expired; but for those whose
        jobs have told of it."""
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
                    once=notice_keys.session_expired(account_id, account.pasted_at),
                    payload=json.dumps({"account_id": account_id}),
                    now=now,
                )

        await self._db.write(unit)

    async def unsent(self, row: int, reason: SkipReason, *, told: bool) -> None:
        """A claimed row was not sent; with ``told`` the student needs no word of it."""
        now = self._clock.now()
        await self._db.write(lambda conn: digests.mark_skipped(conn, row, reason, now, told=told))

    async def apologized(self, row: int, report: DigestReport) -> None:
        """In place of a claimed row's digest an apology was sent, which tells of those missed."""
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
