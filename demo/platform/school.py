"""What a stand-in school consists of: students, courses, and the tree of cells below them."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from enum import Enum, auto
from itertools import takewhile

from demo.platform.progress import Progress


class Method(Enum):
    """How a cell is completed, whatever its category is called."""

    MEDIA = auto()
    """Reports of the position, until one at exactly the length."""
    PAGES = auto()
    """Reports of pages; the last one counts only some time after the view."""
    ONE_PAGE = auto()
    """One report of page 1."""
    ONE_REPORT = auto()
    """One report of anything."""
    VIEW = auto()
    """The view alone."""
    BY_HAND = auto()
    """Only the student in person: tests, homework, discussions."""
    NEVER = auto()
    """A kind that no report completes."""
    FOLDER = auto()
    """Never studied itself; its children are."""


@dataclass(frozen=True, slots=True)
class Cell:
    """A leaf of the tree, or a folder of such.

    `category` is what the list says and `view_category` what the view says; `pages` is the true
    number of pages (`resUrl` tells it) and `page_count` what `pageCount` claims; `length` and
    `position` are seconds, `pages_read` counts pages: where every student starts.
    """

    id: str
    name: str
    category: str
    method: Method
    view_category: str = ""
    extension: str = ""
    length: float = 0
    pages: int = 0
    page_count: int = 0
    position: float = 0
    pages_read: int = 0
    finished: bool = False
    locked: bool = False
    gone: bool = False
    children: tuple["Cell", ...] = ()

    @property
    def is_folder(self) -> bool:
        """Whether this is a folder (`cellType` 4)."""
        return self.method is Method.FOLDER

    def leaves(self) -> Iterator["Cell"]:
        """The cell itself, or every leaf at any depth below a folder."""
        if not self.is_folder:
            yield self
        for child in self.children:
            yield from child.leaves()

    def fresh_progress(self) -> Progress:
        """Where a student stands in this cell before the first request."""
        return Progress.at_start(
            length=self.length,
            position=self.position,
            pages=self.pages,
            pages_read=self.pages_read,
            finished=self.finished,
        )


@dataclass(frozen=True, slots=True)
class Topic:
    """A chapter of a module."""

    id: str
    name: str
    cells: tuple[Cell, ...] = ()


@dataclass(frozen=True, slots=True)
class Module:
    """A module of a course."""

    id: str
    name: str
    topics: tuple[Topic, ...] = ()

    def leaves(self) -> list[Cell]:
        """Every different leaf of the module, in order."""
        return _distinct(leaf for topic in self.topics for c in topic.cells for leaf in c.leaves())


@dataclass(frozen=True, slots=True)
class Course:
    """A course as one class takes it."""

    id: str
    course_open_id: str
    open_class_id: str
    name: str
    modules: tuple[Module, ...] = ()
    code: str = ""
    teacher: str = "陈剑英"
    term: str = "2021春"
    check_status: int = 0
    total_score: float = 0
    in_order: bool = False
    """Whether a cell opens only once the one before it shows 100."""

    def leaves(self) -> list[Cell]:
        """Every different leaf of the course, in order."""
        return _distinct(leaf for module in self.modules for leaf in module.leaves())

    def before(self, cell: Cell) -> Cell | None:
        """The cell that must be done before this one: the last of those above it that can be."""
        above = list(takewhile(lambda leaf: leaf.id != cell.id, self.leaves()))
        open_to_all = (Method.BY_HAND, Method.NEVER)
        return next((leaf for leaf in reversed(above) if leaf.method not in open_to_all), None)


@dataclass(frozen=True, slots=True)
class Student:
    """A person who has an account at the platform."""

    stu_id: str
    name: str
    number: str = "99"
    user_name: str = "这是用户名"
    homework: int = 70
    exams: int = 6


@dataclass(frozen=True, slots=True)
class Place:
    """A cell with everything above it."""

    course: Course
    module: Module
    topic: Topic
    cell: Cell


@dataclass(slots=True)
class School:
    """All content, and how far each student is in it (the only part that changes)."""

    students: tuple[Student, ...]
    courses: tuple[Course, ...]
    _progress: dict[tuple[str, str], Progress] = field(default_factory=dict, repr=False)
    _places: dict[str, Place] = field(default_factory=dict, repr=False)

    def __post_init__(self) -> None:
        for course in self.courses:
            for module in course.modules:
                for topic in module.topics:
                    for cell in topic.cells:
                        self._index(course, module, topic, cell)

    def _index(self, course: Course, module: Module, topic: Topic, cell: Cell) -> None:
        self._places.setdefault(cell.id, Place(course, module, topic, cell))
        for child in cell.children:
            self._index(course, module, topic, child)

    def student(self, stu_id: str) -> Student:
        """The student of that id; raises KeyError."""
        for student in self.students:
            if student.stu_id == stu_id:
                return student
        raise KeyError(stu_id)

    def place(self, cell_id: str) -> Place | None:
        """Where a cell (or folder) of that id stands, or None."""
        return self._places.get(cell_id)

    def cell(self, cell_id: str) -> Cell:
        """The cell (or folder) of that id; raises KeyError."""
        return self._places[cell_id].cell

    def cell_named(self, name: str) -> Cell:
        """The first cell of that name; raises KeyError."""
        for place in self._places.values():
            if place.cell.name == name:
                return place.cell
        raise KeyError(name)

    def leaves(self) -> list[Cell]:
        """Every different leaf of the school, in order."""
        return [place.cell for place in self._places.values() if not place.cell.is_folder]

    def progress(self, stu_id: str, cell_id: str) -> Progress:
        """How far the student is in that cell; raises KeyError for an unknown cell."""
        key = (stu_id, cell_id)
        if key not in self._progress:
            self._progress[key] = self.cell(cell_id).fresh_progress()
        return self._progress[key]


def _distinct(cells: Iterable[Cell]) -> list[Cell]:
    return list({cell.id: cell for cell in cells}.values())
