"""The machine's clock is put back and on by hours: repeated and queued work takes no notice."""

import asyncio
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from telegram.ext import JobQueue

from bot.jobs.dispatcher import JobDispatcher
from bot.jobs.repeated import Repeated, Work
from demo.platform import School, picture, school_of, video
from storage.enums import JobState
from tests.support.jobs_harness import open_jobs
from tests.support.names import ANNA

SECOND = timedelta(seconds=1)
INTERVAL = timedelta(milliseconds=30)
BACK, ON = timedelta(hours=-2), timedelta(hours=2)
FROM_NEVER_SET = timedelta(days=365 * 20)
"""As a machine without a battery begins, before the network tells it the time."""


def school() -> School:
    """Of its own for each test: what was studied stays so."""
    return school_of([video(30), picture()])


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    """The machine's clock, which goes on; the monotonic one is not touched by its jumps."""
    with time_machine.travel(datetime.now(UTC), tick=True) as traveller:
        yield traveller


@pytest.mark.parametrize("jumps", [(BACK,), (ON,), (BACK, ON), (ON, BACK, BACK), (FROM_NEVER_SET,)])
async def test_repeated_work_goes_on_at_its_interval_whichever_way_the_clock_jumps(
    tmp_path: Path, clock: time_machine.Traveller, jumps: Sequence[timedelta]
) -> None:
    loop = asyncio.get_running_loop()
    runs = 0

    async def work() -> None:
        nonlocal runs
        runs += 1

    async with open_jobs(tmp_path, school()) as harness:

        async def until_runs(wanted: int) -> None:
            await harness.until_so(lambda: runs >= wanted)

        begun = loop.time()
        harness.queue.every(INTERVAL, "some work", work)
        for number, jump in enumerate(jumps, 1):
            await until_runs(number * 5)
            clock.shift(jump)
        await until_runs((len(jumps) + 1) * 5)
        assert runs <= (loop.time() - begun) / INTERVAL.total_seconds(), "nothing is made up for"


@pytest.mark.parametrize("jump", [BACK, ON])
async def test_the_ticks_alone_find_work_after_a_jump(
    tmp_path: Path,
    clock: time_machine.Traveller,
    monkeypatch: pytest.MonkeyPatch,
    jump: timedelta,
) -> None:
    monkeypatch.setattr("bot.jobs.dispatcher.TICK", INTERVAL)
    monkeypatch.setattr("bot.jobs.dispatcher.REMIND", INTERVAL)
    monkeypatch.setattr(JobDispatcher, "wake", lambda self: None)
    async with open_jobs(tmp_path, school()) as harness:
        account = (await harness.log_in(ANNA)).account
        clock.shift(jump)
        told = harness.heard.notices
        job_id = await harness.start(account)
        assert (await harness.until_ended(job_id)).state is JobState.SUCCEEDED
        await harness.until_so(lambda: harness.heard.notices > told + 1)


async def test_what_is_queued_runs_though_the_clock_is_put_back_at_that_very_moment(
    tmp_path: Path, clock: time_machine.Traveller, monkeypatch: pytest.MonkeyPatch
) -> None:
    run_once = JobQueue.run_once
    back: list[str] = []

    def put_back(queue: JobQueue[Any], *args: Any, **kwargs: Any) -> object:  # noqa: ANN401
        queued = run_once(queue, *args, **kwargs)
        if str(kwargs["name"]).startswith("job ") and not back:
            back.append(str(kwargs["name"]))
            clock.shift(BACK)
        return queued

    monkeypatch.setattr(JobQueue, "run_once", put_back)
    async with open_jobs(tmp_path, school()) as harness:
        job_id = await harness.start((await harness.log_in(ANNA)).account)
        assert (await harness.until_ended(job_id)).state is JobState.SUCCEEDED
        assert back == [f"job {job_id}"]


class Carried:
    """Carries each run at once, in a task of its own."""

    def __init__(self) -> None:
        self.tasks: list[asyncio.Task[None]] = []

    def __call__(self, work: Work) -> None:
        async def run() -> None:
            await work()

        self.tasks.append(asyncio.create_task(run()))


@pytest.mark.looptime
async def test_a_run_that_would_meet_the_one_before_is_left_out() -> None:
    moments: list[float] = []

    async def work() -> None:
        moments.append(asyncio.get_running_loop().time())
        await asyncio.sleep(25)

    begun, repeated = asyncio.get_running_loop().time(), Repeated(10 * SECOND, work, Carried())
    repeated.begin(at_once=True)
    await asyncio.sleep(65)
    repeated.stop()
    assert [moment - begun for moment in moments] == pytest.approx([0, 30, 60])


@pytest.mark.looptime
async def test_a_run_that_fails_is_not_the_last_and_none_comes_after_the_stop() -> None:
    async def work() -> None:
        raise ZeroDivisionError

    carried = Carried()
    repeated = Repeated(10 * SECOND, work, carried)
    repeated.begin()
    await asyncio.sleep(35)
    repeated.stop()
    await asyncio.sleep(100)
    ended = await asyncio.gather(*carried.tasks, return_exceptions=True)
    assert [type(each) for each in ended] == [ZeroDivisionError] * 3
