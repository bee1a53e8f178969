"""What nobody knows is read while nothing is due, and nobody waits for it."""

import asyncio
from pathlib import Path

import pytest

from bot.digest import reading_ahead
from bot.digest.report import Standing
from bot.jobs.answers import Answer
from demo.platform import (
    STUDENT,
    Endpoint,
    Fault,
    School,
    course,
    document,
    module,
    picture,
    school_of,
    topic,
    video,
)
from storage.rows import run
from tests.support.digest_harness import DigestHarness, local, play_digests, until_served
from tests.support.names import ANNA

DEEPER = (Endpoint.TOPICS, Endpoint.CELLS)
MODULES = 30


def a_large_course() -> School:
    """More modules than one digest reads."""
    return school_of(
        courses=[
            course(
                [
                    module([topic([video(60), picture()]), topic([document(2)])], name=f"模块{n}")
                    for n in range(MODULES)
                ],
                name="大课",
            )
        ]
    )


async def begin(harness: DigestHarness) -> None:
    await harness.log_in(ANNA, STUDENT.stu_id)
    await harness.wants(ANNA)


def test_a_course_of_any_size_is_known_by_the_evening(tmp_path: Path) -> None:
    async def story(harness: DigestHarness) -> None:
        await begin(harness)
        await harness.tick_at("2026-03-02 12:30")
        once = harness.asked(*DEEPER)
        assert reading_ahead.ALLOWANCE <= once < reading_ahead.ALLOWANCE + 3, (
            "a module is read to its end"
        )
        await harness.tick_at("2026-03-02 13:00")
        assert harness.asked(*DEEPER) == once, "once an hour"
        await harness.tick_at("2026-03-02 14:00")
        (said,) = await harness.tick_at("2026-03-02 21:00")
        left = said.part.courses[0].left
        assert (left.to_study, left.unread_modules) == (3 * MODULES, 0)
        assert harness.asked(*DEEPER) == 3 * MODULES, "each once"
        assert said.part.courses[0].news == []
        assert harness.platform.violations == []

    play_digests(tmp_path, a_large_course(), story)


def test_what_a_digest_had_no_time_for_is_read_after_it(tmp_path: Path) -> None:
    async def story(harness: DigestHarness) -> None:
        await begin(harness)
        (said,) = await harness.tick_at("2026-03-02 21:00")
        assert 0 < said.part.courses[0].left.unread_modules < MODULES
        await harness.tick_at("2026-03-02 21:10")
        (said,) = await harness.tick_at("2026-03-03 21:00")
        assert said.part.courses[0].left.unread_modules == 0
        assert said.part.courses[0].left.as_of is None

    play_digests(tmp_path, a_large_course(), story)


def test_who_wants_no_digest_is_not_read(tmp_path: Path) -> None:
    async def story(harness: DigestHarness) -> None:
        await harness.log_in(ANNA, STUDENT.stu_id)
        before = len(harness.platform.requests)
        await harness.tick_at("2026-03-02 12:30")
        assert len(harness.platform.requests) == before

    play_digests(tmp_path, a_large_course(), story)


def test_a_student_whose_job_runs_is_left_alone(tmp_path: Path) -> None:
    async def story(harness: DigestHarness) -> None:
        account = await harness.log_in(ANNA, STUDENT.stu_id)
        await harness.wants(ANNA)
        draft = await harness.preview(account, 0)
        assert (await harness.control.start(ANNA, draft, 7)).answer is Answer.STARTED
        await harness.db.write(lambda conn: run(conn, "UPDATE jobs SET state = 'running'"))
        before = len(harness.platform.requests)
        await harness.tick_at("2026-03-02 12:30")
        assert len(harness.platform.requests) == before

    play_digests(tmp_path, a_large_course(), story)


@pytest.mark.parametrize("pressed", [True, False])
def test_whoever_waits_for_a_digest_waits_for_one_module_at_the_most(
    tmp_path: Path, pressed: bool
) -> None:
    async def story(harness: DigestHarness) -> None:
        await begin(harness)
        await harness.sleep_until(local("2026-03-02 20:59:50"))
        await harness.digests.tick()
        await asyncio.sleep(10)
        begun = harness.asked(*DEEPER)
        assert begun > 3, "it is being read ahead"
        if pressed:
            await harness.digests.send_now(ANNA)
        else:
            await harness.digests.tick()
            await until_served(harness.digests)
        assert len(harness.telegram.said) == 1
        # The module that was begun, then what a digest may read itself.
        assert harness.asked(*DEEPER) <= begun + 3 + 33
        assert (harness.telegram.said[0].at - local("2026-03-02 21:00")).total_seconds() < 60

    play_digests(tmp_path, a_large_course(), story)


def test_trouble_on_the_way_is_told_nobody_and_costs_nothing_that_was_read(tmp_path: Path) -> None:
    async def story(harness: DigestHarness) -> None:
        await begin(harness)
        broken = harness.platform.school.courses[0].modules[5].topics[0].id
        harness.platform.faults.add(
            Endpoint.CELLS, Fault.HTTP_503, times=None, where=lambda form: form["topicId"] == broken
        )
        await harness.tick_at("2026-03-02 12:30")
        assert harness.telegram.said == []
        (said,) = await harness.tick_at("2026-03-02 21:00")
        assert said.part.standing is Standing.READ, "its numbers are the platform's"
        assert said.part.courses[0].left.unread_modules < MODULES - 5, "others have their turn"
        await harness.tick_at("2026-03-02 22:00")
        await harness.tick_at("2026-03-02 23:30")
        (said,) = await harness.tick_at("2026-03-03 21:00")
        assert said.part.courses[0].left.unread_modules == 1

    play_digests(tmp_path, a_large_course(), story)


def test_a_chat_whose_reading_waits_is_not_chosen_again_by_the_next_looks(tmp_path: Path) -> None:
    async def story(harness: DigestHarness) -> None:
        await begin(harness)
        async with harness.digests._alone(ANNA):
            for minute in range(30, 35):
                await harness.sleep_until(local(f"2026-03-02 12:{minute}"))
                await harness.digests.tick()
            assert len(harness.digests._tasks) == 1
        await until_served(harness.digests)
        assert harness.asked(*DEEPER) > 0

    play_digests(tmp_path, a_large_course(), story)
