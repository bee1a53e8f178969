"""What a start does with what the last process left behind; this is the real clean-up."""

from datetime import datetime

from aiosqlite import Connection

from storage import drafts, job_changes
from storage.database import Database


async def recover(db: Database, now: datetime) -> list[int]:
    """Queue again the jobs that a dead process left running, and let go of half-read drafts.

    Returns the ids of the jobs that changed, to be shown again.
    """

    async def unit(conn: Connection) -> list[int]:
        await drafts.reset_reading(conn)
        return await job_changes.recover(conn, now)

    return await db.write(unit)
