"""Jobs, their items and their history: made and read here, changed in ``job_changes``."""

import json
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from aiosqlite import Connection

from storage.cells import Cell
from storage.courses import FRESH
from storage.enums import JobReason, JobRequest, JobState, Outcome, Pace
from storage.moments import to_text
from storage.planned import cells_of_draft, cells_of_job
from storage.rows import first_moment, first_record, first_row, records, rows, run


@dataclass(frozen=True, slots=True)
class Job:
    """One job. ``message_id`` is the progress message; moments are UTC. The percents are the
    course's, as the platform showed them when the job was confirmed and after it ended, None if
    unknown."""

    id: int
    chat_id: int
    account_id: int
    stu_id: str
    course_id: int | None
    course_open_id: str
    open_class_id: str
    course_name: str
    pace: Pace
    state: JobState
    reason: str | None
    requested: JobRequest | None
    message_id: int | None
    resume_at: datetime | None
    outline_at: datetime | None
    troubles: int
    restarts: int
    barred_until: datetime | None
    created_at: datetime
    started_at: datetime | None
    finished_at: datetime | None
    percent_before: float | None
    percent_after: float | None


@dataclass(frozen=True, slots=True)
class JobItem:
    """One cell of a job, and how it ended; ``outcome`` is None while it is open."""

    cell: Cell
    outcome: Outcome | None
    code: str | None
    msg: str | None


@dataclass(frozen=True, slots=True)
class JobEvent:
    """One line of a job's history: the new state, when and why."""

    at: datetime
    state: JobState
    reason: str | None


async def get(conn: Connection, job_id: int) -> Job | None:
    return await first_record(Job, conn, "SELECT * FROM jobs WHERE id = ?", (job_id,))


async def of_chat(conn: Connection, chat_id: int, job_id: int) -> Job | None:
    """The job if it is this chat's, else None: no chat sees another's."""
    job = await get(conn, job_id)
    return job if job is not None and job.chat_id == chat_id else None


async def list_of_chat(conn: Connection, chat_id: int, *, limit: int = 20) -> list[Job]:
    """The chat's jobs, newest first."""
    return await records(
        Job, conn, "SELECT * FROM jobs WHERE chat_id = ? ORDER BY id DESC LIMIT ?", (chat_id, limit)
    )


async def in_states(
    conn: Connection,
    states: Collection[JobState],
    *,
    chat_id: int | None = None,
    stu_id: str | None = None,
) -> list[Job]:
    """The jobs in any of the states, oldest first; of one chat or student if given."""
    return await records(
        Job,
        conn,
        """
        SELECT * FROM jobs WHERE state IN (SELECT value FROM json_each(:states))
        AND (:chat_id IS NULL OR chat_id = :chat_id)
        AND (:stu_id IS NULL OR stu_id = :stu_id) ORDER BY id
        """,
        {"states": json.dumps(list(states)), "chat_id": chat_id, "stu_id": stu_id},
    )


async def items(conn: Connection, job_id: int) -> list[JobItem]:
    return await records(
        JobItem,
        conn,
        "SELECT *, cell_name AS name FROM job_items WHERE job_id = ? ORDER BY position",
        (job_id,),
    )


async def history(conn: Connection, job_id: int) -> list[JobEvent]:
    return await records(
        JobEvent,
        conn,
        "SELECT at, state, reason FROM job_history WHERE job_id = ? ORDER BY id",
        (job_id,),
    )


async def record_state(
    conn: Connection, job_id: int, state: JobState, reason: JobReason | None, now: datetime
) -> None:
    """Add one line to the job's history."""
    await run(
        conn,
        "INSERT INTO job_history (job_id, at, state, reason) VALUES (?, ?, ?, ?)",
        (job_id, to_text(now), state, reason),
    )


async def create_from_draft(conn: Connection, draft_id: int, now: datetime) -> int | None:
    """Makes a queued job of the draft's unfinished cells that no other unfinished job has, in the
    draft's own message. Returns its id, or None if the draft already became a job or was never
    read."""
    taken = json.dumps(list(await cells_of_draft(conn, draft_id)))
    row = await first_row(
        conn,
        """
        INSERT INTO jobs (chat_id, account_id, stu_id, course_id, course_open_id, open_class_id,
                          course_name, draft_id, pace, state, message_id, outline_at, created_at,
                          percent_before)
        SELECT d.chat_id, d.account_id, a.stu_id, c.id, c.course_open_id, c.open_class_id,
               c.chat_name, d.id, d.pace, 'queued', d.message_id, d.read_at, :now,
               CASE WHEN c.percent_at >= :lately THEN c.percent END
        FROM drafts d
        JOIN accounts a ON a.id = d.account_id
        JOIN courses c ON c.id = d.course_id
        WHERE d.id = :draft AND d.state = 'ready'
        ON CONFLICT (draft_id) DO NOTHING
        RETURNING id
        """,
        {"now": to_text(now), "lately": to_text(now - FRESH), "draft": draft_id},
    )
    if row is None:
        return None
    job_id = int(row["id"])
    await run(
        conn,
        """
        INSERT INTO job_items (job_id, position, module_id, module_name, topic_id, topic_name,
                               cell_id, cell_name, category, percent)
        SELECT ?, position, module_id, module_name, topic_id, topic_name,
               cell_id, cell_name, category, coalesce(percent, 0)
        FROM draft_cells WHERE draft_id = ? AND coalesce(percent, 0) < 100
        AND cell_id NOT IN (SELECT value FROM json_each(?))
        """,
        (job_id, draft_id, taken),
    )
    await run(conn, "UPDATE drafts SET state = 'started' WHERE id = ?", (draft_id,))
    await record_state(conn, job_id, JobState.QUEUED, None, now)
    return job_id


