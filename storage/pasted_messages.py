"""Messages that hold a cookie, or may, and are not done with: a restart deletes them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from aiosqlite import Connection

from storage.moments import from_text, to_text
from storage.rows import rows, run


@dataclass(frozen=True)
class PastedMessage:
    """``shown_in`` is the message that says that the cookie is being checked, if there is one."""

    chat_id: int
    message_id: int
    shown_in: int | None
    at: datetime


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


async def set_shown(
    conn: Connection, chat_id: int, message_ids: Iterable[int], shown_in: int
) -> None:
    """Keeps where the person reads what becomes of the cookie."""
    for message_id in message_ids:
        await run(
            conn,
            "UPDATE pasted_messages SET shown_in = ? WHERE chat_id = ? AND message_id = ?",
            (shown_in, chat_id, message_id),
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
        PastedMessage(row["chat_id"], row["message_id"], row["shown_in"], from_text(row["at"]))
        for row in await rows(conn, "SELECT * FROM pasted_messages ORDER BY at")
    ]
