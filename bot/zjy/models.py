"""The content of the platform's answers, as frozen models tolerant of the wire's quirks.

Only the fields that the bot needs are named; others are ignored, since they change over time. A
topic's cells are in :mod:`bot.zjy.cells`. See ``docs/platform.md``, sections *Transport* and
*Reading the course tree*.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal
from typing import Annotated, Any, Self, TypeVar

from pydantic import AliasChoices, BeforeValidator, Field

from bot.naming import told_apart
from bot.zjy.fields import (
    Count,
    Detail,
    Entries,
    Flag,
    Id,
    Label,
    Percent,
    Seconds,
    Text,
    ToldCount,
    ToldPercent,
    Wire,
    as_count,
    as_id_if_any,
    as_object,
)


@dataclass(frozen=True, slots=True)
class CourseRef:
    """The two ids that name a course in a request; both are needed."""

    course_open_id: str
    open_class_id: str


class SchoolWork(Wire):
    """What waits for the student at school (``statData``), None where it is not told."""

    homework: ToldCount = Field(None, alias="myHomeworkCount")
    exams: ToldCount = Field(None, alias="myExamCount")
    unread: ToldCount = Field(None, alias="unReadMsgCount")


class Student(Wire):
    """The student of a cookie's session (``Studio/index``). The platform spells ``name`` as
    ``disPlayName``."""

    stu_id: Id = Field(alias="stuId")
    name: Label = Field("", alias="disPlayName")
    number: Label = Field("", alias="stuNo")
    user_name: Label = Field("", alias="UserName")
    school_work: Annotated[SchoolWork, BeforeValidator(as_object)] = Field(
        default_factory=lambda: SchoolWork.model_validate({}), alias="statData"
    )


class WireCourse(Wire):
    """One course of the student. Requests need both ids; ``process`` is its percent, None if the
    platform does not report it."""

    course_open_id: Id = Field(alias="courseOpenId")
    open_class_id: Id = Field(alias="openClassId")
    name: Text = Field("", alias="courseName")
    teacher: Detail = Field("", alias="assistTeacherName")
    term: Detail = Field("", alias="termName")
    percent: ToldPercent = Field(None, alias="process")
    score: Percent = Field(0, alias="totalScore")

    @property
    def ref(self) -> CourseRef:
        return CourseRef(self.course_open_id, self.open_class_id)


class Term(Wire):
    """A term; several may be marked current at once."""

    name: Text = Field("", alias="TermName")
    current: Flag = Field(False, alias="IsCurTerm")


def _courses(raw: object) -> Entries[WireCourse]:
    return Entries.of(WireCourse, lambda course: course.ref, raw)


def _terms(raw: object) -> Entries[Term]:
    # Terms only mark current courses: an odd term must not make a course unreadable.
    return Entries.of(Term, id, raw if isinstance(raw, list) else None)


class CourseList(Wire):
    """The student's courses and terms."""

    listed: Annotated[Entries[WireCourse], BeforeValidator(_courses)] = Field(alias="courseList")
    listed_terms: Annotated[Entries[Term], BeforeValidator(_terms)] = Field(
        Entries(), alias="termList"
    )

    @property
    def courses(self) -> tuple[WireCourse, ...]:
        return self.listed.read

    @property
    def unreadable(self) -> int:
        """How many courses are left out because they cannot be read."""
        return self.listed.unreadable

    @property
    def terms(self) -> tuple[Term, ...]:
        return self.listed_terms.read


class WireModule(Wire):
    """A module of a course; ``percent`` is None if the platform does not report it."""

    id: Id
    name: Text = ""
    sort_order: Count = Field(0, alias="sortOrder")
    percent: ToldPercent = None

    @property
    def is_complete(self) -> bool:
        """False if its percent is unknown: then its cells decide."""
        return self.percent is not None and self.percent >= 100


def _modules(raw: object) -> Entries[WireModule]:
    return Entries.of(WireModule, lambda module: module.id, raw)


class _Progress(Wire):
    listed: Annotated[Entries[WireModule], BeforeValidator(_modules)] = Field(alias="moduleList")


class ModuleList(Wire):
    """A course's modules, and its numbers of cells and of studied cells."""

    cell_count: Count = Field(0, alias="openCourseCellCount")
    studied_count: ToldCount = Field(None, alias="stuStudyCourseOpenCellCount")
    progress: _Progress

    @property
    def modules(self) -> tuple[WireModule, ...]:
        return _named_apart(sorted(self.progress.listed.read, key=lambda module: module.sort_order))

    @property
    def unreadable(self) -> int:
        """How many modules are left out because they cannot be read."""
        return self.progress.listed.unreadable


