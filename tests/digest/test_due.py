"""When a digest is due, in every zone that changes its clocks and at every odd time of it."""

import os
from collections.abc import Collection, Iterable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.digest.due import (
    LOOK_BACK,
    Due,
    Schedule,
    due_on,
    is_quiet,
    look,
    may_watch,
    moment_of,
    next_due,
)
from bot.zones import local_date
from storage.enums import Days

from .zone_rules import (
    DAY,
    MINUTE,
    SECOND,
    Change,
    Minutes,
    changes,
    one_of_each,
    wall,
    zones_that_change,
)

ALL = os.environ.get("DIGEST_ZONES") == "all"
"""Every zone and every change; else one zone of those that are alike, and each sort of change."""
SHANGHAI, NEW_YORK, NUUK = (
    ZoneInfo(name) for name in ("Asia/Shanghai", "America/New_York", "America/Nuuk")
)
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)
NINE = time(21)


def schedule(
    zone: ZoneInfo = SHANGHAI,
    at: time = NINE,
    days: Days = Days.DAILY,
    weekday: int = 0,
    *,
    armed_at: datetime = LONG_AGO,
    zone_since: datetime = LONG_AGO,
) -> Schedule:
    return Schedule(at, days, weekday, zone, armed_at, zone_since)


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


class Book:
    """The rows, and what came of each look at the clock."""

    def __init__(self) -> None:
        self.sent: dict[date, datetime] = {}
        self.missed: list[date] = []

    def tick(self, plan: Schedule, now: datetime) -> Due | None:
        found = look(plan, now, self.sent, self.missed)
        self.missed += found.missed
        if found.due is not None:
            assert found.due.local_date not in self.sent, "twice for one date"
            assert found.due.at <= now < found.due.until
            self.sent[found.due.local_date] = now
        return found.due


def sorts_of(zone: str) -> Iterable[Change]:
    """Changes that differ in more than the year."""
    if ALL:
        return changes(zone)
    found: dict[object, Change] = {}
    for change in changes(zone):
        first, last = change.edges
        found.setdefault((first.time(), last.time(), change.after > change.before), change)
    return found.values()


def odd_times(change: Change) -> Iterator[time]:
    first, last = change.edges
    yield from (first.time(), (first + (last - first) / 2).time(), (last - MINUTE).time())
    yield from (last.time(), time(0), time(23, 59), NINE)


def looks_around(dues: Collection[datetime], change: Change) -> list[datetime]:
    """When somebody looks at the clock: before and at each due second and each change of the
    clocks, and now and then."""
    start, end = min(dues) - DAY, max(dues) + 20 * SECOND
    looks = {start + n * timedelta(hours=7) for n in range(24)}
    for moment in (*dues, change.at):
        looks |= {moment - SECOND, moment, moment + SECOND, moment + 20 * SECOND}
    return sorted(moment for moment in looks if moment <= end)


def test_there_are_zones_to_try_and_each_is_like_one_that_is_tried() -> None:
    assert len(zones_that_change()) > 150
    tried = {changes(name) for name in one_of_each()}
    assert all(changes(name) in tried for name in zones_that_change())
    assert {"America/New_York", "Europe/Berlin", "Africa/Cairo"} <= set(zones_that_change())


@pytest.mark.parametrize("name", zones_that_change() if ALL else one_of_each())
def test_each_local_date_has_one_digest_and_none_is_early(name: str) -> None:
    zone = ZoneInfo(name)
    for change in sorts_of(name):
        day = local_date(change.at, zone) - 2 * DAY
        minutes = Minutes(zone, day, 5)
        for at in dict.fromkeys(odd_times(change)):
            owed = {day + n * DAY: minutes.first(day + n * DAY, at) for n in range(5)}
            book = Book()
            plan = schedule(zone, at, armed_at=owed[day] - MINUTE)
            for now in looks_around(owed.values(), change):
                book.tick(plan, now)
            assert book.sent == owed, (name, change, at)
            assert book.missed == []


