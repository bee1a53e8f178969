"""The jobs whose messages may show another state than the stored one."""

from datetime import datetime

from aiosqlite import Connection

from storage.moments import to_text
from storage.rows import first_moment, numbers


async def last_change(conn: Connection) -> datetime | None:
    """When a job changed its state last; None if there never was one."""
    return await first_moment(conn, "SELECT max(at) FROM job_history")


async def of_all_chats(conn: Connection, since: datetime) -> list[int]:
    """The ids of all jobs whose message may be outdated at a start: those that changed their state
    after ``since``, and those whose end was told after it or is not told yet."""
    return await numbers(
        conn,
        """
        SELECT id FROM jobs WHERE id IN (
            SELECT job_id FROM job_history WHERE at > :since
            UNION ALL SELECT job_id FROM notices
            WHERE kind = 'job_ended' AND sent_at IS NULL AND dropped_at IS NULL
            UNION ALL SELECT job_id FROM notices
            WHERE kind = 'job_ended' AND sent_at > :since AND dropped_at IS NULL)
        ORDER BY id
        """,
        {"since": to_text(since)},
    )


async def of_chat(conn: Connection, chat_id: int, since: datetime) -> list[int]:
    """The ids of the chat's jobs whose message may be outdated: unfinished jobs, those that ended
    after ``since``, and those whose end was told after it or is not told yet."""
    return await numbers(
        conn,
        """
        SELECT id FROM jobs WHERE chat_id = :chat_id
        AND (finished_at IS NULL OR finished_at > :since OR EXISTS (
            SELECT 1 FROM notices WHERE job_id = jobs.id AND kind = 'job_ended'
            AND dropped_at IS NULL AND (sent_at IS NULL OR sent_at > :since)))
        ORDER BY id
        """,
        {"chat_id": chat_id, "since": to_text(since)},
    )
