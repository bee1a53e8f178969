"""A crowd of digests is read before they are due; a few are read when they are due."""

import asyncio
from dataclasses import replace
from pathlib import Path

import pytest

from bot.digest.early_reading import CROWD
from bot.digest.report import Standing
from bot.digest.service import TICK
from bot.jobs.answers import Answer
from demo.platform import (
    Course,
    Endpoint,
    School,
    Student,
    course,
    document,
    module,
    school_of,
    topic,
    video,
)
from storage.rows import run
from tests.support.digest_harness import (
    DigestHarness,
    SentReport,
    learns_nothing,
    local,
    play_digests,
    until_served,
)

MANY = 2 * CROWD
COURSE = "大学英语"


@pytest.fixture(autouse=True)
def _no_depth(monkeypatch: pytest.MonkeyPatch) -> None:
    learns_nothing(monkeypatch)


def students(count: int) -> list[Student]:
    return [
        Student(stu_id=f"student-{number:03}", name=f"学生{number}", number=f"{number:03}")
        for number in range(count)
    ]


def a_school(count: int) -> School:
    cells = [video(60), document(3), video(30)]
    return school_of(
        courses=[course([module([topic(cells)])], name=COURSE)], students=students(count)
    )


async def gather(harness: DigestHarness, count: int) -> None:
    """All have their digest at 21:00."""
    for number, each in enumerate(students(count)):
        await harness.log_in(1000 + number, each.stu_id)
        await harness.wants(1000 + number)


async def ticks_until(harness: DigestHarness, moment: str) -> None:
    """Look as often as the bot does."""
    while harness.clock.now() + TICK <= local(moment):
        await asyncio.sleep(TICK.total_seconds())
        await harness.digests.tick()


async def read_the_first_time(harness: DigestHarness, count: int) -> None:
    """The first digest of all, which reads each chat's tree."""
    await gather(harness, count)
    await harness.tick_at("2026-03-02 21:00")
    assert len(harness.telegram.said) == count
    harness.telegram.said.clear()


def test_a_crowd_is_read_evenly_in_the_half_hour_before_and_asks_nothing_when_it_is_due(
    tmp_path: Path,
) -> None:
    async def story(harness: DigestHarness) -> None:
        await read_the_first_time(harness, MANY)
        await harness.sleep_until(local("2026-03-03 20:20"))
        before = len(harness.platform.requests)
        await ticks_until(harness, "2026-03-03 20:29:40")
        assert len(harness.platform.requests) == before
        counts: list[int] = []
        for minute in ("20:40", "20:50", "20:59:40"):
            await ticks_until(harness, f"2026-03-03 {minute}")
            counts.append(len(harness.platform.requests) - before - sum(counts))
        assert min(counts) > 0.5 * max(counts)
        await until_served(harness.digests)
        assert harness.telegram.said == []
        early = len(harness.platform.requests)
        await harness.tick_at("2026-03-03 21:00")
        assert len(harness.platform.requests) == early
        assert len(harness.telegram.said) == MANY
        assert {each.part.standing for each in harness.telegram.said} == {Standing.READ}
        last = max(each.at for each in harness.telegram.said)
        assert (last - local("2026-03-03 21:00")).total_seconds() < MANY * 0.1 + 1

    play_digests(tmp_path, a_school(MANY), story)


def test_a_few_are_read_when_they_are_due(tmp_path: Path) -> None:
    async def story(harness: DigestHarness) -> None:
        await read_the_first_time(harness, 3)
        await harness.sleep_until(local("2026-03-03 20:20"))
        before = len(harness.platform.requests)
        await ticks_until(harness, "2026-03-03 20:59:40")
        assert len(harness.platform.requests) == before
        await harness.tick_at("2026-03-03 21:00")
        assert len(harness.platform.requests) > before
        assert len(harness.telegram.said) == 3

    play_digests(tmp_path, a_school(3), story)


