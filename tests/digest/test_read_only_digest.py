"""The digest of a student of today's site: from few requests, and without what cannot be known."""

from collections import Counter
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.digest.report import Standing
from bot.digest.sparing_reading import MOST_A_DAY, WITH_LISTS
from bot.tracking.missing import Missing
from demo.platform import School, school_of
from demo.spoc import Read, SpocSchool, SpocSite, folder, lesson, spoc_course, spoc_school
from storage import notices
from storage.accounts import Account
from storage.database import _inside_unit
from storage.enums import NoticeKind, Platform
from storage.rows import rows
from tests.support.digest_harness import DigestHarness, local, play
from tests.support.names import ANNA

NURSING = "护理学"


def a_school(*, units: int = 3, of: int = 2) -> SpocSchool:
    tree = [
        folder([lesson(f"课{u}.{n}") for n in range(of)] + [lesson(f"作业{u}", "作业")],
               name=f"单元{u}")
        for u in range(units)
    ]  # fmt: skip
    return spoc_school([spoc_course(tree, name=NURSING)])


class Reader(DigestHarness):
    """A chat with a student of today's site, beside the ``api`` of 2021."""

    def __init__(self, path: Path, school: SpocSchool, api: School | None = None) -> None:
        super().__init__(path, api or school_of([]), local("2026-11-02 12:00"))
        self.site = SpocSite(school, monotonic=self.clock.monotonic, lifetime=1e9)
        self.platform_transport.site = self.site

    @property
    def pupil(self) -> str:
        return self.site.school.pupils[0].user_id

    def newly_asked(self) -> Counter[str]:
        """How often each read was asked for since the last call."""
        found = Counter(Read(each.path).name for each in self.site.requests)
        self.site.requests.clear()
        return found

    async def log_in_here(self) -> Account:
        logged_in = await self.paste(ANNA, self.site.token_for(self.pupil), Platform.SPOC)
        assert logged_in is not None
        await self.wants(ANNA)
        self.newly_asked()
        return logged_in.account


def tell(path: Path, school: SpocSchool) -> Reader:
    return Reader(path, school)


def test_a_digest_names_what_is_left_and_tells_neither_homework_nor_a_time(tmp_path: Path) -> None:
    async def story(harness: Reader) -> None:
        await harness.log_in_here()
        (said,) = await harness.tick_at("2026-11-02 21:00")
        part, course = said.part, said.course(NURSING)
        assert (part.standing, part.can_study) == (Standing.READ, False)
        assert (part.homework, part.exams, part.unread) == (0, 0, 0)
        assert course.left.estimate is None
        assert course.left.by_hand == ["作业0", "作业1", "作业2"]
        assert [count for _, count in course.left.by_kind] == [6]
        assert harness.site.violations == []

    play(lambda: tell(tmp_path, a_school()), story)


def test_a_day_on_which_nothing_moved_costs_the_list_alone(tmp_path: Path) -> None:
    async def story(harness: Reader) -> None:
        await harness.log_in_here()
        await harness.tick_at("2026-11-02 21:00")
        first = harness.newly_asked()
        assert first == {"COURSES": 2, "RECORD": 2 + 2 * 3}
        await harness.tick_at("2026-11-03 21:00")
        assert harness.newly_asked() == {"COURSES": 1}

    play(lambda: tell(tmp_path, a_school()), story)


def test_only_the_folder_that_moved_is_read(tmp_path: Path) -> None:
    async def story(harness: Reader) -> None:
        await harness.log_in_here()
        await harness.tick_at("2026-11-02 21:00")
        course = harness.site.school.course_named(NURSING)
        unit = course.tree[1]
        harness.site.school.study(harness.pupil, unit.children[0].id, harness.site.now())
        harness.newly_asked()
        (said,) = await harness.tick_at("2026-11-03 21:00")
        assert [each["parentId"] for each in (r.query for r in harness.site.requests)
                if "parentId" in each] == ["0", unit.id]  # fmt: skip
        assert [count for _, count in said.course(NURSING).left.by_kind] == [5]

    play(lambda: tell(tmp_path, a_school()), story)


def test_a_lesson_that_moves_no_percent_is_named_once_within_days(tmp_path: Path) -> None:
    async def story(harness: Reader) -> None:
        await harness.log_in_here()
        await harness.tick_at("2026-11-02 21:00")
        course = harness.site.school.course_named(NURSING)
        new = lesson("新的一课")
        harness.site.school.publish(course.course_id, course.tree[2].id, new)
        named = []
        for day in range(3, 20):
            (said,) = await harness.tick_at(f"2026-11-{day:02} 21:00")
            named += [c.name for news in said.course(NURSING).news for c in news.cells]
        assert named == ["新的一课"]

    play(lambda: tell(tmp_path, a_school()), story)


