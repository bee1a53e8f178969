"""Runs trials through everything below the chat, and holds each job to what the platform shows.

The database, the vault, the job queue, the gate and the client are real; the platform is the
stand-in, and its time runs fast.
"""

import asyncio
import time
import traceback
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory

from bot.jobs.answers import Answer
from bot.jobs.ended_cells import end_state
from bot.jobs.endings import BAR_MINUTES
from bot.jobs.items import counts_of
from bot.limits import LimitReachedError
from bot.zjy.errors import Barred, ZjyError
from demo.platform import STUDENT, Cell, Endpoint, Method, Phase, ViolationKind
from storage.enums import JobState, Outcome, OutcomeGroup
from storage.jobs import Job, JobItem
from storage.moments import to_text, utc_now
from storage.rows import run
from tests.prove.side_by_side import side_by_side
from tests.prove.trial import Trial, trial_of
from tests.support.jobs_harness import JobsHarness, open_jobs
from tests.support.names import ANNA

SPEED = 4000.0
PATIENCE = 90.0
"""Real seconds for one trial; it takes about one."""
REQUEST_TIMEOUT = 0.5
MAY_BAR = (Endpoint.VIEW, Endpoint.REPORT, Endpoint.SWITCH)


@dataclass(slots=True)
class Found:
    """What trials came to: how jobs and cells ended, requests, and what went wrong."""

    trials: int = 0
    seconds: float = 0.0
    requests: int = 0
    states: Counter[str] = field(default_factory=Counter)
    outcomes: Counter[str] = field(default_factory=Counter)
    failures: dict[int, str] = field(default_factory=dict)


async def run_trials(
    seeds: Sequence[int], *, at_once: int = 4, seconds: float | None = None
) -> Found:
    """Run the trials of these seeds, some at once; after ``seconds`` no further one begins."""
    found = Found()
    began = time.monotonic()

    async def try_one(seed: int) -> None:
        try:
            with TemporaryDirectory(ignore_cleanup_errors=True) as folder:
                async with asyncio.timeout(PATIENCE):
                    await _run(trial_of(seed), Path(folder), found)
        except (AssertionError, TimeoutError):
            found.failures[seed] = f"{trial_of(seed)}\n{traceback.format_exc()}"
        found.trials += 1

    def goes_on() -> bool:
        return seconds is None or found.trials < 1 or time.monotonic() - began <= seconds

    await side_by_side(seeds, try_one, at_once=at_once, goes_on=goes_on)
    found.seconds = time.monotonic() - began
    return found


async def _run(trial: Trial, folder: Path, found: Found) -> None:
    async with open_jobs(folder, trial.school, speed=SPEED) as harness:
        await _Run(trial, harness, found).to_its_end()


