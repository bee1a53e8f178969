"""Many chats at once: each is served, within the bounds, and told of its own students alone."""

import asyncio
from datetime import timedelta
from pathlib import Path

from bot.digest.report import DigestReport
from bot.digest.service import AT_ONCE
from demo.platform import OTHER_STUDENT, STUDENT, Endpoint
from tests.support.digest_harness import DigestHarness, local, play_digests, until_served
from tests.support.names import ANNA, BORIS

from .one_chat import small


def test_many_that_are_due_at_once_are_spread_within_the_bounds(tmp_path: Path) -> None:
    count = 60

    async def story(harness: DigestHarness) -> None:
        for n in range(count):
            await harness.log_in(5000 + n, f"student-{n}")
            await harness.wants(5000 + n)
        await harness.sleep_until(local("2026-03-02 21:00"))
        began = len(harness.platform.requests)
        at_work, most = 0, 0

        async def watch(_: DigestReport) -> None:
            nonlocal at_work, most
            at_work += 1
            most = max(most, at_work)
            await asyncio.sleep(0.5)
            at_work -= 1

        harness.telegram.before = watch
        said = await harness.tick()
        assert len({each.report.chat_id for each in said}) == count
        assert len(said) == count
        assert most <= 8
        assert said[-1].at - said[0].at > timedelta(seconds=(count - 1) * 0.1)
        moments = [request.at for request in harness.platform.requests[began:]]
        rate = len(moments) / (moments[-1] - moments[0])
        assert 3 < rate <= 20
        assert harness.platform.violations == []

    play_digests(tmp_path, small(count), story)


def test_many_that_nothing_has_to_be_read_for_are_spread_too(tmp_path: Path) -> None:
    count = 40

    async def story(harness: DigestHarness) -> None:
        for n in range(count):
            await harness.log_in(5000 + n, f"student-{n}")
            await harness.wants(5000 + n)
            harness.platform.expire(f"student-{n}")
        await harness.tick_at("2026-03-02 21:00")
        said = await harness.tick_at("2026-03-03 21:00")
        assert len(said) == count
        assert said[-1].at - said[0].at > timedelta(seconds=(count - 1) * 0.1 - 0.01)

    play_digests(tmp_path, small(count), story)


def test_each_chat_is_told_of_its_own_students_alone(tmp_path: Path) -> None:
    async def story(harness: DigestHarness) -> None:
        anna = await harness.log_in(ANNA, STUDENT.stu_id)
        boris = await harness.log_in(BORIS, STUDENT.stu_id)
        second = await harness.log_in(BORIS, OTHER_STUDENT.stu_id)
        await harness.wants(ANNA)
        await harness.wants(BORIS)
        said = await harness.tick_at("2026-03-02 21:00")
        told = {s.report.chat_id: [part.account_id for part in s.report.accounts] for s in said}
        assert told == {ANNA: [anna.id], BORIS: [boris.id, second.id]}

    play_digests(tmp_path, small(), story)


async def begin_all(harness: DigestHarness, count: int) -> list[int]:
    people = [5000 + n for n in range(count)]
    for n, chat_id in enumerate(people):
        await harness.log_in(chat_id, f"student-{n}")
        await harness.wants(chat_id)
    return people


def test_so_many_are_read_side_by_side_and_no_more(tmp_path: Path) -> None:
    async def story(harness: DigestHarness) -> None:
        await begin_all(harness, AT_ONCE + 6)
        before = harness.asked(Endpoint.ME)
        await harness.sleep_until(local("2026-03-02 21:00"))
        await harness.digests.tick()
        # Each takes five requests with a second between them.
        await asyncio.sleep(3)
        assert harness.asked(Endpoint.ME) - before == AT_ONCE
        assert harness.telegram.said == []
        await until_served(harness.digests)
        assert len(harness.telegram.said) == AT_ONCE + 6

    play_digests(tmp_path, small(AT_ONCE + 6), story)


def test_chats_that_wait_for_telegram_keep_no_other_from_being_read(tmp_path: Path) -> None:
    async def story(harness: DigestHarness) -> None:
        people = await begin_all(harness, AT_ONCE + 6)
        stuck, until = set(people[:AT_ONCE]), asyncio.Event()

        async def wait(report: DigestReport) -> None:
            if report.chat_id in stuck:
                await until.wait()

        harness.telegram.before = wait
        await harness.sleep_until(local("2026-03-02 21:00"))
        await harness.digests.tick()
        await asyncio.sleep(60)
        assert {each.report.chat_id for each in harness.telegram.said} == {*people} - stuck
        until.set()
        await until_served(harness.digests)
        assert len(harness.telegram.said) == len(people)

    play_digests(tmp_path, small(AT_ONCE + 6), story)


def test_looks_for_new_lessons_wait_while_digests_are_due(tmp_path: Path) -> None:
    async def story(harness: DigestHarness) -> None:
        # The one that only watches comes first by its number.
        await harness.log_in(ANNA, STUDENT.stu_id)
        await harness.log_in(BORIS, OTHER_STUDENT.stu_id)
        await harness.wants(BORIS)
        await harness.sleep_until(local("2026-03-02 21:00"))
        await harness.wishes.set_watch(ANNA, 6)
        before = harness.asked(Endpoint.COURSES)
        (said,) = await harness.tick()
        assert said.report.chat_id == BORIS
        assert harness.asked(Endpoint.COURSES) - before == 1
        await harness.tick()
        assert harness.asked(Endpoint.COURSES) - before == 2

    play_digests(tmp_path, small(), story)
