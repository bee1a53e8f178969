"""What the owner of the bot is told, stored until it is sent: once per cause and local date."""

from dataclasses import dataclass
from datetime import date, datetime

from aiosqlite import Connection

from storage.enums import OwnerCause
from storage.moments import to_text
from storage.rows import changed, records, run


@dataclass(frozen=True)
class OwnerNotice:
    """``payload`` is a JSON text with the facts of the cause."""

    id: int
    cause: OwnerCause
    payload: str
    created_at: datetime


async def insert(
    conn: Connection, cause: OwnerCause, local_date: date, payload: str, now: datetime
) -> bool:
    """Add a notice. False, and no change, if there is one of this cause and date.

    Raises sqlite3.IntegrityError for a payload that is no JSON.
    """
    return await changed(
        conn,
        "INSERT INTO owner_notices (cause, local_date, payload, created_at) VALUES (?, ?, ?, ?)"
        " ON CONFLICT (cause, local_date) DO NOTHING RETURNING 1",
        (cause, local_date.isoformat(), payload, to_text(now)),
    )


async def pending(conn: Connection) -> list[OwnerNotice]:
    """The notices still to be sent, oldest first."""
    return await records(
        OwnerNotice,
        conn,
        "SELECT * FROM owner_notices WHERE sent_at IS NULL AND dropped_at IS NULL ORDER BY id",
    )


async def mark_sent(conn: Connection, notice_id: int, now: datetime) -> None:
    """Store that Telegram accepted the notice."""
    await run(conn, "UPDATE owner_notices SET sent_at = ? WHERE id = ?", (to_text(now), notice_id))


async def drop(conn: Connection, notice_id: int, now: datetime) -> None:
    """Store that the notice is not sent: it is too old, or Telegram refuses it."""
    await run(
        conn, "UPDATE owner_notices SET dropped_at = ? WHERE id = ?", (to_text(now), notice_id)
    )


async def forget_before(conn: Connection, moment: datetime) -> None:
    """Remove the rows from before ``moment``."""
    await run(conn, "DELETE FROM owner_notices WHERE created_at < ?", (to_text(moment),))