class Topic(Wire):
    """A topic of a module. An empty chapter can have the id ``"0"``."""

    id: Id
    name: Text = ""
    sort_order: Count = Field(0, alias="sortOrder")


def _topics(raw: object) -> Entries[Topic]:
    return Entries.of(Topic, lambda topic: topic.id, raw)


class TopicList(Wire):
    """A module's topics."""

    listed: Annotated[Entries[Topic], BeforeValidator(_topics)] = Field(alias="topicList")

    @property
    def topics(self) -> tuple[Topic, ...]:
        return _named_apart(sorted(self.listed.read, key=lambda topic: topic.sort_order))

    @property
    def unreadable(self) -> int:
        """How many topics are left out because they cannot be read. Unless it is 0, the module may
        have unlisted cells: its cells are not all known, and known cells all at 100 do not finish
        it."""
        return self.listed.unreadable


_Named = TypeVar("_Named", WireModule, Topic)


def _named_apart(listed: Sequence[_Named]) -> tuple[_Named, ...]:
    """The entries with numbers after equal names."""
    names = told_apart([each.name for each in listed])
    named = zip(listed, names, strict=True)
    return tuple(each.model_copy(update={"name": name}) for each, name in named)


def _page_count_of(res_url: object) -> int:
    """``resUrl`` is a JSON *string*; its ``args.page_count`` is more reliable than
    ``pageCount``."""
    if isinstance(res_url, int):  # a model built in code gives the number itself
        return res_url
    if not isinstance(res_url, str):
        return 0
    try:
        inner: Any = json.loads(res_url)
        return as_count(inner["args"]["page_count"])
    except (ValueError, TypeError, KeyError, RecursionError):
        return 0


class CellView(Wire):
    """An opened cell (``viewDirectory``). ``token`` is valid for all reports of this view."""

    cell_id: Annotated[str, BeforeValidator(as_id_if_any)] = Field("", alias="cellId")
    category: Label = Field("", alias="categoryName")
    page_count: Count = Field(0, alias="pageCount")
    resource_page_count: Annotated[int, BeforeValidator(_page_count_of)] = Field(0, alias="resUrl")
    length: Seconds = Field(Decimal(0), alias="audioVideoLong")
    position: Seconds = Field(Decimal(0), alias="stuStudyNewlyTime")
    page: Count = Field(0, alias="stuStudyNewlyPicCount")
    percent: Percent = Field(0, alias="cellPercent")
    token: Label = Field("", alias="guIdToken")
    cell_log_id: Label = Field("", alias="cellLogId")

    @property
    def pages(self) -> int:
        """How many pages the document has; at least one."""
        return max(self.page_count, self.resource_page_count, 1)


class OpenCell(Wire):
    """The cell that a -100 answer names; sent back unchanged to ``changeStuStudyProcessCellData``.

    The platform spells ``curCellId`` with one r and the other names with two.
    """

    course_open_id: Id = Field(alias="currCourseOpenId")
    open_class_id: Id = Field(alias="currOpenClassId")
    module_id: Label = Field("", alias="currModuleId")
    cell_id: Id = Field(validation_alias=AliasChoices("curCellId", "currCellId"))
    cell_name: Label = Field("", alias="currCellName")

    @classmethod
    def from_answer(cls, answer: dict[str, object]) -> Self | None:
        """The named cell, or None if the answer does not name one completely."""
        try:
            return cls.model_validate(answer)
        except ValueError:
            return None


class Report(Wire):
    """One report of study: a position for media, a page for other cells, never both."""

    position: Decimal = Decimal(0)
    page: int = 0

    def form(self) -> dict[str, str]:
        """The form's fields; positions have at most six decimals and no exponent.

        Positions are rounded up: a last report below the length leaves the cell at 99.99 %.
        """
        rounded = self.position.quantize(Decimal("0.000001"), rounding=ROUND_CEILING)
        whole, _, decimals = f"{rounded:f}".partition(".")
        decimals = decimals.rstrip("0")
        return {
            "picNum": str(self.page),
            "studyNewlyTime": f"{whole}.{decimals}" if decimals else whole,
            "studyNewlyPicNum": str(self.page),
        }