def test_who_studies_since_then_is_read_again_when_it_is_due(tmp_path: Path) -> None:
    async def story(harness: DigestHarness) -> None:
        await read_the_first_time(harness, MANY)
        await harness.sleep_until(local("2026-03-03 20:29"))
        await ticks_until(harness, "2026-03-03 20:59:40")
        await until_served(harness.digests)
        (account,) = await harness.accounts.of_chat(1003)
        draft = await harness.preview(account, 0)
        assert (await harness.control.start(1003, draft, 7)).answer is Answer.STARTED
        await harness.db.write(lambda conn: run(conn, "UPDATE jobs SET state = 'running'"))
        before = len(harness.platform.requests)
        await harness.tick_at("2026-03-03 21:00")
        asked = {each.student for each in harness.platform.requests[before:]}
        assert asked == {"student-003"}
        assert len(harness.telegram.said) == MANY

    play_digests(tmp_path, a_school(MANY), story)


def test_after_a_restart_what_was_read_early_is_read_again(tmp_path: Path) -> None:
    async def story(harness: DigestHarness) -> None:
        await read_the_first_time(harness, MANY)
        await harness.sleep_until(local("2026-03-03 20:29"))
        await ticks_until(harness, "2026-03-03 20:59")
        await harness.restart()
        before = len(harness.platform.requests)
        await harness.tick_at("2026-03-03 21:00")
        asked = {each.student for each in harness.platform.requests[before:]}
        assert len(asked) == MANY
        assert len(harness.telegram.said) == MANY

    play_digests(tmp_path, a_school(MANY), story)


def test_what_is_published_after_the_early_reading_is_told_the_next_day(tmp_path: Path) -> None:
    def published(school: School) -> None:
        (first,) = school.courses
        (part,) = first.modules
        more = replace(part, topics=(*part.topics, topic([document(2)], name="新的一课", id="new")))
        school.courses = (with_modules(first, more),)
        school.__post_init__()

    def is_told(said: SentReport) -> bool:
        line = said.course(COURSE)
        return bool(line.news) or line.unnamed > 0

    def with_modules(each: Course, *modules: object) -> Course:
        return replace(each, modules=modules)  # type: ignore[arg-type]

    async def story(harness: DigestHarness) -> None:
        await read_the_first_time(harness, MANY)
        await harness.sleep_until(local("2026-03-03 20:29"))
        await ticks_until(harness, "2026-03-03 20:59:40")
        await until_served(harness.digests)
        published(harness.platform.school)
        await harness.tick_at("2026-03-03 21:00")
        assert not any(is_told(each) for each in harness.telegram.said)
        harness.telegram.said.clear()
        await harness.sleep_until(local("2026-03-04 20:29"))
        await ticks_until(harness, "2026-03-04 20:59:40")
        await until_served(harness.digests)
        await harness.tick_at("2026-03-04 21:00")
        assert all(is_told(each) for each in harness.telegram.said)

    play_digests(tmp_path, a_school(MANY), story)


def test_trouble_in_the_half_hour_before_is_forgotten_when_the_digest_is_due(
    tmp_path: Path,
) -> None:
    async def story(harness: DigestHarness) -> None:
        await read_the_first_time(harness, MANY)
        await harness.sleep_until(local("2026-03-03 20:29"))
        harness.platform_transport.shut()
        await ticks_until(harness, "2026-03-03 20:59")
        await until_served(harness.digests)
        harness.platform_transport.is_open = True
        await harness.tick_at("2026-03-03 21:00")
        assert len(harness.telegram.said) == MANY
        assert {each.part.standing for each in harness.telegram.said} == {Standing.READ}

    play_digests(tmp_path, a_school(MANY), story)


def test_no_student_is_asked_for_twice_early(tmp_path: Path) -> None:
    async def story(harness: DigestHarness) -> None:
        await read_the_first_time(harness, MANY)
        await harness.sleep_until(local("2026-03-03 20:29"))
        before = harness.asked(Endpoint.ME)
        await ticks_until(harness, "2026-03-03 20:59:40")
        await until_served(harness.digests)
        assert harness.asked(Endpoint.ME) == before + MANY

    play_digests(tmp_path, a_school(MANY), story)
