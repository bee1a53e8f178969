"""The library's job queue, which the bot uses to run work at once.

Queued work is in memory only; the stored rows are authoritative. No work may be dropped for being
late (``misfire_grace_time``): the library's default drops it after one second. No work waits in the
queue either: the library waits by the machine's clock and would stop for two hours if that is set
back by two hours. Waits are timers of the event loop.
"""

from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

from telegram.ext import CallbackContext, JobQueue

from bot.jobs.repeated import Repeated, Work

NEVER_DROP: dict[str, Any] = {"misfire_grace_time": None}
LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)
"""The time for which all work is queued: it stays in the past even if the clock is set back before
the library reads it."""


class WorkQueue:
    def __init__(self, queue: JobQueue[Any]) -> None:
        self._queue = queue
        self._repeated: list[Repeated] = []
        self._closed = False

    async def start(self) -> None:
        """Begin to run queued work; the application also does so when it starts."""
        await self._queue.start()

    def put(self, name: str, work: Work) -> None:
        """Let the library's queue run the work now; returns at once."""

        async def run(context: CallbackContext[Any, Any, Any, Any]) -> None:
            await work()

        self._queue.run_once(run, LONG_AGO, name=name, job_kwargs=NEVER_DROP)

    def every(self, interval: timedelta, name: str, work: Work, *, at_once: bool = False) -> None:
        """Run the work every ``interval`` of real time, with ``at_once`` also now; its runs do not
        overlap."""

        async def run() -> None:
            if not self._closed:
                await work()

        repeated = Repeated(interval, run, partial(self.put, name))
        self._repeated.append(repeated)
        repeated.begin(at_once=at_once)

    def close(self) -> None:
        """Stop all repetitions."""
        self._closed = True
        for repeated in self._repeated:
            repeated.stop()
