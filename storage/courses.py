"""Courses and their modules, as the platform last listed them, with stable row ids."""

import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from aiosqlite import Connection

from storage.cells import Counted
from storage.moments import to_text
from storage.rows import changed, first_record, first_row, record, records, rows, run, run_many

FRESH = timedelta(minutes=5)
"""Courses that were read so lately are shown without a request, and their percent is the one with
which a job begins."""


@dataclass(frozen=True)
class CourseEntry(Counted):
    """A course to be stored. Percents are 0-100; ``percent`` is None if the platform did not report
    it. Its order is that in the sequence. ``current`` is whether its term is a current one."""

    course_open_id: str
    open_class_id: str
    name: str
    teacher: str
    term: str
    percent: float | None
    score: float
    current: bool


@dataclass(frozen=True)
class Course(CourseEntry):
    """A stored course. ``name`` is distinct among the account's courses or, if the course was read
    alone, among the chat's. ``listed`` is False once the platform no longer lists it; the counts of
    cells are None until its modules were read. ``percent_at`` is when the platform reported the
    percent, which can be before ``seen_at``; both percent and moment are None until then.
    ``found_at`` is when it was found newly joined, None for those of the account's first listing.
    """

    id: int
    account_id: int
    cell_count: int | None
    studied_count: int | None
    listed: bool
    seen_at: datetime
    percent_at: datetime | None
    found_at: datetime | None


def newest_percent_at(courses: Iterable[Course]) -> datetime | None:
    """When the platform last reported a percent of any of the courses; None if it never did."""
    return max((each.percent_at for each in courses if each.percent_at), default=None)


@dataclass(frozen=True)
class ModuleEntry(Counted):
    """A module to be stored; ``percent`` is None if the platform did not report it. Its order is
    that in the sequence."""

    module_id: str
    name: str
    percent: float | None


@dataclass(frozen=True)
class Module(ModuleEntry):
    """A stored module: ``id`` is its row, ``module_id`` the platform's id."""

    id: int
    course_id: int


async def replace_courses(
    conn: Connection,
    account_id: int,
    entries: Sequence[CourseEntry],
    now: datetime,
    *,
    whole: bool = True,
) -> list[Course]:
    """Makes ``entries`` the account's courses, in their order, and returns them. If they are not
    the ``whole`` list, the other courses stay unchanged.

    An existing course keeps its id and modules, its percent if its entry has none, and its counts
    unless its percent changed. A course not in ``entries`` is removed or, if a draft, job or
    snapshot refers to it, unlisted.
    """
    held = await first_row(conn, "SELECT 1 FROM courses WHERE account_id = ?", (account_id,))
    if whole:
        await run(conn, "UPDATE courses SET position = NULL WHERE account_id = ?", (account_id,))
    await run_many(
        conn,
        "INSERT INTO courses (account_id, course_open_id, open_class_id, name, full_name,"
        " chat_name, teacher, term, percent, score, current, position, seen_at, percent_at,"
        " found_at) VALUES (?1, ?2, ?3, ?4, ?4, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11,"
        " CASE WHEN ?7 IS NOT NULL THEN ?11 END, ?12)"
        " ON CONFLICT (account_id, course_open_id, open_class_id) DO UPDATE SET"
        " full_name = CASE WHEN name = excluded.name THEN full_name ELSE excluded.name END,"
        " chat_name = CASE WHEN name = excluded.name THEN chat_name ELSE excluded.name END,"
        " name = excluded.name, teacher = excluded.teacher, term = excluded.term,"
        " percent = COALESCE(excluded.percent, percent), score = excluded.score,"
        " current = excluded.current, position = excluded.position,"
        " studied_count = CASE WHEN COALESCE(excluded.percent, percent) IS percent"
        " THEN studied_count END,"
        " seen_at = excluded.seen_at, percent_at = COALESCE(excluded.percent_at, percent_at)",
        [
            (
                account_id,
                entry.course_open_id,
                entry.open_class_id,
                entry.name,
                entry.teacher,
                entry.term,
                entry.percent,
                entry.score,
                entry.current,
                position,
                to_text(now),
                to_text(now) if held is not None else None,
            )
            for position, entry in enumerate(entries)
        ],
    )
    await run(
        conn,
        "DELETE FROM courses WHERE account_id = ? AND position IS NULL"
        " AND NOT EXISTS (SELECT 1 FROM drafts WHERE drafts.course_id = courses.id)"
        " AND NOT EXISTS (SELECT 1 FROM jobs WHERE jobs.course_id = courses.id)"
        " AND NOT EXISTS (SELECT 1 FROM percent_runs"
        " WHERE percent_runs.course_id = courses.id)",
        (account_id,),
    )
    found = await rows(
        conn,
        "SELECT * FROM courses WHERE account_id = ? AND position IS NOT NULL ORDER BY position",
        (account_id,),
    )
    return [_course(row) for row in found]


