"""The stop flag: a pause or a cancel takes effect within one report, with nothing in flight."""

import asyncio

import pytest

from bot.clock import PlatformClock, SystemClock
from bot.study.stop import StopFlag, Stopped
from demo.platform import Endpoint, Fault, Phase, document, link, video
from storage.enums import Outcome
from tests.support.study_harness import Ending, open_study

pytestmark = pytest.mark.looptime(start=0)


@pytest.mark.parametrize("after", [0.0, 0.5, 1.03, 1.5, 3.145, 4.0, 13.17, 14.0, 20.0, 23.2])
async def test_the_run_ends_within_one_report_wherever_it_is_stopped(after: float) -> None:
    async with open_study([video(200), document(4)]) as harness:
        plan = await harness.plan()
        ending = Ending()
        running = asyncio.create_task(harness.study(plan, look_first=True, into=ending))
        await asyncio.sleep(after)
        sent = len(harness.sent(Endpoint.REPORT))
        flying = harness.transport.in_flight
        harness.stop.raise_()
        await asyncio.wait_for(running, 1.5)
        assert harness.transport.in_flight == 0
        assert len(harness.sent(Endpoint.REPORT)) <= sent + flying
        assert ending.ended == []


async def test_a_wait_for_the_next_report_is_broken_off_at_once() -> None:
    async with open_study([video(200)]) as harness:
        ending = Ending()
        running = asyncio.create_task(harness.study(into=ending))
        await harness.until(harness.positions)
        await asyncio.sleep(1)
        before = harness.clock.monotonic()
        harness.stop.raise_()
        await running
        assert harness.clock.monotonic() == before
        assert harness.positions() == [10]


async def test_a_wait_for_a_read_back_that_lags_is_broken_off_too() -> None:
    async with open_study([link(needs_report=True)]) as harness:
        ending = Ending()
        running = asyncio.create_task(harness.study(into=ending))
        await harness.until(lambda: len(harness.sent(Endpoint.CELLS)) == 2)
        harness.stop.raise_()
        await asyncio.wait_for(running, 0.5)
        assert ending.ended == []


async def test_nothing_is_asked_when_the_flag_was_up_before() -> None:
    async with open_study([video(20)]) as harness:
        plan = await harness.plan()
        asked = len(harness.platform.requests)
        harness.stop.raise_()
        for look_first in (True, False):
            assert (await harness.study(plan, look_first=look_first)).events == []
        assert len(harness.platform.requests) == asked


@pytest.mark.parametrize(
    ("endpoint", "tries"), [(Endpoint.VIEW, 4), (Endpoint.REPORT, 3), (Endpoint.CELLS, 4)]
)
async def test_a_stop_during_the_last_of_many_troubles_ends_no_cell(
    endpoint: Endpoint, tries: int
) -> None:
    async with open_study([video(20)]) as harness:
        plan = await harness.plan()
        harness.says(endpoint, -500, times=tries)
        left = tries

        async def raise_at_the_last(asked: Endpoint, phase: Phase) -> None:
            nonlocal left
            left -= asked is endpoint and phase is Phase.BEFORE
            if left == 0:
                harness.stop.raise_()

        harness.platform.on_request = raise_at_the_last
        ending = await harness.study(plan, look_first=True)
        assert harness.stop.is_raised
        assert ending.ended == []
        assert harness.sent(Endpoint.ME) == []


async def test_a_stop_before_a_switch_leaves_the_other_cell_open() -> None:
    async with open_study([video(20)]) as harness:
        plan = await harness.plan()
        harness.says(Endpoint.VIEW, -100)
        running = asyncio.create_task(harness.study(plan))
        await harness.until(lambda: harness.transport.in_flight)
        harness.stop.raise_()
        assert (await running).events == []
        assert harness.sent(Endpoint.SWITCH) == []


async def test_a_stopped_run_goes_on_from_the_platforms_position() -> None:
    async with open_study([video(60)]) as harness:
        plan = await harness.plan()
        first = Ending()
        await harness.study(plan, into=first, then=harness.at(3, harness.stop.raise_))
        harness.stop = StopFlag()
        assert (await harness.study(plan, look_first=True)).outcomes == [Outcome.DONE]
        assert harness.positions() == [10, 20, 30, 40, 50, 60]
        harness.assert_no_violations()


async def test_a_run_that_is_cancelled_leaves_the_lane_free() -> None:
    async with open_study([video(60)]) as harness:
        harness.fault(Endpoint.VIEW, Fault.hang(20))
        running = asyncio.create_task(harness.study())
        await harness.until(lambda: harness.sent(Endpoint.CELLS) and harness.transport.in_flight)
        running.cancel()
        with pytest.raises(asyncio.CancelledError):
            await running
        assert (await harness.study()).outcomes == [Outcome.DONE]


async def test_a_flag_lets_a_wait_end_at_its_moment_and_not_before() -> None:
    flag, clock = StopFlag(), PlatformClock(SystemClock(), speed=10)
    await flag.sleep_until(clock, 50)
    assert asyncio.get_running_loop().time() == pytest.approx(5)
    flag.raise_()
    assert flag.is_raised
    with pytest.raises(Stopped):
        await flag.sleep_until(clock, 100)