@pytest.mark.parametrize("name", zones_that_change() if ALL else one_of_each())
def test_a_restart_in_a_gap_or_overlap_sends_late_on_the_same_day_and_never_twice(
    name: str,
) -> None:
    zone = ZoneInfo(name)
    for change in sorts_of(name):
        for at in dict.fromkeys(odd_times(change)):
            day = local_date(change.at, zone)
            due = due_on(day, at, zone)
            assert due is not None
            plan = schedule(zone, at, armed_at=due.at - MINUTE)
            for late in (SECOND, timedelta(minutes=61), due.until - due.at - SECOND):
                book, now = Book(), due.at + late
                if now >= due.until:
                    continue
                assert book.tick(plan, now) == due, (name, change, at)
                # Nothing more until it is the next day's turn.
                following = next_due(plan, now, book.sent)
                assert following is not None
                assert book.tick(plan, following - SECOND) is None
                found = book.tick(plan, following)
                assert found is not None
                assert found.local_date == day + DAY


def test_a_time_that_is_left_out_is_due_right_after_the_gap() -> None:
    gap = date(2026, 3, 8)
    for at in (time(2), time(2, 30), time(2, 59, 59)):
        assert moment_of(gap, at, NEW_YORK) == utc("2026-03-08 07:00")
    assert moment_of(gap, time(1, 59), NEW_YORK) == utc("2026-03-08 06:59")
    assert moment_of(gap, time(3), NEW_YORK) == utc("2026-03-08 07:00")


def test_a_time_that_comes_twice_is_due_the_first_time() -> None:
    assert moment_of(date(2026, 11, 1), time(1, 30), NEW_YORK) == utc("2026-11-01 05:30")
    book, plan = Book(), schedule(NEW_YORK, time(1, 30), armed_at=utc("2026-11-01 00:00"))
    assert book.tick(plan, utc("2026-11-01 05:30")) is not None
    assert book.tick(plan, utc("2026-11-01 06:30")) is None


def test_a_gap_that_lasts_to_midnight_makes_the_next_dates_first_moment() -> None:
    saturday = date(2026, 3, 28)
    due = due_on(saturday, time(23, 30), NUUK)
    assert due is not None
    assert wall(due.at, NUUK) == datetime(2026, 3, 29)  # noqa: DTZ001 - a wall's
    assert due.until == moment_of(date(2026, 3, 30), time(), NUUK)


def test_one_that_a_gap_puts_off_to_the_next_date_is_owed_to_who_asked_by_then() -> None:
    due = due_on(date(2026, 3, 28), time(23, 30), NUUK)
    assert due is not None
    plan = schedule(NUUK, time(23, 30), armed_at=due.at)
    assert look(plan, due.at, ()).due == due
    late = replace(plan, armed_at=due.at + SECOND)
    assert look(late, due.at + SECOND, ()).due is None


def test_of_two_that_are_due_after_a_gap_at_midnight_the_newest_is_sent() -> None:
    plan = schedule(NUUK, time(23, 30), armed_at=utc("2026-03-28 12:00"))
    book = Book()
    assert book.tick(plan, utc("2026-03-30 00:40")) == due_on(date(2026, 3, 29), plan.at, NUUK)
    assert book.missed == [date(2026, 3, 28)]


def test_a_date_that_a_zone_leaves_out_has_no_digest() -> None:
    apia = ZoneInfo("Pacific/Apia")
    assert due_on(date(2011, 12, 30), NINE, apia) is None
    plan = schedule(apia, armed_at=utc("2011-12-28 00:00"))
    book, now = Book(), utc("2011-12-28 00:00")
    while now < utc("2012-01-02 00:00"):
        book.tick(plan, now)
        now += 20 * MINUTE
    assert [each.day for each in book.sent] == [27, 28, 29, 31, 1]
    assert book.missed == []


def test_the_29th_of_february_has_its_digest() -> None:
    book, now = Book(), utc("2028-02-27 12:00")
    plan = schedule(armed_at=now)
    while now < utc("2028-03-02 12:00"):
        book.tick(plan, now)
        now += 10 * MINUTE
    sent = [date(2028, 2, 27), date(2028, 2, 28), date(2028, 2, 29), date(2028, 3, 1)]
    assert list(book.sent) == sent
    assert book.sent[date(2028, 2, 29)] == utc("2028-02-29 13:00")


