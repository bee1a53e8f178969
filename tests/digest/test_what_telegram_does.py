"""What becomes of a digest that was handed over, and what the next one says of it."""

import asyncio
from datetime import date
from pathlib import Path

from bot.delivery_status import DeliveryStatus
from bot.digest.report import DigestReport, Missed, MissedDigest

from .campus import ANNA, Campus, local, on_campus
from .one_chat import begin, small


def test_an_orderly_end_lets_a_digest_that_was_handed_over_come(tmp_path: Path) -> None:
    async def story(campus: Campus) -> None:
        await begin(campus)
        handed_over = asyncio.Event()

        async def slow(_: DigestReport) -> None:
            handed_over.set()
            await asyncio.sleep(0.3)

        campus.telegram.before = slow
        await campus.sleep_until(local("2026-03-02 21:00"))
        await campus.digests.tick()
        await handed_over.wait()
        await campus.restart()
        (row,) = await campus.rows()
        assert row.sent_at is not None
        assert len(campus.telegram.said) == 1

    on_campus(tmp_path, small(), story)


def test_one_that_never_left_at_the_end_comes_after_the_next_start(tmp_path: Path) -> None:
    async def story(campus: Campus) -> None:
        await begin(campus)
        campus.telegram.delivery = DeliveryStatus.UNSENT
        assert await campus.tick_at("2026-03-02 21:00") == []
        await campus.restart()
        campus.telegram.delivery = DeliveryStatus.SENT
        (said,) = await campus.tick_at("2026-03-02 21:05")
        assert said.report.missed == []
        (row,) = await campus.rows()
        assert (row.reason, row.sent_at is not None) == (None, True)
        assert await campus.tick_at("2026-03-02 21:10") == []

    on_campus(tmp_path, small(), story)


def test_one_that_never_left_all_day_is_told_of_with_the_next(tmp_path: Path) -> None:
    async def story(campus: Campus) -> None:
        await begin(campus)
        campus.telegram.delivery = DeliveryStatus.UNSENT
        assert await campus.tick_at("2026-03-02 21:00") == []
        campus.telegram.delivery = DeliveryStatus.SENT
        (said,) = await campus.tick_at("2026-03-03 21:00")
        assert said.report.missed == [MissedDigest(date(2026, 3, 2), Missed.DOWN)]

    on_campus(tmp_path, small(), story)


def test_one_that_telegram_refuses_is_given_up_and_told_of(tmp_path: Path) -> None:
    async def story(campus: Campus) -> None:
        await begin(campus)
        campus.telegram.delivery = DeliveryStatus.REFUSED
        assert await campus.tick_at("2026-03-02 21:00") == []
        campus.telegram.delivery = DeliveryStatus.SENT
        assert await campus.tick_at("2026-03-02 21:05") == []
        (said,) = await campus.tick_at("2026-03-03 21:00")
        assert said.report.missed == [MissedDigest(date(2026, 3, 2), Missed.BROKEN)]

    on_campus(tmp_path, small(), story)


def test_who_switched_it_off_while_it_was_sent_is_told_nothing_of_it(tmp_path: Path) -> None:
    async def story(campus: Campus) -> None:
        await begin(campus)

        async def switched_off(_: DigestReport) -> None:
            await campus.wishes.switch(ANNA, on=False)

        campus.telegram.before, campus.telegram.delivery = switched_off, DeliveryStatus.UNSENT
        assert await campus.tick_at("2026-03-02 21:00") == []
        campus.telegram.before, campus.telegram.delivery = None, DeliveryStatus.SENT
        await campus.wishes.switch(ANNA, on=True)
        (said,) = await campus.tick_at("2026-03-03 21:00")
        assert said.report.missed == []

    on_campus(tmp_path, small(), story)


def test_what_telegram_did_not_take_is_not_tried_again_and_told_of(tmp_path: Path) -> None:
    async def story(campus: Campus) -> None:
        await begin(campus)
        campus.telegram.delivery = DeliveryStatus.UNKNOWN
        assert await campus.tick_at("2026-03-02 21:00") == []
        campus.telegram.delivery = DeliveryStatus.SENT
        assert await campus.tick_at("2026-03-02 21:05") == []
        (said,) = await campus.tick_at("2026-03-03 21:00")
        assert said.report.missed == [MissedDigest(date(2026, 3, 2), Missed.LOST)]

    on_campus(tmp_path, small(), story)


def test_what_telegram_held_up_over_the_end_of_the_day_was_too_late(tmp_path: Path) -> None:
    async def story(campus: Campus) -> None:
        await begin(campus)

        async def held_up(report: DigestReport) -> None:
            await campus.sleep_until(report.until)
            campus.telegram.delivery = DeliveryStatus.UNSENT

        campus.telegram.before = held_up
        await campus.tick_at("2026-03-02 21:00")
        campus.telegram.delivery, campus.telegram.before = DeliveryStatus.SENT, None
        (said,) = await campus.tick_at("2026-03-03 21:00")
        assert said.report.missed == [MissedDigest(date(2026, 3, 2), Missed.DOWN)]

    on_campus(tmp_path, small(), story)


def test_trouble_in_saying_it_ends_in_no_second_try(tmp_path: Path) -> None:
    async def story(campus: Campus) -> None:
        await begin(campus)

        async def broken(_: DigestReport) -> None:
            raise RuntimeError("nobody foresaw this")

        campus.telegram.before = broken
        await campus.tick_at("2026-03-02 21:00")
        campus.telegram.before = None
        assert await campus.tick_at("2026-03-02 21:05") == []
        (row,) = await campus.rows()
        assert row.reason == "unsaid"

    on_campus(tmp_path, small(), story)
