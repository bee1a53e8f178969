"""A stage on which days with a digest follow one another, and the bot may die on one of them."""

import asyncio
import signal
import sqlite3
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from bot.app import DATABASE_NAME
from demo.platform import School
from demo.stage import Launch, Process
from storage.moments import to_text
from tests.prove.killable_stage import KillableStage
from tests.support.digest_day import noon_zone

LOOK_EVERY = 0.02
QUIET_LOOKS = 25
"""So many looks, and half a real second, without a call to Telegram or the platform, after which a
day counts as over: in them the last boundary is passed, and a digest that must not come begins
to. Looks, for on a busy machine a second may pass without any."""


@dataclass(frozen=True, slots=True)
class Row:
    """What the database says of the digest of a date."""

    local_date: date
    claimed: bool
    sent: bool
    skipped: bool
    told: bool

    @property
    def is_lost(self) -> bool:
        """It may have been sent, and nothing says so."""
        return self.claimed and not (self.sent or self.skipped)


@dataclass(frozen=True, slots=True)
class Death:
    """Where the bot died, and the row of that day, if there was one."""

    where: str
    row: Row | None


class DigestStage(KillableStage):
    """On the chats' clocks it is about noon all the time, and a digest was due at midnight."""

    def __init__(self, school: School, launch: Launch[Process], *, speed: float) -> None:
        super().__init__(school, launch, speed=speed)
        now = datetime.now(UTC)
        self.zone = noon_zone(now)
        self._began = now
        self._die_at: str | None = None
        self._is_lost = False
        self.deaths: list[Death] = []

    @property
    def today(self) -> date:
        return self._began.astimezone(ZoneInfo(self.zone)).date()

    async def start_bot(self) -> None:
        """Start the bot; :meth:`live` starts it again whenever it dies."""
        await self.start_process()

    async def stop_bot(self) -> int | None:
        """End the bot for good, as a power cut would."""
        await self.kill_bot()
        return None

    async def first_day(self) -> None:
        """Begin a day that is the first with a digest: as if the chat had set midnight the day
        before."""
        days, since = (to_text(self._began - timedelta(hours=hours)) for hours in (48, 20))
        await self._between_days(
            ("UPDATE chats SET time_zone = ?", self.zone),
            ("UPDATE accounts SET created_at = ?", days),
            (
                "UPDATE digest_settings SET at = '00:00', zone = ?, zone_since = ?, armed_at = ?",
                *(self.zone, since, since),
            ),
        )

    async def next_day(self, die_at: str | None = None) -> None:
        """Begin the next day: what was sent today counts as yesterday's."""
        self._die_at, self._is_lost = die_at, False
        await self._between_days(("UPDATE digests SET local_date = date(local_date, '-1 day')",))
        self._die_at = None  # of its first process alone

    async def live(self) -> None:
        """Until the day's digest is sent, or lost, and all is quiet; a bot that dies is started
        again at once. Raises AssertionError if it ends otherwise."""
        while await self._dies():
            if self._code() != -signal.SIGKILL:
                raise AssertionError(f"the bot ended by itself, with code {self._code()}")
            self._hold_the_platform()
            row = next((row for row in self.rows() if row.local_date == self.today), None)
            self._is_lost = row is not None and row.is_lost
            self.deaths.append(Death(self.died_at(), row))
            await self.start_process()

    async def _dies(self) -> bool:
        """Whether the bot ends before the day is over."""
        over, ended = (asyncio.ensure_future(each) for each in (self._over(), self.bot_ended()))
        try:
            await asyncio.wait({over, ended}, return_when=asyncio.FIRST_COMPLETED)
            if over.done():
                over.result()
        finally:
            over.cancel()
            ended.cancel()
        return not self.bot_is_running

    def _code(self) -> int | None:
        return self._process.returncode if self._process is not None else None

    def _dies_at(self) -> str | None:
        return self._die_at

    async def _between_days(self, *changes: tuple[str, *tuple[str, ...]]) -> None:
        await self.kill_bot()
        self._hold_the_platform()
        with closing(sqlite3.connect(self.data_dir / DATABASE_NAME)) as conn:
            for sql, *values in changes:
                conn.execute(sql, values)
            conn.commit()
        await self.start_process()

    async def _over(self) -> None:
        seen, quiet = -1, 0
        while quiet < QUIET_LOOKS:
            await asyncio.sleep(LOOK_EVERY)
            calls = len(self.telegram.calls) + len(self.platform.requests)
            quiet = quiet + 1 if calls == seen and self.listens and self._is_done else 0
            seen = calls

    @property
    def _is_done(self) -> bool:
        """Whether the row of today says that nothing more is to come, as the running bot's
        database has it; a row that a death left claimed does, too."""
        if self._is_lost:
            return True
        rows = self.read_running(_rows) or []
        return any(row.local_date == self.today and (row.sent or row.skipped) for row in rows)

    def rows(self) -> list[Row]:
        """The rows of a bot that is dead, oldest first."""
        with self.database() as file, closing(sqlite3.connect(file)) as conn:
            return _rows(conn)


def _rows(conn: sqlite3.Connection) -> list[Row]:
    found = conn.execute(
        "SELECT local_date, claimed_at IS NOT NULL, sent_at IS NOT NULL, skipped_at IS NOT NULL,"
        " told_at IS NOT NULL FROM digests WHERE kind = 'digest' ORDER BY local_date"
    )
    return [Row(date.fromisoformat(day), *map(bool, flags)) for day, *flags in found]
