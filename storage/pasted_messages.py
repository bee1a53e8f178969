"""Messages that hold a cookie and are not deleted yet, so that a restart deletes them."""

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


async def remember(conn: Connection, chat_id: int, message_id: int, now: datetime) -> None:
    """The message was seen; once or again. The chat must be there."""
    await run(
        conn,
        "INSERT INTO pasted_messages (chat_id, message_id, at) VALUES (?, ?, ?)"
        " ON CONFLICT DO NOTHING",
        (chat_id, message_id, to_text(now)),
    )


async def set_shown(conn: Connection, chat_id: int, message_id: int, shown_in: int) -> None:
    """Keeps where the person reads what becomes of the cookie."""
    await run(
        conn,
        "UPDATE pasted_messages SET shown_in = ? WHERE chat_id = ? AND message_id = ?",
        (shown_in, chat_id, message_id),
    )


async def forget(conn: Connection, chat_id: int, message_id: int) -> None:
    """The message is deleted, or cannot be, and the person was told of the cookie."""
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
