"""Starts jobs of newly published lessons automatically, if the student chose that."""

from collections.abc import Sequence
from datetime import datetime

from aiosqlite import Connection

from bot.clock import Clock
from bot.jobs.answers import Answer
from bot.jobs.control import JobControl
from bot.study.methods import kind_of
from storage import drafts, known
from storage.database import Database
from storage.digest_settings import DigestSettings
from storage.enums import DraftState
from storage.known import KnownCell


class Starting:
    def __init__(self, db: Database, clock: Clock, control: JobControl) -> None:
        self._db = db
        self._clock = clock
        self._control = control

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
            if read_at is not None:
                started += await self._start(settings, account_id, course_id, cells, read_at)
        return started

    async def _read_at(self, course_id: int, rows: set[int]) -> datetime | None:
        """When the oldest reading of these modules was made; None if they were removed
        meanwhile."""
        modules = await self._db.read(lambda conn: known.modules(conn, course_id))
        read = (each.read_at for each in modules if each.id in rows and each.read_at)
        return min(read, default=None)

    async def _start(
        self,
        settings: DigestSettings,
        account_id: int,
        course_id: int,
        cells: Sequence[KnownCell],
        read_at: datetime,
    ) -> bool:
        """Start a job of these cells, which were read at ``read_at``; it sends a progress message
        of its own. False if the account or course was removed, or no cell is unfinished."""
        chat_id, now = settings.chat_id, self._clock.now()

        async def unit(conn: Connection) -> int | None:
            draft = await drafts.create(
                conn,
                chat_id=chat_id,
                account_id=account_id,
                course_id=course_id,
                pace=settings.pace,
                now=now,
            )
            if draft is None:
                return None
            taken = [each.cell for each in cells]
            await drafts.store_cells(conn, draft.id, taken, read_at, whole=False)
            await drafts.set_state(conn, draft.id, DraftState.CHOOSING, DraftState.READY)
            return draft.id

        draft_id = await self._db.write(unit)
        if draft_id is None:
            return False
        result = await self._control.start(chat_id, draft_id, None)
        return result.answer is Answer.STARTED