def test_a_restart_at_the_due_second_sends_and_one_before_it_does_not() -> None:
    plan, due = schedule(armed_at=utc("2026-03-01 00:00")), utc("2026-03-01 13:00")
    assert Book().tick(plan, due - timedelta(microseconds=1)) is None
    assert Book().tick(plan, due) is not None
    killed = Book()
    killed.tick(plan, due)
    # The row is claimed; whoever starts again in that second finds it.
    assert killed.tick(plan, due) is None


def test_whoever_was_away_is_late_the_same_day_and_too_late_the_next() -> None:
    plan = schedule(armed_at=utc("2026-03-01 00:00"))
    late = Book()
    assert late.tick(plan, utc("2026-03-01 15:59:59")) is not None
    assert late.missed == []
    too_late = Book()
    assert too_late.tick(plan, utc("2026-03-01 16:00")) is None
    assert too_late.missed == [date(2026, 3, 1)]
    assert too_late.tick(plan, utc("2026-03-02 13:00")) is not None
    assert too_late.missed == [date(2026, 3, 1)]


def test_a_long_time_away_is_told_of_for_a_month_at_most() -> None:
    book = Book()
    book.tick(schedule(), utc("2026-03-01 12:00"))
    assert len(book.missed) == LOOK_BACK
    assert book.missed[-1] == date(2026, 2, 28)


def test_a_suspended_machine_sends_the_newest_alone() -> None:
    plan = schedule(armed_at=utc("2026-03-01 00:00"))
    book = Book()
    book.tick(plan, utc("2026-03-01 13:00"))
    woken = book.tick(plan, utc("2026-03-04 13:05"))
    assert woken is not None
    assert woken.local_date == date(2026, 3, 4)
    assert book.missed == [date(2026, 3, 2), date(2026, 3, 3)]


@pytest.mark.parametrize("hours", [-2, 2])
@pytest.mark.parametrize("minute", range(0, 24 * 60, 90))
def test_a_clock_that_jumps_sends_each_date_once(hours: int, minute: int) -> None:
    """It jumps at some minute of the second day, and back at that of the third."""
    plan = schedule(armed_at=utc("2026-03-01 00:00"))
    jumps = [utc("2026-03-01 16:00") + n * DAY + minute * MINUTE for n in range(2)]
    book, real, shift = Book(), utc("2026-03-01 00:00"), timedelta()
    while real < utc("2026-03-05 15:59"):
        if jumps and real >= jumps[0]:
            jumps.pop(0)
            shift = timedelta(hours=hours) - shift
        now = real + shift
        if (due := book.tick(plan, now)) is not None:
            assert wall(now, SHANGHAI).time() >= NINE
            assert local_date(now, SHANGHAI) == due.local_date
        real += 10 * MINUTE
    days = [date(2026, 3, n) for n in range(1, 6)]
    assert sorted({*book.sent, *book.missed}) == days
    # A jump over the rest of a day can make its digest too late, unless the clock comes back.
    assert len(book.sent) >= len(days) - 1


def test_a_day_that_the_clock_called_over_is_sent_when_it_is_not() -> None:
    plan = schedule(at=time(23), armed_at=utc("2026-03-01 12:00"))
    book = Book()
    book.tick(plan, utc("2026-03-01 14:50"))
    book.tick(plan, utc("2026-03-01 16:50"))
    assert book.missed == [date(2026, 3, 1)]
    assert book.tick(plan, utc("2026-03-01 15:10")) is not None


@pytest.mark.parametrize(
    ("days", "weekday", "dates"),
    [
        (Days.DAILY, 0, [1, 2, 3, 4, 5, 6, 7, 8, 9]),
        (Days.WEEKDAYS, 0, [2, 3, 4, 5, 6, 9]),
        (Days.WEEKLY, 0, [2, 9]),
        (Days.WEEKLY, 6, [1, 8]),
    ],
)
def test_it_comes_on_the_days_that_were_chosen(days: Days, weekday: int, dates: list[int]) -> None:
    book, now = Book(), utc("2026-03-01 00:00")
    while now < utc("2026-03-09 15:00"):
        book.tick(schedule(days=days, weekday=weekday, armed_at=utc("2026-03-01 00:00")), now)
        now += 30 * MINUTE
    assert [day.day for day in book.sent] == dates


