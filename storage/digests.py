"""Digests: one row per chat, kind and local date decides whether it was sent.

A row is *claimed* right before its digest leaves, and *sent* when Telegram took it. One that is
claimed and nothing else is lost: it is not tried again, and the next digest says so.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from aiosqlite import Connection

from storage.enums import DigestKind, SkipReason
from storage.moments import to_text
from storage.rows import changed, first_row, record, rows, run, run_many


@dataclass(frozen=True)
class DigestRow:
    """``reason`` is why it was not sent, None where it was or may be."""

    id: int
    chat_id: int
    kind: DigestKind
    local_date: date
    claimed_at: datetime | None
    sent_at: datetime | None
    skipped_at: datetime | None
    reason: SkipReason | None
    told_at: datetime | None

    @property
    def is_open(self) -> bool:
        """Not sent by its time, and claimed by nobody: if it turns out that there is time, because
        the clock was wrong or the process went on, it may still be sent."""
        return self.claimed_at is None and self.reason is SkipReason.DOWN


async def since(conn: Connection, chat_id: int, kind: DigestKind, first: date) -> list[DigestRow]:
    """The chat's rows of local dates from ``first`` on, oldest first."""
    found = await rows(
        conn,
        "SELECT * FROM digests WHERE chat_id = ? AND kind = ? AND local_date >= ?"
        " ORDER BY local_date",
        (chat_id, kind, first.isoformat()),
    )
    return [record(DigestRow, row) for row in found]


async def claim(
    conn: Connection, chat_id: int, kind: DigestKind, local_date: date, now: datetime
) -> int | None:
    """Take the one row of that date; its id, or None if it was taken before."""
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
    """Telegram took it. False if it was marked before."""
    return await changed(
        conn,
        "UPDATE digests SET sent_at = ? WHERE id = ? AND sent_at IS NULL AND skipped_at IS NULL"
        " RETURNING 1",
        (to_text(now), digest_id),
    )


async def mark_skipped(
    conn: Connection, digest_id: int, reason: SkipReason, now: datetime, *, told: bool
) -> bool:
    """A claimed one was not sent; with ``told`` the student needs no word of it."""
    return await changed(
        conn,
        "UPDATE digests SET skipped_at = :now, reason = :reason,"
        " told_at = CASE WHEN :told THEN :now END"
        " WHERE id = :id AND sent_at IS NULL AND skipped_at IS NULL RETURNING 1",
        {"now": to_text(now), "reason": reason, "told": told, "id": digest_id},
    )


async def reopen(conn: Connection, digest_id: int, now: datetime) -> bool:
    """A claimed one surely never left: within its day it may be claimed again."""
    return await changed(
        conn,
        "UPDATE digests SET claimed_at = NULL, skipped_at = ?, reason = 'down'"
        " WHERE id = ? AND sent_at IS NULL AND skipped_at IS NULL RETURNING 1",
        (to_text(now), digest_id),
    )


async def reopen_blocked(conn: Connection, chat_id: int, local_date: date, now: datetime) -> bool:
    """The date's digest did not come because the bot could not write to the chat, and it can now:
    within its day it may be claimed. False if that was not so."""
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
    """Nothing was or will be sent on those dates. Dates that have a row keep it, unless it is
    open and this is another reason."""
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
    """Digests that did not come, or that nobody knows of, and that the student was not told of;
    but for the one of the date ``besides``."""
    found = await rows(
        conn,
        "SELECT * FROM digests WHERE chat_id = ? AND kind = 'digest' AND sent_at IS NULL"
        " AND told_at IS NULL AND local_date != ? ORDER BY local_date",
        (chat_id, besides.isoformat() if besides else ""),
    )
    return [record(DigestRow, row) for row in found]


async def mark_told(conn: Connection, chat_id: int, dates: Collection[date], now: datetime) -> None:
    """The student was told that the digests of those dates did not come."""
    await run_many(
        conn,
        "UPDATE digests SET told_at = ? WHERE chat_id = ? AND kind = 'digest' AND local_date = ?",
        [(to_text(now), chat_id, day.isoformat()) for day in dates],
    )


async def remove_before(conn: Connection, first: date) -> None:
    """Forget rows of dates before ``first``."""
    await run(conn, "DELETE FROM digests WHERE local_date < ?", (first.isoformat(),))