async def of_draft(conn: Connection, draft_id: int) -> Job | None:
    return await first_record(Job, conn, "SELECT * FROM jobs WHERE draft_id = ?", (draft_id,))


async def retry_of(conn: Connection, job_id: int) -> Job | None:
    return await first_record(Job, conn, "SELECT * FROM jobs WHERE retry_of = ?", (job_id,))


async def create_retry(
    conn: Connection, job_id: int, outcomes: Collection[Outcome], now: datetime
) -> int | None:
    """Makes a queued job of the items of an ended job that ended in one of ``outcomes`` and that no
    other job will study; refused items keep the platform's message. Returns its id, or None if the
    job already has a retry or no such item."""
    listed, taken = json.dumps(list(outcomes)), json.dumps(await cells_of_job(conn, job_id))
    found = await first_row(
        conn,
        """
        SELECT 1 FROM job_items WHERE job_id = ?
        AND (outcome IS NULL OR outcome IN (SELECT value FROM json_each(?)))
        AND cell_id NOT IN (SELECT value FROM json_each(?)) LIMIT 1
        """,
        (job_id, listed, taken),
    )
    if found is None:
        return None
    row = await first_row(
        conn,
        """
        INSERT INTO jobs (chat_id, account_id, stu_id, course_id, course_open_id, open_class_id,
                          course_name, retry_of, pace, state, created_at, percent_before)
        SELECT chat_id, account_id, stu_id, course_id, course_open_id, open_class_id,
               course_name, id, pace, 'queued', :now,
               (SELECT percent FROM courses
                WHERE courses.id = jobs.course_id AND percent_at >= :lately)
        FROM jobs WHERE id = :job AND finished_at IS NOT NULL
        ON CONFLICT (retry_of) DO NOTHING
        RETURNING id
        """,
        {"now": to_text(now), "lately": to_text(now - FRESH), "job": job_id},
    )
    if row is None:
        return None
    new_id = int(row["id"])
    await run(
        conn,
        """
        INSERT INTO job_items (job_id, position, module_id, module_name, topic_id, topic_name,
                               cell_id, cell_name, category, percent, code, msg)
        SELECT ?, position, module_id, module_name, topic_id, topic_name,
               cell_id, cell_name, category, percent,
               CASE outcome WHEN 'refused' THEN code END, CASE outcome WHEN 'refused' THEN msg END
        FROM job_items WHERE job_id = ?
        AND (outcome IS NULL OR outcome IN (SELECT value FROM json_each(?)))
        AND cell_id NOT IN (SELECT value FROM json_each(?))
        """,
        (new_id, job_id, listed, taken),
    )
    await record_state(conn, new_id, JobState.QUEUED, None, now)
    return new_id


async def last_ended(conn: Connection, stu_id: str) -> datetime | None:
    """When a job of the student last ended, in any chat."""
    return await first_moment(conn, "SELECT max(finished_at) FROM jobs WHERE stu_id = ?", (stu_id,))


async def is_studied(conn: Connection, stu_id: str, since: datetime) -> bool:
    """Whether a job of the student is running, in any chat, or has changed its state after
    ``since``."""
    sql = (
        "SELECT 1 FROM jobs WHERE stu_id = ? AND (state = 'running' OR EXISTS"
        " (SELECT 1 FROM job_history WHERE job_id = jobs.id AND at > ?)) LIMIT 1"
    )
    return bool(await rows(conn, sql, (stu_id, to_text(since))))


async def ended_since(conn: Connection, chat_id: int, since: datetime) -> list[Job]:
    """The chat's jobs that ended after ``since``, in the order in which they ended."""
    return await records(
        Job,
        conn,
        "SELECT * FROM jobs WHERE chat_id = ? AND finished_at > ? ORDER BY finished_at, id",
        (chat_id, to_text(since)),
    )


async def changed_since(conn: Connection, job_id: int, since: datetime) -> bool:
    """Whether the job changed its state after ``since``."""
    sql = "SELECT 1 FROM job_history WHERE job_id = ? AND at > ? LIMIT 1"
    return bool(await rows(conn, sql, (job_id, to_text(since))))