async def courses_of(conn: Connection, chat_id: int, account_id: int) -> list[Course]:
    """The account's listed courses in the platform's order; none if it is not this chat's."""
    found = await rows(
        conn,
        "SELECT courses.* FROM courses JOIN accounts ON accounts.id = account_id"
        " WHERE account_id = ? AND chat_id = ? AND position IS NOT NULL ORDER BY position",
        (account_id, chat_id),
    )
    return [_course(row) for row in found]


async def course(conn: Connection, chat_id: int, course_id: int) -> Course | None:
    """The course, listed or not, or None if it is not this chat's."""
    row = await first_row(
        conn,
        "SELECT courses.* FROM courses JOIN accounts ON accounts.id = account_id"
        " WHERE courses.id = ? AND chat_id = ?",
        (course_id, chat_id),
    )
    return _course(row, "chat_name") if row else None


async def set_counts(
    conn: Connection, course_id: int, cell_count: int, studied_count: int | None
) -> bool:
    """Keeps how many cells the course has, and how many are studied. False if it is gone."""
    return await changed(
        conn,
        "UPDATE courses SET cell_count = ?, studied_count = ? WHERE id = ? RETURNING 1",
        (cell_count, studied_count, course_id),
    )


async def replace_modules(
    conn: Connection, course_id: int, entries: Sequence[ModuleEntry], *, whole: bool = True
) -> list[Module]:
    """Makes ``entries`` the course's modules, in their order, and returns them. If they are not the
    ``whole`` list, the other modules stay unchanged.

    An existing module keeps its id, and its percent if its entry has none. A module not in
    ``entries`` is removed with its ticks.
    """
    if whole:
        await run(conn, "UPDATE modules SET position = -1 WHERE course_id = ?", (course_id,))
    await run_many(
        conn,
        "INSERT INTO modules (course_id, module_id, name, position, percent)"
        " VALUES (?, ?, ?, ?, ?) ON CONFLICT (course_id, module_id) DO UPDATE SET"
        " name = excluded.name, position = excluded.position,"
        " percent = COALESCE(excluded.percent, percent)",
        [
            (course_id, entry.module_id, entry.name, position, entry.percent)
            for position, entry in enumerate(entries)
        ],
    )
    await run(conn, "DELETE FROM modules WHERE course_id = ? AND position = -1", (course_id,))
    return await records(
        Module, conn, "SELECT * FROM modules WHERE course_id = ? ORDER BY position", (course_id,)
    )


async def modules_of(conn: Connection, chat_id: int, course_id: int) -> list[Module]:
    """The course's modules in the platform's order; none if the course is not this chat's."""
    return await records(
        Module,
        conn,
        "SELECT modules.* FROM modules JOIN courses ON courses.id = course_id"
        " JOIN accounts ON accounts.id = account_id"
        " WHERE course_id = ? AND chat_id = ? ORDER BY modules.position",
        (course_id, chat_id),
    )


async def module(conn: Connection, chat_id: int, module_row: int) -> Module | None:
    """The module, or None if it is not this chat's."""
    return await first_record(
        Module,
        conn,
        "SELECT modules.* FROM modules JOIN courses ON courses.id = course_id"
        " JOIN accounts ON accounts.id = account_id WHERE modules.id = ? AND chat_id = ?",
        (module_row, chat_id),
    )


def _course(row: sqlite3.Row, name: str = "full_name") -> Course:
    return record(Course, row, name=row[name], listed=row["position"] is not None)
