"""The percents of courses at the end of each local date, as last reported.

A row is a run: local dates, one after the other, on which the percent was the same. A date on which
nothing was reported ends a run.
"""

import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from aiosqlite import Connection

from storage.moments import from_text, to_text
from storage.rows import first_row, rows, run

KEEP_DAYS = 400
_DAY = timedelta(days=1)


@dataclass(frozen=True)
class CourseSnapshot:
    """A course on a local date."""

    course_id: int
    local_date: date
    percent: float


async def keep_course(
    conn: Connection, course_id: int, local_date: date, told_at: datetime
) -> None:
    """Stores the course's percent as of that date, if the platform reported it at ``told_at`` or
    later; the last snapshot of a date stays. Writes nothing where that is stored already."""
    row = await first_row(
        conn,
        "SELECT courses.percent, kept.percent AS kept, first_date, last_date FROM courses"
        " LEFT JOIN percent_runs AS kept ON course_id = courses.id AND first_date ="
        " (SELECT max(first_date) FROM percent_runs"
        " WHERE course_id = courses.id AND first_date <= :date)"
        " WHERE courses.id = :course AND percent_at >= :told_at AND courses.percent IS NOT NULL",
        {"course": course_id, "date": local_date.isoformat(), "told_at": to_text(told_at)},
    )
    if row is None:
        return
    percent, same = row["percent"], row["percent"] == row["kept"]
    if row["kept"] is not None:
        until = date.fromisoformat(row["last_date"])
        if same and until >= local_date:
            return
        if same and until == local_date - _DAY:
            await _end_run(conn, course_id, row["first_date"], local_date)
            return
        if until >= local_date:
            await _cut(conn, course_id, row, local_date)
    await _add_run(conn, course_id, local_date, local_date, percent)


async def _cut(conn: Connection, course_id: int, run_: sqlite3.Row, out: date) -> None:
    """Takes the date ``out`` out of a run that it is in."""
    first, until = (date.fromisoformat(run_[name]) for name in ("first_date", "last_date"))
    if first < out:
        await _end_run(conn, course_id, run_["first_date"], out - _DAY)
    else:
        await run(
            conn,
            "DELETE FROM percent_runs WHERE course_id = ? AND first_date = ?",
            (course_id, run_["first_date"]),
        )
    if until > out:
        await _add_run(conn, course_id, out + _DAY, until, run_["kept"])


async def _end_run(conn: Connection, course_id: int, first: str, until: date) -> None:
    await run(
        conn,
        "UPDATE percent_runs SET last_date = ? WHERE course_id = ? AND first_date = ?",
        (until.isoformat(), course_id, first),
    )


async def _add_run(
    conn: Connection, course_id: int, first: date, until: date, percent: float
) -> None:
    await run(
        conn,
        "INSERT INTO percent_runs (course_id, first_date, last_date, percent) VALUES (?, ?, ?, ?)",
        (course_id, first.isoformat(), until.isoformat(), percent),
    )


async def of_account(
    conn: Connection, chat_id: int, account_id: int, first: date
) -> list[CourseSnapshot]:
    """The snapshots of the account's courses from ``first`` on, one per local date, course by
    course, oldest first; empty if the account is not this chat's."""
    found = await rows(
        conn,
        "SELECT percent_runs.* FROM courses JOIN accounts ON accounts.id = account_id"
        " JOIN percent_runs ON course_id = courses.id"
        " WHERE account_id = ? AND chat_id = ? AND last_date >= ? ORDER BY course_id, first_date",
        (account_id, chat_id, first.isoformat()),
    )
    return [
        CourseSnapshot(row["course_id"], day, row["percent"])
        for row in found
        for day in _dates(max(date.fromisoformat(row["first_date"]), first), row["last_date"])
    ]


def _dates(first: date, until: str) -> Iterator[date]:
    """The dates from ``first`` to ``until``, both included."""
    day, last = first, date.fromisoformat(until)
    while day <= last:
        yield day
        day += _DAY


async def remove_before(conn: Connection, first: date) -> None:
    """Deletes the snapshots of dates before ``first``."""
    # By course, so that the key finds them: an index of dates would be as large as the table.
    old = "course_id IN (SELECT id FROM courses) AND first_date < :first"
    await run(
        conn,
        f"DELETE FROM percent_runs WHERE {old} AND last_date < :first",  # noqa: S608
        {"first": first.isoformat()},
    )
    await run(
        conn,
        f"UPDATE percent_runs SET first_date = :first WHERE {old}",  # noqa: S608
        {"first": first.isoformat()},
    )


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
