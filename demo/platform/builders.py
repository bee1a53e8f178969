"""Short words that build test schools: `school_of(cells=[video(30), document(3), folder([...])])`.

Cells made without an id get `cell-1`, `cell-2`, … in the order of the tree; the school then has
one course, module and topic, and the student `STUDENT`.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import count

from demo.platform.school import Cell, Course, Method, Module, School, Student, Topic

STUDENT = Student(stu_id="ewuzaw6sikjh4eueok9yXX", name="张三")
OTHER_STUDENT = Student(
    stu_id="p4xkaw6sbnlh1m0qzy7wXX", name="李四", number="100", user_name="lisi"
)


def video(
    length: float,
    position: float = 0,
    *,
    name: str = "视频",
    id: str = "",  # noqa: A002
    finished: bool = False,
) -> Cell:
    """A video of `length` seconds whose stored position is `position` seconds."""
    return Cell(
        id, name, "视频", Method.MEDIA, "视频", "mp4", length, position=position, finished=finished
    )


def audio(
    length: float,
    position: float = 0,
    *,
    name: str = "音频",
    id: str = "",  # noqa: A002
    finished: bool = False,
) -> Cell:
    """An audio file; it is studied as a video is."""
    return Cell(
        id, name, "音频", Method.MEDIA, "音频", "mp3", length, position=position, finished=finished
    )


def document(
    pages: int,
    page_count: int | None = None,
    *,
    pages_read: int = 0,
    name: str = "文档",
    id: str = "",  # noqa: A002
    view_category: str = "office文档",
    finished: bool = False,
) -> Cell:
    """A document of `pages` true pages; `page_count` is what `pageCount` says (None: the truth)."""
    return Cell(
        id,
        name,
        "文档",
        Method.PAGES,
        view_category,
        {"ppt文档": "pptx", "pdf文档": "pdf"}.get(view_category, "docx"),
        pages=pages,
        page_count=pages if page_count is None else page_count,
        pages_read=pages_read,
        finished=finished,
    )


def picture(*, name: str = "图片", id: str = "", finished: bool = False) -> Cell:  # noqa: A002
    """A picture: one report of page 1."""
    return Cell(id, name, "图片", Method.ONE_PAGE, extension="png", pages=1, finished=finished)


def archive(*, name: str = "压缩包", id: str = "", finished: bool = False) -> Cell:  # noqa: A002
    """An archive: one report of page 1."""
    return Cell(id, name, "压缩包", Method.ONE_PAGE, extension="zip", pages=1, finished=finished)


def link(
    needs_report: bool = False,
    *,
    name: str = "链接",
    category: str = "链接",
    id: str = "",  # noqa: A002
    finished: bool = False,
) -> Cell:
    """A link, or swf, 其他, 图文 by `category`: the view completes it, or one report after it."""
    method = Method.ONE_REPORT if needs_report else Method.VIEW
    return Cell(id, name, category, method, finished=finished)


def quiz(*, name: str = "测验", id: str = "", finished: bool = False) -> Cell:  # noqa: A002
    """A test, to be done by hand."""
    return Cell(id, name, "测验", Method.BY_HAND, finished=finished)


def homework(*, name: str = "作业", id: str = "", finished: bool = False) -> Cell:  # noqa: A002
    """Homework, to be done by hand."""
    return Cell(id, name, "作业", Method.BY_HAND, finished=finished)


def discussion(*, name: str = "讨论", id: str = "", finished: bool = False) -> Cell:  # noqa: A002
    """A discussion, to be done by hand."""
    return Cell(id, name, "讨论", Method.BY_HAND, finished=finished)


def unsupported(category: str = "虚拟仿真", *, name: str = "", id: str = "") -> Cell:  # noqa: A002
    """A cell of a kind that no report completes."""
    return Cell(id, name or category, category, Method.NEVER)


def locked(cell: Cell) -> Cell:
    """The same cell, not open yet: its view answers -33."""
    return replace(cell, locked=True)


def gone(cell: Cell) -> Cell:
    """The same cell, taken away by its teacher: its view answers the int -1 and says so."""
    return replace(cell, gone=True)


def folder(children: Sequence[Cell], *, name: str = "子节点", id: str = "") -> Cell:  # noqa: A002
    """A folder of cells (and of folders)."""
    return Cell(id, name, "子节点", Method.FOLDER, children=tuple(children))


def topic(cells: Iterable[Cell] = (), *, name: str = "章节", id: str = "") -> Topic:  # noqa: A002
    """A topic of these cells."""
    return Topic(id, name, tuple(cells))


def module(topics: Iterable[Topic] = (), *, name: str = "模块", id: str = "") -> Module:  # noqa: A002
    """A module of these topics."""
    return Module(id, name, tuple(topics))


def course(
    modules: Iterable[Module] = (),
    *,
    name: str = "课程",
    id: str = "",  # noqa: A002
    in_order: bool = False,
) -> Course:
    """A course of these modules; its three ids are made of `id`. `in_order`: its cells open one
    after another."""
    return Course(
        id,
        f"{id}-open" if id else "",
        f"{id}-class" if id else "",
        name,
        tuple(modules),
        in_order=in_order,
    )


def school_of(
    cells: Iterable[Cell] | None = None,
    *,
    topics: Iterable[Topic] | None = None,
    modules: Iterable[Module] | None = None,
    courses: Iterable[Course] | None = None,
    students: Sequence[Student] = (STUDENT, OTHER_STUDENT),
    in_order: bool = False,
) -> School:
    """A school of the given cells, topics, modules or courses (the deepest given level wins);
    `in_order` is for the course that is made up.

    What is missing above it is made up; missing ids become `cell-1`, `topic-1`, `module-1`,
    `course-1` and so on, in the order of the tree. A topic may be given the id "0".
    """
    if cells is not None:
        topics = [topic(cells)]
    if topics is not None:
        modules = [module(topics)]
    if modules is not None:
        courses = [course(modules, in_order=in_order)]
    return School(tuple(students), tuple(with_ids(courses or ())))


def _short_id(level: str, number: int) -> str:
    return f"{level}-{number}"


def with_ids(
    courses: Iterable[Course], id_of: Callable[[str, int], str] = _short_id
) -> Iterator[Course]:
    """The same courses with an id wherever one was missing.

    `id_of` makes it of the level ("course", "module", "topic" or "cell") and a number from 1.
    """
    numbers = {level: count(1) for level in ("course", "module", "topic", "cell")}

    def named(level: str, given: str) -> str:
        return given or id_of(level, next(numbers[level]))

    def cell_with_id(cell: Cell) -> Cell:
        own = named("cell", cell.id)
        return replace(cell, id=own, children=tuple(map(cell_with_id, cell.children)))

    def topic_with_id(item: Topic) -> Topic:
        own = named("topic", item.id)
        return replace(item, id=own, cells=tuple(map(cell_with_id, item.cells)))

    def module_with_id(item: Module) -> Module:
        own = named("module", item.id)
        return replace(item, id=own, topics=tuple(map(topic_with_id, item.topics)))

    for item in courses:
        own = named("course", item.id)
        yield replace(
            item,
            id=own,
            course_open_id=item.course_open_id or f"{own}-open",
            open_class_id=item.open_class_id or f"{own}-class",
            modules=tuple(map(module_with_id, item.modules)),
        )
