"""Starts jobs of newly published lessons automatically, if the student chose that."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime

from bot.study.methods import kind_of
from storage import known
from storage.cells import Cell
from storage.database import Database
from storage.digest_settings import DigestSettings
from storage.enums import Pace
from storage.known import KnownCell

Start = Callable[[int, int, int, Pace, Sequence[Cell], datetime], Awaitable[object | None]]
"""Starts a job of cells: chat, account's row, course's row, pace, cells, and when they were read.
Returns None if there was nothing to start."""


class Starting:
    def __init__(self, db: Database, start: Start) -> None:
        self._db = db
        self._start = start

    async def start_new(self, settings: DigestSettings) -> int:
        """Start one job per course. It takes the cells that were found since the student chose
        this, that can be studied and that no other job has. Returns the number of jobs."""
        since = settings.start_armed_at or settings.armed_at
        found = await self._db.read(lambda c: known.to_start(c, settings.chat_id, since))
        by_course: dict[tuple[int, int], list[KnownCell]] = {}
        for account_id, course_id, known_cell in found:
            if kind_of(known_cell.cell.category).can_be_studied:
                by_course.setdefault((account_id, course_id), []).append(known_cell)
        started = 0
        for (account_id, course_id), cells in by_course.items():
            read_at = await self._read_at(course_id, {each.module_row for each in cells})
            if read_at is None:
                continue
            job = await self._start(
                settings.chat_id,
                account_id,
                course_id,
                settings.pace,
                [each.cell for each in cells],
                read_at,
            )
            started += job is not None
        return started

    async def _read_at(self, course_id: int, rows: set[int]) -> datetime | None:
        """When the oldest reading of these modules was made; None if they were removed
        meanwhile."""
        modules = await self._db.read(lambda conn: known.modules(conn, course_id))
        read = (each.read_at for each in modules if each.id in rows and each.read_at)
        return min(read, default=None)
