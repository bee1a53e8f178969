"""What is refused for one course, or away on one platform, hides nothing else."""

from pathlib import Path

import pytest

from bot.digest.circuit_breaker import SURE_AFTER
from bot.digest.report import Standing
from demo.platform import Fault, Student, picture, school_of
from demo.spoc import Read, SpocSchool, folder, lesson, spoc_course, spoc_school
from demo.spoc.trouble import FORBIDDEN_BODY, OTHER_CODE
from tests.digest.test_read_only_digest import NURSING, Reader, a_school
from tests.support.digest_harness import play
from tests.support.names import ANNA

CLOSED = "已关闭的课"


def _two_courses() -> SpocSchool:
    return spoc_school(
        [
            spoc_course([folder([lesson(f"{name}一")], name="单元")], name=name)
            for name in (CLOSED, NURSING)
        ]
    )


@pytest.mark.parametrize("answer", [OTHER_CODE, FORBIDDEN_BODY])
def test_a_course_that_the_site_does_not_open_hides_no_other(tmp_path: Path, answer: Fault) -> None:
    async def story(harness: Reader) -> None:
        await harness.log_in_here()
        closed = harness.site.school.course_named(CLOSED).course_id
        harness.site.faults.add(
            Read.RECORD, answer, times=None, where=lambda query: query["courseId"] == closed
        )
        (said,) = await harness.tick_at("2026-11-02 21:00")
        assert said.part.standing is Standing.READ
        assert [count for _, count in said.course(NURSING).left.by_kind] == [1]

    play(lambda: Reader(tmp_path, _two_courses()), story)


def test_the_api_of_2021_may_be_away_for_ever_and_todays_site_is_read(tmp_path: Path) -> None:
    people = [Student(f"student-{n}", "") for n in range(SURE_AFTER)]

    async def story(harness: Reader) -> None:
        for n in range(SURE_AFTER):
            await harness.log_in(5000 + n, f"student-{n}")
            await harness.wants(5000 + n)
        await harness.log_in_here()
        await harness.wants(ANNA, "21:01")
        harness.platform.faults.add("*", Fault.AWAY, times=None)
        assert await harness.tick_at("2026-11-02 21:00") == []
        (said,) = await harness.tick_at("2026-11-02 21:01")
        assert (said.report.chat_id, said.part.standing) == (ANNA, Standing.READ)

    api = school_of([picture()], students=people)
    play(lambda: Reader(tmp_path, a_school(), api), story)
