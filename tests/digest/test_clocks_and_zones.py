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

from .campus import ANNA, Campus, local, on_campus
from .one_chat import begin, dates, small
from .zone_rules import DAY, MINUTE, SECOND

HOUR = timedelta(hours=1)


@pytest.mark.parametrize("hours", [-2, 2])
@pytest.mark.parametrize("jump", ["19:30", "20:30", "21:30", "22:30"])
def test_a_clock_that_jumps_and_comes_back_sends_each_date_once(
    tmp_path: Path, hours: int, jump: str
) -> None:
    async def story(campus: Campus) -> None:
        await begin(campus)
        back = local(f"2026-03-02 {jump}") + 3 * HOUR
        while campus.clock.monotonic() < (3 * DAY).total_seconds():
            real = campus.clock.begin + campus.clock.monotonic() * SECOND
            jumped = local(f"2026-03-02 {jump}") <= real < back
            campus.clock.jumped = timedelta(hours=hours if jumped else 0)
            for said in await campus.tick():
                assert said.at >= local(f"{said.report.local_date} 21:00")
            await asyncio.sleep(900)
        sent = dates(campus.telegram.said)
        assert sent == [date(2026, 3, 2), date(2026, 3, 3), date(2026, 3, 4)]

    on_campus(tmp_path, small(), story)


def test_a_day_that_the_clock_called_over_is_sent_when_it_is_not(tmp_path: Path) -> None:
    async def story(campus: Campus) -> None:
        await begin(campus, "23:00")
        assert await campus.tick_at("2026-03-02 22:50") == []
        campus.clock.jumped = 2 * HOUR
        for _ in range(3):
            assert await campus.tick() == []
        campus.clock.jumped = timedelta()
        (said,) = await campus.tick_at("2026-03-02 23:10")
        assert dates([said]) == [date(2026, 3, 2)]
        assert said.report.missed == []

    on_campus(tmp_path, small(), story)


def test_a_time_that_was_just_set_holds_at_once(tmp_path: Path) -> None:
    async def story(campus: Campus) -> None:
        await begin(campus, "21:00")
        assert await campus.tick_at("2026-03-02 20:00") == []
        await campus.wishes.set_at(ANNA, time(20, 30))
        assert len(await campus.tick_at("2026-03-02 20:30")) == 1

    on_campus(tmp_path, small(), story)


def test_a_suspended_machine_sends_todays_and_tells_of_the_others(tmp_path: Path) -> None:
    async def story(campus: Campus) -> None:
        await begin(campus)
        await campus.tick_at("2026-03-02 21:00")
        (said,) = await campus.tick_at("2026-03-05 22:00")
        assert [each.local_date.day for each in said.report.missed] == [3, 4]
        assert {each.why for each in said.report.missed} == {Missed.DOWN}

    on_campus(tmp_path, small(), story)


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
    async def story(campus: Campus) -> None:
        await begin(campus)
        while campus.clock.now() < local(begin_at):
            await campus.tick()
            await asyncio.sleep(600)
        await campus.db.write(lambda conn: chats.set_time_zone(conn, ANNA, zone))
        end = moment_of(date(2026, 3, days[-1]), time(21), ZoneInfo(zone)) + 20 * MINUTE
        while campus.clock.now() < end:
            await campus.tick()
            await asyncio.sleep(600)
        assert [day.day for day in dates(campus.telegram.said)] == days
        assert all(not said.report.missed for said in campus.telegram.said)

    on_campus(tmp_path, small(), story)


def test_who_was_down_after_a_change_of_zone_says_so(tmp_path: Path) -> None:
    async def story(campus: Campus) -> None:
        await begin(campus)
        await campus.db.write(lambda conn: chats.set_time_zone(conn, ANNA, "Asia/Tokyo"))
        await campus.tick_at("2026-03-02 13:00")
        (said,) = await campus.tick_at("2026-03-03 21:00")
        assert said.report.missed == [MissedDigest(date(2026, 3, 2), Missed.DOWN)]

    on_campus(tmp_path, small(), story)


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
    async def story(campus: Campus) -> None:
        await campus.log_in(ANNA, STUDENT.stu_id)
        await campus.wants(ANNA, at, Days.DAILY, zone)
        first = campus.clock.now()
        while campus.clock.now() < first + 4 * DAY:
            await campus.tick()
            await asyncio.sleep(900)
        said = {each.report.local_date: each.at for each in campus.telegram.said}
        assert len(said) == len(campus.telegram.said), "twice"
        day, owed = min(said), {}
        while (
            due := due_on(day, time.fromisoformat(at), ZoneInfo(zone))
        ) and due.at < first + 4 * DAY:
            owed[day] = due.at
            day += DAY
        assert said.keys() == owed.keys()
        assert all(owed[each] <= said[each] <= owed[each] + 16 * MINUTE for each in owed)

    on_campus(tmp_path, small(), story, begin=f"{begin_at} 20:00")


def test_the_next_one_is_foretold(tmp_path: Path) -> None:
    async def story(campus: Campus) -> None:
        await begin(campus)
        assert await campus.wishes.next_at(ANNA) == local("2026-03-02 21:00")
        await campus.tick_at("2026-03-02 21:00")
        assert await campus.wishes.next_at(ANNA) == local("2026-03-03 21:00")
        await campus.db.write(lambda conn: chats.set_time_zone(conn, ANNA, "Asia/Tokyo"))
        assert await campus.wishes.next_at(ANNA) == local("2026-03-03 20:00")
        await campus.wishes.switch(ANNA, on=False)
        assert await campus.wishes.next_at(ANNA) is None

    on_campus(tmp_path, small(), story)