class _Run:
    """One trial before one set of stand-ins."""

    def __init__(self, trial: Trial, harness: JobsHarness, found: Found) -> None:
        self._trial = trial
        self._harness = harness
        self._found = found
        self._requests = 0
        self._kill_after = trial.kill_after
        self._unheard_bars = 0

    async def to_its_end(self) -> None:
        harness = self._harness
        harness.client.exchange._timeout = REQUEST_TIMEOUT
        open_before = [leaf for leaf in self._trial.school.leaves() if not self._is_full(leaf)]
        await self._log_in()
        harness.platform.on_request = self._count
        job = await self._ended(await self._start())
        items = await harness.items(job.id)
        assert sorted(i.cell.cell_id for i in items) == sorted(leaf.id for leaf in open_before)
        await self._check(job, items)
        self._found.requests += len(harness.platform.requests)
        self._found.states[job.state.value] += 1
        self._found.outcomes.update(str(item.outcome) for item in items)
        await self._retry(job)

    def _is_full(self, leaf: Cell) -> bool:
        return self._harness.platform.shown(STUDENT.stu_id, leaf.id) == 100

    async def _count(self, _: Endpoint, phase: Phase) -> None:
        """Let the trouble begin that belongs to this number of requests."""
        if phase is not Phase.BEFORE:
            return
        for trouble in self._trial.troubles:
            if trouble.after == self._requests:
                self._harness.fault(trouble.endpoint, trouble.fault, times=trouble.times)
        if self._trial.expire_after == self._requests:
            self._harness.platform.expire(STUDENT.stu_id)
        self._requests += 1

    async def _log_in(self) -> None:
        """Paste a new cookie, as often as it takes."""
        for _ in count():
            try:
                await self._harness.log_in(ANNA)
            except Barred as bar:
                await self._wait_out(bar)
            except ZjyError:
                continue
            else:
                return

    async def _start(self) -> int:
        """Read the course and start its job, as often as it takes."""
        for _ in count():
            account = await self._harness.accounts.active(ANNA)
            assert account is not None
            try:
                return await self._harness.start(account, pace=self._trial.pace)
            except Barred as bar:
                await self._wait_out(bar)
            except ZjyError:
                await self._log_in()
            except LimitReachedError:
                await self._wait_an_hour()
        raise AssertionError

    async def _wait_an_hour(self) -> None:
        """A person who has opened too many courses within an hour goes on in the next one."""
        long_ago = to_text(utc_now() - timedelta(hours=2))
        await self._harness.db.write(
            lambda conn: run(conn, "UPDATE drafts SET created_at = ?", (long_ago,))
        )

    async def _wait_out(self, bar: Barred) -> None:
        """A person who is told of a bar starts nothing before its end."""
        await self._harness.platform_clock.sleep((bar.minutes or BAR_MINUTES) * 60)

    async def _ended(self, job_id: int) -> Job:
        """Wait for the job's end, and log in anew where it asks for that."""
        while True:
            job = await self._harness.job(job_id)
            if job.state.is_ended:
                return job
            if job.state is JobState.NEEDS_LOGIN:
                await self._log_in()
            if self._kill_after is not None and self._requests > self._kill_after:
                self._kill_after = None
                # An answer that the kill cut off may be a bar that nobody could know of.
                last = self._harness.platform.requests[-1]
                self._unheard_bars = int(last.endpoint in MAY_BAR)
                await self._harness.kill_and_start()
                self._harness.client.exchange._timeout = REQUEST_TIMEOUT
            await asyncio.sleep(0.002)

    async def _check(self, job: Job, items: list[JobItem]) -> None:
        counts = counts_of(items)
        assert counts.open == 0
        assert counts.done + counts.failed + counts.skipped == len(items)
        assert job.state is end_state(counts)
        assert (await self._harness.states(job.id))[-1] == job.state.value
        ended = [n for n in await self._harness.told(ANNA) if n.kind == "job_ended"]
        assert [n.job_id for n in ended].count(job.id) == 1
        for item in items:
            self._check_item(job, item)
        violations = self._harness.platform.violations
        assert [each.kind for each in violations] in (
            [],
            [ViolationKind.DURING_BAR] * self._unheard_bars,
        ), violations

    def _check_item(self, job: Job, item: JobItem) -> None:
        leaf = self._trial.school.cell(item.cell.cell_id)
        said = f"{leaf.category} {leaf.id}: {item.outcome} {item.code} {item.msg} ({job.reason})"
        if item.outcome is Outcome.UNREAD:
            assert self._could_not_be_read(leaf), said
        else:
            assert (item.outcome is Outcome.DONE) == self._is_full(leaf), said
        if leaf.method is Method.BY_HAND:
            assert item.outcome is Outcome.BY_HAND, said
        if leaf.method is Method.NEVER:
            assert item.outcome is Outcome.UNSUPPORTED, said
        if item.outcome in (Outcome.BY_HAND, Outcome.UNSUPPORTED):
            assert leaf.method in (Method.BY_HAND, Method.NEVER), said

    def _could_not_be_read(self, leaf: Cell) -> bool:
        """Whether the last request for the cells of the cell's topic, or of any, failed."""
        place = self._trial.school.place(leaf.id)
        assert place is not None
        was_read = self._harness.transport.was_read
        return not was_read.get(place.topic.id, False) or not all(was_read.values())

    async def _retry(self, job: Job) -> None:
        """When the trouble is over, another try brings all that can be done to 100."""
        self._harness.platform.faults.clear()
        self._harness.platform.on_request = None
        if job.state is not JobState.SUCCEEDED:
            again = await self._harness.control.retry(ANNA, job.id)
            assert again.answer is Answer.STARTED
            assert again.job is not None
            ended = await self._ended(again.job.id)
            await self._check(ended, await self._harness.items(ended.id))
        for item in await self._harness.items(job.id):
            leaf = self._trial.school.cell(item.cell.cell_id)
            can_be_done = leaf.method not in (Method.BY_HAND, Method.NEVER) and not leaf.locked
            was_failed = item.outcome is not None and item.outcome.group is OutcomeGroup.FAILED
            if can_be_done and was_failed:
                assert self._is_full(leaf), f"{leaf.id} stays at {item.outcome}"
