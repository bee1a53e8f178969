"""Reads a course's tree module by module and flattens it to the cells that can be studied."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass

from bot.platforms import Reading
from bot.zjy.cells import Leaf
from bot.zjy.models import CourseRef, Topic, WireModule
from storage.cells import Cell

NO_TOPIC = "0"
"""The id of an empty chapter."""


@dataclass(frozen=True, slots=True)
class OutlineRead:
    """The progress of the reading. Only the last one has the ``cells`` and the number of
    ``unreadable`` topics and cells, which are left out."""

    done: int
    total: int
    cells: tuple[Cell, ...] | None = None
    unreadable: int = 0


@dataclass(frozen=True, slots=True)
class CellsRead:
    """A module's cells as the platform shows them, and the number of requests spent."""

    cells: Sequence[Cell]
    requests: int
    is_whole: bool = True
    """False if topics or cells are left out because they cannot be read."""


async def read_outline(
    session: Reading, course: CourseRef, modules: Sequence[WireModule]
) -> AsyncIterator[OutlineRead]:
    """Read the given modules: their topics first, then each topic's cells.

    A module at 100 is not read. A cell that occurs twice in the tree counts once. Raises what the
    session raises.
    """
    unfinished = [module for module in modules if not module.is_complete]
    topics: list[tuple[WireModule, Topic]] = []
    seen: set[str] = set()
    unreadable = 0
    for done, module in enumerate(unfinished):
        yield OutlineRead(done, len(unfinished) + len(topics))
        listed = await session.topics(course, module.id)
        unreadable += listed.unreadable
        for topic in listed.topics:
            if topic.id != NO_TOPIC and topic.id not in seen:
                seen.add(topic.id)
                topics.append((module, topic))
    total = len(unfinished) + len(topics)
    cells: dict[str, Cell] = {}
    for done, (module, topic) in enumerate(topics, start=len(unfinished)):
        yield OutlineRead(done, total)
        found = await session.cells(course, topic.id)
        unreadable += found.unreadable
        for leaf in found.leaves:
            cells.setdefault(leaf.id, _cell(module, topic, leaf))
    yield OutlineRead(total, total, tuple(cells.values()), unreadable)


async def read_cells(
    session: Reading, course: CourseRef, module_id: str, module_name: str
) -> CellsRead:
    """All cells of one module, even if it is complete: a request for its topics, and those for each
    of them. Raises what the session raises."""
    # Without its percent, so that a complete module is read too.
    modules = [WireModule(id=module_id, name=module_name)]
    before, read = session.requests, CellsRead((), 0)
    async for step in read_outline(session, course, modules):
        spent = session.requests - before
        read = CellsRead(step.cells or (), spent, is_whole=not step.unreadable)
    return read


def _cell(module: WireModule, topic: Topic, leaf: Leaf) -> Cell:
    return Cell(
        module_id=module.id,
        module_name=module.name,
        topic_id=topic.id,
        topic_name=topic.name,
        cell_id=leaf.id,
        name=leaf.name,
        category=leaf.category,
        percent=leaf.percent,
    )
