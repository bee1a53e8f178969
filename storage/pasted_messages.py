"""Messages that hold or may hold a cookie and are not finished with: a restart deletes them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from aiosqlite import Connection

from storage.moments import to_text
from storage.rows import records, run


@dataclass(frozen=True)
class PastedMessage:
    """``is_read``: its cookies are stored as pending ones, so that only its deletion is left."""

    chat_id: int
    message_id: int
    at: datetime
    is_read: bool


async def remember(
    conn: Connection, chat_id: int, message_ids: Iterable[int], now: datetime
) -> None:
    """Stores the messages, unless they are stored already. Stores nothing for an erased chat."""
    for message_id in message_ids:
        await run(
            conn,
            "INSERT INTO pasted_messages (chat_id, message_id, at)"
            " SELECT chat_id, ?, ? FROM chats WHERE chat_id = ? ON CONFLICT DO NOTHING",
            (message_id, to_text(now), chat_id),
        )


async def mark_read(conn: Connection, chat_id: int, message_ids: Iterable[int]) -> None:
    """Marks the messages as read: their cookies are pending logins, which tell the student the
    result."""
    for message_id in message_ids:
        await run(
            conn,
            "UPDATE pasted_messages SET is_read = 1 WHERE chat_id = ? AND message_id = ?",
            (chat_id, message_id),
        )


async def forget(conn: Connection, chat_id: int, message_ids: Iterable[int]) -> None:
    """Removes messages that are deleted, cannot be deleted, or hold no cookie, after the student
    was told."""
    for message_id in message_ids:
        await run(
            conn,
            "DELETE FROM pasted_messages WHERE chat_id = ? AND message_id = ?",
            (chat_id, message_id),
        )


async def left_over(conn: Connection) -> list[PastedMessage]:
    """The messages that the last process had not finished with."""
    return await records(PastedMessage, conn, "SELECT * FROM pasted_messages ORDER BY at")
