"""The chats whose courses are being read all together, and the message that shows it: a restart
between two courses leaves no draft that is being read."""

from dataclasses import dataclass

from aiosqlite import Connection

from storage.rows import record, rows, run


@dataclass(frozen=True)
class BatchReading:
    """``message_id`` is the message that shows the reading."""

    chat_id: int
    account_id: int
    message_id: int


async def begin(conn: Connection, reading: BatchReading) -> None:
    """Stores the chat's reading, in place of an earlier one."""
    await run(
        conn,
        "INSERT INTO batch_readings (chat_id, account_id, message_id) VALUES (?, ?, ?)"
        " ON CONFLICT (chat_id) DO UPDATE SET account_id = excluded.account_id,"
        " message_id = excluded.message_id",
        (reading.chat_id, reading.account_id, reading.message_id),
    )


async def end(conn: Connection, chat_id: int) -> None:
    """Forgets the chat's reading, which has ended or was stopped."""
    await run(conn, "DELETE FROM batch_readings WHERE chat_id = ?", (chat_id,))


async def cut_off(conn: Connection) -> list[BatchReading]:
    """The readings that the last process did not end."""
    found = await rows(conn, "SELECT * FROM batch_readings ORDER BY chat_id")
    return [record(BatchReading, row) for row in found]
