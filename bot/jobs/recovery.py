"""What a start does with what the last process left behind; this is the real clean-up."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from aiosqlite import Connection

from storage import drafts, job_changes
from storage.database import Database
from storage.drafts import Draft

DRAFTS_STAY = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Recovered:
    """Ids of the jobs that were queued again, and the drafts whose reading was cut off."""

    jobs: Sequence[int]
    drafts: Sequence[Draft]


async def recover(db: Database, now: datetime) -> Recovered:
    """Queue again the jobs that a dead process left running, and let go of half-read drafts."""

    async def unit(conn: Connection) -> Recovered:
        cut_off = await drafts.reset_reading(conn)
        return Recovered(await job_changes.recover(conn, now), cut_off)

    return await db.write(unit)


async def forget_old_drafts(db: Database, now: datetime) -> None:
    """Drafts that nobody will press any more go, with the trees that were read for them."""
    await db.write(lambda conn: drafts.remove_before(conn, now - DRAFTS_STAY))
