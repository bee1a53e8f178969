"""Work that is done again and again, by the event loop's clock.

The machine's clock is set by people and by the network, back as well as forth. A repetition that
keeps its next moment by that clock stands still for two hours when it is put back by two hours,
and has two hours of runs to make up for when it is put on.
"""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta

Work = Callable[[], Awaitable[None]]


class Repeated:
    """Some work, ``interval`` of real time apart; a run that would meet the one before is left
    out. ``carry`` is given each run, does not wait for it, and sees to it that it is made."""

    def __init__(self, interval: timedelta, work: Work, carry: Callable[[Work], None]) -> None:
        self._interval = interval.total_seconds()
        self._work = work
        self._carry = carry
        self._under_way = False
        self._timer: asyncio.TimerHandle | None = None

    def begin(self, *, at_once: bool = False) -> None:
        """The first run is an interval from now, or now."""
        if at_once:
            self._start()
        self._wait()

    def stop(self) -> None:
        """No run begins any more; one that has begun is not ended here."""
        if self._timer is not None:
            self._timer.cancel()

    def _wait(self) -> None:
        self._timer = asyncio.get_running_loop().call_later(self._interval, self._again)

    def _again(self) -> None:
        # Whatever comes of this run, there is a next one.
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
