"""Changes jobs: each change of state is compare-and-set and adds a line to the history."""

import json
from collections.abc import Collection
from datetime import datetime

from aiosqlite import Connection

from storage.enums import JobReason, JobRequest, JobState, Outcome
from storage.jobs import Job, record_state
from storage.moments import from_text, maybe_to_text, to_text
from storage.rows import changed, first_moment, first_number, first_record, numbers, rows, run
from storage.sealed import KEY_OF, shown

FOLLOWED = {JobRequest.PAUSE: JobState.PAUSED, JobRequest.CANCEL: JobState.CANCELLED}
"""The state that each request leads to."""


async def claim_next(
    conn: Connection,
    now: datetime,
    max_running: int,
    except_chats: Collection[int] = (),
    *,
    keys: Collection[bytes] | None = None,
) -> Job | None:
    """Make the oldest queued job that may run ``running``, and return it; none of the
    ``except_chats``, and with ``keys`` none whose cookie was sealed with another key.

    A student has at most one running job in all chats, and none while another job of the student
    waits for an outage to end, or during a bar that any of them met. From the second claim on, the
    tree that was read for the job is outdated (``outline_at``).
    """
    job = await first_record(
        Job,
        conn,
        f"""
        UPDATE jobs SET state = 'running', reason = NULL, requested = NULL, resume_at = NULL,
                        outline_at = CASE WHEN started_at IS NULL THEN outline_at END,
                        started_at = COALESCE(started_at, :now)
        WHERE id = (
            SELECT j.id FROM jobs j
            WHERE j.state = 'queued'
              AND j.chat_id NOT IN (SELECT value FROM json_each(:except_chats))
              AND (:keys IS NULL OR NOT EXISTS (
                  SELECT 1 FROM accounts a WHERE a.id = j.account_id
                  AND a.sealed_cookie IS NOT NULL
                  AND ({KEY_OF}) NOT IN (SELECT value FROM json_each(:keys))))
              AND NOT EXISTS (
                  SELECT 1 FROM jobs o WHERE o.stu_id = j.stu_id
                  AND (o.state = 'running' OR (o.state = 'waiting' AND o.resume_at > :now)
                       OR o.barred_until > :now))
              AND (SELECT count(*) FROM jobs r WHERE r.state = 'running') < :most
            ORDER BY j.id LIMIT 1)
        RETURNING *
        """,  # noqa: S608 - the id of a key is read as one constant says
        {
            "keys": None if keys is None else json.dumps(shown(keys)),
            "now": to_text(now),
            "most": max_running,
            "except_chats": json.dumps(sorted(except_chats)),
        },
    )
    if job is not None:
        await record_state(conn, job.id, JobState.RUNNING, None, now)
    return job


async def change_state(
    conn: Connection,
    job_id: int,
    *,
    expected: Collection[JobState],
    state: JobState,
    now: datetime,
    reason: JobReason | None = None,
    resume_at: datetime | None = None,
) -> bool:
    """Compare-and-set: True if the job was in one of ``expected`` and is in ``state`` now."""
    done = await changed(
        conn,
        """
        UPDATE jobs SET state = :state, reason = :reason, resume_at = :resume_at, requested = NULL,
                        finished_at = CASE WHEN :ended THEN :now ELSE finished_at END
        WHERE id = :job_id AND state IN (SELECT value FROM json_each(:expected))
        RETURNING id
        """,
        {
            "state": state,
            "reason": reason,
            "resume_at": maybe_to_text(resume_at),
            "ended": state.is_ended,
            "now": to_text(now),
            "job_id": job_id,
            "expected": json.dumps(list(expected)),
        },
    )
    if not done:
        return False
    await record_state(conn, job_id, state, reason, now)
    return True


async def request(conn: Connection, job_id: int, requested: JobRequest) -> bool:
    """Ask a running job to pause or to cancel; a pause never replaces a cancel."""
    return await changed(
        conn,
        "UPDATE jobs SET requested = ? WHERE id = ? AND state = 'running' "
        "AND (requested IS NULL OR requested != 'cancel') RETURNING id",
        (requested, job_id),
    )


async def withdraw_pause(conn: Connection, job_id: int) -> bool:
    """Withdraw a pause that a running job has not followed yet."""
    return await changed(
        conn,
        "UPDATE jobs SET requested = NULL "
        "WHERE id = ? AND state = 'running' AND requested = 'pause' RETURNING id",
        (job_id,),
    )


