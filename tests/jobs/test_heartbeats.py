"""A running job beats with each step of its study, and announces its waits."""

import asyncio

import pytest

from bot.clock import PlatformClock
from bot.jobs.heartbeats import SILENT_AFTER, Heartbeats
from bot.jobs.running import RunningJobs
from bot.study.stop import Stopped
from tests.support.clocks import SettableClock


class Jobs:
    """Jobs on a clock that the test moves, at a platform that is ten times as fast."""

    def __init__(self) -> None:
        self.clock = SettableClock()
        self.platform = PlatformClock(self.clock, 10.0)
        self.heartbeats = Heartbeats(self.clock.monotonic)
        self.running = RunningJobs(self.heartbeats)

    def is_silent(self, after: float) -> bool:
        """Whether job 7 is silent after so many real seconds; its beats stay as they are."""
        self.clock.advance(after)
        silent = self.heartbeats.silent([7])
        self.clock.advance(-after)
        return bool(silent)


async def test_a_job_beats_when_it_is_entered_and_before_each_request() -> None:
    jobs = Jobs()
    with jobs.running.entered(7) as flag:
        assert not jobs.is_silent(SILENT_AFTER)
        assert jobs.is_silent(SILENT_AFTER + 1)
        jobs.clock.advance(600)
        flag.check()
        assert not jobs.is_silent(SILENT_AFTER)
        assert jobs.is_silent(SILENT_AFTER + 1)


async def test_a_wait_is_announced_in_real_seconds() -> None:
    jobs = Jobs()
    with jobs.running.entered(7) as flag:
        held = asyncio.Event()

        async def hold(seconds: float) -> None:
            await held.wait()

        jobs.clock.sleep = hold  # type: ignore[method-assign]
        waiting = asyncio.create_task(flag.sleep_until(jobs.platform, 3000.0))
        await asyncio.sleep(0)
        assert not jobs.is_silent(300 + SILENT_AFTER)
        assert jobs.is_silent(301 + SILENT_AFTER)
        flag.raise_()
        with pytest.raises(Stopped):
            await waiting


async def test_a_job_that_has_left_is_forgotten() -> None:
    jobs = Jobs()
    with jobs.running.entered(7):
        pass
    jobs.clock.advance(SILENT_AFTER + 1)
    assert jobs.heartbeats.silent([7]) == []


async def test_a_job_that_enters_again_before_it_left_keeps_its_heartbeat() -> None:
    jobs = Jobs()
    first, second = jobs.running.entered(7), jobs.running.entered(7)
    first.__enter__()
    second.__enter__()
    first.__exit__(None, None, None)
    assert jobs.is_silent(SILENT_AFTER + 1)
    second.__exit__(None, None, None)
