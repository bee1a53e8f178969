"""Short words that build courses of the site of today: `spoc_course([folder([lesson("课一")])])`.

Ids that are not given are GUID text, made of the names and of where they stand, always the same.
"""

from collections.abc import Iterable, Sequence
from uuid import NAMESPACE_OID, uuid5

from demo.spoc.school import Node, Pupil, SpocCourse, SpocSchool

FILES = "https://file.icve.com.cn/spoc"
EXAMS = frozenset({"作业", "测验", "考试"})
"""Kinds that have an exam's id in place of a file."""


def guid(*of: object) -> str:
    """GUID text that is always the same for the same words."""
    return str(uuid5(NAMESPACE_OID, " ".join(map(str, of))))


def lesson(
    name: str,
    file_type: str = "video",
    *,
    id: str = "",  # noqa: A002
    speed: float = 0.0,
) -> Node:
    """A lesson; homework, tests and exams have an exam's id, a discussion neither that nor a
    file."""
    own = id or guid("lesson", name)
    is_exam = file_type in EXAMS
    return Node(
        own,
        name,
        file_type,
        file_url="" if is_exam or file_type == "讨论" else f"{FILES}/{own}",
        exam_id=guid("exam", own) if is_exam else "",
        speed=speed,
    )


def folder(
    children: Iterable[Node] = (),
    *,
    name: str = "单元",
    file_type: str = "父节点",
    id: str = "",  # noqa: A002
) -> Node:
    """A folder; one that is called 文件夹 carries its children in the answer about the folder
    above it."""
    own = id or guid("folder", name)
    return Node(
        own,
        name,
        file_type,
        is_folder=True,
        inline=file_type == "文件夹",
        children=tuple(children),
    )


def spoc_course(
    tree: Iterable[Node] = (),
    *,
    name: str = "课程",
    term: str = "2026秋",
    created: str = "2026-09-01 08:00:00",
    is_criteria: bool = True,
) -> SpocCourse:
    """A course; its ids are made of its name. A term in autumn (秋) begins a school year, any
    other ends one."""
    begin, half = (int(term[:4]), 1) if "秋" in term else (int(term[:4]) - 1, 2)
    return SpocCourse(
        guid("course", name),
        guid("course info", name),
        guid("class", name),
        name,
        tuple(tree),
        term=term,
        term_code=f"{begin}-{begin + 1}-{half}",
        is_criteria=is_criteria,
        created=created,
    )


def spoc_school(
    courses: Iterable[SpocCourse], *, pupils: Sequence[tuple[str, str]] = (("张三", "zhangsan"),)
) -> SpocSchool:
    """A school whose pupils, given by name and user name, all take all courses."""
    held = tuple(courses)
    ids = tuple(course.course_id for course in held)
    return SpocSchool(
        tuple(Pupil(guid("pupil", user_name), name, user_name, ids) for name, user_name in pupils),
        held,
    )
