"""Cleans up at the start what the last process left behind, orderly shutdown or not."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from aiosqlite import Connection

from storage import drafts, job_changes, jobs, outdated_messages
from storage.database import Database
from storage.drafts import Draft
from storage.enums import JobReason, JobState

DRAFTS_STAY = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Recovered:
    """The ids of the jobs that were queued again, the moment of the last change of a job before
    that, None if there is none, and the drafts whose reading was interrupted; drafts that are read
    together are read anew."""

    jobs: Sequence[int]
    last_change: datetime | None
    drafts: Sequence[Draft]


async def recover(db: Database, now: datetime) -> Recovered:
    """Queue again the jobs that a dead process left running, and reset half-read drafts."""

    async def unit(conn: Connection) -> Recovered:
        single = [draft for draft in await drafts.reset_reading(conn) if draft.batch is None]
        last_change = await outdated_messages.last_change(conn)
        return Recovered(await job_changes.recover(conn, now), last_change, single)

    return await db.write(unit)


async def suspend(db: Database, chat_ids: Collection[int], now: datetime) -> list[int]:
    """Pause the jobs of these chats that would go on by themselves or with a new cookie; returns
    the jobs' ids. Each can be resumed once its user may use the bot again."""
    going_on = (JobState.QUEUED, JobState.WAITING, JobState.NEEDS_LOGIN)

    async def unit(conn: Connection) -> list[int]:
        return [
            row.id
            for row in await jobs.in_states(conn, going_on)
            if row.chat_id in chat_ids
            and await job_changes.change_state(
                conn,
                row.id,
                expected=going_on,
                state=JobState.PAUSED,
                reason=JobReason.NO_ACCESS,
                now=now,
            )
        ]

    return await db.write(unit)


async def forget_old_drafts(db: Database, now: datetime) -> None:
    """Delete drafts too old to be started, with the trees that were read for them."""
    await db.write(lambda conn: drafts.remove_before(conn, now - DRAFTS_STAY))
