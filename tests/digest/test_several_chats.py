"""Many chats at once: each is served, within the bounds, and told of its own students alone."""

import asyncio
from datetime import timedelta
from pathlib import Path

from bot.digest.report import DigestReport
from bot.digest.service import AT_ONCE
from demo.platform import OTHER_STUDENT, STUDENT, Endpoint
from tests.digest.served import until_served

from .campus import ANNA, BORIS, Campus, local, on_campus
from .one_chat import small


def test_many_that_are_due_at_once_are_spread_within_the_bounds(tmp_path: Path) -> None:
    count = 60

    async def story(campus: Campus) -> None:
        for n in range(count):
            await campus.log_in(5000 + n, f"student-{n}")
            await campus.wants(5000 + n)
        await campus.sleep_until(local("2026-03-02 21:00"))
        began = len(campus.platform.requests)
        at_work, most = 0, 0

        async def watch(_: DigestReport) -> None:
            nonlocal at_work, most
            at_work += 1
            most = max(most, at_work)
            await asyncio.sleep(0.5)
            at_work -= 1

        campus.telegram.before = watch
        said = await campus.tick()
        assert len({each.report.chat_id for each in said}) == count
        assert len(said) == count
        assert most <= 8
        assert said[-1].at - said[0].at > timedelta(seconds=(count - 1) * 0.1)
        moments = [request.at for request in campus.platform.requests[began:]]
        rate = len(moments) / (moments[-1] - moments[0])
        assert 3 < rate <= 20
        assert campus.platform.violations == []

    on_campus(tmp_path, small(count), story)


def test_many_that_nothing_has_to_be_read_for_are_spread_too(tmp_path: Path) -> None:
    count = 40

    async def story(campus: Campus) -> None:
        for n in range(count):
            await campus.log_in(5000 + n, f"student-{n}")
            await campus.wants(5000 + n)
            campus.platform.expire(f"student-{n}")
        await campus.tick_at("2026-03-02 21:00")
        said = await campus.tick_at("2026-03-03 21:00")
        assert len(said) == count
        assert said[-1].at - said[0].at > timedelta(seconds=(count - 1) * 0.1 - 0.01)

    on_campus(tmp_path, small(count), story)


def test_each_chat_is_told_of_its_own_students_alone(tmp_path: Path) -> None:
    async def story(campus: Campus) -> None:
        anna = await campus.log_in(ANNA, STUDENT.stu_id)
        boris = await campus.log_in(BORIS, STUDENT.stu_id)
        second = await campus.log_in(BORIS, OTHER_STUDENT.stu_id)
        await campus.wants(ANNA)
        await campus.wants(BORIS)
        said = await campus.tick_at("2026-03-02 21:00")
        told = {s.report.chat_id: [part.account_id for part in s.report.accounts] for s in said}
        assert told == {ANNA: [anna.id], BORIS: [boris.id, second.id]}

    on_campus(tmp_path, small(), story)


async def begin_all(campus: Campus, count: int) -> list[int]:
    people = [5000 + n for n in range(count)]
    for n, chat_id in enumerate(people):
        await campus.log_in(chat_id, f"student-{n}")
        await campus.wants(chat_id)
    return people


def test_so_many_are_read_side_by_side_and_no_more(tmp_path: Path) -> None:
    async def story(campus: Campus) -> None:
        await begin_all(campus, AT_ONCE + 6)
        before = campus.asked(Endpoint.ME)
        await campus.sleep_until(local("2026-03-02 21:00"))
        await campus.digests.tick()
        # Each takes five requests with a second between them.
        await asyncio.sleep(3)
        assert campus.asked(Endpoint.ME) - before == AT_ONCE
        assert campus.telegram.said == []
        await until_served(campus.digests)
        assert len(campus.telegram.said) == AT_ONCE + 6

    on_campus(tmp_path, small(AT_ONCE + 6), story)


def test_chats_that_wait_for_telegram_keep_no_other_from_being_read(tmp_path: Path) -> None:
    async def story(campus: Campus) -> None:
        people = await begin_all(campus, AT_ONCE + 6)
        stuck, until = set(people[:AT_ONCE]), asyncio.Event()

        async def wait(report: DigestReport) -> None:
            if report.chat_id in stuck:
                await until.wait()

        campus.telegram.before = wait
        await campus.sleep_until(local("2026-03-02 21:00"))
        await campus.digests.tick()
        await asyncio.sleep(60)
        assert {each.report.chat_id for each in campus.telegram.said} == {*people} - stuck
        until.set()
        await until_served(campus.digests)
        assert len(campus.telegram.said) == len(people)

    on_campus(tmp_path, small(AT_ONCE + 6), story)


def test_looks_for_new_lessons_wait_while_digests_are_due(tmp_path: Path) -> None:
    async def story(campus: Campus) -> None:
        # The one that only watches comes first by its number.
        await campus.log_in(ANNA, STUDENT.stu_id)
        await campus.log_in(BORIS, OTHER_STUDENT.stu_id)
        await campus.wants(BORIS)
        await campus.sleep_until(local("2026-03-02 21:00"))
        await campus.wishes.set_watch(ANNA, 6)
        before = campus.asked(Endpoint.COURSES)
        (said,) = await campus.tick()
        assert said.report.chat_id == BORIS
        assert campus.asked(Endpoint.COURSES) - before == 1
        await campus.tick()
        assert campus.asked(Endpoint.COURSES) - before == 2

    on_campus(tmp_path, small(), story)
