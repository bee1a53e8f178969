"""Whatever the clock shows and wherever the chat is: each local date has its one digest."""

import asyncio
from datetime import date, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bot.digest.due import due_on, moment_of
from bot.digest.report import Missed, MissedDigest
from demo.platform import STUDENT
from storage import chats
from storage.enums import Days
from tests.support.digest_harness import DigestHarness, local, play_digests
from tests.support.names import ANNA

from .one_chat import begin, dates, small
from .zone_rules import DAY, MINUTE, SECOND

HOUR = timedelta(hours=1)


@pytest.mark.parametrize("hours", [-2, 2])
@pytest.mark.parametrize("jump", ["19:30", "20:30", "21:30", "22:30"])
def test_a_clock_that_jumps_and_comes_back_sends_each_date_once(
    tmp_path: Path, hours: int, jump: str
) -> None:
    async def story(harness: DigestHarness) -> None:
        await begin(harness)
        back = local(f"2026-03-02 {jump}") + 3 * HOUR
        while harness.clock.monotonic() < (3 * DAY).total_seconds():
            real = harness.clock.begin + harness.clock.monotonic() * SECOND
            jumped = local(f"2026-03-02 {jump}") <= real < back
            harness.clock.jumped = timedelta(hours=hours if jumped else 0)
            for said in await harness.tick():
                assert said.at >= local(f"{said.report.local_date} 21:00")
            await asyncio.sleep(900)
        sent = dates(harness.telegram.said)
        assert sent == [date(2026, 3, 2), date(2026, 3, 3), date(2026, 3, 4)]

    play_digests(tmp_path, small(), story)


def test_a_day_that_the_clock_called_over_is_sent_when_it_is_not(tmp_path: Path) -> None:
    async def story(harness: DigestHarness) -> None:
        await begin(harness, "23:00")
        assert await harness.tick_at("2026-03-02 22:50") == []
        harness.clock.jumped = 2 * HOUR
        for _ in range(3):
            assert await harness.tick() == []
        harness.clock.jumped = timedelta()
        (said,) = await harness.tick_at("2026-03-02 23:10")
        assert dates([said]) == [date(2026, 3, 2)]
        assert said.report.missed == []

    play_digests(tmp_path, small(), story)


def test_a_time_that_was_just_set_holds_at_once(tmp_path: Path) -> None:
    async def story(harness: DigestHarness) -> None:
        await begin(harness, "21:00")
        assert await harness.tick_at("2026-03-02 20:00") == []
        await harness.wishes.set_at(ANNA, time(20, 30))
        assert len(await harness.tick_at("2026-03-02 20:30")) == 1

    play_digests(tmp_path, small(), story)


def test_a_suspended_machine_sends_todays_and_tells_of_the_others(tmp_path: Path) -> None:
    async def story(harness: DigestHarness) -> None:
        await begin(harness)
        await harness.tick_at("2026-03-02 21:00")
        (said,) = await harness.tick_at("2026-03-05 22:00")
        assert [each.local_date.day for each in said.report.missed] == [3, 4]
        assert {each.why for each in said.report.missed} == {Missed.DOWN}

    play_digests(tmp_path, small(), story)


@pytest.mark.parametrize(
    ("begin_at", "zone", "days"),
    [
        # The 21:00 of the day in the new zone is over, or comes once more: never two of a date.
        ("2026-03-02 21:30", "America/New_York", [2, 3, 4]),
        ("2026-03-02 20:00", "America/New_York", [2, 3, 4]),
        ("2026-03-02 20:30", "Pacific/Auckland", [3, 4, 5]),
        ("2026-03-02 20:30", "Asia/Tokyo", [2, 3, 4]),
        ("2026-03-02 21:30", "Asia/Tokyo", [2, 3, 4]),
    ],
)
def test_who_changes_the_zone_gets_one_for_each_date_and_goes_on(
    tmp_path: Path, begin_at: str, zone: str, days: list[int]
) -> None:
    async def story(harness: DigestHarness) -> None:
        await begin(harness)
        while harness.clock.now() < local(begin_at):
            await harness.tick()
            await asyncio.sleep(600)
        await harness.db.write(lambda conn: chats.set_time_zone(conn, ANNA, zone))
        end = moment_of(date(2026, 3, days[-1]), time(21), ZoneInfo(zone)) + 20 * MINUTE
        while harness.clock.now() < end:
            await harness.tick()
            await asyncio.sleep(600)
        assert [day.day for day in dates(harness.telegram.said)] == days
        assert all(not said.report.missed for said in harness.telegram.said)

    play_digests(tmp_path, small(), story)


def test_who_was_down_after_a_change_of_zone_says_so(tmp_path: Path) -> None:
    async def story(harness: DigestHarness) -> None:
        await begin(harness)
        await harness.db.write(lambda conn: chats.set_time_zone(conn, ANNA, "Asia/Tokyo"))
        await harness.tick_at("2026-03-02 13:00")
        (said,) = await harness.tick_at("2026-03-03 21:00")
        assert said.report.missed == [MissedDigest(date(2026, 3, 2), Missed.DOWN)]

    play_digests(tmp_path, small(), story)


@pytest.mark.parametrize(
    ("zone", "begin_at", "at"),
    [
        ("America/New_York", "2026-03-07", "02:30"),
        ("America/New_York", "2026-10-31", "01:30"),
        ("America/Nuuk", "2026-03-27", "23:30"),
        ("America/Nuuk", "2026-10-23", "23:30"),
        ("Africa/Cairo", "2026-04-23", "00:30"),
        ("Africa/Casablanca", "2026-02-14", "02:30"),
        ("Australia/Lord_Howe", "2026-10-03", "02:15"),
        ("Asia/Beirut", "2026-03-28", "00:00"),
        ("Europe/Berlin", "2028-02-28", "21:00"),
    ],
)
def test_in_any_zone_each_date_has_one(tmp_path: Path, zone: str, begin_at: str, at: str) -> None:
    async def story(harness: DigestHarness) -> None:
        await harness.log_in(ANNA, STUDENT.stu_id)
        await harness.wants(ANNA, at, Days.DAILY, zone)
        first = harness.clock.now()
        while harness.clock.now() < first + 4 * DAY:
            await harness.tick()
            await asyncio.sleep(900)
        said = {each.report.local_date: each.at for each in harness.telegram.said}
        assert len(said) == len(harness.telegram.said), "twice"
        day, owed = min(said), {}
        while (
            due := due_on(day, time.fromisoformat(at), ZoneInfo(zone))
        ) and due.at < first + 4 * DAY:
            owed[day] = due.at
            day += DAY
        assert said.keys() == owed.keys()
        assert all(owed[each] <= said[each] <= owed[each] + 16 * MINUTE for each in owed)

    play_digests(tmp_path, small(), story, begin=f"{begin_at} 20:00")


def test_the_next_one_is_foretold(tmp_path: Path) -> None:
    async def story(harness: DigestHarness) -> None:
        await begin(harness)
        assert await harness.wishes.next_at(ANNA) == local("2026-03-02 21:00")
        await harness.tick_at("2026-03-02 21:00")
        assert await harness.wishes.next_at(ANNA) == local("2026-03-03 21:00")
        await harness.db.write(lambda conn: chats.set_time_zone(conn, ANNA, "Asia/Tokyo"))
        assert await harness.wishes.next_at(ANNA) == local("2026-03-03 20:00")
        await harness.wishes.switch(ANNA, on=False)
        assert await harness.wishes.next_at(ANNA) is None

    play_digests(tmp_path, small(), story)
