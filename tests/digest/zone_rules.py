"""What the time zones of this machine do from 2024 to 2030, found by looking at their clocks."""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from itertools import accumulate
from zoneinfo import ZoneInfo, available_timezones

BEGIN, END = datetime(2024, 1, 1, tzinfo=UTC), datetime(2031, 1, 1, tzinfo=UTC)
SECOND, MINUTE, DAY = timedelta(seconds=1), timedelta(minutes=1), timedelta(days=1)
STRIDE = timedelta(days=7)
"""Shorter than any stay at an offset."""


@dataclass(frozen=True)
class Change:
    """The clocks go from one offset to another at ``at``, the first moment of the new one."""

    at: datetime
    before: timedelta
    after: timedelta

    @property
    def edges(self) -> tuple[datetime, datetime]:
        """The wall times between which there is a gap or an overlap, the first of them in it."""
        walls = (self.at + self.before, self.at + self.after)
        first, last = min(walls), max(walls)
        return first.replace(tzinfo=None), last.replace(tzinfo=None)


def wall(moment: datetime, zone: ZoneInfo) -> datetime:
    return moment.astimezone(zone).replace(tzinfo=None)


def offset(moment: datetime, zone: ZoneInfo) -> timedelta:
    return moment.astimezone(zone).utcoffset() or timedelta()


@cache
def changes(name: str) -> tuple[Change, ...]:
    """All changes of the zone in these years."""
    zone, found = ZoneInfo(name), []
    moment, before = BEGIN, offset(BEGIN, zone)
    while moment < END:
        following = moment + STRIDE
        after = offset(following, zone)
        if before != after:
            low, high = moment, following
            while high - low > SECOND:
                middle = low + timedelta(seconds=(high - low) // SECOND // 2)
                low, high = (middle, high) if offset(middle, zone) == before else (low, middle)
            found.append(Change(high, before, after))
        moment, before = following, after
    return tuple(found)


@cache
def zones_that_change() -> tuple[str, ...]:
    return tuple(sorted(name for name in available_timezones() if changes(name)))


@cache
def one_of_each() -> tuple[str, ...]:
    """One name for all zones whose clocks show the same in all these years."""
    alike: dict[tuple[Change, ...], str] = {}
    for name in zones_that_change():
        alike.setdefault(changes(name), name)
    return tuple(alike.values())


class Minutes:
    """What the clocks of a zone show in each minute of some days: asked by trying them all."""

    def __init__(self, zone: ZoneInfo, first: date, days: int) -> None:
        start = datetime.combine(first, time(), UTC) - DAY
        self._moments = [start + n * MINUTE for n in range((days + 3) * 24 * 60)]
        self._latest: Sequence[datetime] = list(
            accumulate((wall(moment, zone) for moment in self._moments), max)
        )

    def first(self, day: date, at: time) -> datetime:
        """The first moment at which the clocks show that time of that date, or are past it."""
        return self._moments[bisect_left(self._latest, datetime.combine(day, at))]
