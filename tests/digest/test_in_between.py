"""What changes while a digest is read, waits to be claimed or is on its way: neither lost nor told
twice, and of whoever is there still."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from bot.delivery_status import DeliveryStatus
from bot.digest.report import DigestReport, Missed, MissedDigest
from bot.jobs.answers import Answer
from demo.platform import OTHER_STUDENT, STUDENT, Endpoint, Phase, picture
from storage import chats
from storage.enums import JobState
from tests.support.digest_harness import DigestHarness, local, play_digests
from tests.support.names import ANNA

from .one_chat import begin, dates, small


def with_the_next(
    harness: DigestHarness, endpoint: Endpoint, act: Callable[[], Awaitable[object]]
) -> None:
    """Something happens elsewhere right after the platform has looked up its next answer."""

    async def hook(asked: Endpoint, phase: Phase) -> None:
        if asked is endpoint and phase is Phase.APPLIED:
            harness.platform.on_request = None
            await act()

    harness.platform.on_request = hook


def test_one_that_is_read_over_midnight_is_not_sent_in_the_next_ones_place(tmp_path: Path) -> None:
    async def story(harness: DigestHarness) -> None:
        await begin(harness, "00:00")
        await harness.sleep_until(local("2026-03-02 23:59:58"))
        await harness.restart()
        # When it is put together, the next one is due.
        assert await harness.tick() == []
        assert harness.clock.now() > local("2026-03-03 00:00")
        assert await harness.rows() == []
        (said,) = await harness.tick()
        assert dates([said]) == [date(2026, 3, 3)]
        assert said.report.missed == [MissedDigest(date(2026, 3, 2), Missed.DOWN)]

    play_digests(tmp_path, small(), story, begin="2026-03-01 12:00")


def test_who_blocks_the_bot_while_it_is_read_is_sent_none(tmp_path: Path) -> None:
    async def story(harness: DigestHarness) -> None:
        await begin(harness)

        async def block() -> None:
            now = harness.clock.now()
            await harness.db.write(lambda conn: chats.mark_blocked(conn, ANNA, now))

        with_the_next(harness, Endpoint.MODULES, block)
        assert await harness.tick_at("2026-03-02 21:00") == []
        assert await harness.rows() == []
        await harness.tick()
        assert [row.reason for row in await harness.rows()] == ["blocked"]
        await harness.sleep_until(local("2026-03-03 12:00"))
        await harness.db.write(lambda conn: chats.clear_blocked(conn, ANNA))
        (said,) = await harness.tick_at("2026-03-03 21:00")
        assert said.report.missed == []

    play_digests(tmp_path, small(), story)


def test_who_moves_to_the_next_date_while_it_is_read_gets_that_ones_alone(tmp_path: Path) -> None:
    async def story(harness: DigestHarness) -> None:
        await begin(harness)

        async def move() -> None:
            await harness.db.write(lambda c: chats.set_time_zone(c, ANNA, "Pacific/Auckland"))

        with_the_next(harness, Endpoint.MODULES, move)
        assert await harness.tick_at("2026-03-02 21:00") == []
        assert await harness.tick() == []
        (said,) = await harness.tick_at("2026-03-03 16:00")  # nine in the evening there
        assert dates([said]) == [date(2026, 3, 3)]
        assert said.report.missed == []

    play_digests(tmp_path, small(), story)


def test_one_that_was_pressed_for_meanwhile_asks_for_no_second_cookie(tmp_path: Path) -> None:
    async def story(harness: DigestHarness) -> None:
        await begin(harness)
        await harness.tick_at("2026-03-02 21:00")
        harness.platform.expire(STUDENT.stu_id)
        handed_over = asyncio.Event()

        async def slow(_: DigestReport) -> None:
            handed_over.set()
            await asyncio.sleep(5)

        harness.telegram.before = slow
        await harness.sleep_until(local("2026-03-03 21:00"))
        await harness.digests.tick()
        await handed_over.wait()
        assert await harness.digests.send_now(ANNA)
        asked = [each.part.asks_for_cookie for each in harness.telegram.said]
        assert asked == [False, True, False]

    play_digests(tmp_path, small(), story)


def test_what_is_found_by_the_reading_itself_is_told_once(tmp_path: Path) -> None:
    async def story(harness: DigestHarness) -> None:
        await begin(harness)
        await harness.tick_at("2026-03-02 21:00")

        async def publish() -> None:
            harness.add_cell(0, 0, replace(picture(name="补充"), id="new"))

        # While the courses are listed already.
        with_the_next(harness, Endpoint.COURSES, publish)
        (said,) = await harness.tick_at("2026-03-03 21:00")
        assert [c.name for new in said.course("护理").news for c in new.cells] == ["补充"]
        (said,) = await harness.tick_at("2026-03-04 21:00")
        assert said.course("护理").news == []

    play_digests(tmp_path, small(), story)


def test_what_happens_while_it_waits_for_telegram_is_told_by_the_next(tmp_path: Path) -> None:
    async def story(harness: DigestHarness) -> None:
        account = await harness.log_in(ANNA, STUDENT.stu_id)
        await harness.wants(ANNA)
        result = await harness.control.start(ANNA, await harness.preview(account, 0), 7)
        assert result.answer is Answer.STARTED
        assert result.job is not None
        job_id = result.job.id

        async def ends(_: DigestReport) -> None:
            await asyncio.sleep(60)
            await harness.control.cancel(ANNA, job_id)
            harness.finish("cell-2")
            await harness.drafts.read_courses(account)
            await asyncio.sleep(60)

        harness.telegram.before = ends
        (said,) = await harness.tick_at("2026-03-02 21:00")
        assert [each.state for each in said.part.jobs] == [JobState.QUEUED]
        harness.telegram.before = None
        (said,) = await harness.tick_at("2026-03-03 21:00")
        assert [(each.state, each.is_news) for each in said.part.jobs] == [
            (JobState.CANCELLED, True)
        ]
        assert said.course("护理").gained == 50
        (said,) = await harness.tick_at("2026-03-04 21:00")
        assert not said.report.has_news

    play_digests(tmp_path, small(), story)


@pytest.mark.parametrize("endpoint", [Endpoint.ME, Endpoint.COURSES, Endpoint.MODULES])
def test_who_logs_out_one_of_two_while_it_is_read_is_told_of_the_other(
    tmp_path: Path, endpoint: Endpoint
) -> None:
    async def story(harness: DigestHarness) -> None:
        account = await harness.log_in(ANNA, STUDENT.stu_id)
        other = await harness.log_in(ANNA, OTHER_STUDENT.stu_id)
        await harness.wants(ANNA)
        with_the_next(harness, endpoint, lambda: harness.login.log_out(ANNA, account.id))
        (said,) = await harness.tick_at("2026-03-02 21:00")
        assert said.part.account_id == other.id
        assert [line.name for line in said.part.courses] == ["护理"]

    play_digests(tmp_path, small(), story)


# a row that is open: its digest never left, and it may still be sent


async def leave_open(harness: DigestHarness) -> None:
    await begin(harness)
    harness.telegram.delivery = DeliveryStatus.UNSENT
    await harness.tick_at("2026-03-02 21:00")
    harness.telegram.delivery = DeliveryStatus.SENT
    (row,) = await harness.rows()
    assert row.is_open


async def looks(harness: DigestHarness) -> int:
    """How often the account is read in some minutes of looks."""
    before = harness.asked(Endpoint.COURSES)
    for minute in range(2, 8):
        await harness.tick_at(f"2026-03-02 21:0{minute}")
    return harness.asked(Endpoint.COURSES) - before


def test_trouble_with_one_that_never_left_ends_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def broken(*_: object, **__: object) -> None:
        raise RuntimeError("nobody foresaw this")

    async def story(harness: DigestHarness) -> None:
        await leave_open(harness)
        with monkeypatch.context() as patched:
            patched.setattr("bot.digest.collect.account_part", broken)
            assert await looks(harness) == 1
        (said,) = harness.telegram.said
        assert said.report.missed == (MissedDigest(date(2026, 3, 2), Missed.BROKEN),)
        (said,) = await harness.tick_at("2026-03-03 21:00")
        assert said.report.missed == []

    play_digests(tmp_path, small(), story)


def test_a_block_ends_one_that_never_left(tmp_path: Path) -> None:
    async def story(harness: DigestHarness) -> None:
        await leave_open(harness)
        now = harness.clock.now()
        await harness.db.write(lambda conn: chats.mark_blocked(conn, ANNA, now))
        assert await looks(harness) == 0
        (row,) = await harness.rows()
        assert (row.reason, row.told_at is not None) == ("blocked", True)
        await harness.db.write(lambda conn: chats.clear_blocked(conn, ANNA))
        assert await looks_later(harness) == []
        (said,) = await harness.tick_at("2026-03-03 21:00")
        assert said.report.missed == []

    play_digests(tmp_path, small(), story)


async def looks_later(harness: DigestHarness) -> list[object]:
    return [*await harness.tick_at("2026-03-02 21:30"), *await harness.tick_at("2026-03-02 22:30")]
