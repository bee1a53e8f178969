"""Several courses at once: one draft, and then one job, per unfinished course."""

from collections.abc import AsyncGenerator, Sequence
from dataclasses import dataclass

from bot.courses.drafts import Drafts
from bot.courses.plan import Plan
from bot.jobs.answers import Answer
from bot.jobs.control import JobControl
from storage import drafts
from storage.accounts import Account
from storage.courses import Course
from storage.database import Database
from storage.enums import DraftState, Pace
from storage.jobs import Job


@dataclass(frozen=True, slots=True)
class BatchRead:
    """The progress of the reading. Only the last one has a ``batch``, or None if there is nothing
    to study at all."""

    done: int
    total: int
    course_name: str = ""
    batch: int | None = None


class Batches:
    """A batch is named by the id of its first draft."""

    def __init__(self, db: Database, drafts_: Drafts, control: JobControl) -> None:
        self._db = db
        self._drafts = drafts_
        self._control = control

    async def read(
        self, account: Account, courses: Sequence[Course], message_id: int, pace: Pace
    ) -> AsyncGenerator[BatchRead, None]:
        """Read all unfinished modules of the unfinished courses. Raises a ZjyError."""
        todo = [course for course in courses if not course.is_complete]
        batch: int | None = None
        for done, course in enumerate(todo):
            yield BatchRead(done, len(todo), course.name)
            draft_id = await self._read_one(account, course, message_id, pace, batch)
            batch = batch or draft_id
        yield BatchRead(len(todo), len(todo), batch=batch)

    async def _read_one(
        self, account: Account, course: Course, message_id: int, pace: Pace, batch: int | None
    ) -> int | None:
        """The id of the course's draft, which was read; None if no module of it can be ticked."""
        opened = await self._drafts.begin(account, course, message_id, pace)
        if opened is None:
            return None
        chat_id, draft_id = account.chat_id, opened.draft.id
        await self._db.write(lambda conn: drafts.set_batch(conn, draft_id, batch or draft_id))
        await self._drafts.tick_all(chat_id, draft_id)
        ticked = await self._drafts.get(chat_id, draft_id)
        if ticked is None or not ticked.ticked or not await self._drafts.claim_reading(draft_id):
            return None
        try:
            async for _ in self._drafts.read(account, ticked):
                continue
        except Exception:
            await self._drafts.back_to_choosing(draft_id)
            raise
        return draft_id

    async def let_go(self, chat_id: int) -> None:
        """Return the drafts of a stopped reading to ``choosing``, so that a restart does not
        continue it."""
        await self._db.write(lambda conn: drafts.let_go_of_batches(conn, chat_id))

    async def plans(self, chat_id: int, batch: int) -> list[Plan]:
        """The plan of each draft of the batch that can be started, in the courses' order."""
        plans = []
        for draft_id in await self._members(chat_id, batch):
            opened = await self._drafts.get(chat_id, draft_id)
            if opened is not None and opened.draft.state is DraftState.READY:
                plans.append(await self._drafts.plan(opened))
        return plans

    async def set_pace(self, chat_id: int, batch: int, pace: Pace) -> None:
        for draft_id in await self._members(chat_id, batch):
            await self._drafts.set_pace(chat_id, draft_id, pace)

    async def start(
        self, chat_id: int, batch: int, message_id: int | None
    ) -> tuple[list[Job], bool]:
        """Start a job per draft. The first one is shown in the given message, each other one in a
        message of its own. A second call returns the same jobs. Returns them, and whether the limit
        of unfinished jobs left some out."""
        started: list[Job] = []
        is_full = False
        for draft_id in await self._members(chat_id, batch):
            opened = await self._drafts.get(chat_id, draft_id)
            if opened is None or not (await self._drafts.plan(opened)).to_study:
                continue
            shown_in = None if started else message_id
            result = await self._control.start(chat_id, draft_id, shown_in)
            if result.answer in (Answer.STARTED, Answer.ALREADY_STARTED) and result.job:
                started.append(result.job)
            is_full = is_full or result.answer is Answer.TOO_MANY
        return started, is_full

    async def _members(self, chat_id: int, batch: int) -> list[int]:
        return await self._db.read(lambda conn: drafts.of_batch(conn, chat_id, batch))
