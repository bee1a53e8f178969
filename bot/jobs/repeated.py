"""Repeats work at an interval of the event loop's clock.

Operators and the network set the machine's clock, back as well as forward. A repetition timed by
that clock would stop for two hours when it is set back by two hours, and would make up two hours of
runs when it is set forward.
"""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta

Work = Callable[[], Awaitable[None]]


class Repeated:
    """Runs ``work`` every ``interval`` of real time; a run that would overlap the one before is
    skipped. ``carry`` receives each run and schedules it without waiting for it."""

    def __init__(self, interval: timedelta, work: Work, carry: Callable[[Work], None]) -> None:
        self._interval = interval.total_seconds()
        self._work = work
        self._carry = carry
        self._under_way = False
        self._timer: asyncio.TimerHandle | None = None

    def begin(self, *, at_once: bool = False) -> None:
        """The first run is after an interval or, with ``at_once``, now."""
        if at_once:
            self._start()
        self._wait()

    def stop(self) -> None:
        """Begin no further run; a run that has begun goes on."""
        if self._timer is not None:
            self._timer.cancel()

    def _wait(self) -> None:
        self._timer = asyncio.get_running_loop().call_later(self._interval, self._again)

    def _again(self) -> None:
        # The next run is scheduled first, so that an error in this one cannot prevent it.
        self._wait()
        if not self._under_way:
            self._start()

    def _start(self) -> None:
        self._carry(self._run)
        self._under_way = True

    async def _run(self) -> None:
        try:
            await self._work()
        finally:
            self._under_way = False
