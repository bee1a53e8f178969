"""The site's state as its JSON, in every form that is reported of it.

Where reports differ, a `Dialect` says which form is used: envelopes, numbers as text, booleans as
0 and 1. Moments are Beijing time without a zone (docs/platform.md, section *The site since 2023*).
"""

from dataclasses import dataclass
from datetime import datetime
from enum import Enum, StrEnum, auto
from random import Random
from zoneinfo import ZoneInfo

from demo.spoc.school import Node, Pupil, SpocCourse, SpocSchool

Json = dict[str, object]
BEIJING = ZoneInfo("Asia/Shanghai")
SUCCESS = 200


class Envelope(StrEnum):
    """What stands around the rows of a list."""

    ROWS = "rows"
    DATA = "data"
    DATA_LIST = "data.list"
    DATA_ROWS = "data.rows"
    BARE = "bare"


class Form(Enum):
    """How numbers and booleans are written."""

    PLAIN = auto()
    """52.39, true."""
    OTHER = auto()
    """"52.39", 1."""
    MIXED = auto()
    """Now one and now the other."""


@dataclass(slots=True)
class Dialect:
    """Which of the reported forms the site uses; may be changed at any time."""

    courses: Envelope = Envelope.ROWS
    record: Envelope = Envelope.BARE
    numbers: Form = Form.MIXED
    booleans: Form = Form.MIXED


class Wire:
    """Builds answers for one school; `rng` decides mixed forms and passing fields."""

    def __init__(self, school: SpocSchool, dialect: Dialect, rng: Random) -> None:
        self._school = school
        self._dialect = dialect
        self._rng = rng

    def me(self, pupil: Pupil, moment: datetime) -> Json:
        """`getInfo`."""
        return {
            "msg": "操作成功",
            "code": SUCCESS,
            "permissions": ["*:*:student"],
            "roles": ["student"],
            "user": {
                "userId": pupil.user_id,
                "userName": pupil.user_name,
                "nickName": pupil.name,
                "avatar": "",
                "status": "0",
                "delFlag": "0",
                "loginDate": beijing(moment),
                "dept": {"deptName": "示范职业技术学院"},
            },
        }

    def courses(self, courses: list[SpocCourse], user_id: str, moment: float) -> list[object]:
        """The rows of `myCourseList`, with the percents as of then."""
        return [self._course(course, user_id, moment) for course in courses]

    def _course(self, course: SpocCourse, user_id: str, moment: float) -> Json:
        return self._passing(
            {
                "id": f"{course.course_info_id[:8]}{course.class_id[8:]}",
                "courseId": course.course_id,
                "courseInfoId": course.course_info_id,
                "classId": course.class_id,
                "courseName": course.name,
                "className": f"{course.name}1班",
                "studySpeed": self._number(self._school.speed(user_id, course.tree, moment)),
                "presidingTeacher": course.teacher,
                "termName": course.term,
                "termCode": course.term_code,
                "isCriteria": self._boolean(course.is_criteria),
                "createTime": course.created,
            }
        )

    def nodes(self, nodes: tuple[Node, ...], parent: str, user_id: str, at: float) -> list[object]:
        """The rows of `study/record` for the children of one folder."""
        return [self._node(node, parent, user_id, at) for node in nodes]

    def _node(self, node: Node, parent: str, user_id: str, at: float) -> Json:
        inline = self.nodes(node.children, node.id, user_id, at) if node.inline else []
        passing: Json = {"parentId": parent} if self._rng.random() < 0.5 else {}
        if self._rng.random() < 0.5:
            passing["isLeaf"] = self._boolean(not node.is_folder)
        return self._passing(
            {
                "id": node.id,
                "name": node.name,
                "fileType": node.file_type,
                "speed": self._number(self._school.speed(user_id, [node], at)),
                "fileUrl": node.file_url or self._rng.choice((None, "")),
                "examId": node.exam_id or None,
                "children": inline or self._rng.choice((None, [])),
                **passing,
            }
        )

    def enveloped(self, rows: list[object], envelope: Envelope, total: int) -> Json | list[object]:
        """The rows in that envelope; `total` is how many there are on all pages."""
        said: Json = {"code": SUCCESS, "msg": "查询成功"}
        match envelope:
            case Envelope.ROWS:
                return {"total": self._number(total), "rows": rows, **said}
            case Envelope.DATA:
                return {**said, "data": rows}
            case Envelope.DATA_LIST:
                return {**said, "data": {"list": rows, "total": total}}
            case Envelope.DATA_ROWS:
                return {**said, "data": {"rows": rows, "total": total}}
            case Envelope.BARE:
                return rows

    def _number(self, value: float) -> object:
        whole = float(value).is_integer() and self._rng.random() < 0.5
        shown: float = int(value) if whole else float(value)
        return str(shown) if self._is_other(self._dialect.numbers) else shown

    def _boolean(self, value: bool) -> object:
        if not self._is_other(self._dialect.booleans):
            return value
        return self._rng.choice((str(int(value)), int(value)))

    def _is_other(self, form: Form) -> bool:
        return form is Form.OTHER or (form is Form.MIXED and self._rng.random() < 0.5)

    def _passing(self, fields: Json) -> Json:
        """The fields with others that come and go."""
        others: tuple[Json, ...] = (
            {},
            {"remark": None},
            {"params": {}},
            {"sort": self._rng.randrange(100)},
            {"searchValue": None, "createBy": ""},
        )
        return {**fields, **self._rng.choice(others)}


def beijing(moment: datetime) -> str:
    """An aware moment as the site writes it."""
    return moment.astimezone(BEIJING).strftime("%Y-%m-%d %H:%M:%S")
