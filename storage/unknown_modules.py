"""Finds the modules whose cells are unknown or changed: unfinished ones that were never read, or
whose own percent has changed since (:mod:`storage.known`)."""

from datetime import datetime

from aiosqlite import Connection

from storage.known import KnownModule
from storage.moments import to_text
from storage.rows import numbers, record, rows

_UNKNOWN = (
    "FROM known_modules JOIN courses ON courses.id = course_id"
    " WHERE courses.position IS NOT NULL AND COALESCE(courses.percent < 100, 1)"
    " AND listed = 1 AND COALESCE(known_modules.percent < 100, 1)"
    " AND (read_at IS NULL OR read_percent IS NOT known_modules.percent)"
)


async def modules(conn: Connection, account_id: int) -> list[tuple[int, KnownModule]]:
    """The modules of the account's listed courses, each with its course's row id. Courses of
    current terms come first; among the rest as well, changed modules come before unread ones."""
    found = await rows(
        conn,
        f"SELECT known_modules.* {_UNKNOWN} AND account_id = ?"
        " ORDER BY courses.current DESC, read_at IS NULL, courses.position,"
        " known_modules.position, known_modules.id",
        (account_id,),
    )
    return [(row["course_id"], record(KnownModule, row)) for row in found]


async def to_read_again(
    conn: Connection, account_id: int, before: datetime
) -> list[tuple[int, KnownModule]]:
    """As :func:`modules`, and then the other modules of current courses, finished ones too, that
    were never read, or not since ``before``: new cells need not change a percent."""
    found = await rows(
        conn,
        "SELECT known_modules.*, read_percent IS NOT known_modules.percent AS moved"
        " FROM known_modules JOIN courses ON courses.id = course_id"
        " WHERE account_id = :account AND courses.position IS NOT NULL AND listed = 1"
        " AND (courses.current OR (COALESCE(courses.percent < 100, 1)"
        " AND COALESCE(known_modules.percent < 100, 1)))"
        " AND (read_at IS NULL OR read_percent IS NOT known_modules.percent"
        " OR (courses.current AND read_at < :before))"
        " ORDER BY courses.current DESC, NOT (read_at IS NOT NULL AND moved),"
        " read_at IS NOT NULL, COALESCE(known_modules.percent >= 100, 0), read_at,"
        " courses.position, known_modules.position, known_modules.id",
        {"account": account_id, "before": to_text(before)},
    )
    return [(row["course_id"], record(KnownModule, row)) for row in found]


async def chats(conn: Connection) -> set[int]:
    """The chats with such a module, or with an account whose courses were never read, and a working
    cookie; accounts with running jobs are left out, since their modules change, and those of the
    platform that is read with few requests."""
    found = await numbers(
        conn,
        "SELECT DISTINCT chat_id FROM accounts WHERE sealed_cookie IS NOT NULL"  # noqa: S608
        " AND platform = 'zjy'"
        " AND NOT EXISTS (SELECT 1 FROM jobs"
        " WHERE jobs.account_id = accounts.id AND jobs.state = 'running')"
        " AND (NOT EXISTS (SELECT 1 FROM courses JOIN known_courses ON course_id = courses.id"
        " WHERE courses.account_id = accounts.id)"
        f" OR EXISTS (SELECT 1 {_UNKNOWN} AND account_id = accounts.id))",
    )
    return set(found)


async def was_looked_at(conn: Connection, account_id: int) -> bool:
    """Whether the modules of any of the account's courses are known."""
    found = await rows(
        conn,
        "SELECT 1 FROM courses JOIN known_courses ON course_id = courses.id WHERE account_id = ?",
        (account_id,),
    )
    return bool(found)
