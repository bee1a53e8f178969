"""When a chat's digest is due: pure functions of its settings, its zone and its stored rows.

The rules:

- One digest per local date, due at the set time of that date in the chat's zone; never before it.
- A time that a clock change skips is due at the first moment after the gap, which can be the first
  of the next date; a time that occurs twice is due the first time.
- If the bot, Telegram or the chat is unavailable at that moment, the digest is late until the end
  of the local day, and then too late.
- No digest is owed from before the time, the days or the digest itself was set; from before the
  zone was set, only the one of the current local date is.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.zones import local_date
from storage.enums import Days

LOOK_BACK = 31
"""Days; after a longer outage the student is told of the last ones only."""
LOOK_AHEAD = 9
"""Days in which any schedule has a due digest at least once, even if the zone skips a date."""

SATURDAY = 5

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Schedule:
    """``weekday`` counts from Monday, 0, and matters for weekly digests only. ``armed_at`` is when
    ``at`` and ``days`` were last set, ``zone_since`` when the zone was."""

    at: time
    days: Days
    weekday: int
    zone: ZoneInfo
    armed_at: datetime
    zone_since: datetime

    def is_on(self, day: date) -> bool:
        match self.days:
            case Days.DAILY:
                return True
            case Days.WEEKDAYS:
                return day.weekday() < SATURDAY
            case Days.WEEKLY:
                return day.weekday() == self.weekday


@dataclass(frozen=True, slots=True)
class Due:
    """The digest of a local date: due at ``at``, too late from ``until`` on. Both are UTC."""

    local_date: date
    at: datetime
    until: datetime


@dataclass(frozen=True, slots=True)
class Look:
    """The digest that is due, the dates that are too late, and when to look again if nothing
    changes."""

    due: Due | None
    missed: tuple[date, ...]
    again_at: datetime


def moment_of(day: date, at: time, zone: ZoneInfo) -> datetime:
    """The UTC moment at which a clock of the zone first shows that time or, if the zone skips the
    time, the first moment after the gap."""
    local = datetime.combine(day, at)
    late = local.replace(tzinfo=zone).astimezone(UTC)
    if _shown(late, zone) == local:
        return late
    early = local.replace(tzinfo=zone, fold=1).astimezone(UTC)
    # The clocks jump between the two, at a whole second.
    before, after = 0, round((late - early).total_seconds())
    while after - before > 1:
        middle = (before + after) // 2
        if _shown(early + timedelta(seconds=middle), zone) < local:
            before = middle
        else:
            after = middle
    return early + timedelta(seconds=after)


def due_on(day: date, at: time, zone: ZoneInfo) -> Due | None:
    """The digest of that date; None if the zone skips the whole date."""
    if local_date(moment_of(day, time(), zone), zone) != day:
        return None
    moment = moment_of(day, at, zone)
    return Due(day, moment, end_of_day(moment, zone))


def end_of_day(moment: datetime, zone: ZoneInfo) -> datetime:
    """The start of the local date after the moment's own."""
    return moment_of(local_date(moment, zone) + _DAY, time(), zone)


def look(
    schedule: Schedule, now: datetime, taken: Collection[date], noted: Collection[date] = ()
) -> Look:
    """Evaluate the schedule at ``now``, given the dates whose row is ``taken`` for good and the
    dates ``noted`` as missed. If several digests are due, the newest is returned as due and the
    others as missed."""
    today = local_date(now, schedule.zone)
    due: Due | None = None
    missed: list[date] = []
    oldest = local_date(schedule.armed_at, schedule.zone) - _DAY
    for back in range(LOOK_BACK + 1):
        day = today - back * _DAY
        if day < oldest:
            break
        found = _owed(schedule, day, taken)
        if found is None or found.at > now:
            continue
        if due is None and now < found.until:
            due = found
        elif day not in noted and found.at >= schedule.zone_since:
            missed.append(day)
    return Look(due, tuple(reversed(missed)), _look_again(schedule, now, taken))


def next_due(schedule: Schedule, now: datetime, taken: Collection[date] = ()) -> datetime | None:
    """The next moment after ``now`` at which a digest is due; None if none is due within
    :data:`LOOK_AHEAD` days."""
    today = local_date(now, schedule.zone)
    for ahead in range(-1, LOOK_AHEAD):
        found = _owed(schedule, today + ahead * _DAY, taken)
        if found is not None and found.at > now:
            return found.at
    return None


def _owed(schedule: Schedule, day: date, taken: Collection[date]) -> Due | None:
    if day in taken or not schedule.is_on(day):
        return None
    found = due_on(day, schedule.at, schedule.zone)
    return found if found is not None and found.at >= schedule.armed_at else None


def _look_again(schedule: Schedule, now: datetime, taken: Collection[date]) -> datetime:
    """When to look again: when the next digest is due, or when the current local date ends."""
    ends = end_of_day(now, schedule.zone)
    following = next_due(schedule, now, taken)
    return ends if following is None else min(following, ends)


def _shown(moment: datetime, zone: ZoneInfo) -> datetime:
    """The local time that a clock of the zone shows at the moment."""
    return moment.astimezone(zone).replace(tzinfo=None)


def is_quiet(moment: datetime, zone: ZoneInfo, quiet_from: time, quiet_until: time) -> bool:
    """Whether a message at that moment is silent. Two equal times: never."""
    shown = _shown(moment, zone).time()
    if quiet_from <= quiet_until:
        return quiet_from <= shown < quiet_until
    return shown >= quiet_from or shown < quiet_until


def may_watch(times: int, watched_at: datetime | None, now: datetime) -> bool:
    """Whether a look for new lessons is due, at ``times`` a day. A last look in the future comes
    from a wrong clock and is ignored."""
    if times <= 0:
        return False
    return watched_at is None or watched_at > now or now - watched_at >= _DAY / times
