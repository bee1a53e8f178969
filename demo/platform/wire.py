"""The school's state as the platform's JSON, with every field and oddity of its answers.

Field names, spelling and order are those of the API's published examples; percents come in mixed
forms and unknown fields come and go (docs/platform.md, sections *Transport* and *Reading the
course tree*). Times are platform seconds.
"""

from collections.abc import Sequence
from random import Random

from demo.platform.progress import FULL, STUCK
from demo.platform.school import Cell, Course, Module, Place, School, Student, Topic
from demo.platform.terms import TERM_LIST

Json = dict[str, object]

LEAF_TYPE = 1
FOLDER_TYPE = 4
FILES = "https://file.icve.com.cn"

_PASSING_FIELDS: tuple[Json, ...] = (
    {"isStar": 0},
    {"ext1": None},
    {"labels": []},
    {"serverNode": {"id": "zjy2-7", "gray": False}},
    {"percentText": "--"},
    {"msg": "建议学习45分钟"},
)


class Wire:
    """Builds answers for one school; `rng` decides forms and passing fields."""

    def __init__(self, school: School, rng: Random) -> None:
        self._school = school
        self._rng = rng

    def me(self, student: Student) -> Json:
        """`student/Studio/index`."""
        return self.passing(
            {
                "code": 1,
                "avator": f"{FILES}/ssykt/279/604/45C972612A5025462C0E9779F4234D17.jpeg",
                "schoolId": "bgexaqiob5bhzua0cwitXX",
                "disPlayName": student.name,
                "stuNo": student.number,
                "UserName": student.user_name,
                "statData": {
                    "unReadMsgCount": 0,
                    "faceTeachDayCount": 0,
                    "faceTeachWeekCount": 0,
                    "announcementCount": 0,
                    "myCourseCount": len(self._school.courses),
                    "myHomeworkCount": student.homework,
                    "myExamCount": student.exams,
                    "onlineActivityCount": 0,
                    "groupTaskCount": 0,
                },
                "stuId": student.stu_id,
                "extraData": {
                    "IsExtraJXSX": 0,
                    "IsExtraZYJS": 1,
                    "IsExtraJXPJ": 0,
                    "IsExtraEXAM": 0,
                },
                "integrity": 6,
                "moocServer": "https://mooc.icve.com.cn",
                "isMerge": 0,
                "isOpenLite": "1",
            }
        )

    def courses(self, stu_id: str, moment: float) -> Json:
        """`getLearnningCourseList`, with the percents as they were at `moment`."""
        rows = [self._course(course, stu_id, moment) for course in self._school.courses]
        return self.passing(
            {
                "code": 1,
                "type": "1",
                "termId": None,
                "courseList": rows,
                "termList": list(TERM_LIST),
            }
        )

    def _course(self, course: Course, stu_id: str, moment: float) -> Json:
        return self.passing(
            {
                "Id": course.id,
                "courseOpenId": course.course_open_id,
                "courseName": course.name,
                "courseCode": course.code,
                "thumbnail": f"{FILES}/ssykt/769/845/C07D3617B6BE0A9DA5A4522DDF285A66.png",
                "openClassId": course.open_class_id,
                "assistTeacherName": course.teacher,
                "openClassType": 1,
                "openClassState": 1,
                "process": self._percent(self.mean_percent(course.leaves(), stu_id, moment)),
                "checkStatus": course.check_status,
                "termName": course.term,
                "totalScore": course.total_score,
                "courseSystemType": 0,
            }
        )

    def modules(self, course: Course, stu_id: str, moment: float) -> Json:
        """`getProcessList`, with the percents as they were at `moment`."""
        leaves = course.leaves()
        studied = sum(self._percent_of(leaf, stu_id, moment) >= FULL for leaf in leaves)
        rows = [
            self.passing(
                {
                    "id": module.id,
                    "name": module.name,
                    "sortOrder": place,
                    "percent": self._percent(self.mean_percent(module.leaves(), stu_id, moment)),
                }
            )
            for place, module in enumerate(course.modules, start=1)
        ]
        return self.passing(
            {
                "code": 1,
                "courseOpenId": course.course_open_id,
                "openClassId": course.open_class_id,
                "openCourseCellCount": len(leaves),
                "stuStudyCourseOpenCellCount": studied,
                "progress": {
                    "moduleList": rows,
                    "moduleId": course.modules[0].id if course.modules else "",
                },
            }
        )

    def topics(self, module: Module) -> Json:
        """`getTopicByModuleId`."""
        above = ("0", *(topic.id for topic in module.topics))
        rows = [
            self.passing({"id": topic.id, "name": topic.name, "sortOrder": place, "upTopicId": up})
            for place, (topic, up) in enumerate(zip(module.topics, above, strict=False), start=1)
        ]
        return self.passing({"code": 1, "topicList": rows})

    def cells(self, course: Course, topic: Topic, stu_id: str, moment: float) -> Json:
        """`getCellByTopicId`, with the percents as they were at `moment`."""
        return self.passing(
            {
                "code": 1,
                "courseOpenId": course.course_open_id,
                "openClassId": course.open_class_id,
                "cellList": self._cell_rows(course, topic, topic.cells, stu_id, moment, parent=""),
            }
        )

    def _cell_rows(
        self,
        course: Course,
        topic: Topic,
        cells: Sequence[Cell],
        stu_id: str,
        moment: float,
        parent: str,
    ) -> list[Json]:
        rows: list[Json] = []
        above = "0"
        for place, cell in enumerate(cells, start=1):
            below = self._cell_rows(course, topic, cell.children, stu_id, moment, cell.id)
            row: Json = {
                "Id": cell.id,
                "cellType": FOLDER_TYPE if cell.is_folder else LEAF_TYPE,
                "isGJS": 1,
                "isOriginal": 0,
                "fromType": 10,
                "parentId": parent or topic.id,
                "courseOpenId": course.course_open_id,
                "topicId": topic.id,
                "categoryName": cell.category,
                "categoryNameDb": cell.category,
                "cellName": cell.name,
                "resourceUrl": file_name(cell),
                "externalLinkUrl": "https://example.com/" if cell.category == "链接" else "",
                "cellContent": file_name(cell),
                "sortOrder": place,
                "isAllowDownLoad": False,
                "childNodeList": below,
                "upCellId": above,
                "stuCellCount": 0,
            }
            row.update(self._percent_fields(cell, stu_id, moment, is_child=bool(parent)))
            rows.append(self.passing(row))
            above = cell.id
        return rows

    def _percent_fields(self, cell: Cell, stu_id: str, moment: float, *, is_child: bool) -> Json:
        """A child's true percent stands under another name, and the usual one lies."""
        if cell.is_folder:
            said = FULL
            return (
                {"stuCellPercent": said, "stuCellFourPercent": said}
                if is_child
                else {"stuCellPercent": said}
            )
        percent = self._percent_of(cell, stu_id, moment)
        if percent >= FULL:
            self._school.progress(stu_id, cell.id).shown_full = True
        if not is_child:
            return {"stuCellPercent": self._percent(percent)}
        lie = 0 if percent >= FULL else 100
        return {"stuCellPercent": lie, "stuCellFourPercent": self._percent(percent)}

    def other_cell_open(self, wanted: Place, opened: Place | None, stu_id: str) -> Json:
        """The -100 answer: the wanted cell as `curr…` (once spelled `cur`), the open as `last…`."""
        answer: Json = {
            "code": -100,
            "currCourseOpenId": wanted.course.course_open_id,
            "currOpenClassId": wanted.course.open_class_id,
            "currModuleId": wanted.module.id,
            "curCellId": wanted.cell.id,
            "currCellName": wanted.cell.name,
            "currPercent": self._percent(self._school.progress(stu_id, wanted.cell.id).percent),
        }
        last = opened or wanted
        answer |= {
            "lastCourseOpenId": last.course.course_open_id,
            "lastOpenClassId": last.course.open_class_id,
            "lastModuleId": last.module.id,
            "lastCellId": last.cell.id,
            "lastCellName": last.cell.name,
            "lastPercent": self._percent(self._school.progress(stu_id, last.cell.id).percent),
        }
        return answer

    def mean_percent(self, leaves: Sequence[Cell], stu_id: str, moment: float) -> float:
        """The percent of a module or course: 100 only when every cell of it is."""
        percents = [self._percent_of(leaf, stu_id, moment) for leaf in leaves]
        if not percents:
            return 0.0
        mean = round(sum(percents) / len(percents), 2)
        return mean if min(percents) >= FULL else min(mean, STUCK)

    def _percent_of(self, cell: Cell, stu_id: str, moment: float) -> float:
        return self._school.progress(stu_id, cell.id).percent_at(moment)

    def _percent(self, percent: float) -> float:
        """The number in one of the forms in which it comes: 100 or 100.0, 0 or 0.0."""
        whole = percent.is_integer() and self._rng.random() < 0.5
        return int(percent) if whole else percent

    def passing(self, answer: Json) -> Json:
        """The answer with an unknown field, now and then."""
        if self._rng.random() < 0.3:
            answer.update(self._rng.choice(_PASSING_FIELDS))
        return answer


def file_name(cell: Cell) -> str:
    """The name under which the cell's file is stored; empty for kinds without one."""
    if not cell.extension:
        return ""
    folder = "doc" if cell.pages else "ssykt"
    return f"{folder}/g@{cell.id.upper()}.{cell.extension}"
