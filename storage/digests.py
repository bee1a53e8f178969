"""Digests: one row per chat, kind and local date stores whether the digest was sent.

A row is *claimed* right before its digest is sent, and *sent* when Telegram accepted it. A row that
is only claimed is lost: it is not tried again, and the next digest says so.
"""

import json
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from aiosqlite import Connection

from storage.enums import DigestKind, SkipReason
from storage.moments import to_text
from storage.rows import changed, first_row, records, run, run_many


@dataclass(frozen=True)
class DigestRow:
    """``reason`` is why it was not sent, None if it was or may have been."""

    local_date: date
    claimed_at: datetime | None
    sent_at: datetime | None
    reason: SkipReason | None
    told_at: datetime | None

    @property
    def is_open(self) -> bool:
        """Whether it was too late but never claimed: it may still be sent if there turns out to be
        time, because the clock was wrong or the process went on."""
        return self.claimed_at is None and self.reason is SkipReason.DOWN


async def since(conn: Connection, chat_id: int, kind: DigestKind, first: date) -> list[DigestRow]:
    """The chat's rows of local dates from ``first`` on, oldest first."""
    return await records(
        DigestRow,
        conn,
        "SELECT * FROM digests WHERE chat_id = ? AND kind = ? AND local_date >= ?"
        " ORDER BY local_date",
        (chat_id, kind, first.isoformat()),
    )


async def claim(
    conn: Connection, chat_id: int, kind: DigestKind, local_date: date, now: datetime
) -> int | None:
    """Claims the row of that date; returns its id, or None if it was claimed before."""
    row = await first_row(
        conn,
        "INSERT INTO digests (chat_id, kind, local_date, claimed_at) VALUES (?, ?, ?, ?)"
        " ON CONFLICT (chat_id, kind, local_date) DO UPDATE SET claimed_at = excluded.claimed_at,"
        " skipped_at = NULL, reason = NULL, told_at = NULL"
        " WHERE claimed_at IS NULL AND reason = 'down' RETURNING id",
        (chat_id, kind, local_date.isoformat(), to_text(now)),
    )
    return int(row["id"]) if row else None


async def mark_sent(conn: Connection, digest_id: int, now: datetime) -> bool:
    """Stores that Telegram accepted it. False if it was marked before."""
    return await changed(
        conn,
        "UPDATE digests SET sent_at = ? WHERE id = ? AND sent_at IS NULL AND skipped_at IS NULL"
        " RETURNING 1",
        (to_text(now), digest_id),
    )


async def mark_skipped(
    conn: Connection, digest_id: int, reason: SkipReason, now: datetime, *, told: bool
) -> bool:
    """Stores that a claimed digest was not sent; with ``told`` the student is not told of it
    later."""
    return await changed(
        conn,
        "UPDATE digests SET skipped_at = :now, reason = :reason,"
        " told_at = CASE WHEN :told THEN :now END"
        " WHERE id = :id AND sent_at IS NULL AND skipped_at IS NULL RETURNING 1",
        {"now": to_text(now), "reason": reason, "told": told, "id": digest_id},
    )


async def reopen(conn: Connection, digest_id: int, now: datetime) -> bool:
    """Allows a claimed digest that was certainly never sent to be claimed again within its day."""
    return await changed(
        conn,
        "UPDATE digests SET claimed_at = NULL, skipped_at = ?, reason = 'down'"
        " WHERE id = ? AND sent_at IS NULL AND skipped_at IS NULL RETURNING 1",
        (to_text(now), digest_id),
    )


async def reopen_blocked(conn: Connection, chat_id: int, local_date: date, now: datetime) -> bool:
    """Allows the date's digest to be claimed again within its day if the bot could not write to the
    chat before. False if that was not the reason."""
    return await changed(
        conn,
        "UPDATE digests SET claimed_at = NULL, skipped_at = ?, reason = 'down', told_at = NULL"
        " WHERE chat_id = ? AND kind = 'digest' AND local_date = ? AND reason = 'blocked'"
        " AND sent_at IS NULL RETURNING 1",
        (to_text(now), chat_id, local_date.isoformat()),
    )


async def skip(
    conn: Connection,
    chat_id: int,
    kind: DigestKind,
    dates: Collection[date],
    reason: SkipReason,
    now: datetime,
    *,
    told: bool,
) -> None:
    """Stores that no digest is sent on those dates. A date with a row keeps it, unless it is open
    and the reason differs."""
    moment = to_text(now)
    await run_many(
        conn,
        "INSERT INTO digests (chat_id, kind, local_date, skipped_at, reason, told_at)"
        " VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (chat_id, kind, local_date) DO UPDATE SET"
        " skipped_at = excluded.skipped_at, reason = excluded.reason, told_at = excluded.told_at"
        " WHERE claimed_at IS NULL AND reason = 'down' AND excluded.reason != 'down'",
        [
            (chat_id, kind, day.isoformat(), moment, reason, moment if told else None)
            for day in sorted(dates)
        ],
    )


async def untold(conn: Connection, chat_id: int, besides: date | None = None) -> list[DigestRow]:
    """The digests that were not delivered, or whose delivery is unknown, and that the student was
    not told of; except the one of the date ``besides``."""
    return await records(
        DigestRow,
        conn,
        "SELECT * FROM digests WHERE chat_id = ? AND kind = 'digest' AND sent_at IS NULL"
        " AND told_at IS NULL AND local_date != ? ORDER BY local_date",
        (chat_id, besides.isoformat() if besides else ""),
    )


async def mark_told(conn: Connection, chat_id: int, dates: Collection[date], now: datetime) -> None:
    """Stores that the student was told that the digests of those dates did not come."""
    await run_many(
        conn,
        "UPDATE digests SET told_at = ? WHERE chat_id = ? AND kind = 'digest' AND local_date = ?",
        [(to_text(now), chat_id, day.isoformat()) for day in dates],
    )


async def remove_before(conn: Connection, first: date) -> None:
    """Deletes the rows of dates before ``first``."""
    # By chat and kind, so that the key finds them.
    await run(
        conn,
        "DELETE FROM digests WHERE chat_id IN (SELECT chat_id FROM chats)"
        " AND kind IN (SELECT value FROM json_each(?)) AND local_date < ?",
        (json.dumps([*DigestKind]), first.isoformat()),
    )