def test_no_unit_of_work_changes_what_is_remembered_as_missing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Units run in the thread of their connection."""
    within_units: set[bool] = set()
    may_go = Missing.may_go

    def watched(missing: Missing, *given: Any) -> bool:  # noqa: ANN401
        within_units.add(_inside_unit.get())
        return may_go(missing, *given)

    monkeypatch.setattr(Missing, "may_go", watched)

    async def story(harness: Reader) -> None:
        await harness.log_in_here()
        await harness.tick_at("2026-11-02 21:00")

    play(lambda: tell(tmp_path, a_school()), story)
    assert within_units == {False}


def test_a_large_tree_is_read_over_days_and_no_day_asks_more_than_its_share(tmp_path: Path) -> None:
    async def story(harness: Reader) -> None:
        await harness.log_in_here()
        left = []
        for day in range(2, 10):
            (said,) = await harness.tick_at(f"2026-11-{day:02} 21:00")
            assert sum(harness.newly_asked().values()) <= MOST_A_DAY + 2
            left.append(said.course(NURSING).left.unread_modules)
        assert left[0] > left[1] > left[-1] == 0

    play(lambda: tell(tmp_path, a_school(units=60, of=1)), story)


def test_digests_that_a_person_asks_for_share_the_days_requests(tmp_path: Path) -> None:
    async def story(harness: Reader) -> None:
        await harness.log_in_here()
        await harness.tick_at("2026-11-02 21:00")
        for _ in range(4):
            assert await harness.digests.send_now(ANNA)
        asked = harness.newly_asked()
        assert asked["COURSES"] == 2 + 4, "each of them shows the numbers of now"
        assert asked["RECORD"] <= MOST_A_DAY

    play(lambda: tell(tmp_path, a_school(units=60, of=1)), story)


def test_a_look_for_new_lessons_is_at_most_one_a_day(tmp_path: Path) -> None:
    async def story(harness: Reader) -> None:
        await harness.log_in_here()
        await harness.wishes.switch(ANNA, on=False)
        await harness.wishes.set_watch(ANNA, 6)
        asked: Counter[str] = Counter()
        for hour in range(13, 24):
            await harness.tick_at(f"2026-11-02 {hour}:00")
            asked += harness.newly_asked()
        assert asked["COURSES"] == 2, "twice for the first time, and then not again"
        assert sum(asked.values()) <= WITH_LISTS

    play(lambda: tell(tmp_path, a_school()), story)


def test_an_ended_token_is_asked_with_once_and_the_last_state_stays(tmp_path: Path) -> None:
    async def story(harness: Reader) -> None:
        await harness.log_in_here()
        await harness.tick_at("2026-11-02 21:00")
        harness.site.expire(harness.pupil)
        harness.newly_asked()
        (said,) = await harness.tick_at("2026-11-03 21:00")
        assert (said.part.standing, said.part.asks_for_cookie) == (Standing.EXPIRED, True)
        assert said.part.as_of is not None
        assert said.course(NURSING).percent == 0
        assert harness.newly_asked() == {"COURSES": 1}
        await harness.tick_at("2026-11-04 21:00")
        assert harness.newly_asked() == {}
        await harness.paste(ANNA, harness.site.token_for(harness.pupil), Platform.SPOC)
        (said,) = await harness.tick_at("2026-11-05 21:00")
        assert said.part.standing is Standing.READ
        assert said.part.as_of is not None
        assert harness.clock.now() - said.part.as_of < timedelta(days=4)

    play(lambda: tell(tmp_path, a_school()), story)


def test_no_job_of_new_lessons_starts_by_itself(tmp_path: Path) -> None:
    async def story(harness: Reader) -> None:
        await harness.log_in_here()
        await harness.wishes.set_start_hour(ANNA, 8)
        await harness.tick_at("2026-11-02 21:00")
        course = harness.site.school.course_named(NURSING)
        unit = folder([lesson("新的一课")], name="新单元")
        harness.site.school.publish(course.course_id, "0", unit)
        for day in range(3, 12):
            await harness.tick_at(f"2026-11-{day:02} 08:00")
            await harness.tick_at(f"2026-11-{day:02} 21:00")
        assert await harness.db.read(lambda conn: rows(conn, "SELECT 1 FROM jobs")) == []
        told = await harness.db.read(notices.pending)
        assert NoticeKind.JOB_ENDED not in [each.kind for each in told]

    play(lambda: tell(tmp_path, a_school()), story)
