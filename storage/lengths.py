"""The lengths of videos and audios, as the platform reported them when they were opened."""

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from aiosqlite import Connection

from storage.jobs import Job, JobItem
from storage.moments import to_text
from storage.rows import rows, run

MOST_OTHERS = 50
"""Lengths of other courses that are read, the newest first."""


@dataclass(frozen=True, slots=True)
class KnownLengths:
    """Seconds of media that were opened: those of one course by cell id, and, if there are none,
    those of the chat's other courses."""

    course: Mapping[str, Decimal] = field(default_factory=dict)
    others: Sequence[Decimal] = ()


async def keep(
    conn: Connection, course_open_id: str, cell_id: str, seconds: str, now: datetime
) -> None:
    """Stores the length in seconds of a cell of that course, as the decimal text in which it
    came."""
    await run(
        conn,
        "INSERT INTO media_lengths (cell_id, seconds, seen_at, course_open_id) VALUES (?, ?, ?, ?)"
        " ON CONFLICT (cell_id) DO UPDATE SET seconds = excluded.seconds,"
        " seen_at = excluded.seen_at, course_open_id = excluded.course_open_id",
        (cell_id, seconds, to_text(now), course_open_id),
    )


async def of_course(
    conn: Connection, chat_id: int, course_open_id: str, cell_ids: Collection[str]
) -> KnownLengths:
    """The known lengths of ``cell_ids`` and of the other cells of their course, whichever chat's
    job opened them; if there are none, those of the chat's other courses."""
    found = await rows(
        conn,
        "SELECT cell_id, seconds FROM media_lengths WHERE course_open_id = :course"
        " UNION SELECT cell_id, seconds FROM media_lengths"
        " WHERE cell_id IN (SELECT value FROM json_each(:ids))",
        {"ids": json.dumps(list(cell_ids)), "course": course_open_id},
    )
    if found:
        return KnownLengths({row["cell_id"]: Decimal(row["seconds"]) for row in found})
    found = await rows(
        conn,
        "SELECT seconds FROM media_lengths WHERE course_open_id IN ("
        " SELECT course_open_id FROM jobs WHERE chat_id = :chat"
        " UNION SELECT c.course_open_id FROM accounts a JOIN courses c ON c.account_id = a.id"
        " WHERE a.chat_id = :chat)"
        " ORDER BY seen_at DESC, cell_id LIMIT :most",
        {"chat": chat_id, "most": MOST_OTHERS},
    )
    return KnownLengths(others=tuple(Decimal(row["seconds"]) for row in found))


async def of_job(conn: Connection, job: Job, items: Collection[JobItem]) -> KnownLengths:
    """As :func:`of_course`, for a job with its ``items``."""
    ids = [item.cell.cell_id for item in items]
    return await of_course(conn, job.chat_id, job.course_open_id, ids)
