"""The three requests that read, and what other paths of the site would do."""

from enum import StrEnum

PREFIX = "/prod-api"
METHOD = "GET"


class Read(StrEnum):
    """A request that changes nothing; the value is its path."""

    ME = f"{PREFIX}/system/user/getInfo"
    COURSES = f"{PREFIX}/spoc/courseInfoStudent/myCourseList"
    RECORD = f"{PREFIX}/spoc/courseDesign/study/record"


HARM = {
    "exam/paper": "starts the student's attempt and its clock",
    "enter": "enters an exam",
    "preview": "opens an exam paper",
    "problemRecord": "reads answers",
    "saveStudentVisitCourseInfo": "writes a visit",
    "verifyQrCode": "signs somebody in",
    "sign": "signs the student in",
    "classmate": "reads other people's marks",
    "flushSpeed": "has unknown effects",
    "refresh": "has unknown effects",
    "getStudyCellInfo": "has unknown effects",
    "studyRecord": "reports progress",
    "login": "asks for a password",
}
"""A part of a path → what a request to it does, though some of them are `GET`."""


def harm_of(path: str) -> str | None:
    """What a request to that path does beside reading; None where no such path is known."""
    return next((harm for part, harm in HARM.items() if part.lower() in path.lower()), None)
