"""The people who may use the bot or could before, by their Telegram id."""

from dataclasses import dataclass
from datetime import datetime

from aiosqlite import Connection

from storage.enums import Origin
from storage.moments import to_text
from storage.rows import changed, first_record, first_row, record, records, run


@dataclass(frozen=True)
class PersonRow:
    """``name`` is as Telegram told it, empty if not known; ``since`` is when the person came."""

    user_id: int
    name: str
    origin: Origin
    invite_id: int | None
    since: datetime
    removed_at: datetime | None


@dataclass(frozen=True)
class Usage:
    """How much a person has stored; ``unfinished`` is a part of ``jobs``."""

    accounts: int
    jobs: int
    unfinished: int


async def everyone(conn: Connection) -> list[PersonRow]:
    """All rows: the owner by the link first, then by when they came, the removed ones last."""
    return await records(
        PersonRow,
        conn,
        "SELECT * FROM people ORDER BY removed_at IS NOT NULL, origin != 'claim', since, user_id",
    )


async def get(conn: Connection, user_id: int) -> PersonRow | None:
    return await first_record(PersonRow, conn, "SELECT * FROM people WHERE user_id = ?", (user_id,))


async def let_in(
    conn: Connection,
    user_id: int,
    name: str,
    origin: Origin,
    now: datetime,
    *,
    invite_id: int | None = None,
) -> None:
    """Let a person in by a link, removed or not, known or not.

    Raises sqlite3.IntegrityError for a second claim.
    """
    await run(
        conn,
        "INSERT INTO people (user_id, name, origin, invite_id, since) VALUES (?, ?, ?, ?, ?)"
        " ON CONFLICT (user_id) DO UPDATE SET name = excluded.name, origin = excluded.origin,"
        " invite_id = excluded.invite_id, removed_at = NULL",
        (user_id, name, origin, invite_id, to_text(now)),
    )


async def note(conn: Connection, user_id: int, name: str, now: datetime) -> None:
    """Store a person whom the settings let in, or the new name of a known one."""
    await run(
        conn,
        "INSERT INTO people (user_id, name, origin, since) VALUES (?, ?, 'settings', ?)"
        " ON CONFLICT (user_id) DO UPDATE SET name = excluded.name",
        (user_id, name, to_text(now)),
    )


async def remove(conn: Connection, user_id: int, now: datetime) -> bool:
    """Take a person's access. False if there is none to take, or if it is the owner's."""
    return await changed(
        conn,
        "UPDATE people SET removed_at = ?"
        " WHERE user_id = ? AND removed_at IS NULL AND origin != 'claim' RETURNING 1",
        (to_text(now), user_id),
    )


async def let_in_again(conn: Connection, user_id: int) -> bool:
    """Give a removed person access again, by the owner's word. False if they were not removed."""
    return await changed(
        conn,
        "UPDATE people SET removed_at = NULL, origin = 'invite'"
        " WHERE user_id = ? AND removed_at IS NOT NULL RETURNING 1",
        (user_id,),
    )


async def forget(conn: Connection, user_id: int, *, keep: bool) -> None:
    """Erase what is stored of a person; with ``keep`` all but whether they may use the bot."""
    sql = "DELETE FROM people WHERE user_id = ?"
    if keep:
        sql = "UPDATE people SET name = '' WHERE user_id = ?"
    await run(conn, sql, (user_id,))


async def usage(conn: Connection, user_id: int) -> Usage:
    """How much the person's private chat has stored; its id is that of the person."""
    row = await first_row(
        conn,
        "SELECT (SELECT count(*) FROM accounts WHERE chat_id = :chat) AS accounts,"
        " count(*) AS jobs, count(*) FILTER (WHERE state IN"
        " ('queued', 'running', 'paused', 'needs_login', 'waiting')) AS unfinished"
        " FROM jobs WHERE chat_id = :chat",
        {"chat": user_id},
    )
    return record(Usage, row) if row else Usage(0, 0, 0)
