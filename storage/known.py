"""The known tree of a course, so that newly published modules and cells can be named.

``found_at`` is when a row was found newly published; None for rows of the first reading.
"""

from dataclasses import dataclass
from datetime import datetime

from aiosqlite import Connection

from storage.cells import Cell, Counted
from storage.moments import from_text, to_text
from storage.rows import first_record, record, records, rows


@dataclass(frozen=True)
class KnownCourse:
    """The platform's own counts as of ``modules_at``; ``said_percent`` is the percent in the last
    digest; ``unnamed`` is the number of cells that were new at ``unnamed_at`` and cannot be
    identified."""

    cell_count: int
    modules_at: datetime
    said_percent: float | None
    unnamed: int
    unnamed_at: datetime | None
    looked_percent: float | None = None
    """The course's percent when its modules were last listed, where that is kept."""


@dataclass(frozen=True)
class KnownModule(Counted):
    """``id`` is the row id, ``module_id`` the platform's id; ``percent`` is None until the platform
    reports it. ``read_at`` is when its cells were read, and ``read_percent`` its own percent then,
    None if unknown. ``listed`` is False for a removed module."""

    id: int
    course_id: int
    module_id: str
    name: str
    percent: float | None
    said_percent: float | None
    listed: bool
    read_at: datetime | None
    read_percent: float | None
    found_at: datetime | None

    @property
    def is_as_read(self) -> bool:
        """Whether its cells were read, and its unchanged percent shows that they are still
        current."""
        is_read = self.read_at is not None and self.percent is not None
        return is_read and self.read_percent == self.percent


@dataclass(frozen=True)
class KnownCell:
    """``module_row`` is its module's row id; the cell's percent is from the module's last reading,
    or 100 once a job completed it."""

    cell: Cell
    module_row: int
    found_at: datetime | None


async def course(conn: Connection, course_id: int) -> KnownCourse | None:
    return await first_record(
        KnownCourse, conn, "SELECT * FROM known_courses WHERE course_id = ?", (course_id,)
    )


async def modules(conn: Connection, course_id: int) -> list[KnownModule]:
    """The course's modules that the platform lists, in its order."""
    return await records(
        KnownModule,
        conn,
        "SELECT * FROM known_modules WHERE course_id = ? AND listed = 1 ORDER BY position, id",
        (course_id,),
    )


async def all_modules(conn: Connection, course_id: int) -> list[KnownModule]:
    """All known modules of the course, including removed ones."""
    return await records(
        KnownModule, conn, "SELECT * FROM known_modules WHERE course_id = ?", (course_id,)
    )


async def cells(conn: Connection, course_id: int) -> list[KnownCell]:
    """The known listed cells of the course's listed modules, in the platform's order."""
    return await records(
        KnownCell,
        conn,
        "SELECT known_cells.*, module_id, known_modules.name AS module_name FROM known_cells"
        " JOIN known_modules ON known_modules.id = module_row"
        " WHERE known_cells.course_id = ? AND known_modules.listed = 1 AND known_cells.listed = 1"
        " ORDER BY known_modules.position, module_row, known_cells.position",
        (course_id,),
    )


async def cell_ids(conn: Connection, course_id: int, *, listed: bool) -> frozenset[str]:
    """The ids of the known cells that are listed in their module, or of the removed ones."""
    found = await rows(
        conn,
        "SELECT cell_id FROM known_cells WHERE course_id = ? AND listed = ?",
        (course_id, listed),
    )
    return frozenset(row["cell_id"] for row in found)


async def read_since(conn: Connection, course_id: int) -> list[tuple[str, datetime, list[Cell]]]:
    """The modules that a draft's preview read whole after their last known reading: the platform's
    id, the moment, and the cells as read."""
    found = await rows(
        conn,
        "SELECT draft_cells.*, cell_name AS name, read_at FROM draft_cells JOIN ("
        " SELECT known.module_id AS module, max(drafts.id) AS draft, drafts.read_at AS read_at"
        " FROM known_modules AS known"
        " JOIN draft_cells AS held ON held.module_id = known.module_id"
        " JOIN drafts ON drafts.id = held.draft_id AND drafts.course_id = known.course_id"
        " WHERE known.course_id = ? AND drafts.read_at IS NOT NULL AND drafts.is_whole = 1"
        " AND (known.read_at IS NULL OR drafts.read_at > known.read_at) GROUP BY known.module_id"
        ") ON draft_cells.draft_id = draft AND draft_cells.module_id = module"
        " ORDER BY draft_cells.module_id, draft_cells.position",
        (course_id,),
    )
    read: dict[str, tuple[datetime, list[Cell]]] = {}
    for row in found:
        cell = record(Cell, row)
        read.setdefault(cell.module_id, (from_text(row["read_at"]), []))[1].append(cell)
    return [(module, read_at, held) for module, (read_at, held) in read.items()]


async def to_start(
    conn: Connection, chat_id: int, since: datetime
) -> list[tuple[int, int, KnownCell]]:
    """The chat's new cells below 100 that can be studied, found at ``since`` or later, that no job
    has: each with its account's and its course's row id, in order."""
    found = await rows(
        conn,
        "SELECT known_cells.*, module_id, account_id, known_modules.name AS module_name"
        " FROM known_cells"
        " JOIN courses ON courses.id = known_cells.course_id"
        " JOIN accounts ON accounts.id = account_id"
        " JOIN known_modules ON known_modules.id = module_row"
        " WHERE chat_id = ? AND platform = 'zjy' AND known_cells.found_at >= ?"
        " AND known_cells.percent < 100 AND courses.position IS NOT NULL"
        " AND known_modules.listed = 1 AND known_cells.listed = 1"
        " AND NOT EXISTS (SELECT 1 FROM job_items JOIN jobs ON jobs.id = job_id"
        " WHERE jobs.course_id = known_cells.course_id AND job_items.cell_id = known_cells.cell_id"
        " AND jobs.created_at >= known_cells.found_at)"
        " ORDER BY account_id, courses.position, known_modules.position, known_cells.position",
        (chat_id, to_text(since)),
    )
    return [(row["account_id"], row["course_id"], record(KnownCell, row)) for row in found]
