"""The messages that say that the platform is being read, each with the button that shows the
result: a restart ends the reading, and the next start presses the button."""

from dataclasses import dataclass

from aiosqlite import Connection

from storage.rows import records, run


@dataclass(frozen=True)
class LoadingScreen:
    """``data`` is the button's callback data."""

    chat_id: int
    message_id: int
    data: str


async def begin(conn: Connection, screen: LoadingScreen) -> None:
    """Stores the screen, in place of an earlier one of the same message."""
    await run(
        conn,
        "INSERT INTO loading_screens (chat_id, message_id, data) VALUES (?, ?, ?)"
        " ON CONFLICT (chat_id, message_id) DO UPDATE SET data = excluded.data",
        (screen.chat_id, screen.message_id, screen.data),
    )


async def end(conn: Connection, chat_id: int, message_id: int) -> None:
    """Forgets the screen: the message shows another one."""
    await run(
        conn,
        "DELETE FROM loading_screens WHERE chat_id = ? AND message_id = ?",
        (chat_id, message_id),
    )


async def left_over(conn: Connection) -> list[LoadingScreen]:
    """The screens that the last process did not replace, oldest message first."""
    return await records(
        LoadingScreen, conn, "SELECT * FROM loading_screens ORDER BY chat_id, message_id"
    )