async def end_item(
    conn: Connection,
    job_id: int,
    cell_id: str,
    *,
    outcome: Outcome,
    percent: float,
    code: str | None,
    msg: str | None,
) -> bool:
    """Store how a cell ended; a success resets the count of troubles. False if the job was
    removed."""
    found = await changed(
        conn,
        "UPDATE job_items SET outcome = ?, percent = ?, code = ?, msg = ? "
        "WHERE job_id = ? AND cell_id = ? RETURNING 1",
        (outcome, percent, code, msg, job_id, cell_id),
    )
    if outcome is Outcome.DONE:
        await run(conn, "UPDATE jobs SET troubles = 0 WHERE id = ?", (job_id,))
    return found


async def keep_words(
    conn: Connection, job_id: int, cell_id: str, *, code: str | None, msg: str
) -> None:
    """Store the platform's message for a cell that is still open."""
    await run(
        conn,
        "UPDATE job_items SET code = ?, msg = ? "
        "WHERE job_id = ? AND cell_id = ? AND outcome IS NULL",
        (code, msg, job_id, cell_id),
    )


async def set_message(conn: Connection, job_id: int, message_id: int | None) -> None:
    await run(conn, "UPDATE jobs SET message_id = ? WHERE id = ?", (message_id, job_id))


async def set_percent_after(conn: Connection, job_id: int, percent: float) -> None:
    """Store the percent that the platform shows for the job's course after the job ended."""
    await run(conn, "UPDATE jobs SET percent_after = ? WHERE id = ?", (percent, job_id))


async def add_trouble(conn: Connection, job_id: int) -> int:
    """Count one more wait because of trouble without a cell done; returns the count."""
    return await first_number(
        conn, "UPDATE jobs SET troubles = troubles + 1 WHERE id = ? RETURNING troubles", (job_id,)
    )


async def set_barred(conn: Connection, job_id: int, until: datetime) -> None:
    """Store when the bar on the job's student ends, whatever the job's next state."""
    await run(conn, "UPDATE jobs SET barred_until = ? WHERE id = ?", (to_text(until), job_id))


async def recover(conn: Connection, now: datetime) -> list[int]:
    """Queue again the jobs that the last process left running.

    A pending pause or cancel request is followed now, and a bar stays in force. Returns the ids of
    the changed jobs.
    """
    left_running = await rows(
        conn, "SELECT id, requested, barred_until FROM jobs WHERE state = 'running' ORDER BY id"
    )
    for row in left_running:
        requested, until = row["requested"], row["barred_until"]
        barred_until = from_text(until) if until is not None else None
        if requested is not None:
            state, reason = FOLLOWED[JobRequest(requested)], JobReason.BY_PERSON
        elif barred_until is not None and barred_until > now:
            state, reason = JobState.WAITING, JobReason.BARRED
        else:
            state, reason = JobState.QUEUED, JobReason.RESTARTED
        await change_state(
            conn,
            int(row["id"]),
            expected=(JobState.RUNNING,),
            state=state,
            reason=reason,
            resume_at=barred_until if state is JobState.WAITING else None,
            now=now,
        )
        await run(conn, "UPDATE jobs SET restarts = restarts + 1 WHERE id = ?", (row["id"],))
    return [int(row["id"]) for row in left_running]


async def wake_waiting(conn: Connection, now: datetime) -> list[int]:
    """Queue the waiting jobs whose time has come; returns their ids."""
    due = await numbers(
        conn,
        "SELECT id FROM jobs WHERE state = 'waiting' AND resume_at <= ? ORDER BY id",
        (to_text(now),),
    )
    for job_id in due:
        await change_state(
            conn,
            job_id,
            expected=(JobState.WAITING,),
            state=JobState.QUEUED,
            reason=JobReason.TIME,
            now=now,
        )
    return due


async def next_resume(conn: Connection, now: datetime) -> datetime | None:
    """When the next waiting job goes on, or the next bar on a student ends."""
    return await first_moment(
        conn,
        """
        SELECT min(at) FROM (
            SELECT resume_at AS at FROM jobs WHERE state = 'waiting'
            UNION ALL SELECT barred_until FROM jobs WHERE barred_until > :now)
        """,
        {"now": to_text(now)},
    )
