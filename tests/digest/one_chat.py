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
from tests.support.digest_harness import DigestHarness, SentReport
from tests.support.names import ANNA


def small(students: int = 0) -> School:
    people = [Student(f"student-{n}", f"学生{n}") for n in range(students)]
    return school_of(
        courses=[course([module([topic([video(60), picture()])])], name="护理")],
        students=people or (STUDENT, OTHER_STUDENT),
    )


def dates(said: list[SentReport]) -> list[date]:
    return [each.report.local_date for each in said]


async def begin(harness: DigestHarness, at: str = "21:00") -> None:
    await harness.log_in(ANNA, STUDENT.stu_id)
    await harness.wants(ANNA, at)