def test_nothing_is_owed_of_before_it_was_switched_on() -> None:
    plan = schedule(armed_at=utc("2026-03-01 13:30"))
    book = Book()
    assert book.tick(plan, utc("2026-03-01 13:31")) is None
    assert book.tick(plan, utc("2026-03-02 13:00")) is not None
    assert book.missed == []


def test_who_moves_west_past_the_time_has_no_second_one() -> None:
    book = Book()
    assert book.tick(schedule(), utc("2026-03-02 13:00")) is not None
    moved = schedule(NEW_YORK, zone_since=utc("2026-03-02 13:10"))
    assert book.tick(moved, utc("2026-03-03 02:00")) is None
    found = book.tick(moved, utc("2026-03-04 02:00"))
    assert found is not None
    assert found.local_date == date(2026, 3, 3)


def test_who_moves_east_past_the_time_gets_todays_at_once() -> None:
    moved = utc("2026-03-02 13:30")
    before = schedule(NEW_YORK, armed_at=utc("2026-03-02 12:00"))
    assert Book().tick(before, moved) is None
    after = schedule(armed_at=utc("2026-03-02 12:00"), zone_since=moved)
    book = Book()
    assert book.tick(after, moved) is not None


def test_a_date_that_a_move_leaps_over_is_no_missed_one() -> None:
    book, moved = Book(), utc("2026-03-02 23:00")
    book.tick(schedule(NEW_YORK, armed_at=utc("2026-03-02 12:00")), moved)
    book.tick(schedule(armed_at=utc("2026-03-02 12:00"), zone_since=moved), moved)
    assert book.sent == {}
    assert book.missed == []


def test_the_next_one_is_the_moment_at_which_it_then_is_due() -> None:
    plan, now = schedule(armed_at=utc("2026-03-01 00:00")), utc("2026-03-01 12:00")
    assert next_due(plan, now) == utc("2026-03-01 13:00")
    assert next_due(plan, now, {date(2026, 3, 1)}) == utc("2026-03-02 13:00")
    assert next_due(plan, utc("2026-03-01 13:00")) == utc("2026-03-02 13:00")
    weekly = schedule(days=Days.WEEKLY, weekday=5)
    assert next_due(weekly, utc("2026-03-07 13:00")) == utc("2026-03-14 13:00")


def test_a_look_says_when_to_look_again_and_nothing_is_due_before() -> None:
    plan, now = schedule(armed_at=utc("2026-03-01 00:00")), utc("2026-03-01 00:00")
    book = Book()
    while now < utc("2026-03-06 00:00"):
        again = look(plan, now, book.sent, book.missed).again_at
        assert again > now
        for share in (0.3, 0.7, 1):
            between = now + (again - now) * share - SECOND
            assert book.tick(plan, between) is None
        book.tick(plan, again)
        now = again
    assert [day.day for day in book.sent] == [1, 2, 3, 4, 5, 6]


@pytest.mark.parametrize(
    ("shown", "quiet"),
    [("22:29", False), ("22:30", True), ("00:00", True), ("07:29", True), ("07:30", False)],
)
def test_quiet_hours_go_over_midnight(shown: str, quiet: bool) -> None:
    moment = datetime.combine(date(2026, 3, 1), time.fromisoformat(shown), SHANGHAI)
    assert is_quiet(moment.astimezone(UTC), SHANGHAI, time(22, 30), time(7, 30)) is quiet


def test_quiet_hours_within_a_day_and_none_at_all() -> None:
    noon = datetime(2026, 3, 1, 12, tzinfo=SHANGHAI).astimezone(UTC)
    assert is_quiet(noon, SHANGHAI, time(12), time(14))
    assert not is_quiet(noon, SHANGHAI, time(8), time(12))
    assert not is_quiet(noon, SHANGHAI, time(12), time(12))


def test_new_lessons_are_looked_for_so_often_a_day() -> None:
    now = utc("2026-03-01 12:00")
    assert not may_watch(0, None, now)
    assert may_watch(3, None, now)
    assert not may_watch(3, now - timedelta(hours=7, minutes=59), now)
    assert may_watch(3, now - timedelta(hours=8), now)
    assert may_watch(3, now + SECOND, now), "a clock that was wrong"
