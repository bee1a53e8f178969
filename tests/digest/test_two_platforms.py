"""What is refused or away is told as such, and hides nothing of other courses and platforms."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from bot.digest.circuit_breaker import SURE_AFTER
from bot.digest.report import Standing
from bot.digest.sparing_reading import WITH_LISTS
from demo.platform import Fault, Student, picture, school_of
from demo.spoc import Read, SpocSchool, folder, lesson, spoc_course, spoc_school
from demo.spoc.trouble import FORBIDDEN_BODY, OTHER_CODE
from tests.digest.test_read_only_digest import NURSING, Reader, a_school
from tests.support.digest_harness import local, play
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


def test_a_course_that_the_site_does_not_open_is_left_alone_for_days(tmp_path: Path) -> None:
    async def story(harness: Reader) -> None:
        await harness.log_in_here()
        closed = harness.site.school.course_named(CLOSED).course_id

        def is_closed(query: Mapping[str, str]) -> bool:
            return query.get("courseId") == closed

        harness.site.faults.add(Read.RECORD, OTHER_CODE, times=None, where=is_closed)
        asked = []
        for day in range(2, 7):
            await harness.tick_at(f"2026-11-{day:02} 21:00")
            asked.append(any(is_closed(each.query) for each in harness.site.requests))
            harness.newly_asked()
        assert asked == [True, False, False, False, True]

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


@pytest.mark.parametrize("is_away", [True, False])
def test_numbers_of_another_day_are_not_called_read_when_the_days_requests_are_spent(
    tmp_path: Path, *, is_away: bool
) -> None:
    async def story(harness: Reader) -> None:
        await harness.log_in_here()
        await harness.tick_at("2026-11-02 21:00")
        harness.newly_asked()
        await harness.sleep_until(local("2026-11-03 20:00"))
        if is_away:
            harness.site.faults.add("*", Fault.HTTP_502, times=None)
        for _ in range(WITH_LISTS):
            assert await harness.digests.send_now(ANNA)
        assert sum(harness.newly_asked().values()) >= WITH_LISTS
        said = await harness.tick_at("2026-11-03 21:00")
        said += await harness.tick_at("2026-11-03 22:01")
        assert harness.newly_asked() == {}
        assert [each.part.standing for each in said] == [
            Standing.AWAY if is_away else Standing.READ
        ]

    play(lambda: Reader(tmp_path, a_school()), story)
