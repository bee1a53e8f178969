"""What a chat reads of its jobs."""

from aiosqlite import Connection

from storage import jobs
from storage.database import Database
from storage.enums import UNFINISHED, Outcome
from storage.jobs import Job, JobEvent, JobItem

RETRIED = (
    Outcome.NOT_COUNTED,
    Outcome.REFUSED,
    Outcome.TEMPORARY,
    Outcome.UNREAD,
    Outcome.OWN_FAULT,
    Outcome.LOCKED,
)
"""The outcomes that 重试 tries again: all failures, and cells that may be open by now."""


class JobReads:
    def __init__(self, db: Database) -> None:
        self._db = db

    async def unfinished(self, chat_id: int) -> list[Job]:
        """The chat's jobs that have not ended, oldest first."""
        return await self._db.read(lambda conn: unfinished_of(conn, chat_id, None))

    async def latest(self, chat_id: int, limit: int = 10) -> list[Job]:
        """The chat's jobs, newest first."""
        return await self._db.read(lambda c: jobs.list_of_chat(c, chat_id, limit=limit))

    async def get(self, chat_id: int, job_id: int) -> Job | None:
        """The job if it is this chat's."""
        return await self._db.read(lambda c: jobs.of_chat(c, chat_id, job_id))

    async def items(self, job: Job) -> list[JobItem]:
        return await self._db.read(lambda c: jobs.items(c, job.id))

    async def history(self, job: Job) -> list[JobEvent]:
        """The job's changes of state, oldest first."""
        return await self._db.read(lambda c: jobs.history(c, job.id))

    async def may_retry(self, job: Job) -> bool:
        """Whether an ended job has cells that :meth:`retry` would try again."""
        if not job.state.is_ended:
            return False
        if await self._db.read(lambda conn: jobs.retry_of(conn, job.id)) is not None:
            return False
        items = await self.items(job)
        return any(map(may_be_retried, items))


def may_be_retried(item: JobItem) -> bool:
    """Whether a further job would try the cell again."""
    return item.outcome is None or item.outcome in RETRIED


async def unfinished_of(conn: Connection, chat_id: int, stu_id: str | None) -> list[Job]:
    """The unfinished jobs of a chat, or of one of its students, oldest first."""
    return await jobs.in_states(conn, UNFINISHED, chat_id=chat_id, stu_id=stu_id)
