"""Reads all cells of one module, even if it is complete."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.platforms import Reading
from bot.study.outline import read_outline
from bot.zjy.models import CourseRef, WireModule
from storage.cells import Cell


@dataclass(frozen=True, slots=True)
class CellsRead:
    """A module's cells as the platform shows them, and the number of requests spent."""

    cells: Sequence[Cell]
    requests: int
    is_whole: bool = True
    """False if topics or cells are left out because they cannot be read."""


async def read_cells(
    session: Reading, course: CourseRef, module_id: str, module_name: str
) -> CellsRead:
    """All cells of the module: a request for its topics, and those for each of them. Raises what
    the session raises."""
    # Without its percent, so that a complete module is read too.
    modules = [WireModule(id=module_id, name=module_name)]
    before, read = session.requests, CellsRead((), 0)
    async for step in read_outline(session, course, modules):
        spent = session.requests - before
        read = CellsRead(step.cells or (), spent, is_whole=not step.unreadable)
    return read
