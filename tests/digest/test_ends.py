"""The end of a course in a digest comes from the recorded days, and only from fresh numbers."""

from datetime import date
from pathlib import Path

from bot.digest.report import Standing
from demo.platform import STUDENT, School, course, module, picture, school_of, topic
from tests.support.digest_harness import DigestHarness, play_digests
from tests.support.names import ANNA

MOVING, STILL = "护理", "体育"


def a_school() -> School:
    return school_of(
        courses=[
            course([module([topic([picture() for _ in range(10)])])], name=MOVING),
            course([module([topic([picture()])])], name=STILL),
        ]
    )


def test_a_course_that_moves_has_an_end_once_its_rate_is_known(tmp_path: Path) -> None:
    async def story(harness: DigestHarness) -> None:
        await harness.log_in(ANNA, STUDENT.stu_id)
        await harness.wants(ANNA)
        ends = []
        for day in (2, 3, 4, 5):
            harness.finish(f"cell-{day - 1}")
            (said,) = await harness.tick_at(f"2026-03-{day:02} 21:00")
            ends.append(said.course(MOVING).done_by)
            assert said.course(STILL).done_by is None
        # 40 percent, and ten more each day.
        assert ends == [None, None, None, date(2026, 3, 11)]

        harness.platform.expire(STUDENT.stu_id)
        (said,) = await harness.tick_at("2026-03-06 21:00")
        assert said.part.standing is Standing.EXPIRED
        assert said.course(MOVING).done_by is None

    play_digests(tmp_path, a_school(), story)
