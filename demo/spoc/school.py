"""What the site of today has: students, courses, trees, and how far each student is."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace

from demo.platform.progress import FULL, Progress

ROOT = "0"
"""The `parentId` under which a course's first level stands."""


@dataclass(frozen=True, slots=True)
class Pupil:
    """A student of the site; `user_id` is GUID text."""

    user_id: str
    name: str
    user_name: str
    courses: tuple[str, ...] = ()
    """Ids of the courses that the student takes."""


@dataclass(frozen=True, slots=True)
class Node:
    """A folder or a lesson of a course's tree.

    `file_type` is the site's word. A lesson has a file or an exam's id; `inline` folders carry
    their children in the answer about the folder above. `speed` is the percent at which every
    student starts.
    """

    id: str
    name: str
    file_type: str
    file_url: str = ""
    exam_id: str = ""
    is_folder: bool = False
    inline: bool = False
    children: tuple["Node", ...] = ()
    speed: float = 0.0

    def leaves(self) -> Iterator["Node"]:
        """The lesson itself, or every lesson at any depth below a folder."""
        if not self.is_folder:
            yield self
        for child in self.children:
            yield from child.leaves()

    def nodes(self) -> Iterator["Node"]:
        """The node, then everything below it."""
        yield self
        for child in self.children:
            yield from child.nodes()


@dataclass(frozen=True, slots=True)
class SpocCourse:
    """A course as one class takes it; `created` is a moment of Beijing without a zone."""

    course_id: str
    course_info_id: str
    class_id: str
    name: str
    tree: tuple[Node, ...] = ()
    teacher: str = "王老师"
    term: str = "2026秋"
    term_code: str = "2026-2027-1"
    is_criteria: bool = True
    created: str = "2026-09-01 08:00:00"

    def leaves(self) -> list[Node]:
        """Every lesson, in order."""
        return [leaf for node in self.tree for leaf in node.leaves()]

    def nodes(self) -> Iterator[Node]:
        """Every folder and lesson, in order."""
        for node in self.tree:
            yield from node.nodes()


@dataclass(slots=True)
class SpocSchool:
    """All content, and how far each student is in it. Times are platform seconds."""

    pupils: tuple[Pupil, ...]
    courses: tuple[SpocCourse, ...]
    _progress: dict[tuple[str, str], Progress] = field(default_factory=dict, repr=False)
    _uncounted: set[str] = field(default_factory=set, repr=False)
    """New lessons that their folders' percents do not count yet."""

    def pupil(self, user_id: str) -> Pupil:
        """The student of that id; raises KeyError."""
        for pupil in self.pupils:
            if pupil.user_id == user_id:
                return pupil
        raise KeyError(user_id)

    def courses_of(self, user_id: str) -> list[SpocCourse]:
        """The student's courses, newest first."""
        taken = self.pupil(user_id).courses
        mine = [course for course in self.courses if course.course_id in taken]
        return sorted(mine, key=lambda course: course.created, reverse=True)

    def course_named(self, name: str) -> SpocCourse:
        """The first course of that name; raises KeyError."""
        for course in self.courses:
            if course.name == name:
                return course
        raise KeyError(name)

    def level_of(self, course: SpocCourse, parent_id: str) -> tuple[int, tuple[Node, ...]] | None:
        """The level at which the children of a folder stand (1 below the root) and the children;
        None where the course has no such folder."""
        if parent_id == ROOT:
            return 1, course.tree
        return next(
            (
                (level, node.children)
                for level, node in _levels(course.tree, 2)
                if node.id == parent_id
            ),
            None,
        )

    def progress(self, user_id: str, node: Node) -> Progress:
        """How far the student is in that lesson."""
        return self._progress.setdefault((user_id, node.id), Progress(percent=node.speed))

    def study(self, user_id: str, node_id: str, now: float, percent: float = FULL) -> None:
        """The student did a lesson in the browser. Its folders count what is new in them, too.

        Raises KeyError for an unknown lesson."""
        course, node = self._find(node_id)
        self.progress(user_id, node).raise_to(percent, now)
        beside = next(top for top in course.tree if any(n.id == node_id for n in top.nodes()))
        self._uncounted.difference_update(leaf.id for leaf in beside.leaves())

    def speed(self, user_id: str, nodes: Iterable[Node], moment: float) -> float:
        """The mean percent of all lessons below the nodes that are counted, as of then; 0 where
        there are none."""
        leaves = [n for node in nodes for n in node.leaves() if n.id not in self._uncounted]
        of_all = [self.progress(user_id, leaf).percent_at(moment) for leaf in leaves]
        return round(sum(of_all) / len(of_all), 2) if of_all else 0.0

    def publish(self, course_id: str, parent_id: str, *nodes: Node, counted: bool = False) -> None:
        """A teacher adds nodes to a folder ("0": to the course). Unless `counted`, no percent
        moves by it. Raises KeyError for an unknown course or folder."""
        course = next(each for each in self.courses if each.course_id == course_id)
        if self.level_of(course, parent_id) is None:
            raise KeyError(parent_id)
        if not counted:
            self._uncounted |= {leaf.id for node in nodes for leaf in node.leaves()}
        if parent_id == ROOT:
            tree = (*course.tree, *nodes)
        else:
            tree = tuple(_with_children(node, parent_id, nodes) for node in course.tree)
        self._replace(course, replace(course, tree=tree))

    def take_away(self, node_id: str) -> None:
        """A teacher takes a node away. Raises KeyError for an unknown one."""
        course, _ = self._find(node_id)
        tree = _without(course.tree, node_id)
        self._replace(course, replace(course, tree=tree))

    def enrol(self, user_id: str, course: SpocCourse) -> None:
        """The student takes a further course from now on."""
        if course not in self.courses:
            self.courses = (*self.courses, course)
        self.pupils = tuple(
            replace(each, courses=(*each.courses, course.course_id))
            if each.user_id == user_id
            else each
            for each in self.pupils
        )

    def _find(self, node_id: str) -> tuple[SpocCourse, Node]:
        for course in self.courses:
            for node in course.nodes():
                if node.id == node_id:
                    return course, node
        raise KeyError(node_id)

    def _replace(self, old: SpocCourse, new: SpocCourse) -> None:
        self.courses = tuple(new if each is old else each for each in self.courses)


def _levels(nodes: Iterable[Node], level: int) -> Iterator[tuple[int, Node]]:
    for node in nodes:
        yield level, node
        yield from _levels(node.children, level + 1)


def _with_children(node: Node, parent_id: str, added: tuple[Node, ...]) -> Node:
    if node.id == parent_id:
        return replace(node, children=(*node.children, *added))
    children = tuple(_with_children(child, parent_id, added) for child in node.children)
    return replace(node, children=children)


def _without(nodes: tuple[Node, ...], node_id: str) -> tuple[Node, ...]:
    return tuple(
        replace(node, children=_without(node.children, node_id))
        for node in nodes
        if node.id != node_id
    )
