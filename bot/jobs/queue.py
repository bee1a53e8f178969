"""The library's job queue, as the bot uses it: it runs at once what it is given.

What is queued here lives in memory only; the rows are the truth. Nothing of it may be dropped for
being late (``misfire_grace_time``): the library's default drops after one second. Nothing of it
waits in the queue either, for the library waits by the machine's clock, and who puts that back by
two hours would stop it for two hours: waits are timers of the event loop.
"""

from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

from telegram.ext import CallbackContext, JobQueue

from bot.jobs.repeated import Repeated, Work

NEVER_DROP: dict[str, Any] = {"misfire_grace_time": None}
LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)
"""The moment for which everything is queued: it stays past if the clock is put back between the
queueing and the library's look."""


class WorkQueue:
    def __init__(self, queue: JobQueue[Any]) -> None:
        self._queue = queue
        self._repeated: list[Repeated] = []
        self._closed = False

    async def start(self) -> None:
        """Begin to run what is queued; the application does so too when it starts."""
        await self._queue.start()

    def put(self, name: str, work: Work) -> None:
        """Let the library's queue do the work now; returns at once."""

        async def run(context: CallbackContext[Any, Any, Any, Any]) -> None:
            await work()

        self._queue.run_once(run, LONG_AGO, name=name, job_kwargs=NEVER_DROP)

    def every(self, interval: timedelta, name: str, work: Work, *, at_once: bool = False) -> None:
        """Do the work again and again, ``interval`` of real time apart, and with ``at_once`` now
        too; no two of its runs meet."""

        async def run() -> None:
            if not self._closed:
                await work()

        repeated = Repeated(interval, run, partial(self.put, name))
        self._repeated.append(repeated)
        repeated.begin(at_once=at_once)

    def close(self) -> None:
        """Repeat nothing any more."""
        self._closed = True
        for repeated in self._repeated:
            repeated.stop()
