"""The site as one token shows it, in the models that every reader of a platform uses.

The root's folders are modules, the folders in them topics, and what is in those the cells.
"""

import hashlib
from collections.abc import Callable, Sequence
from typing import TypeVar

from bot.spoc.client import SpocClient
from bot.spoc.models import ROOT, CourseRow, Node, category_of
from bot.zjy.cells import FOLDER_TYPE, MAX_DEPTH, CellList, WireCell
from bot.zjy.errors import Temporary
from bot.zjy.fields import Entries
from bot.zjy.gate import Gate, Priority
from bot.zjy.models import (
    CourseList,
    CourseRef,
    ModuleList,
    Student,
    Topic,
    TopicList,
    WireCourse,
    WireModule,
)
from bot.zjy.retries import Request, never, retried

OWN = "own:"
"""Before a module's id: the topic of the leaves that are in no folder of the module."""
LOOSE = "其它"
"""The module of the leaves that are in no folder of the course: the site's word for such."""

_T = TypeVar("_T")


class SpocSession:
    """Reads alone: there is no way to change anything. Each method raises kinds of
    :class:`~bot.zjy.errors.ZjyError`. Topics are known to the session that listed them."""

    def __init__(
        self,
        gate: Gate,
        client: SpocClient,
        token: str,
        *,
        stu_id: str | None,
        priority: Priority,
        stopped: Callable[[], bool] = never,
    ) -> None:
        self._gate = gate
        self._client = client
        self._token = token
        self._token_key = "token:" + hashlib.sha256(token.encode()).hexdigest()
        self._stu_id = stu_id
        self._priority = priority
        self._stopped = stopped
        self._within: dict[str, Entries[Node]] = {}
        """What is in a topic, where that came with the topic itself."""
        self.requests = 0

    async def me(self) -> Student:
        """The student whose token it is; binds the token to that student's queue."""
        user = await self._read(lambda: self._client.me(self._token))
        student = Student.model_validate(
            {
                # The other platform may know the same student by the same id.
                "stuId": f"spoc:{user.user_id}",
                "disPlayName": user.nick_name or user.user_name,
                "stuNo": user.user_name,
            }
        )
        self._gate.bind(self._token_key, student.stu_id)
        return student

    async def courses(self) -> CourseList:
        """The student's courses; the terms are the newest one, as current."""
        found = await self._read(lambda: self._client.courses(self._token))
        terms = [{"TermName": name, "IsCurTerm": True} for name in _newest_terms(found.read)]
        listed = Entries(tuple(map(_course, found.read)), found.unreadable)
        return CourseList.model_validate({"courseList": listed, "termList": terms})

    async def modules(self, course: CourseRef) -> ModuleList:
        """The course's first floor, with percents. The site counts no cells."""
        found = await self._folder(course, ROOT, 1)
        # One with the root's id would hold itself.
        folders = [node for node in found.read if node.is_folder and node.id != ROOT]
        loose = [node for node in found.read if not node.is_folder]
        modules = [WireModule(id=each.id, name=each.name, percent=each.speed) for each in folders]
        if loose:
            modules.append(WireModule(id=ROOT, name=LOOSE, percent=_mean(loose)))
        unreadable = found.unreadable + len(found.read) - len(folders) - len(loose)
        listed = Entries(tuple(modules), unreadable)
        return ModuleList.model_validate({"progress": {"moduleList": listed}})

    async def topics(self, course: CourseRef, module_id: str) -> TopicList:
        """A module's folders, and one topic more for the leaves beside them."""
        found = await self._folder(course, module_id, 1 if module_id == ROOT else 2)
        leaves = tuple(node for node in found.read if not node.is_folder)
        folders = [node for node in found.read if node.is_folder and module_id != ROOT]
        topics = [Topic(id=node.id, name=node.name) for node in folders]
        for node in folders:
            self._within.pop(node.id, None)
            if node.holds_children:
                self._within[node.id] = node.children
        if leaves:
            own = OWN + module_id
            self._within[own] = Entries(leaves)
            topics.insert(0, Topic(id=own))
        return TopicList.model_validate({"topicList": Entries(tuple(topics), found.unreadable)})

    async def cells(self, course: CourseRef, topic_id: str) -> CellList:
        """All that is in a topic: a request for each folder whose content did not come with it."""
        within = self._within.pop(topic_id, None)
        if within is None:
            within = await self._folder(course, topic_id, 3)
        cells = await self._cells(course, within, 4, {topic_id})
        return CellList.model_validate({"cellList": cells})

    async def _cells(
        self, course: CourseRef, within: Entries[Node], level: int, seen: set[str]
    ) -> Entries[WireCell]:
        """The entries as cells; ``level`` is that of what is in their folders, ``seen`` the folders
        that were read."""
        cells: list[WireCell] = []
        for node in within.read:
            below: Entries[WireCell] = Entries()
            if node.is_folder and node.id not in seen:
                seen.add(node.id)
                below = await self._below(course, node, level, seen)
            cells.append(
                WireCell(
                    id=node.id,
                    cellName=node.name,
                    categoryName=category_of(node.file_type),
                    cellType=FOLDER_TYPE if node.is_folder else 0,
                    stuCellPercent=node.speed,
                    childNodeList=below,
                )
            )
        return Entries(tuple(cells), within.unreadable)

    async def _below(
        self, course: CourseRef, folder: Node, level: int, seen: set[str]
    ) -> Entries[WireCell]:
        if level > MAX_DEPTH:
            return Entries((), 1)
        within = folder.children
        if not folder.holds_children:
            within = await self._folder(course, folder.id, level)
        return await self._cells(course, within, level + 1, seen)

    async def _folder(self, course: CourseRef, parent_id: str, level: int) -> Entries[Node]:
        named = fields_of(course)
        return await self._read(lambda: self._client.folder(self._token, named, parent_id, level))

    async def _read(self, request: Request[_T]) -> _T:
        async def once() -> _T:
            self.requests += 1
            key = self._gate.queue_key(self._token_key, self._stu_id)
            return await self._gate.pass_one(key, self._priority, request)

        return await retried(once, (Temporary,), self._gate.clock, self._stopped)


def ref_of(row: CourseRow) -> CourseRef:
    """The site names a course by three ids, none of which holds a blank."""
    return CourseRef(f"{row.course_id} {row.course_info_id}", row.class_id)


def fields_of(course: CourseRef) -> dict[str, str]:
    """The query's fields of a course that :func:`ref_of` named."""
    course_id, _, course_info_id = course.course_open_id.partition(" ")
    return {
        "courseId": course_id,
        "courseInfoId": course_info_id,
        "classId": course.open_class_id,
    }


def _course(row: CourseRow) -> WireCourse:
    ref = ref_of(row)
    return WireCourse.model_construct(
        course_open_id=ref.course_open_id,
        open_class_id=ref.open_class_id,
        name=row.name,
        teacher=row.teacher,
        term=row.term,
        percent=row.speed,
        score=0.0,
    )


def _newest_terms(rows: Sequence[CourseRow]) -> set[str]:
    """The names of the newest term: that of the highest code or, where the site tells no codes, of
    the first course, since it lists the newest first."""
    newest = max((row.term_code for row in rows), default="")
    if not newest:
        return {row.term for row in rows[:1]}
    return {row.term for row in rows if row.term_code == newest}


def _mean(leaves: Sequence[Node]) -> float | None:
    """The mean of the leaves' percents; None if one is not told."""
    told = [leaf.speed for leaf in leaves if leaf.speed is not None]
    return round(sum(told) / len(told), 2) if len(told) == len(leaves) else None
