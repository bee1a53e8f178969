"""The platform as one student's session shows it: what the study engine is written against."""

from typing import Protocol

from bot.zjy.cells import CellList
from bot.zjy.models import (
    CellView,
    CourseList,
    CourseRef,
    ModuleList,
    OpenCell,
    Report,
    Student,
    TopicList,
)


class StudySession(Protocol):
    """One cookie's session. Every method raises kinds of :class:`~bot.zjy.errors.ZjyError`,
    never ``SessionInDoubt``: whoever implements this has found out what it meant."""

    async def me(self) -> Student:
        """Whose session this is."""
        ...

    async def courses(self) -> CourseList:
        """The student's courses and terms."""
        ...

    async def modules(self, course: CourseRef) -> ModuleList:
        """A course's modules with their percents."""
        ...

    async def topics(self, course: CourseRef, module_id: str) -> TopicList:
        """A module's topics, one with the id ``"0"`` (an empty chapter) included."""
        ...

    async def cells(self, course: CourseRef, topic_id: str) -> CellList:
        """A topic's cells."""
        ...

    async def view(self, course: CourseRef, cell_id: str, module_id: str) -> CellView:
        """Open a cell. ``module_id`` is its module's id, also for a folder's child."""
        ...

    async def switch_cell(self, open_cell: OpenCell) -> None:
        """Close the unfinished cell that a -100 answer told of; may be repeated by itself."""
        ...

    async def report(
        self, course: CourseRef, module_id: str, cell_id: str, view: CellView, report: Report
    ) -> None:
        """Report study of an opened cell. Never repeated by itself."""
        ...
