"""The bot's job queue, as the jobs use it: it wakes the dispatcher and runs what was claimed.

What is queued here lives in memory only; the table of jobs is the truth. Nothing of it may be
dropped for being late (``misfire_grace_time``): the library's default drops after one second.
Nothing of it waits in the queue either, for the library waits by the machine's clock, and who puts
that back by two hours would stop it for two hours: waits are timers of the event loop.
"""

import asyncio
from collections import Counter
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

from telegram.ext import CallbackContext, JobQueue

from bot.clock import Clock
from bot.jobs.listener import JobListener
from bot.jobs.repeated import Repeated, Work
from bot.jobs.runner import JobRunner
from bot.logs import get_log
from storage import job_changes, jobs
from storage.database import Database
from storage.jobs import Job

TICK = timedelta(seconds=5)
"""Real time between looks at the table, should a wake-up be missed."""
REMIND = timedelta(minutes=1)
"""Real time between looks for notices that Telegram did not take."""
NEVER_DROP: dict[str, Any] = {"misfire_grace_time": None}
LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)
"""The moment for which everything is queued: it stays past if the clock is put back between the
queueing and the library's look."""

_log = get_log(__name__)


class JobDispatcher:
    """Claims jobs that may run and hands each to the job queue."""

    def __init__(
        self,
        db: Database,
        clock: Clock,
        queue: JobQueue[Any],
        *,
        max_running: int,
    ) -> None:
        self._db = db
        self._clock = clock
        self._queue = queue
        self._max_running = max_running
        self._claiming = asyncio.Lock()
        self._runner: JobRunner | None = None
        self._listener: JobListener | None = None
        self._at_work: Counter[int] = Counter()
        """How many runs of each job are not over: one that rests can be claimed again before the
        run that let it rest has left."""
        self._repeated: list[Repeated] = []
        self._resume: asyncio.TimerHandle | None = None
        self._closed = False

    def begin(self, runner: JobRunner, listener: JobListener) -> None:
        """Start looking for work, at once and then with every tick."""
        self._runner = runner
        self._listener = listener
        self._repeat(TICK, "jobs: tick", self._tick, at_once=True)
        self._repeat(REMIND, "notices: those that could not be sent", self._remind)

    def every(self, interval: timedelta, name: str, work: Work, *, at_once: bool = False) -> None:
        """Do some other work of the bot again and again, ``interval`` of real time apart, and with
        ``at_once`` now too; no two of its runs meet."""

        async def run() -> None:
            if not self._closed:
                await work()

        self._repeat(interval, name, run, at_once=at_once)

    def _repeat(self, interval: timedelta, name: str, work: Work, *, at_once: bool = False) -> None:
        repeated = Repeated(interval, work, partial(self._put, name))
        self._repeated.append(repeated)
        repeated.begin(at_once=at_once)

    def _put(self, name: str, work: Work) -> None:
        """Let the library's queue do the work now; returns at once."""

        async def run(context: CallbackContext[Any, Any, Any, Any]) -> None:
            await work()

        self._queue.run_once(run, LONG_AGO, name=name, job_kwargs=NEVER_DROP)

    def wake(self) -> None:
        """There may be work; returns at once."""
        if self._runner is not None and not self._closed:
            self._put("jobs: wake", self._tick)

    def close(self) -> None:
        """Claim nothing any more."""
        self._closed = True
        for repeated in self._repeated:
            repeated.stop()
        if self._resume is not None:
            self._resume.cancel()

    async def _tick(self) -> None:
        async with self._claiming:
            now = self._clock.now()
            woken = await self._db.write(lambda conn: job_changes.wake_waiting(conn, now))
            woken += await self._requeue_lost()
            if self._listener is not None:
                for job_id in woken:
                    self._listener.job_changed(job_id)
            while not self._closed and (job := await self._claim()) is not None:
                self._at_work[job.id] += 1
                self._put(f"job {job.id}", partial(self._run, job))
            await self._wake_on_time()

    async def _claim(self) -> Job | None:
        # Asked for within the unit: what was written before it was also earlier.
        return await self._db.write(
            lambda conn: job_changes.claim_next(conn, self._clock.now(), self._max_running)
        )

    async def _requeue_lost(self) -> list[int]:
        """A job can be left running with nobody at work on it, if the end of its run could not
        be stored: then it goes on from the platform's own position."""
        now, at_work = self._clock.now(), frozenset(self._at_work)
        lost = await self._db.write(lambda conn: job_changes.recover(conn, now, except_for=at_work))
        if lost:
            _log.warning("jobs were running with nobody at work on them", jobs=lost)
        return lost

    async def _run(self, job: Job) -> None:
        try:
            if self._runner is not None and not self._closed:
                await self._runner.run(job)
                await self._show_queue(job)
        except asyncio.CancelledError:
            # At the end of the process an answer that is late is not waited for.
            if not self._closed:
                raise
        finally:
            self._at_work -= Counter([job.id])
            self.wake()

    async def _show_queue(self, job: Job) -> None:
        """Whoever waits behind the job moved up."""
        behind = await self._db.read(lambda conn: jobs.queued_of_student(conn, job.stu_id))
        if self._listener is not None:
            for job_id in behind:
                self._listener.job_changed(job_id)

    async def _remind(self) -> None:
        if self._listener is not None:
            self._listener.notices_waiting()

    async def _wake_on_time(self) -> None:
        """Waiting jobs go on at their moment, not at the tick after it."""
        if self._resume is not None:
            self._resume.cancel()
        now = self._clock.now()
        moment = await self._db.read(lambda conn: job_changes.next_resume(conn, now))
        if moment is None or self._closed:
            return
        seconds = (moment - now).total_seconds()
        if seconds < TICK.total_seconds():
            loop = asyncio.get_running_loop()
            self._resume = loop.call_later(max(seconds, 0), self.wake)
