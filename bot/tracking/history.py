"""The daily history of percents: stored whenever the platform reports them, for 400 days."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from aiosqlite import Connection

from bot.clock import Clock
from bot.zones import local_date, zone_of
from storage import chats, courses, digests, snapshots
from storage.database import Database

DAYS = 30
KEEP_SEEN = timedelta(minutes=30)
"""Real time between two snapshots of what the platform reported; the last of a date counts."""
AT_ONCE = 100
"""Courses that are stored in one unit."""


@dataclass(frozen=True, slots=True)
class CourseHistory:
    """``points`` are local dates with a percent, oldest first; days without one are left out. The
    last point is the newest known one."""

    name: str
    is_current: bool
    points: Sequence[tuple[date, float]]


class History:
    def __init__(self, db: Database, clock: Clock) -> None:
        self._db = db
        self._clock = clock
        self._looked_at: datetime | None = None

    async def of_account(
        self, chat_id: int, account_id: int, days: int = DAYS
    ) -> list[CourseHistory]:
        """The account's listed courses with their last ``days`` local dates, today included; those
        of current terms first. Empty if the account is not this chat's."""

        async def unit(conn: Connection) -> list[CourseHistory]:
            chat = await chats.get(conn, chat_id)
            if chat is None:
                return []
            today = local_date(self._clock.now(), zone_of(chat.time_zone))
            first = today - timedelta(days=days - 1)
            points: defaultdict[int, list[tuple[date, float]]] = defaultdict(list)
            for each in await snapshots.of_account(conn, chat_id, account_id, first):
                points[each.course_id].append((each.local_date, each.percent))
            return [
                CourseHistory(course.name, course.current, points[course.id])
                for course in await courses.courses_of(conn, chat_id, account_id)
            ]

        found = await self._db.read(unit)
        return sorted(found, key=lambda course: not course.is_current)

    async def keep_seen(self) -> None:
        """Store as snapshots what the platform reported since the last look, to any part of the
        bot."""
        now = self._clock.now()
        since = self._looked_at or now - timedelta(days=1)
        await self._keep(await self._db.read(lambda conn: snapshots.told_since(conn, since)))
        # Percents reported during this write are stored again.
        self._looked_at = now

    async def keep_seen_of(self, account_id: int) -> None:
        """As :meth:`keep_seen` for one account, for what was reported within the last one or two
        intervals."""
        since = self._clock.now() - 2 * KEEP_SEEN
        await self._keep(
            await self._db.read(lambda conn: snapshots.told_since(conn, since, account_id))
        )

    async def _keep(self, told: Sequence[tuple[int, datetime, str]]) -> None:
        """Store a few courses per unit: other writers wait for the same connection."""
        for begin in range(0, len(told), AT_ONCE):

            async def unit(conn: Connection, begin: int = begin) -> None:
                for course_id, told_at, zone in told[begin : begin + AT_ONCE]:
                    day = local_date(told_at, zone_of(zone))
                    await snapshots.keep_course(conn, course_id, day, told_at)

            await self._db.write(unit)

    async def forget(self) -> None:
        """Delete snapshots older than 400 days."""
        first = (self._clock.now() - timedelta(days=snapshots.KEEP_DAYS)).date()

        async def unit(conn: Connection) -> None:
            await snapshots.remove_before(conn, first)
            await digests.remove_before(conn, first)

        await self._db.write(unit)
