"""Claims jobs that may run and hands each to the work queue."""

import asyncio
from collections import Counter
from collections.abc import Callable, Collection
from datetime import timedelta
from functools import partial

from aiosqlite import Connection

from bot.clock import Clock
from bot.jobs.listener import JobListener
from bot.jobs.queue import WorkQueue
from bot.jobs.runner import JobRunner
from storage import job_changes, job_queue, jobs
from storage.database import Database
from storage.enums import JobState
from storage.jobs import Job

TICK = timedelta(seconds=5)
"""Real time between two reads of the jobs table, in case a wake-up is missed."""
REMIND = timedelta(minutes=1)
"""Real time between two checks for notices that Telegram did not accept, and between two updates of
the places in the queue."""
CLAIMED_AT_ONCE = 20
"""Jobs that are claimed in one commit: each takes about a millisecond, in which others wait."""


class JobDispatcher:
    """Idle until :meth:`begin`, and again from :meth:`close` on. No job of the chats
    ``without_access``, which may change in place, is claimed, nor one whose cookie was sealed with
    none of the ``keys``."""

    def __init__(
        self,
        db: Database,
        clock: Clock,
        queue: WorkQueue,
        runner: JobRunner,
        listener: JobListener,
        *,
        max_running: int,
        without_access: Collection[int] = (),
        keys: Callable[[], Collection[bytes]],
    ) -> None:
        self._keys = keys
        self._without_access = without_access
        self._db = db
        self._clock = clock
        self._queue = queue
        self._runner = runner
        self._listener = listener
        self._max_running = max_running
        self._claiming = asyncio.Lock()
        self._at_work: Counter[int] = Counter()
        """The number of unfinished runs of each job: a job that waits can be claimed again before
        its previous run has returned."""
        self._resume: asyncio.TimerHandle | None = None
        self._is_open = False
        self._has_moved = False
        """Whether jobs were taken up since the places in the queue were shown."""

    def begin(self) -> None:
        """Start looking for work, at once and then with every tick."""
        self._is_open = True
        self._queue.every(TICK, "jobs: tick", self._tick, at_once=True)
        self._queue.every(REMIND, "notices: those that could not be sent", self._remind)
        self._queue.every(REMIND, "jobs: their places in the queue", self._show_places)

    def wake(self) -> None:
        """Look for work soon; returns at once."""
        if self._is_open:
            self._queue.put("jobs: wake", self._tick)

    def close(self) -> None:
        """Claim no further job."""
        self._is_open = False
        if self._resume is not None:
            self._resume.cancel()

    async def _tick(self) -> None:
        async with self._claiming:
            now = self._clock.now()
            woken = await self._db.write(lambda conn: job_changes.wake_waiting(conn, now))
            woken += await self._take_back_lost()
            for job_id in woken:
                self._listener.job_changed(job_id)
            while self._is_open and (claimed := await self._claim()):
                self._has_moved = True
                for job in claimed:
                    self._at_work[job.id] += 1
                    self._queue.put(f"job {job.id}", partial(self._run, job))
            await self._wake_on_time()

    async def _claim(self) -> list[Job]:
        """The next jobs that may run, a few in one commit: at a start there are many."""
        keys, without_access = self._keys(), frozenset(self._without_access)

        async def unit(conn: Connection) -> list[Job]:
            claimed: list[Job] = []
            while len(claimed) < CLAIMED_AT_ONCE:
                # The clock is read within the unit, so that earlier writes have earlier moments.
                now = self._clock.now()
                job = await job_changes.claim_next(
                    conn, now, self._max_running, without_access, keys=keys
                )
                if job is None:
                    break
                claimed.append(job)
            return claimed

        return await self._db.write(unit)

    async def _take_back_lost(self) -> list[int]:
        """Let jobs wait that are stored as running without a run in this process, because the end
        of the run could not be stored; returns their ids. They go on from the platform's own
        position, and each such end counts as a trouble, so that they do not go on forever."""
        if not self._is_open:
            return []  # an ending process cuts runs off, and the next one takes their jobs up
        at_work = frozenset(self._at_work)
        stored = await self._db.read(lambda conn: jobs.in_states(conn, [JobState.RUNNING]))
        lost = [job for job in stored if job.id not in at_work]
        for job in lost:
            await self._runner.take_back(job)
        return [job.id for job in lost]

    async def _run(self, job: Job) -> None:
        try:
            if self._is_open:
                await self._runner.run(job)
                await self._show_queue(job)
        except asyncio.CancelledError:
            # A closing process does not wait for late answers.
            if self._is_open:
                raise
        finally:
            self._at_work -= Counter([job.id])
            self.wake()

    async def _show_queue(self, job: Job) -> None:
        """Update the messages of the jobs queued behind this one: their places changed."""
        behind = await self._db.read(lambda conn: job_queue.queued_of_student(conn, job.stu_id))
        for job_id in behind:
            self._listener.job_changed(job_id)

    async def _show_places(self) -> None:
        if not self._has_moved:
            return
        self._has_moved = False
        for job_id in await self._db.read(job_queue.waiting_for_a_place):
            self._listener.place_changed(job_id)

    async def _remind(self) -> None:
        self._listener.notices_waiting()

    async def _wake_on_time(self) -> None:
        """Set a timer for the next waiting job, so that it goes on at its time and not at the tick
        after it."""
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
