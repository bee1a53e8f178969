"""Where queued jobs stand: behind the student's own, and behind those of all students."""

from dataclasses import dataclass

from aiosqlite import Connection

from storage.jobs import Job
from storage.rows import first_number, first_row, numbers


@dataclass(frozen=True, slots=True)
class Place:
    """``behind`` counts the student's jobs that go first. ``number`` is the job's place among those
    that wait for one of the bot's places, 1 for the next; None while a place is free, or while the
    student's other jobs go first."""

    behind: int
    number: int | None = None


async def place_of(conn: Connection, job: Job, places: int) -> Place:
    """The place of a queued job, where ``places`` jobs may run at a time."""
    behind = await _behind(conn, job)
    if behind:
        return Place(behind)
    row = await first_row(
        conn,
        """
        SELECT CASE WHEN (SELECT count(*) FROM jobs WHERE state = 'running') >= :places
        THEN (SELECT count(DISTINCT stu_id) FROM jobs AS q WHERE state = 'queued' AND id <= :id
              AND NOT EXISTS (SELECT 1 FROM jobs WHERE stu_id = q.stu_id AND state = 'running'))
        END AS number
        """,
        {"places": places, "id": job.id},
    )
    return Place(0, row["number"] if row is not None else None)


async def _behind(conn: Connection, job: Job) -> int:
    """How many jobs of the same student precede this one and are not ended or paused."""
    return await first_number(
        conn,
        """
        SELECT count(*) FROM jobs WHERE stu_id = :stu_id AND id != :id
        AND (state = 'running' OR (id < :id AND state IN ('queued', 'waiting')))
        """,
        {"stu_id": job.stu_id, "id": job.id},
    )


async def waiting_for_a_place(conn: Connection) -> list[int]:
    """The ids of all queued jobs, in the order in which they are taken up."""
    return await numbers(conn, "SELECT id FROM jobs WHERE state = 'queued' ORDER BY id")


async def queued_of_student(conn: Connection, stu_id: str) -> list[int]:
    """The ids of the student's queued jobs, in any chat."""
    return await numbers(
        conn, "SELECT id FROM jobs WHERE stu_id = ? AND state = 'queued' ORDER BY id", (stu_id,)
    )
