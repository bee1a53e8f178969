"""Messages that hold a cookie, or may, and are not done with: a restart deletes them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from aiosqlite import Connection

from storage.moments import to_text
from storage.rows import record, rows, run


@dataclass(frozen=True)
class PastedMessage:
    """``is_read``: its cookies are kept as pending ones, so that only its deletion is left."""

    chat_id: int
    message_id: int
    at: datetime
    is_read: bool


async def remember(
    conn: Connection, chat_id: int, message_ids: Iterable[int], now: datetime
) -> None:
    """The messages were seen; once or again. Nothing is kept of a chat that was erased."""
    for message_id in message_ids:
        await run(
            conn,
            "INSERT INTO pasted_messages (chat_id, message_id, at)"
            " SELECT chat_id, ?, ? FROM chats WHERE chat_id = ? ON CONFLICT DO NOTHING",
            (message_id, to_text(now), chat_id),
        )


async def mark_read(conn: Connection, chat_id: int, message_ids: Iterable[int]) -> None:
    """The messages' cookies are kept elsewhere, and the person is told of them there."""
    for message_id in message_ids:
        await run(
            conn,
            "UPDATE pasted_messages SET is_read = 1 WHERE chat_id = ? AND message_id = ?",
            (chat_id, message_id),
        )


async def forget(conn: Connection, chat_id: int, message_ids: Iterable[int]) -> None:
    """The messages are deleted, or cannot be, or hold no cookie, and the person was told."""
    for message_id in message_ids:
        await run(
            conn,
            "DELETE FROM pasted_messages WHERE chat_id = ? AND message_id = ?",
            (chat_id, message_id),
        )


async def left_over(conn: Connection) -> list[PastedMessage]:
    """Those that the last process was still at."""
    return [
        record(PastedMessage, row)
        for row in await rows(conn, "SELECT * FROM pasted_messages ORDER BY at")
    ]
