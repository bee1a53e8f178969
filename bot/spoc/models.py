"""The content of the site's answers, as frozen models tolerant of the wire's quirks.

Only the fields that the bot needs are named (``docs/platform.md``, section *The site since 2023*).
"""

from typing import Annotated

from pydantic import AliasChoices, BeforeValidator, Field

from bot.zjy.fields import Detail, Entries, Flag, Id, Label, Text, Wire, as_told_percent

_CATEGORIES = {
    "video": "视频",
    "audio": "音频",
    "doc": "文档",
    "docx": "文档",
    "xls": "文档",
    "xlsx": "文档",
    "txt": "文档",
    "知识点讲解": "文档",
    "img": "图片",
    "zip": "压缩包",
    "rar": "压缩包",
}
"""The API of 2021's words for types that have another name here."""
FOLDERS = ("父节点", "子节点", "文件夹", "单元", "模块", "项目", "任务", "章", "节")
"""What a folder's type is called; schools add names of their own."""
LEAVES = frozenset(
    {
        "video", "audio", "ppt", "pptx", "pdf", "doc", "docx", "xls", "xlsx", "txt", "img", "swf",
        "zip", "rar", "视频", "音频", "文档", "图片", "图文", "链接", "压缩包", "其它", "其他",
        "知识点讲解", "作业", "测验", "考试", "讨论",
    }
)  # fmt: skip
ROOT = "0"
"""The id of the folder that holds a course's first floor."""


def as_speed(value: object) -> float | None:
    """A percent of 100 at most. A negative one is none: 0 would be shown as lost progress."""
    percent = as_told_percent(value)
    return None if percent is None or percent < 0 else min(percent, 100.0)


Speed = Annotated[float | None, BeforeValidator(as_speed)]


class User(Wire):
    """The student whose token it is."""

    user_id: Id = Field(alias="userId")
    user_name: Label = Field("", alias="userName")
    nick_name: Label = Field("", alias="nickName")


class CourseRow(Wire):
    """One course of the student. ``speed`` is its percent, None if it is not told."""

    course_id: Id = Field(alias="courseId")
    course_info_id: Id = Field(alias="courseInfoId")
    class_id: Id = Field(alias="classId")
    name: Text = Field("", alias="courseName")
    speed: Speed = Field(None, alias="studySpeed")
    teacher: Detail = Field("", alias="presidingTeacher")
    term: Detail = Field("", alias="termName")
    term_code: Detail = Field("", alias="termCode")


def courses_in(rows: object) -> Entries[CourseRow]:
    return Entries.of(
        CourseRow, lambda row: (row.course_id, row.course_info_id, row.class_id), rows
    )


def nodes_in(rows: object) -> "Entries[Node]":
    return Entries.of(Node, lambda node: node.id, rows)


def children_in(raw: object) -> "Entries[Node]":
    """What came within a folder: nothing, if that is no list."""
    return nodes_in(raw if isinstance(raw, list | Entries) else None)


class Node(Wire):
    """A folder or a leaf of a course's tree. ``speed`` is its percent, None if it is not told."""

    id: Id
    name: Text = ""
    file_type: Detail = Field("", alias="fileType")
    file_url: Label = Field("", alias="fileUrl")
    exam_id: Label = Field("", validation_alias=AliasChoices("examId", "workExamId", "testId"))
    leaf_told: Flag = Field(False, alias="isLeaf")
    speed: Speed = None
    children: Annotated["Entries[Node]", BeforeValidator(children_in)] = Entries()

    @property
    def holds_children(self) -> bool:
        """Whether its children came with it."""
        return bool(self.children.read or self.children.unreadable)

    @property
    def is_folder(self) -> bool:
        """The type decides where it is known. Else a node with a file or an exam is a leaf."""
        kind = self.file_type.casefold()
        if self.holds_children or kind in FOLDERS:
            return True
        return not (kind in LEAVES or self.leaf_told or self.file_url or self.exam_id)


def category_of(file_type: str) -> str:
    """The category of a leaf in the words of the API of 2021."""
    return _CATEGORIES.get(file_type.casefold(), file_type)
