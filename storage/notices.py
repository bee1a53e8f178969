"""Notices to a chat, stored until they are sent. Each is written in one transaction with its
cause."""

from dataclasses import dataclass
from datetime import datetime

from aiosqlite import Connection

from storage.enums import NoticeKind
from storage.moments import to_text
from storage.rows import changed, first_record, first_row, records, run


@dataclass(frozen=True)
class Notice:
    """``payload`` is a JSON text; ``once`` is the key of the occasion, for which there is one
    notice only."""

    id: int
    chat_id: int
    job_id: int | None
    kind: NoticeKind
    once: str
    payload: str
    created_at: datetime


async def insert_notice(
    conn: Connection,
    *,
    chat_id: int,
    kind: NoticeKind,
    once: str,
    now: datetime,
    job_id: int | None = None,
    payload: str = "{}",
) -> int | None:
    """Adds a notice and returns its id; None, and no change, if ``once`` was used before.

    Raises sqlite3.IntegrityError for an unknown kind, chat or job, or a payload that is no JSON.
    """
    row = await first_row(
        conn,
        "INSERT INTO notices (chat_id, job_id, kind, once, payload, created_at)"
        " VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (once) DO NOTHING RETURNING id",
        (chat_id, job_id, kind, once, payload, to_text(now)),
    )
    return row["id"] if row else None


async def get(conn: Connection, chat_id: int, notice_id: int) -> Notice | None:
    """The notice, sent or not, or None if it is not this chat's."""
    return await first_record(
        Notice, conn, "SELECT * FROM notices WHERE id = ? AND chat_id = ?", (notice_id, chat_id)
    )


async def pending(conn: Connection, chat_id: int | None = None) -> list[Notice]:
    """The notices still to be sent, of one chat or of all, oldest first.

    Those of a chat that the bot cannot write to wait until the student returns.
    """
    return await records(
        Notice,
        conn,
        "SELECT notices.* FROM notices JOIN chats USING (chat_id)"
        " WHERE sent_at IS NULL AND dropped_at IS NULL AND blocked_at IS NULL"
        " AND (:chat IS NULL OR chat_id = :chat) ORDER BY notices.id",
        {"chat": chat_id},
    )


async def set_payload(conn: Connection, notice_id: int, payload: str) -> None:
    """Replaces the facts of a notice. Raises sqlite3.IntegrityError if they are no JSON."""
    await run(conn, "UPDATE notices SET payload = ? WHERE id = ?", (payload, notice_id))


async def mark_sent(conn: Connection, notice_id: int, now: datetime) -> bool:
    """Stores that Telegram accepted the notice. False if it was sent or dropped before."""
    return await changed(
        conn,
        "UPDATE notices SET sent_at = ?"
        " WHERE id = ? AND sent_at IS NULL AND dropped_at IS NULL RETURNING 1",
        (to_text(now), notice_id),
    )


async def mark_dropped(conn: Connection, notice_id: int, now: datetime) -> bool:
    """Stores that the notice is outdated and not sent. False if it was sent or dropped before."""
    return await changed(
        conn,
        "UPDATE notices SET dropped_at = ?"
        " WHERE id = ? AND sent_at IS NULL AND dropped_at IS NULL RETURNING 1",
        (to_text(now), notice_id),
    )
