"""A small school and a chat with a digest at nine in the evening, as most stories begin."""

from datetime import date

from demo.platform import (
    OTHER_STUDENT,
    STUDENT,
    School,
    Student,
    course,
    module,
    picture,
    school_of,
    topic,
    video,
)

from .campus import ANNA, Campus, Said


def small(students: int = 0) -> School:
    people = [Student(f"student-{n}", f"学生{n}") for n in range(students)]
    return school_of(
        courses=[course([module([topic([video(60), picture()])])], name="护理")],
        students=people or (STUDENT, OTHER_STUDENT),
    )


def dates(said: list[Said]) -> list[date]:
    return [each.report.local_date for each in said]


async def begin(campus: Campus, at: str = "21:00") -> None:
    await campus.log_in(ANNA, STUDENT.stu_id)
    await campus.wants(ANNA, at)
