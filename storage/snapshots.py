"""The percents of courses and modules at the end of each local date, as last reported."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from aiosqlite import Connection

from storage.moments import from_text, to_text
from storage.rows import record, rows, run

KEEP_DAYS = 400


@dataclass(frozen=True)
class CourseSnapshot:
    """A course on a local date; the counts are None if the platform did not report them."""

    course_id: int
    local_date: date
    percent: float
    cell_count: int | None
    studied_count: int | None


async def keep_course(
    conn: Connection, course_id: int, local_date: date, told_at: datetime
) -> None:
    """Stores the course's percent and counts as of that date, if the platform reported the percent
    at ``told_at`` or later; the last snapshot of a date stays."""
    await run(
        conn,
        "INSERT INTO course_snapshots (course_id, local_date, percent, cell_count, studied_count)"
        " SELECT id, :date, percent, cell_count, studied_count FROM courses"
        " WHERE id = :course AND percent_at >= :told_at"
        " ON CONFLICT (course_id, local_date) DO UPDATE SET percent = excluded.percent,"
        " cell_count = COALESCE(excluded.cell_count, cell_count),"
        " studied_count = COALESCE(excluded.studied_count, studied_count)",
        {"course": course_id, "date": local_date.isoformat(), "told_at": to_text(told_at)},
    )


async def keep_modules(conn: Connection, course_id: int, local_date: date) -> None:
    """Stores the known percents of the course's known modules as of that date."""
    await run(
        conn,
        "INSERT INTO module_snapshots (module_row, local_date, percent)"
        " SELECT id, :date, percent FROM known_modules"
        " WHERE course_id = :course AND listed = 1 AND percent IS NOT NULL"
        " ON CONFLICT (module_row, local_date) DO UPDATE SET percent = excluded.percent",
        {"course": course_id, "date": local_date.isoformat()},
    )


async def of_account(
    conn: Connection, chat_id: int, account_id: int, first: date
) -> list[CourseSnapshot]:
    """The snapshots of the account's courses from ``first`` on, course by course, oldest first;
    empty if the account is not this chat's."""
    found = await rows(
        conn,
        "SELECT course_snapshots.* FROM course_snapshots JOIN courses ON courses.id = course_id"
        " JOIN accounts ON accounts.id = account_id"
        " WHERE account_id = ? AND chat_id = ? AND local_date >= ? ORDER BY course_id, local_date",
        (account_id, chat_id, first.isoformat()),
    )
    return [record(CourseSnapshot, row) for row in found]


async def remove_before(conn: Connection, first: date) -> None:
    """Deletes the snapshots of dates before ``first``."""
    await run(conn, "DELETE FROM course_snapshots WHERE local_date < ?", (first.isoformat(),))
    await run(conn, "DELETE FROM module_snapshots WHERE local_date < ?", (first.isoformat(),))


async def told_since(
    conn: Connection, moment: datetime, account_id: int | None = None
) -> Sequence[tuple[int, datetime, str]]:
    """The listed courses, of one account if given, whose percent the platform reported at
    ``moment`` or later: each one's row id, that moment and the chat's zone."""
    found = await rows(
        conn,
        "SELECT courses.id, percent_at, time_zone FROM courses"
        " JOIN accounts ON accounts.id = account_id JOIN chats USING (chat_id)"
        " WHERE percent_at >= :moment AND position IS NOT NULL"
        " AND (:account IS NULL OR account_id = :account)",
        {"moment": to_text(moment), "account": account_id},
    )
    return [(row["id"], from_text(row["percent_at"]), row["time_zone"]) for row in found]
