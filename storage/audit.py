"""What was done about access: claims, invites, removals, logins, refusals by a limit."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from aiosqlite import Connection

from storage.enums import AuditAction
from storage.moments import to_text
from storage.rows import first_number, records, rows, run

MOST_ROWS = 2000
"""The newest rows that are kept."""
LIMITED_EVERY = timedelta(hours=1)
"""A person who meets the same limit again within this time adds no row."""


@dataclass(frozen=True)
class AuditRow:
    """``user_id`` is the person whom it is about; ``detail`` the number of an invite, or the name
    of a limit. ``name`` is the person's, empty if not known."""

    at: datetime
    action: AuditAction
    user_id: int | None
    detail: str | None
    name: str


async def add(
    conn: Connection,
    action: AuditAction,
    now: datetime,
    *,
    user_id: int | None = None,
    detail: str | None = None,
) -> None:
    """Add a row; the oldest beyond :data:`MOST_ROWS` go."""
    await run(
        conn,
        "INSERT INTO audit (at, action, user_id, detail) VALUES (?, ?, ?, ?)",
        (to_text(now), action, user_id, detail),
    )
    await run(
        conn,
        "DELETE FROM audit WHERE id <= (SELECT id FROM audit ORDER BY id DESC LIMIT 1 OFFSET ?)",
        (MOST_ROWS,),
    )


async def add_limited(conn: Connection, user_id: int, limit: str, now: datetime) -> None:
    """Add a row for a limit that refused a person, once per :data:`LIMITED_EVERY`."""
    found = await rows(
        conn,
        "SELECT 1 FROM audit WHERE user_id = ? AND action = 'limited' AND detail = ? AND at > ?",
        (user_id, limit, to_text(now - LIMITED_EVERY)),
    )
    if not found:
        await add(conn, AuditAction.LIMITED, now, user_id=user_id, detail=limit)


async def count(conn: Connection) -> int:
    """How many rows there are."""
    return await first_number(conn, "SELECT count(*) FROM audit")


async def page(conn: Connection, number: int, size: int) -> list[AuditRow]:
    """One page, newest first, numbered from 0."""
    return await records(
        AuditRow,
        conn,
        "SELECT audit.*, COALESCE(people.name, '') AS name FROM audit"
        " LEFT JOIN people USING (user_id) ORDER BY audit.id DESC LIMIT ? OFFSET ?",
        (size, number * size),
    )


async def forget(conn: Connection, user_id: int) -> None:
    """Remove the rows about what the person alone did, and take their id out of the others."""
    await run(
        conn,
        "DELETE FROM audit WHERE user_id = ? AND action IN ('logged_in', 'limited')",
        (user_id,),
    )
    await run(conn, "UPDATE audit SET user_id = NULL WHERE user_id = ?", (user_id,))
