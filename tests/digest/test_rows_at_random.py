"""The stored rows under whatever a student, the clock and the process do in any order: never two of
one date, none before its time, and one of each day on which nothing was turned about."""

import asyncio
import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from itertools import count
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from storage import chats
from storage.database import Database
from storage.enums import Days
from tests.support.clocks import SettableClock, virtual_runner

from .digest_rows import StoredChat
from .zone_rules import DAY, MINUTE, Minutes, wall

EXAMPLES = max(60, int(os.environ.get("DIGEST_EXAMPLES", "0")))
LOOK = timedelta(minutes=40)
FIRST, DAYS = date(2026, 2, 26), 52
BEGINS = [datetime(2026, 3, 6, tzinfo=UTC), datetime(2026, 3, 26, tzinfo=UTC)]
"""Clocks change in New York on the 8th, in Nuuk on the 28th into the next date, and in Auckland on
5 April."""
ZONES = ("Asia/Shanghai", "America/New_York", "America/Nuuk", "Pacific/Auckland")

times = st.sampled_from([time(0), time(2, 30), time(7, 40), time(21), time(23, 30), time(23, 59)])
days = st.tuples(st.sampled_from(Days), st.integers(0, 6))
changes = st.one_of(
    st.tuples(st.just("at"), times),
    st.tuples(st.just("days"), days),
    st.tuples(st.just("zone"), st.sampled_from(ZONES)),
    st.tuples(st.just("on"), st.booleans()),
)
spans = st.sampled_from([20, 95, 7 * 60, 13 * 60 + 7, 25 * 60, 49 * 60 + 11]).map(MINUTE.__mul__)
steps = st.one_of(
    st.tuples(st.just("down"), spans),
    changes,
    st.tuples(st.just("meanwhile"), changes),
    st.tuples(st.just("jump"), st.sampled_from([2, -2])),
    st.tuples(st.sampled_from(["dies", "stays", "restart"]), st.none()),
)


@cache
def clocks(zone: str) -> Minutes:
    return Minutes(ZoneInfo(zone), FIRST, DAYS)


@dataclass
class Plan:
    """What the student set, as the student knows it."""

    at: time = time(21)
    days: tuple[Days, int] = (Days.DAILY, 6)
    zone: str = ZONES[0]
    on: bool = False
    armed_at: datetime = BEGINS[0]
    """Since when it comes then."""

    def is_on(self, day: date) -> bool:
        kind, weekday = self.days
        wanted = {Days.DAILY: True, Days.WEEKDAYS: day.weekday() < 5}
        return self.on and wanted.get(kind, day.weekday() == weekday)

    def due(self, day: date) -> datetime:
        return clocks(self.zone).first(day, self.at)

    def begins(self, day: date) -> datetime:
        return clocks(self.zone).first(day, time())


