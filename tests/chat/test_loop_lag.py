"""A full event loop: progress gives way, people do not."""

import asyncio

import pytest

from bot.clock import SystemClock
from bot.loop_lag import HALF_LIFE, SHARE, LoopLag
from bot.outbox.budget import LAG_STEP, MESSAGES_PER_SECOND, PROGRESS_SHARE, Budget, Rank
from bot.outbox.timer import Timer
from tests.support.busy_chats import BusyChats

pytestmark = pytest.mark.looptime(start=0)


def late_by(seconds: float) -> LoopLag:
    lag = LoopLag()
    for n in range(100):
        lag.note(seconds, n * 0.01)
    return lag


def test_lateness_is_smoothed_and_forgotten() -> None:
    lag = LoopLag()
    lag.note(1.0, 0.0)
    assert 0 < lag.seconds(0.0) < 0.5, "one pause is no full loop"
    lag = late_by(1.0)
    assert lag.seconds(0.99) == pytest.approx(1.0, rel=0.05)
    assert lag.seconds(0.99 + HALF_LIFE) == pytest.approx(0.5, rel=0.05)


@pytest.mark.parametrize(
    ("late", "part"), [(0.0, 1), (LAG_STEP, 1 / 2), (3 * LAG_STEP, 1 / 4), (60.0, 1 / 20)]
)
def test_the_later_the_loop_the_rarer_is_progress_and_nothing_else(
    late: float, part: float
) -> None:
    lag = late_by(late)
    for rank in Rank:
        budget, now, calls = Budget(MESSAGES_PER_SECOND, lag), 1.0, 0
        lag.note(late, now)
        while (now := now + 0.001) < 11.0:
            lag.note(late, now)
            if budget.wait(rank, now) == 0:
                budget.ended(budget.spend(rank, now), now, made=True)
                calls += 1
        if rank is Rank.PROGRESS:
            assert calls == pytest.approx(200 * part, rel=0.1)
        elif rank is not Rank.PERSON:
            assert calls == pytest.approx(10 * MESSAGES_PER_SECOND, rel=0.05)


class Measured(LoopLag):
    """A loop that is as late as a test says."""

    late = 0.0

    def seconds(self, now: float) -> float:
        return self.late


async def test_progress_gives_way_while_the_loop_is_late_and_comes_back() -> None:
    lag = Measured()
    busy = BusyChats(500, lag=lag)
    reporting = asyncio.create_task(busy.report(60))
    await asyncio.sleep(20)
    lag.late = 9 * LAG_STEP
    assert max(await busy.press(1, 15)) == 0
    lag.late = 0.0
    before, late = edits_between(busy, 10, 20), edits_between(busy, 25, 35)
    assert before == pytest.approx(10 * MESSAGES_PER_SECOND * PROGRESS_SHARE, rel=0.05)
    assert late == pytest.approx(before / 10, rel=0.1)
    await reporting
    assert edits_between(busy, 50, 60) == pytest.approx(before, rel=0.1)
    await busy.sending.outbox.close(0)


def edits_between(busy: BusyChats, begin: float, end: float) -> int:
    return sum(begin <= each.at < end for each in busy.edits())


async def test_a_timer_tells_how_late_it_rings_and_only_that() -> None:
    class LateClock(SystemClock):
        async def sleep(self, seconds: float) -> None:
            await super().sleep(seconds + 0.5)

    for clock, late in ((SystemClock(), 0.0), (LateClock(), 0.5)):
        lag, rings = LoopLag(), []
        timer = Timer(clock, lag, lambda: rings.append(clock.monotonic()))  # noqa: B023
        timer.set(clock.monotonic() - 100)
        await asyncio.sleep(0.1)
        assert lag.seconds(clock.monotonic()) == pytest.approx(0, abs=0.001), "it was in the past"
        timer.set(clock.monotonic() + 1)
        await asyncio.sleep(2)
        assert len(rings) == 2
        assert lag.seconds(rings[-1]) == pytest.approx(SHARE * late, abs=0.001)
