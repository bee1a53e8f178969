"""What becomes of a digest that was handed over, and what the next one says of it."""

import asyncio
from datetime import date
from pathlib import Path

from bot.delivery_status import DeliveryStatus
from bot.digest.report import DigestReport, Missed, MissedDigest
from tests.support.digest_harness import DigestHarness, local, play_digests
from tests.support.names import ANNA

from .one_chat import begin, small


def test_an_orderly_end_lets_a_digest_that_was_handed_over_come(tmp_path: Path) -> None:
    async def story(harness: DigestHarness) -> None:
        await begin(harness)
        handed_over = asyncio.Event()

        async def slow(_: DigestReport) -> None:
            handed_over.set()
            await asyncio.sleep(0.3)

        harness.telegram.before = slow
        await harness.sleep_until(local("2026-03-02 21:00"))
        await harness.digests.tick()
        await handed_over.wait()
        await harness.restart()
        (row,) = await harness.rows()
        assert row.sent_at is not None
        assert len(harness.telegram.said) == 1

    play_digests(tmp_path, small(), story)


def test_one_that_never_left_at_the_end_comes_after_the_next_start(tmp_path: Path) -> None:
    async def story(harness: DigestHarness) -> None:
        await begin(harness)
        harness.telegram.delivery = DeliveryStatus.UNSENT
        assert await harness.tick_at("2026-03-02 21:00") == []
        await harness.restart()
        harness.telegram.delivery = DeliveryStatus.SENT
        (said,) = await harness.tick_at("2026-03-02 21:05")
        assert said.report.missed == []
        (row,) = await harness.rows()
        assert (row.reason, row.sent_at is not None) == (None, True)
        assert await harness.tick_at("2026-03-02 21:10") == []

    play_digests(tmp_path, small(), story)


def test_one_that_never_left_all_day_is_told_of_with_the_next(tmp_path: Path) -> None:
    async def story(harness: DigestHarness) -> None:
        await begin(harness)
        harness.telegram.delivery = DeliveryStatus.UNSENT
        assert await harness.tick_at("2026-03-02 21:00") == []
        harness.telegram.delivery = DeliveryStatus.SENT
        (said,) = await harness.tick_at("2026-03-03 21:00")
        assert said.report.missed == [MissedDigest(date(2026, 3, 2), Missed.DOWN)]

    play_digests(tmp_path, small(), story)


def test_one_that_telegram_refuses_is_given_up_and_told_of(tmp_path: Path) -> None:
    async def story(harness: DigestHarness) -> None:
        await begin(harness)
        harness.telegram.delivery = DeliveryStatus.REFUSED
        assert await harness.tick_at("2026-03-02 21:00") == []
        harness.telegram.delivery = DeliveryStatus.SENT
        assert await harness.tick_at("2026-03-02 21:05") == []
        (said,) = await harness.tick_at("2026-03-03 21:00")
        assert said.report.missed == [MissedDigest(date(2026, 3, 2), Missed.BROKEN)]

    play_digests(tmp_path, small(), story)


def test_who_switched_it_off_while_it_was_sent_is_told_nothing_of_it(tmp_path: Path) -> None:
    async def story(harness: DigestHarness) -> None:
        await begin(harness)

        async def switched_off(_: DigestReport) -> None:
            await harness.wishes.switch(ANNA, on=False)

        harness.telegram.before, harness.telegram.delivery = switched_off, DeliveryStatus.UNSENT
        assert await harness.tick_at("2026-03-02 21:00") == []
        harness.telegram.before, harness.telegram.delivery = None, DeliveryStatus.SENT
        await harness.wishes.switch(ANNA, on=True)
        (said,) = await harness.tick_at("2026-03-03 21:00")
        assert said.report.missed == []

    play_digests(tmp_path, small(), story)


def test_what_telegram_did_not_take_is_not_tried_again_and_told_of(tmp_path: Path) -> None:
    async def story(harness: DigestHarness) -> None:
        await begin(harness)
        harness.telegram.delivery = DeliveryStatus.UNKNOWN
        assert await harness.tick_at("2026-03-02 21:00") == []
        harness.telegram.delivery = DeliveryStatus.SENT
        assert await harness.tick_at("2026-03-02 21:05") == []
        (said,) = await harness.tick_at("2026-03-03 21:00")
        assert said.report.missed == [MissedDigest(date(2026, 3, 2), Missed.LOST)]

    play_digests(tmp_path, small(), story)


def test_what_telegram_held_up_over_the_end_of_the_day_was_too_late(tmp_path: Path) -> None:
    async def story(harness: DigestHarness) -> None:
        await begin(harness)

        async def held_up(report: DigestReport) -> None:
            await harness.sleep_until(report.until)
            harness.telegram.delivery = DeliveryStatus.UNSENT

        harness.telegram.before = held_up
        await harness.tick_at("2026-03-02 21:00")
        harness.telegram.delivery, harness.telegram.before = DeliveryStatus.SENT, None
        (said,) = await harness.tick_at("2026-03-03 21:00")
        assert said.report.missed == [MissedDigest(date(2026, 3, 2), Missed.DOWN)]

    play_digests(tmp_path, small(), story)


def test_trouble_in_saying_it_ends_in_no_second_try(tmp_path: Path) -> None:
    async def story(harness: DigestHarness) -> None:
        await begin(harness)

        async def broken(_: DigestReport) -> None:
            raise RuntimeError("nobody foresaw this")

        harness.telegram.before = broken
        await harness.tick_at("2026-03-02 21:00")
        harness.telegram.before = None
        assert await harness.tick_at("2026-03-02 21:05") == []
        (row,) = await harness.rows()
        assert row.reason == "unsaid"

    play_digests(tmp_path, small(), story)
