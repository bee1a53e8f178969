"""Reads a list for the first time: twice, and takes both together.

Lists can be incomplete, and what the first reading lacked would be called new by the next one.
"""

from collections.abc import Callable, Hashable, Iterable
from typing import TypeVar

from bot.platforms import Reading
from bot.study.outline import CellsRead, read_cells
from bot.zjy.fields import Entries, Wire
from bot.zjy.models import CourseList, CourseRef, ModuleList

T = TypeVar("T")
W = TypeVar("W", bound=Wire)


async def first_courses(session: Reading) -> CourseList:
    """The student's courses, in two requests. Raises what the session raises."""
    once, again = await session.courses(), await session.courses()
    listed = _both(once.listed, again.listed, lambda course: course.ref)
    terms = _both(once.listed_terms, again.listed_terms, lambda term: term.name)
    return again.model_copy(update={"listed": listed, "listed_terms": terms})


async def first_modules(session: Reading, course: CourseRef) -> ModuleList:
    """The course's modules, in two requests. Raises what the session raises."""
    once, again = await session.modules(course), await session.modules(course)
    listed = _both(once.progress.listed, again.progress.listed, lambda module: module.id)
    return again.model_copy(
        update={"progress": again.progress.model_copy(update={"listed": listed})}
    )


async def first_cells(
    session: Reading, course: CourseRef, module_id: str, module_name: str
) -> CellsRead:
    """The module's cells, in twice as many requests as they need. Raises what the session
    raises."""
    once = await read_cells(session, course, module_id, module_name)
    again = await read_cells(session, course, module_id, module_name)
    cells = _together(once.cells, again.cells, lambda cell: cell.cell_id)
    return CellsRead(cells, once.requests + again.requests, once.is_whole and again.is_whole)


def _both(once: Entries[W], again: Entries[W], key: Callable[[W], Hashable]) -> Entries[W]:
    read = _together(once.read, again.read, key)
    return Entries(read, max(once.unreadable, again.unreadable))


def _together(once: Iterable[T], again: Iterable[T], key: Callable[[T], Hashable]) -> tuple[T, ...]:
    """The entries of both, each once, as the later one has them; those that it lacks come last."""
    found = {key(each): each for each in again}
    for each in once:
        found.setdefault(key(each), each)
    return tuple(found.values())