@dataclass
class Walk:
    """``calm_since`` is the latest that the clock showed when anything was last turned about, and
    ``looks`` are the looks since then."""

    chat: StoredChat
    calm_since: datetime
    plan: Plan = field(default_factory=Plan)
    looks: list[datetime] = field(default_factory=list)
    owed: set[date] = field(default_factory=set)

    async def step(self, what: str, detail: Any) -> None:  # noqa: ANN401 - as drawn
        chat = self.chat
        match what:
            case "down":
                chat.clock.shows += detail
                chat.restart()
            case "jump":
                self.turned()
                chat.clock.shows += timedelta(hours=detail)
                self.turned()
            case "meanwhile":

                async def meanwhile() -> None:
                    await self.change(*detail)

                chat.meanwhile = meanwhile
            case "dies":
                chat.dies = True
            case "stays":
                chat.stays = True
            case "restart":
                chat.restart()
            case _:
                await self.change(what, detail)
                # The bot looks every few seconds, whoever changes what.
                await self.look()

    async def run(self, span: timedelta) -> None:
        end = self.chat.clock.shows + span
        while self.chat.clock.shows < end:
            self.chat.clock.shows = min(self.chat.clock.shows + LOOK, end)
            await self.look()

    async def look(self) -> None:
        before = len(self.chat.sent)
        await self.chat.tick()
        for day, moment in self.chat.sent[before:]:
            self.judge(day, moment)
        self.looks.append(self.chat.clock.shows)

    def judge(self, day: date, moment: datetime) -> None:
        """One was sent."""
        due, zone = self.plan.due(day), ZoneInfo(self.plan.zone)
        assert self.plan.is_on(day)
        assert self.plan.armed_at <= due <= moment, "before it was asked for, or before its time"
        assert wall(due, zone).date() == wall(moment, zone).date(), "after its day"

    async def change(self, what: str, detail: Any) -> None:  # noqa: ANN401 - as drawn
        self.turned()
        wishes, chat_id = self.chat.wishes, self.chat.chat_id
        if what != "zone" and getattr(self.plan, what) != detail:
            self.plan.armed_at = self.chat.clock.shows
        match what:
            case "at":
                self.plan.at = detail
                await wishes.set_at(chat_id, detail)
            case "days":
                self.plan.days = detail
                await wishes.set_days(chat_id, *detail)
            case "zone":
                self.plan.zone = detail
                await self.chat.db.write(lambda c: chats.set_time_zone(c, chat_id, detail))
            case "on":
                self.plan.on = detail
                await wishes.switch(chat_id, on=detail)
            case _:
                pass

    def turned(self) -> None:
        """Something is turned about: what was owed up to here is added up."""
        self.add_up()
        self.looks.clear()
        self.calm_since = max(self.calm_since, self.chat.clock.shows)

    def add_up(self) -> None:
        """A day is owed if it came due in the calm, and was looked at before the next one was due
        and before it was over."""
        day = wall(self.calm_since, ZoneInfo(self.plan.zone)).date() - DAY
        while self.plan.begins(day) <= self.chat.clock.shows:
            due = self.plan.due(day)
            until = min(self.plan.due(day + DAY), self.end_of(due))
            looked = any(due <= each < until for each in self.looks)
            if due >= self.calm_since and self.plan.is_on(day) and looked:
                self.owed.add(day)
            day += DAY

    def end_of(self, due: datetime) -> datetime:
        return self.plan.begins(wall(due, ZoneInfo(self.plan.zone)).date() + DAY)


@pytest.fixture(scope="module")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[asyncio.Runner, Database]]:
    path = tmp_path_factory.mktemp("rows") / "bot.sqlite3"

    async def opened() -> Database:
        db = await Database.open(path)
        await db._writer.execute_fetchall("PRAGMA synchronous = OFF")
        return db

    with virtual_runner() as runner:
        db = runner.run(opened())
        yield runner, db
        runner.run(db.close())


numbers = count(1)


@pytest.mark.slow
@settings(max_examples=EXAMPLES)
@given(
    begin=st.sampled_from(BEGINS),
    later=st.integers(0, 24 * 60),
    first=st.tuples(times, days, st.sampled_from(ZONES)),
    what=st.lists(st.tuples(steps, spans), min_size=5, max_size=10),
)
def test_the_rows_send_one_for_each_calm_day_whatever_is_done_to_them(
    shelf: tuple[asyncio.Runner, Database],
    begin: datetime,
    later: int,
    first: tuple[time, tuple[Days, int], str],
    what: list[tuple[tuple[str, Any], timedelta]],
) -> None:
    runner, db = shelf

    async def story() -> None:
        clock = SettableClock(begin + later * MINUTE)
        walk = Walk(StoredChat(db, clock, next(numbers)), clock.shows)
        await walk.chat.open()
        at, days, zone = first
        for change in (("at", at), ("days", days), ("zone", zone), ("on", True)):
            await walk.change(*change)
        for step, then in what:
            await walk.step(*step)
            await walk.run(then)
        await settle(walk)

    runner.run(story())


async def settle(walk: Walk) -> None:
    """From here on all is calm; then the rows are what was sent."""
    chat = walk.chat
    chat.dies = chat.stays = False
    chat.meanwhile = None
    await walk.run(3 * DAY)
    walk.add_up()
    sent = [day for day, _ in chat.sent]
    assert len(sent) == len(set(sent)), "twice for one date"
    assert walk.owed - chat.lost <= set(sent)
    assert not chat.lost & set(sent), "what may have come is not sent again"
    rows = {row.local_date: row for row in await chat.rows()}
    assert {day for day, row in rows.items() if row.sent_at is not None} == set(sent)
    assert {day for day, row in rows.items() if row.claimed_at and not row.sent_at} == chat.lost
    assert all(row.is_open for day, row in rows.items() if day not in {*sent, *chat.lost})
