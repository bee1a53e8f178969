"""Starts jobs of newly published lessons by itself, where the student said so."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime

from bot.study.methods import kind_of
from storage import known
from storage.database import Database
from storage.digest_settings import DigestSettings
from storage.drafts import DraftCell
from storage.known import KnownCell

Start = Callable[[int, int, int, str, Sequence[DraftCell], datetime], Awaitable[object | None]]
"""Starts a job of cells: chat, account's row, course's row, pace, cells, and when they were read.
None if there was nothing to start."""


class Starting:
    def __init__(self, db: Database, start: Start) -> None:
        self._db = db
        self._start = start

    async def start_new(self, settings: DigestSettings) -> int:
        """Start a job per course of the cells that were found since the student said so, that can
        be studied, and that no job has taken; how many jobs."""
        since = settings.start_armed_at or settings.armed_at
        found = await self._db.read(lambda c: known.to_start(c, settings.chat_id, since))
        by_course: dict[tuple[int, int], list[tuple[str, KnownCell]]] = {}
        for account_id, course_id, module_name, cell in found:
            if kind_of(cell.category).can_be_studied:
                by_course.setdefault((account_id, course_id), []).append((module_name, cell))
        started = 0
        for (account_id, course_id), cells in by_course.items():
            read_at = await self._read_at(course_id, {cell.module_row for _, cell in cells})
            if read_at is None:
                continue
            job = await self._start(
                settings.chat_id,
                account_id,
                course_id,
                settings.pace,
                [_draft_cell(module_name, cell) for module_name, cell in cells],
                read_at,
            )
            started += job is not None
        return started

    async def _read_at(self, course_id: int, rows: set[int]) -> datetime | None:
        """When the oldest of these modules was read; None if they are gone meanwhile."""
        modules = await self._db.read(lambda conn: known.modules(conn, course_id))
        read = (each.read_at for each in modules if each.id in rows and each.read_at)
        return min(read, default=None)


def _draft_cell(module_name: str, cell: KnownCell) -> DraftCell:
    return DraftCell(
        module_id=cell.module_id,
        module_name=module_name,
        topic_id=cell.topic_id,
        topic_name=cell.topic_name,
        cell_id=cell.cell_id,
        cell_name=cell.name,
        category=cell.category,
        percent=cell.percent,
    )
