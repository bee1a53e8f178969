"""What the owner reads about the people: who, since when, how much, and what was done."""

from enum import Enum, auto

from aiosqlite import Connection

from bot.access.access import Access
from storage import audit, people
from storage.audit import AuditRow
from storage.database import Database
from storage.enums import Origin
from storage.people import PersonRow, Usage


class CameBy(Enum):
    """How a person came to use the bot."""

    CLAIM = auto()
    INVITE = auto()
    LISTED = auto()
    """In ALLOWED_USERS"""
    OPEN = auto()
    """ALLOWED_USERS is ``*``"""
    NO_WAY = auto()
    """They could once; the settings of today do not let them in."""


class Records:
    def __init__(self, db: Database, access: Access) -> None:
        self._db = db
        self._access = access

    async def people(self) -> list[PersonRow]:
        """All people: the owner first, the removed ones last."""
        rows = await self._db.read(people.everyone)
        return sorted(rows, key=lambda row: row.user_id != self._access.owner)

    async def person(self, user_id: int) -> PersonRow | None:
        return await self._db.read(lambda conn: people.get(conn, user_id))

    async def usage(self, user_id: int) -> Usage:
        """Counts, never contents."""
        return await self._db.read(lambda conn: people.usage(conn, user_id))

    async def audit(self, page: int, size: int) -> tuple[list[AuditRow], int, int]:
        """A page of what was done, newest first: its rows, its number, which is the nearest that
        exists, and how many rows there are in all."""

        async def unit(conn: Connection) -> tuple[list[AuditRow], int, int]:
            count = await audit.count(conn)
            number = min(page, max(0, count - 1) // size)
            return await audit.page(conn, number, size), number, count

        return await self._db.read(unit)

    def came_by(self, row: PersonRow) -> CameBy:
        match row.origin:
            case Origin.CLAIM:
                return CameBy.CLAIM
            case Origin.INVITE:
                return CameBy.INVITE
            case Origin.SETTINGS if self._access.is_open_to_all:
                return CameBy.OPEN
            case Origin.SETTINGS:
                return CameBy.LISTED if self._access.is_listed(row.user_id) else CameBy.NO_WAY
