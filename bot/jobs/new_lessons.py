"""Starts jobs of newly published cells automatically."""

from collections.abc import Sequence
from datetime import datetime

from aiosqlite import Connection

from bot.clock import Clock
from bot.jobs.answers import Answer
from bot.jobs.control import JobControl
from storage import drafts
from storage.cells import Cell
from storage.database import Database
from storage.enums import DraftState, Pace
from storage.jobs import Job


class NewLessonJobs:
    def __init__(self, db: Database, clock: Clock, control: JobControl) -> None:
        self._db = db
        self._clock = clock
        self._control = control

    async def start(
        self,
        chat_id: int,
        account_id: int,
        course_id: int,
        pace: Pace,
        cells: Sequence[Cell],
        read_at: datetime,
    ) -> Job | None:
        """Start a job of these cells, which were read at ``read_at``; it sends a progress message
        of its own. None if the account or course was removed, or no cell is unfinished."""
        now = self._clock.now()

        async def unit(conn: Connection) -> int | None:
            draft = await drafts.create(
                conn,
                chat_id=chat_id,
                account_id=account_id,
                course_id=course_id,
                pace=pace,
                now=now,
            )
            if draft is None:
                return None
            await drafts.store_cells(conn, draft.id, cells, read_at, whole=False)
            await drafts.set_state(conn, draft.id, DraftState.CHOOSING, DraftState.READY)
            return draft.id

        draft_id = await self._db.write(unit)
        if draft_id is None:
            return None
        result = await self._control.start(chat_id, draft_id, None)
        return result.job if result.answer is Answer.STARTED else None
