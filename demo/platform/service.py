"""What the platform does with a request of a logged-in student, and what it answers."""

from collections.abc import Callable, Mapping
from functools import partial
from random import Random

from demo.platform.answers import Answer, json_answer
from demo.platform.endpoints import STUDY_CALLS, Endpoint
from demo.platform.progress import FULL
from demo.platform.reports import Report, apply_report
from demo.platform.rules import NO_SUCH_CELL, OK, Shape, StudyState, Verdict
from demo.platform.school import Course, Module, Place, School, Topic
from demo.platform.violations import ViolationKind
from demo.platform.wire import Json, Wire
from demo.platform.wire_view import opened_cell

Form = Mapping[str, str]
FAILED: Json = {"code": NO_SUCH_CELL.code, "msg": NO_SUCH_CELL.msg}
EMPTY_CHAPTER = "0"
"""The topic id of a chapter without content; asking for its cells fails."""


class Service:
    """The eight calls without HTTP. Times are platform seconds.

    `note` takes a student's id, a violation and its detail; `lag` is how far the percents of the
    trees are behind.
    """

    def __init__(
        self,
        school: School,
        note: Callable[[str, ViolationKind, str], None],
        rng: Random,
        lag: float,
    ) -> None:
        self._school = school
        self._note = note
        self._rng = rng
        self._lag = lag
        self._wire = Wire(school, rng)
        self._studies: dict[str, StudyState] = {}

    def study(self, stu_id: str) -> StudyState:
        """The state of the student's study."""
        if stu_id not in self._studies:
            self._studies[stu_id] = StudyState(
                self._school, stu_id, partial(self._note, stu_id), self._lag
            )
        return self._studies[stu_id]

    def bar(self, stu_id: str, minutes: int | None, now: float) -> Answer:
        """Bar the student and answer with it."""
        study = self.study(stu_id)
        return self._said(study, study.refuse_barred(study.bar(minutes, now)), None)

    def apply(
        self, endpoint: Endpoint, stu_id: str, form: Form, now: float, *, count: bool
    ) -> Answer:
        """Apply a request that arrived at `now`; `count` False lets no study count."""
        study = self.study(stu_id)
        bar = study.barred(now) if endpoint in STUDY_CALLS else None
        if bar is not None:
            return self._said(study, study.refuse_barred(bar), None)
        match endpoint:
            case Endpoint.VIEW:
                return self._view(study, form, now, count=count)
            case Endpoint.REPORT:
                return self._report(study, form, now, count=count)
            case Endpoint.SWITCH:
                place = self._school.place(form.get("cellId", ""))
                return self._said(study, study.switch(place, form), place)
            case _:
                return json_answer(self._read(endpoint, stu_id, form, now - self._lag))

    def answered(
        self, endpoint: Endpoint, stu_id: str, code: object, now: float, *, lost: bool
    ) -> None:
        """Tell that the answer to an applied request left at `now`, or was lost then."""
        study = self.study(stu_id)
        if endpoint is Endpoint.VIEW and code == OK:
            study.viewed_at = now
        if endpoint is Endpoint.REPORT:
            study.reported_at = now
            is_full = study.open_cell is not None and study.progress(study.open_cell).is_full
            if is_full and not lost:
                study.finished_by = study.token

    def _read(self, endpoint: Endpoint, stu_id: str, form: Form, moment: float) -> Json:
        if endpoint is Endpoint.ME:
            return self._wire.me(self._school.student(stu_id))
        if endpoint is Endpoint.COURSES:
            return self._wire.courses(stu_id, moment)
        course = self._course(form, has_class=endpoint is not Endpoint.TOPICS)
        if course is None:
            return FAILED
        if endpoint is Endpoint.MODULES:
            return self._wire.modules(course, stu_id, moment)
        if endpoint is Endpoint.TOPICS:
            module = _module(course, form.get("moduleId", ""))
            return FAILED if module is None else self._wire.topics(module)
        topic = _topic(course, form.get("topicId", ""))
        return FAILED if topic is None else self._wire.cells(course, topic, stu_id, moment)

    def _course(self, form: Form, *, has_class: bool) -> Course | None:
        for course in self._school.courses:
            if course.course_open_id == form.get("courseOpenId") and (
                not has_class or course.open_class_id == form.get("openClassId")
            ):
                return course
        return None

    def _place(self, form: Form) -> Place | None:
        """The cell that a view or report names; the module may be left out, but not be wrong."""
        place = self._school.place(form.get("cellId", ""))
        course = self._course(form, has_class=True)
        if place is None or course is not place.course:
            return None
        return place if form.get("moduleId") in (None, "", place.module.id) else None

    def _view(self, study: StudyState, form: Form, now: float, *, count: bool) -> Answer:
        place = self._place(form)
        if place is None:
            return json_answer(FAILED)
        token = f"{self._rng.getrandbits(100):025x}"
        log_id = "" if self._rng.random() < 0.7 else f"{self._rng.getrandbits(64):016x}"
        verdict = study.view(place, now, token, log_id, count=count)
        return self._said(study, verdict, place, now)

    def _report(self, study: StudyState, form: Form, now: float, *, count: bool) -> Answer:
        place = self._school.place(form.get("cellId", ""))
        if place is None or self._course(form, has_class=True) is not place.course:
            return json_answer(FAILED)
        try:
            report = Report.from_form(form)
        except ValueError:
            return json_answer(FAILED)
        return self._said(study, apply_report(study, place, report, now, count=count), place)

    def _said(
        self, study: StudyState, verdict: Verdict, place: Place | None, now: float = 0.0
    ) -> Answer:
        if verdict.shape is Shape.OTHER_CELL and place is not None:
            opened = None if study.open_cell is None else self._school.place(study.open_cell)
            return json_answer(self._wire.other_cell_open(place, opened, study.stu_id))
        if verdict.shape is Shape.VIEW and place is not None:
            return json_answer(self._opened(study, place, now))
        return json_answer({"code": verdict.code} | ({"msg": verdict.msg} if verdict.msg else {}))

    def _opened(self, study: StudyState, place: Place, now: float) -> Json:
        progress = study.progress(place.cell.id)
        behind = self._lag if self._rng.random() < 0.5 else 0.0
        percent = progress.percent_at(now - behind)
        progress.shown_full = progress.shown_full or percent >= FULL
        answer = opened_cell(
            place,
            token=study.token,
            log_id=study.log_id,
            percent=percent,
            position=progress.position,
            pages_read=progress.pages_read,
            rng=self._rng,
        )
        return self._wire.passing(answer)


def _module(course: Course, module_id: str) -> Module | None:
    return next((module for module in course.modules if module.id == module_id), None)


def _topic(course: Course, topic_id: str) -> Topic | None:
    if topic_id == EMPTY_CHAPTER:
        return None
    topics = (topic for module in course.modules for topic in module.topics)
    return next((topic for topic in topics if topic.id == topic_id), None)
