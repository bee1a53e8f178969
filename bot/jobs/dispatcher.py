"""Claims jobs that may run, and hands each to the queue that runs it."""

import asyncio
from collections import Counter
from datetime import timedelta
from functools import partial

from bot.clock import Clock
from bot.jobs.listener import JobListener
from bot.jobs.queue import WorkQueue
from bot.jobs.runner import JobRunner
from bot.logs import get_log
from storage import job_changes, jobs
from storage.database import Database
from storage.jobs import Job

TICK = timedelta(seconds=5)
"""Real time between looks at the table, should a wake-up be missed."""
REMIND = timedelta(minutes=1)
"""Real time between looks for notices that Telegram did not take."""

_log = get_log(__name__)


class JobDispatcher:
    """Idle until :meth:`begin`, and again from :meth:`close` on."""

    def __init__(
        self,
        db: Database,
        clock: Clock,
        queue: WorkQueue,
        runner: JobRunner,
        listener: JobListener,
        *,
        max_running: int,
    ) -> None:
        self._db = db
        self._clock = clock
        self._queue = queue
        self._runner = runner
        self._listener = listener
        self._max_running = max_running
        self._claiming = asyncio.Lock()
        self._at_work: Counter[int] = Counter()
        """How many runs of each job are not over: one that rests can be claimed again before the
        run that let it rest has left."""
        self._resume: asyncio.TimerHandle | None = None
        self._is_open = False

    def begin(self) -> None:
        """Start looking for work, at once and then with every tick."""
        self._is_open = True
        self._queue.every(TICK, "jobs: tick", self._tick, at_once=True)
        self._queue.every(REMIND, "notices: those that could not be sent", self._remind)

    def wake(self) -> None:
        """There may be work; returns at once."""
        if self._is_open:
            self._queue.put("jobs: wake", self._tick)

    def close(self) -> None:
        """Claim nothing any more."""
        self._is_open = False
        if self._resume is not None:
            self._resume.cancel()

    async def _tick(self) -> None:
        async with self._claiming:
            now = self._clock.now()
            woken = await self._db.write(lambda conn: job_changes.wake_waiting(conn, now))
            woken += await self._requeue_lost()
            for job_id in woken:
                self._listener.job_changed(job_id)
            while self._is_open and (job := await self._claim()) is not None:
                self._at_work[job.id] += 1
                self._queue.put(f"job {job.id}", partial(self._run, job))
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
            if self._is_open:
                await self._runner.run(job)
                await self._show_queue(job)
        except asyncio.CancelledError:
            # At the end of the process an answer that is late is not waited for.
            if self._is_open:
                raise
        finally:
            self._at_work -= Counter([job.id])
            self.wake()

    async def _show_queue(self, job: Job) -> None:
        """Whoever waits behind the job moved up."""
        behind = await self._db.read(lambda conn: jobs.queued_of_student(conn, job.stu_id))
        for job_id in behind:
            self._listener.job_changed(job_id)

    async def _remind(self) -> None:
        self._listener.notices_waiting()

    async def _wake_on_time(self) -> None:
        """Waiting jobs go on at their moment, not at the tick after it."""
        if self._resume is not None:
            self._resume.cancel()
        now = self._clock.now()
        moment = await self._db.read(lambda conn: job_changes.next_resume(conn, now))
        if moment is None or not self._is_open:
            return
        seconds = (moment - now).total_seconds()
        if seconds < TICK.total_seconds():
            loop = asyncio.get_running_loop()
            self._resume = loop.call_later(max(seconds, 0), self.wake)
