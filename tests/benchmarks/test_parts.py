"""Each part of the benchmarks runs, in a small size, and what it counts is right. Times are not
looked at: they are the machine's."""

import pytest

from benchmarks import day, digests, disk, engine, load, updates, year
from benchmarks.__main__ import PARTS, TOGETHER
from benchmarks.figures import Result, Table
from benchmarks.least import least
from benchmarks.load_tables import Length, result
from demo.platform import School
from storage.enums import Pace

pytestmark = [pytest.mark.process, pytest.mark.timeout(180)]


def table(result: Result, title: str) -> Table:
    (found,) = [each for each in result.tables if each.title == title]
    return found


def test_each_part_has_its_place() -> None:
    assert sorted(name for group in TOGETHER for name in group) == sorted(PARTS)


async def test_all_ways_study_all_cells_and_the_engine_sends_the_least() -> None:
    found = await engine.measure(repeated=1, posted=1, topics=2)

    counted = table(found, "Requests to the platform")
    assert {counted.cell(kind, "over the least").median for kind in counted.rows} == {1}
    assert counted.cell("all, with the reading of the course", "cells").median == 20
    assert len(table(found, "The engine beside scripts").rows) == 4


async def test_both_bots_are_driven() -> None:
    found = await updates.measure(repeated=1, seconds=0.2, count=2)

    speeds = table(found, "Updates beside an echo bot")
    assert all(speeds.cell(kind, "over echo").median > 0 for kind in speeds.rows)


async def test_a_jobs_requests_are_the_least_and_its_cells_are_committed() -> None:
    counted = await disk.writes(1, 2)

    made = engine.school(1, 2)
    fresh = School(made.students, made.courses)
    # The first reading of the course was seeded: its modules, and the topics of each.
    reading = 1 + len(made.courses[0].modules)
    needed = least(fresh, made.students[0].stu_id, Pace.NORMAL).total() - reading
    assert counted.cell("requests to the platform", "in all").median == pytest.approx(needed, abs=4)
    assert counted.cell("commits", "a cell").median >= 1


async def test_the_file_of_more_jobs_is_larger() -> None:
    assert (await disk.size(30)).median > (await disk.size(1)).median


async def test_a_year_is_asked_for_in_turn_with_a_new_file() -> None:
    found = await year.measure(chats=2, days=3, jobs=2, repeated=1)

    assert "6 ended jobs" in table(found, "After a year").about
    assert len(table(found, "After a year").rows) == 4


async def test_all_digests_go_out() -> None:
    found = await digests.measure(count=3, before=0.5)

    sent = table(found, "Digests due at the same minute")
    assert sent.cell("digests, all due at 21:00", "measured").median == 3


async def test_memory_is_looked_at_after_each_hour() -> None:
    found = await day.measure(students=1, hours=(1, 2))

    looked = table(found, "Memory over a day")
    assert list(looked.rows) == ["1", "2"]
    assert looked.cell("2", "reports").median > looked.cell("1", "reports").median


async def test_students_and_people_are_seen_with_the_limit_and_without() -> None:
    quick = Length(steps=4, step=0.4, part=2, speed=20)
    loads, lives = await load.large(2, quick, again=0)

    seen = result(loads, 2, lives)
    students, answers = table(seen, "Students at the same time"), table(seen, "Answers")
    for name in ("2, within 30 a second", "2, without limit"):
        assert students.cell(name, "reporting").median == 2
        assert students.cell(name, "Telegram calls a second").median > 0
        assert answers.cell(name, "lost").median == 0
    starts = table(seen, "Start and end with 2 jobs")
    assert starts.cell("jobs that had reported then", "measured").values == (2, 2)
