"""What the platform's answers carry, as frozen models that take every quirk of the wire.

Only the fields that the bot needs are named; unknown ones are ignored, since they come and go.
A topic's cells are in :mod:`bot.zjy.cells`.
See ``docs/platform.md``, sections *Transport* and *Reading the course tree*.
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
    """What names a course in a request: it needs both ids."""

    course_open_id: str
    open_class_id: str


class SchoolWork(Wire):
    """What waits for the student at school (``statData``), None where it is not told."""

    homework: ToldCount = Field(None, alias="myHomeworkCount")
    exams: ToldCount = Field(None, alias="myExamCount")
    unread: ToldCount = Field(None, alias="unReadMsgCount")
    courses: Count = Field(0, alias="myCourseCount")


class Student(Wire):
    """Whose session a cookie is (``Studio/index``). ``name`` is spelled ``disPlayName`` there."""

    stu_id: Id = Field(alias="stuId")
    name: Label = Field("", alias="disPlayName")
    number: Label = Field("", alias="stuNo")
    user_name: Label = Field("", alias="UserName")
    school_id: Label = Field("", alias="schoolId")
    school_work: Annotated[SchoolWork, BeforeValidator(as_object)] = Field(
        default_factory=lambda: SchoolWork.model_validate({}), alias="statData"
    )


class WireCourse(Wire):
    """One course of the student. Requests need both ids; ``process`` is its percent, None where
    the platform does not tell it."""

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
    code: Text = Field("", alias="TermCode")
    current: Flag = Field(False, alias="IsCurTerm")


def _courses(raw: object) -> Entries[WireCourse]:
    return Entries.of(WireCourse, lambda course: course.ref, raw)


def _terms(raw: object) -> Entries[Term]:
    # They only say which courses are of now: no odd value of theirs may hide a course.
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
    """A module of a course; ``percent`` is None where the platform does not tell it."""

    id: Id
    name: Text = ""
    sort_order: Count = Field(0, alias="sortOrder")
    percent: ToldPercent = None

    @property
    def is_complete(self) -> bool:
        """False also where its percent is not known: then its cells say it."""
        return self.percent is not None and self.percent >= 100


def _modules(raw: object) -> Entries[WireModule]:
    return Entries.of(WireModule, lambda module: module.id, raw)


class _Progress(Wire):
    listed: Annotated[Entries[WireModule], BeforeValidator(_modules)] = Field(alias="moduleList")


class ModuleList(Wire):
    """A course's modules, and how many of its cells there are and are studied."""

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
    """A topic of a module. An empty chapter can carry the id ``"0"``."""

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
        """How many topics are left out because they cannot be read. While it is not 0 the module
        may have cells that nothing here names: it is never wholly known, nor finished because
        all cells that are known are at 100."""
        return self.listed.unreadable


_Named = TypeVar("_Named", WireModule, Topic)


def _named_apart(listed: Sequence[_Named]) -> tuple[_Named, ...]:
    """The same with numbers behind equal names. What is listed twice is one, with one name."""
    there = list(dict.fromkeys((each.id, each.name) for each in listed))
    names = dict(zip(there, told_apart([name for _, name in there]), strict=True))
    return tuple(each.model_copy(update={"name": names[each.id, each.name]}) for each in listed)


def _page_count_of(res_url: object) -> int:
    """``resUrl`` is a JSON *string*; its ``args.page_count`` knows better than ``pageCount``."""
    if isinstance(res_url, int):  # a model built in code names the number itself
        return res_url
    if not isinstance(res_url, str):
        return 0
    try:
        inner: Any = json.loads(res_url)
        return as_count(inner["args"]["page_count"])
    except (ValueError, TypeError, KeyError, RecursionError):
        return 0


class CellView(Wire):
    """An opened cell (``viewDirectory``). ``token`` serves all reports of this view."""

    cell_id: Annotated[str, BeforeValidator(as_id_if_any)] = Field("", alias="cellId")
    name: Label = Field("", alias="cellName")
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
    """What a -100 answer names; sent back as it is to ``changeStuStudyProcessCellData``.

    The platform spells ``curCellId`` with one r and the other names with two.
    """

    course_open_id: Id = Field(alias="currCourseOpenId")
    open_class_id: Id = Field(alias="currOpenClassId")
    module_id: Label = Field("", alias="currModuleId")
    cell_id: Id = Field(validation_alias=AliasChoices("curCellId", "currCellId"))
    cell_name: Label = Field("", alias="currCellName")

    @classmethod
    def from_answer(cls, answer: dict[str, object]) -> Self | None:
        """The named cell, or None where the answer does not name one whole."""
        try:
            return cls.model_validate(answer)
        except ValueError:
            return None


class Report(Wire):
    """One report of study. Media carry a position, everything else a page; never both."""

    position: Decimal = Decimal(0)
    page: int = 0

    def form(self) -> dict[str, str]:
        """The wire's numbers; positions with at most six decimals, never in exponent form.

        Rounded up: a last report short of the length leaves the cell at 99.99 %.
        """
        rounded = self.position.quantize(Decimal("0.000001"), rounding=ROUND_CEILING)
        whole, _, decimals = f"{rounded:f}".partition(".")
        decimals = decimals.rstrip("0")
        return {
            "picNum": str(self.page),
            "studyNewlyTime": f"{whole}.{decimals}" if decimals else whole,
            "studyNewlyPicNum": str(self.page),
        }
