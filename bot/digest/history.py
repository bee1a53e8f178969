"""How percents went, day by day: kept whenever the platform told them, for 400 days."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from aiosqlite import Connection

from bot.clock import Clock
from bot.digest.due import local_date
from bot.digest.zones import zone_of
from storage import chats, courses, digests, snapshots
from storage.database import Database
from storage.snapshots import CourseSnapshot, ModuleSnapshot

DAYS = 30
KEEP_SEEN = timedelta(minutes=30)
"""Real time between two looks at what the platform told; the last of a date counts."""


@dataclass(frozen=True, slots=True)
class ModuleHistory:
    """``points`` are local dates with a percent, oldest first; days without one are left out."""

    module_id: str
    name: str
    points: Sequence[tuple[date, float]]


@dataclass(frozen=True, slots=True)
class CourseHistory:
    """As :class:`ModuleHistory`; the last point is the newest that is known."""

    course_id: int
    name: str
    is_current: bool
    points: Sequence[tuple[date, float]]
    modules: Sequence[ModuleHistory]


class History:
    def __init__(self, db: Database, clock: Clock) -> None:
        self._db = db
        self._clock = clock
        self._looked_at: datetime | None = None

    async def of_account(
        self, chat_id: int, account_id: int, days: int = DAYS
    ) -> list[CourseHistory]:
        """The account's listed courses with their last ``days`` local dates, today included; those
        of current terms first. Nothing if the account is not this chat's."""

        async def unit(conn: Connection) -> list[CourseHistory]:
            chat = await chats.get(conn, chat_id)
            if chat is None:
                return []
            today = local_date(self._clock.now(), zone_of(chat.time_zone))
            first = today - timedelta(days=days - 1)
            found = [
                CourseHistory(
                    course_id=course.id,
                    name=course.name,
                    is_current=course.current,
                    points=_points(await snapshots.of_course(conn, chat_id, course.id, first)),
                    modules=_modules(await snapshots.of_modules(conn, chat_id, course.id, first)),
                )
                for course in await courses.courses_of(conn, chat_id, account_id)
            ]
            return sorted(found, key=lambda course: not course.is_current)

        return await self._db.read(unit)

    async def keep_seen(self) -> None:
        """Keep as a snapshot what the platform told since the last look, whoever asked for it."""
        now = self._clock.now()
        since = self._looked_at or now - timedelta(days=1)

        seen = await self._db.read(lambda conn: snapshots.seen_since(conn, since))

        async def unit(conn: Connection) -> None:
            for course_id, seen_at, zone in seen:
                await snapshots.keep_course(conn, course_id, local_date(seen_at, zone_of(zone)))

        if seen:
            await self._db.write(unit)
        # What was told while this was stored is stored again.
        self._looked_at = now

    async def forget(self) -> None:
        """What is older than 400 days goes."""
        first = (self._clock.now() - timedelta(days=snapshots.KEEP_DAYS)).date()

        async def unit(conn: Connection) -> None:
            await snapshots.remove_before(conn, first)
            await digests.remove_before(conn, first)

        await self._db.write(unit)


def _points(found: Sequence[CourseSnapshot]) -> list[tuple[date, float]]:
    return [(each.local_date, each.percent) for each in found]


def _modules(found: Sequence[ModuleSnapshot]) -> list[ModuleHistory]:
    by_id: dict[str, list[ModuleSnapshot]] = {}
    for each in found:
        by_id.setdefault(each.module_id, []).append(each)
    return [
        ModuleHistory(module_id, held[-1].name, [(each.local_date, each.percent) for each in held])
        for module_id, held in by_id.items()
    ]
