"""The bot's job queue, as the jobs use it: it wakes the dispatcher and runs what was claimed.

What is queued here lives in memory only; the table of jobs is the truth. Nothing of it may be
dropped for being late (``misfire_grace_time``): the library's default drops after one second.
"""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from datetime import timedelta
from typing import Any

from telegram.ext import CallbackContext, JobQueue

from bot.clock import Clock
from bot.jobs.listener import JobListener
from bot.jobs.records import Job
from bot.jobs.runner import JobRunner
from bot.logs import get_log
from storage import job_changes, jobs
from storage.database import Database
from storage.jobs import JobRow

TICK = timedelta(seconds=5)
"""Real time between looks at the table, should a wake-up be missed."""
REMIND = timedelta(minutes=1)
"""Real time between looks for notices that Telegram did not take."""
NEVER_DROP: dict[str, Any] = {"misfire_grace_time": None}

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
        self._at_work: set[int] = set()
        self._closed = False

    def begin(self, runner: JobRunner, listener: JobListener) -> None:
        """Start looking for work, at once and then with every tick."""
        self._runner = runner
        self._listener = listener
        self._repeat("jobs: tick", TICK, self._tick)
        self._repeat("notices: those that could not be sent", REMIND, self._remind)
        # The library takes a first run at this very moment for missed, and begins with the second.
        self.wake()

    def every(
        self,
        interval: timedelta,
        name: str,
        work: Callable[[], Awaitable[None]],
        *,
        at_once: bool = False,
    ) -> None:
        """Do some other work of the bot again and again, ``interval`` of real time apart, and with
        ``at_once`` now too; two of its runs can meet then."""

        async def run(context: CallbackContext[Any, Any, Any, Any]) -> None:
            if not self._closed:
                await work()

        self._repeat(name, interval, run)
        if at_once:
            self._queue.run_once(run, 0, name=name, job_kwargs=NEVER_DROP)

    def _repeat(
        self,
        name: str,
        interval: timedelta,
        run: Callable[[CallbackContext[Any, Any, Any, Any]], Coroutine[Any, Any, None]],
    ) -> None:
        self._queue.run_repeating(
            run,
            interval=interval,
            name=name,
            job_kwargs={**NEVER_DROP, "coalesce": True, "max_instances": 1},
        )

    def wake(self) -> None:
        """There may be work; returns at once."""
        if self._runner is not None and not self._closed:
            self._queue.run_once(self._tick, 0, name="jobs: wake", job_kwargs=NEVER_DROP)

    def close(self) -> None:
        """Claim nothing any more."""
        self._closed = True

    async def _tick(self, context: CallbackContext[Any, Any, Any, Any]) -> None:
        async with self._claiming:
            now = self._clock.now()
            woken = await self._db.write(lambda conn: job_changes.wake_waiting(conn, now))
            woken += await self._requeue_lost()
            if self._listener is not None:
                for job_id in woken:
                    self._listener.job_changed(job_id)
            while not self._closed and (row := await self._claim()) is not None:
                self._at_work.add(row.id)
                self._queue.run_once(
                    self._run, 0, data=Job.of(row), name=f"job {row.id}", job_kwargs=NEVER_DROP
                )
            await self._wake_on_time()

    async def _claim(self) -> JobRow | None:
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

    async def _run(self, context: CallbackContext[Any, Any, Any, Any]) -> None:
        job = context.job.data if context.job is not None else None
        if self._runner is None or not isinstance(job, Job):
            raise TypeError("the job queue ran something that is no job")
        try:
            if not self._closed:
                await self._runner.run(job)
                await self._show_queue(job)
        except asyncio.CancelledError:
            # At the end of the process an answer that is late is not waited for.
            if not self._closed:
                raise
        finally:
            self._at_work.discard(job.id)
            self.wake()

    async def _show_queue(self, job: Job) -> None:
        """Whoever waits behind the job moved up."""
        behind = await self._db.read(lambda conn: jobs.queued_of_student(conn, job.stu_id))
        if self._listener is not None:
            for job_id in behind:
                self._listener.job_changed(job_id)

    async def _remind(self, context: CallbackContext[Any, Any, Any, Any]) -> None:
        if self._listener is not None:
            self._listener.notices_waiting()

    async def _wake_on_time(self) -> None:
        """Waiting jobs go on at their moment, not at the tick after it."""
        now = self._clock.now()
        moment = await self._db.read(lambda conn: job_changes.next_resume(conn, now))
        if moment is None or self._closed:
            return
        seconds = (moment - now).total_seconds()
        if seconds < TICK.total_seconds():
            self._queue.run_once(
                self._tick, max(seconds, 0), name="jobs: resume", job_kwargs=NEVER_DROP
            )
