"""Collects a chat's report: reads its accounts, then builds the report from what is stored."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from aiosqlite import Connection

from bot.clock import Clock
from bot.digest.due import Due, end_of_day
from bot.digest.occasion import Occasion
from bot.digest.reading import AccountReader
from bot.digest.report import DigestReport, Missed, MissedDigest, Standing
from bot.digest.report_builder import FIRST_SINCE, account_part, missed_digests
from bot.digest.sparing_reading import MOST_A_DAY
from bot.tracking.backfill import Allowance
from bot.zjy.gate import Priority
from bot.zones import local_date, zone_of
from storage import accounts, digest_settings, digests, jobs, known_changes
from storage.accounts import Account
from storage.database import Database
from storage.digest_settings import DigestSettings

EARLY_COUNTS = timedelta(minutes=45)
"""Real time for which an account that was read early is not read again for its digest."""


@dataclass(frozen=True, slots=True)
class _Early:
    """When an account was read early, and its local date then."""

    at: datetime
    local_date: date


class Collector:
    def __init__(self, db: Database, clock: Clock, reader: AccountReader) -> None:
        self._db = db
        self._clock = clock
        self._reader = reader
        self._early: dict[int, _Early] = {}
        """The accounts that were read early, by row id."""

    async def collect(
        self,
        settings: DigestSettings,
        priority: Priority,
        allowance: Allowance,
        due: Due | None = None,
    ) -> DigestReport:
        """Read the chat's accounts and build their report: the one that is ``due``, or a current
        one. An account with platform trouble or an expired cookie gets a part with its last known
        numbers."""
        standings = await self.read(
            settings, priority, allowance, tell=False, early_counts=due is not None
        )
        now, zone = self._clock.now(), zone_of(settings.time_zone)
        today = due.local_date if due is not None else local_date(now, zone)
        since, pace = _since(settings, now), settings.pace

        async def unit(conn: Connection) -> DigestReport:
            parts = [
                await account_part(
                    conn,
                    account,
                    standings[account.id],
                    since=since,
                    now=now,
                    local_date=today,
                    pace=pace,
                )
                for account in await accounts.of_chat(conn, settings.chat_id)
                if account.id in standings  # not an account added during the reading
            ]
            return DigestReport(
                chat_id=settings.chat_id,
                local_date=today,
                zone=zone.key,
                made_at=now,
                until=due.until if due is not None else end_of_day(now, zone),
                since=since,
                pace=pace,
                accounts=parts,
                missed=await missed_digests(conn, settings.chat_id, today),
            )

        return await self._db.read(unit)

    async def apology(self, settings: DigestSettings, due: Due) -> DigestReport:
        """A report without accounts that says that the digest cannot be built."""
        now, broken = self._clock.now(), MissedDigest(due.local_date, Missed.BROKEN)
        missed = await self._db.read(
            lambda conn: missed_digests(conn, settings.chat_id, due.local_date)
        )
        return DigestReport(
            chat_id=settings.chat_id,
            local_date=due.local_date,
            zone=zone_of(settings.time_zone).key,
            made_at=now,
            until=due.until,
            since=_since(settings, now),
            pace=settings.pace,
            accounts=(),
            missed=(*missed, broken),
        )

    async def read(
        self,
        settings: DigestSettings,
        priority: Priority,
        allowance: Allowance,
        *,
        tell: bool,
        early_counts: bool = False,
    ) -> dict[int, Standing]:
        """Update what is stored of the chat's accounts; returns each account's standing by its row
        id. The accounts share the ``allowance``. With ``tell`` new lessons leave a notice. With
        ``early_counts`` an account that was read early, and has not changed since, is not read
        again."""
        zone = zone_of(settings.time_zone)
        standings: dict[int, Standing] = {}
        there = await self._accounts(settings.chat_id)
        for number, account in enumerate(there):
            today = local_date(self._clock.now(), zone)
            if early_counts and await self._was_read_early(account, today):
                standings[account.id] = Standing.READ
                continue
            share = allowance.share(len(there) - number)
            standings[account.id] = await self._reader.read(
                account, Occasion(today, priority, tell, share)
            )
        return standings

    async def read_ahead(self, settings: DigestSettings, allowance: Allowance) -> None:
        """Read the unknown cells of the chat's accounts for its next report."""
        zone = zone_of(settings.time_zone)
        for account in await self._accounts(settings.chat_id):
            if not account.can_study:
                continue  # read with few requests, with its digest alone
            today = local_date(self._clock.now(), zone)
            occasion = Occasion(today, Priority.DIGEST, tell=False, allowance=allowance)
            await self._reader.read_ahead(account, occasion)

    async def read_early(self, settings: DigestSettings) -> None:
        """Read the chat's accounts in place of the reading when its digest is due, except those
        whose numbers a job changes."""
        zone = zone_of(settings.time_zone)
        now = self._clock.now()
        self._early = {
            each: early for each, early in self._early.items() if now - early.at < EARLY_COUNTS
        }
        for account in await self._accounts(settings.chat_id):
            now = self._clock.now()
            if not account.has_cookie or await self._is_studied(account, now):
                continue
            today = local_date(now, zone)
            # A platform that is only read is not read ahead of this.
            allowance = Allowance(0 if account.can_study else MOST_A_DAY)
            occasion = Occasion(today, Priority.DIGEST, tell=False, allowance=allowance)
            if await self._reader.read(account, occasion) is Standing.READ:
                self._early[account.id] = _Early(now, today)

    async def _was_read_early(self, account: Account, today: date) -> bool:
        early = self._early.pop(account.id, None)
        if early is None or not account.has_cookie or early.local_date != today:
            return False
        is_recent = timedelta() <= self._clock.now() - early.at < EARLY_COUNTS
        return is_recent and not await self._is_studied(account, early.at)

    async def _is_studied(self, account: Account, since: datetime) -> bool:
        """Whether a job of the student is running, or has changed its state after ``since``."""
        return await self._db.read(lambda conn: jobs.is_studied(conn, account.stu_id, since))

    async def _accounts(self, chat_id: int) -> list[Account]:
        return await self._db.read(lambda conn: accounts.of_chat(conn, chat_id))


def _since(settings: DigestSettings, now: datetime) -> datetime | None:
    """When the last digest was made. A moment in the future comes from a wrong clock: what that
    digest told is unknown, so some news may be told again."""
    since = settings.reported_until
    return now - FIRST_SINCE if since is not None and since > now else since


async def keep_said(conn: Connection, report: DigestReport, now: datetime) -> None:
    """Store what a sent digest said: the next one counts from it."""
    await digest_settings.set_reported(conn, report.chat_id, report.made_at)
    await digests.mark_told(conn, report.chat_id, [each.local_date for each in report.missed], now)
    for part in report.accounts:
        await accounts.set_said(conn, part.account_id, homework=part.homework, exams=part.exams)
        for course in part.courses:
            said = [(module.module_id, module.percent) for module in course.modules]
            await known_changes.set_said(conn, course.course_id, course.percent, said)
    await keep_asked(conn, report)


async def keep_asked(conn: Connection, report: DigestReport) -> None:
    """Store which accounts' cookies a sent report asked for."""
    for part in report.accounts:
        if part.asks_for_cookie:
            await accounts.set_cookie_asked(conn, part.account_id, report.local_date)
