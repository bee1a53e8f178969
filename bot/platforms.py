"""What the rest of the bot needs of a platform: reading, which each of them serves, and studying,
which only the API of 2021 does."""

from collections.abc import Callable
from typing import Protocol

from bot.spoc.client import SpocClient
from bot.spoc.session import SpocSession
from bot.zjy.cells import CellList
from bot.zjy.gate import Gate, Priority, Session
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
from bot.zjy.retries import never
from storage.enums import Platform


class Reading(Protocol):
    """A platform as one secret of a student shows it. Each method raises kinds of
    :class:`~bot.zjy.errors.ZjyError`."""

    @property
    def requests(self) -> int:
        """How many requests it has sent, repeated ones included."""

    async def me(self) -> Student:
        """The student whose session this is."""

    async def courses(self) -> CourseList:
        """The student's courses and terms."""

    async def modules(self, course: CourseRef) -> ModuleList:
        """A course's modules with their percents."""

    async def topics(self, course: CourseRef, module_id: str) -> TopicList:
        """A module's topics."""

    async def cells(self, course: CourseRef, topic_id: str) -> CellList:
        """A topic's cells."""


class Studying(Reading, Protocol):
    """A platform that can be told of study."""

    async def view(self, course: CourseRef, cell_id: str, module_id: str) -> CellView:
        """Open a cell."""

    async def switch_cell(self, open_cell: OpenCell) -> None:
        """Close the cell that an answer named."""

    async def report(
        self, course: CourseRef, module_id: str, cell_id: str, view: CellView, report: Report
    ) -> None:
        """Report study of an opened cell."""


class Platforms:
    """Opens sessions. All requests pass one gate."""

    def __init__(self, gate: Gate, spoc: SpocClient) -> None:
        self._gate = gate
        self._spoc = spoc

    def reading(
        self,
        platform: Platform,
        secret: str,
        *,
        stu_id: str | None,
        priority: Priority,
        stopped: Callable[[], bool] = never,
    ) -> Reading:
        """A session for reading; its parameters are those of :class:`~bot.zjy.gate.Session`."""
        if platform is Platform.ZJY:
            return self.studying(secret, stu_id=stu_id, priority=priority, stopped=stopped)
        return SpocSession(
            self._gate, self._spoc, secret, stu_id=stu_id, priority=priority, stopped=stopped
        )

    def studying(
        self,
        secret: str,
        *,
        stu_id: str | None,
        priority: Priority,
        stopped: Callable[[], bool] = never,
    ) -> Session:
        """A session of the API of 2021."""
        return Session(self._gate, secret, stu_id=stu_id, priority=priority, stopped=stopped)
