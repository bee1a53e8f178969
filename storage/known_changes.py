"""Changes the known tree of a course (:mod:`storage.known`)."""

from collections.abc import Collection, Sequence
from datetime import datetime

from aiosqlite import Connection

from storage.cells import Cell
from storage.courses import ModuleEntry
from storage.known import KnownModule, modules
from storage.moments import maybe_to_text, to_text
from storage.rows import run, run_many


async def keep_course(
    conn: Connection, course_id: int, cell_count: int, studied_count: int, now: datetime
) -> None:
    """Stores the platform's counts."""
    await run(
        conn,
        "INSERT INTO known_courses (course_id, cell_count, studied_count, modules_at)"
        " VALUES (?, ?, ?, ?) ON CONFLICT (course_id) DO UPDATE SET"
        " cell_count = excluded.cell_count, studied_count = excluded.studied_count,"
        " modules_at = excluded.modules_at",
        (course_id, cell_count, studied_count, to_text(now)),
    )


async def set_looked(conn: Connection, course_id: int, percent: float | None) -> None:
    """Stores the course's percent as of the reading of its modules."""
    await run(
        conn,
        "UPDATE known_courses SET looked_percent = ? WHERE course_id = ?",
        (percent, course_id),
    )


async def add_to_count(conn: Connection, course_id: int, cells_more: int) -> None:
    """Adds new cells that were found before the platform's count was read."""
    await run(
        conn,
        "UPDATE known_courses SET cell_count = cell_count + ? WHERE course_id = ?",
        (cells_more, course_id),
    )


async def add_unnamed(
    conn: Connection, course_id: int, count: int, now: datetime, since: datetime | None
) -> None:
    """Adds ``count`` new cells without names; unnamed cells from before ``since`` were already
    told."""
    await run(
        conn,
        "UPDATE known_courses SET unnamed_at = :now, unnamed = :count +"
        " CASE WHEN :since IS NOT NULL AND unnamed_at <= :since THEN 0 ELSE unnamed END"
        " WHERE course_id = :course",
        {
            "now": to_text(now),
            "count": count,
            "since": maybe_to_text(since),
            "course": course_id,
        },
    )


async def keep_modules(
    conn: Connection,
    course_id: int,
    entries: Sequence[ModuleEntry],
    found_at: datetime | None,
    *,
    whole: bool = True,
) -> list[KnownModule]:
    """Makes ``entries`` the course's listed modules, in their order, and returns them. Unknown
    modules get ``found_at``; missing modules stay known, and stay listed if ``entries`` are not the
    ``whole`` list. A module whose entry has no percent keeps its earlier one, and its cells count
    as possibly changed."""
    if whole:
        await run(conn, "UPDATE known_modules SET listed = 0 WHERE course_id = ?", (course_id,))
    await run_many(
        conn,
        "INSERT INTO known_modules (course_id, module_id, name, position, percent, found_at)"
        " VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (course_id, module_id) DO UPDATE SET"
        " name = excluded.name, position = excluded.position,"
        " percent = COALESCE(excluded.percent, percent),"
        " read_percent = CASE WHEN excluded.percent IS NOT NULL THEN read_percent END, listed = 1",
        [
            (course_id, entry.module_id, entry.name, position, entry.percent, found)
            for found in (maybe_to_text(found_at),)
            for position, entry in enumerate(entries)
        ],
    )
    return await modules(conn, course_id)


async def keep_cells(
    conn: Connection,
    module: KnownModule,
    found: Sequence[Cell],
    new: Collection[str],
    *,
    read_at: datetime,
    read_percent: float | None,
    now: datetime,
) -> None:
    """Makes ``found`` the listed cells of the module, which was read whole at ``read_at`` while its
    own percent was ``read_percent`` (None if unknown). Cells whose ids are in ``new`` are newly
    published as of ``now``; missing cells stay known, and a percent that was not read stays
    unchanged."""
    await run(conn, "UPDATE known_cells SET listed = 0 WHERE module_row = ?", (module.id,))
    await run_many(
        conn,
        "INSERT INTO known_cells (course_id, cell_id, module_row, position, topic_id, topic_name,"
        " name, category, percent, found_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, coalesce(?9, 0), ?10)"
        " ON CONFLICT (course_id, cell_id) DO UPDATE SET listed = 1,"
        " module_row = excluded.module_row, position = excluded.position,"
        " topic_id = excluded.topic_id, topic_name = excluded.topic_name, name = excluded.name,"
        " category = excluded.category, percent = coalesce(?9, percent)",
        [
            (
                module.course_id,
                cell.cell_id,
                module.id,
                position,
                cell.topic_id,
                cell.topic_name,
                cell.name,
                cell.category,
                cell.percent,
                to_text(now) if cell.cell_id in new else None,
            )
            for position, cell in enumerate(found)
        ],
    )
    await run(
        conn,
        "UPDATE known_modules SET read_at = ?, read_percent = ? WHERE id = ?",
        (to_text(read_at), read_percent, module.id),
    )


async def note_done(conn: Connection, course_id: int) -> None:
    """Sets cells to 100 that a job saw done on the platform after they were read."""
    await run(
        conn,
        "UPDATE known_cells SET percent = 100 WHERE course_id = :course AND percent < 100"
        " AND EXISTS (SELECT 1 FROM job_items JOIN jobs ON jobs.id = job_id"
        " JOIN known_modules ON known_modules.id = known_cells.module_row"
        " WHERE jobs.course_id = :course AND job_items.cell_id = known_cells.cell_id"
        " AND outcome = 'done' AND (finished_at IS NULL OR finished_at >= read_at))",
        {"course": course_id},
    )


async def set_said(
    conn: Connection,
    course_id: int,
    percent: float | None,
    modules_said: Sequence[tuple[str, float | None]],
) -> None:
    """Stores the percents that a sent digest said of the course and its modules; without a percent
    the earlier one stays."""
    await run(
        conn,
        "UPDATE known_courses SET said_percent = COALESCE(?, said_percent) WHERE course_id = ?",
        (percent, course_id),
    )
    await run_many(
        conn,
        "UPDATE known_modules SET said_percent = COALESCE(?, said_percent)"
        " WHERE course_id = ? AND module_id = ?",
        [(said, course_id, module_id) for module_id, said in modules_said],
    )
