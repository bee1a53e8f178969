"""Whatever a student, the clock and the process do in any order: one digest per local date, none
early, and always a next one."""

import os
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.digest.due import Schedule, look
from bot.zones import local_date
from storage.enums import Days

from .zone_rules import DAY, MINUTE, wall, zones_that_change

EXAMPLES = int(os.environ.get("DIGEST_EXAMPLES", "100"))
BEGIN = datetime(2024, 1, 1, tzinfo=UTC)
YEARS = int(timedelta(days=6 * 365).total_seconds() // 60)

zones = st.sampled_from(["Asia/Shanghai", "UTC", *zones_that_change()]).map(ZoneInfo)
times = st.sampled_from([*(time(hour) for hour in range(24)), time(2, 30), time(23, 59)])
waits = st.integers(1, 40 * 60).map(lambda minutes: minutes * MINUTE)
steps = st.one_of(
    st.tuples(st.just("wait"), waits),
    st.tuples(st.just("wait"), st.integers(1, 90).map(lambda minutes: minutes * MINUTE)),
    st.tuples(st.just("jump"), st.sampled_from([timedelta(hours=2), timedelta(hours=-2)])),
    st.tuples(st.just("zone"), zones),
    st.tuples(st.just("die at the next claim"), st.none()),
)


class Life:
    """A chat's rows; the process can die between a row's claim and its digest's sending."""

    def __init__(self, plan: Schedule) -> None:
        self.plan = plan
        self.taken: set[date] = set()
        self.noted: set[date] = set()
        self.sent: list[date] = []
        self.dies = False

    def tick(self, now: datetime) -> None:
        """One look of a process that may just have begun: all it knows are the rows."""
        found = look(self.plan, now, self.taken, self.noted)
        assert not self.taken & set(found.missed), "what was taken was not missed"
        assert not self.noted & set(found.missed), "noted once"
        self.noted |= set(found.missed)
        if found.due is None:
            return
        day, zone = found.due.local_date, self.plan.zone
        assert day not in self.taken, "never twice for one date"
        assert found.due.at <= now < found.due.until
        assert local_date(found.due.at, zone) == local_date(now, zone), "late on the same day"
        assert wall(now, zone) >= datetime.combine(day, self.plan.at) or is_repeated(now, zone)
        assert found.due.at >= self.plan.armed_at
        self.taken.add(day)
        if not self.dies:
            self.sent.append(day)
        self.dies = False


def is_repeated(moment: datetime, zone: ZoneInfo) -> bool:
    """Whether the clocks show that time for the second time: it was due the first time."""
    return moment.astimezone(zone).fold == 1 or wall(moment - 2 * MINUTE, zone) > wall(moment, zone)


@settings(max_examples=EXAMPLES)
@given(
    begin=st.integers(0, YEARS),
    zone=zones,
    at=times,
    what=st.lists(steps, max_size=25),
)
def test_one_digest_per_date_whatever_happens(
    begin: int,
    zone: ZoneInfo,
    at: time,
    what: list[tuple[str, timedelta | ZoneInfo | None]],
) -> None:
    now = BEGIN + begin * MINUTE
    life = Life(Schedule(at, Days.DAILY, 0, zone, armed_at=now, zone_since=now))
    life.tick(now)
    for step, detail in what:
        if isinstance(detail, ZoneInfo):
            life.plan = replace(life.plan, zone=detail, zone_since=now)
        elif isinstance(detail, timedelta):
            now += detail
        else:
            life.dies = step.startswith("die")
        life.tick(now)
    settle(life, now)


def settle(life: Life, now: datetime) -> None:
    """From here on all is quiet: each date that was not taken has its digest."""
    life.dies = False
    # Nothing is owed of before the digest was switched on, as the clock showed then.
    first = local_date(max(now, life.plan.armed_at), life.plan.zone) + DAY
    before = set(life.taken)
    end = now + 5 * DAY
    while now < end:
        # As often as the bot does near a moment that matters, and not in between.
        again = look(life.plan, now, life.taken, life.noted).again_at
        now = min(max(again, now + MINUTE), now + 90 * MINUTE)
        life.tick(now)
    days = {first + n * DAY for n in range(3)}
    assert days <= life.taken
    assert days - before <= set(life.sent)
    assert len(life.sent) == len(set(life.sent))
