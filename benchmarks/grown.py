"""A database as a year leaves it, made from one that was seeded."""

import asyncio
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from random import Random

from aiosqlite import Connection

from benchmarks.disk import FINISHED
from benchmarks.engine import cells
from demo.platform import School, Student, course, module, school_of, topic
from storage import snapshots
from storage.database import Database
from storage.moments import to_text
from storage.rows import rows, run

COURSES, MODULES = 12, 4
DAY = timedelta(days=1)
CLONED = {
    "job_items": "job_id",
    "job_history": "job_id",
}
"""Tables of a job's rows, by the column that names the job."""


def school(students: int) -> School:
    """Twelve courses of forty cells."""
    courses = [
        course([module([topic(cells())], name=f"模块{m}") for m in range(MODULES)], name=f"课程{n}")
        for n in range(COURSES)
    ]
    named = tuple(Student(stu_id=f"s{n:04}XX", name=f"学生{n:04}号") for n in range(students))
    return school_of(courses=courses, students=named)


async def grow(file: Path, days: int, jobs: int) -> None:
    """Add to a file with one job for each chat what a year adds: ``days`` of digests and percents,
    and ``jobs`` ended jobs for each chat. The percents of the first chat's courses are stored day
    by day as the bot does; the others have the same."""
    today = datetime.now(UTC)
    dates = [(today - n * DAY).date() for n in range(days, 0, -1)]
    async with await Database.open(file) as db:
        await db.write(lambda conn: _keep_percents(conn, dates))
    await asyncio.to_thread(_add_the_rest, file, today, dates, jobs)


def _add_the_rest(file: Path, today: datetime, dates: Sequence[date], jobs: int) -> None:
    with closing(sqlite3.connect(file)) as plain, plain:
        _share_percents(plain)
        _know_the_tree(plain, to_text(today))
        _send_digests(plain, dates)
        for statement in FINISHED:
            plain.execute(statement)
        _repeat_jobs(plain, jobs)


async def _keep_percents(conn: Connection, dates: Sequence[date]) -> None:
    rng = Random(1)
    listed = await rows(conn, "SELECT id FROM courses WHERE account_id = 1 ORDER BY id")
    percents = {row["id"]: 0.0 for row in listed}
    for day in dates:
        told_at = datetime.combine(day, datetime.min.time(), UTC)
        for course_id, percent in percents.items():
            if rng.random() < 0.3:
                percents[course_id] = min(percent + rng.random(), 100.0)
            await run(
                conn,
                "UPDATE courses SET percent = ?, percent_at = ? WHERE id = ?",
                (percents[course_id], to_text(told_at), course_id),
            )
            await snapshots.keep_course(conn, course_id, day, told_at)


def _share_percents(db: sqlite3.Connection) -> None:
    """Give all other chats the percents of the first one's courses."""
    others = [name for name in _columns(db, "percent_runs") if name != "course_id"]
    named = ", ".join(others)
    db.execute(
        f"INSERT INTO percent_runs (course_id, {named})"  # noqa: S608 - names of the schema
        f" SELECT others.id, {', '.join(f'kept.{name}' for name in others)}"
        " FROM percent_runs AS kept JOIN courses ON courses.id = kept.course_id"
        " JOIN courses AS others ON others.course_open_id = courses.course_open_id"
        " AND others.id != courses.id"
    )


def _know_the_tree(db: sqlite3.Connection, now: str) -> None:
    """The modules and cells of every course, as readings leave them."""
    db.execute(
        "INSERT INTO known_courses (course_id, cell_count, studied_count, modules_at)"
        " SELECT id, 40, 10, ? FROM courses",
        (now,),
    )
    db.execute(
        "INSERT INTO known_modules (course_id, module_id, name, position, percent, read_at,"
        " read_percent) SELECT course_id, module_id, name, position, 0, ?, 0 FROM modules",
        (now,),
    )
    numbers = "WITH RECURSIVE n(at) AS (SELECT 0 UNION ALL SELECT at + 1 FROM n WHERE at < 9)"
    db.execute(
        f"{numbers} INSERT INTO known_cells (course_id, cell_id, module_row, position, topic_id,"  # noqa: S608
        " topic_name, name, category, percent) SELECT course_id, module_id || '-cell-' || at, id,"
        " at, module_id || '-topic', '章节', '第' || at || '课', '视频', 0 FROM known_modules, n"
    )


def _send_digests(db: sqlite3.Connection, dates: Sequence[date]) -> None:
    chats = [row[0] for row in db.execute("SELECT chat_id FROM chats")]
    db.executemany(
        "INSERT INTO digests (chat_id, kind, local_date, claimed_at, sent_at)"
        " VALUES (?, 'digest', ?, ?, ?)",
        (
            (chat, day.isoformat(), f"{day}T13:00", f"{day}T13:00")
            for day in dates
            for chat in chats
        ),
    )


def _repeat_jobs(db: sqlite3.Connection, jobs: int) -> None:
    """So many jobs more for each chat, with the rows of the one that it has."""
    own = ("id", "draft_id", "retry_of")
    named = ", ".join(name for name in _columns(db, "jobs") if name not in own)
    last = db.execute("SELECT max(id) FROM jobs").fetchone()[0]
    for _ in range(jobs):
        db.execute(f"INSERT INTO jobs ({named}) SELECT {named} FROM jobs WHERE id <= ?", (last,))  # noqa: S608
    for table, key in CLONED.items():
        columns = [name for name in _columns(db, table) if name not in ("id", key)]
        db.execute(
            f"INSERT INTO {table} ({key}, {', '.join(columns)})"  # noqa: S608
            f" SELECT others.id, {', '.join(f'kept.{name}' for name in columns)}"
            f" FROM {table} AS kept"
            f" JOIN jobs ON jobs.id = kept.{key} JOIN jobs AS others"
            " ON others.chat_id = jobs.chat_id AND others.id > :last WHERE jobs.id <= :last",
            {"last": last},
        )


def _columns(db: sqlite3.Connection, table: str) -> list[str]:
    """None where there is no such table."""
    return [row[0] for row in db.execute("SELECT name FROM pragma_table_info(?)", (table,))]
