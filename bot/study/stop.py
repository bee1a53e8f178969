"""Waits that a stop flag can interrupt: pause, cancel and shutdown take effect between reports."""

import asyncio
from collections.abc import Callable

from bot.clock import PlatformClock


class Stopped(Exception):  # noqa: N818 - it is a request that was followed, not an error
    """Raised when the study must stop; no request is in flight."""


def _unheard(wait: float) -> None:
    """The ``beat`` of a study that is not watched."""


class StopFlag:
    """A flag that is raised once. The study checks it before each request and while it waits;
    ``beat`` is called each time, with the real seconds of the wait."""

    def __init__(self, beat: Callable[[float], None] = _unheard) -> None:
        self._beat = beat
        self._is_raised = False
        self._waits: set[asyncio.Timeout] = set()

    def raise_(self) -> None:
        if self._is_raised:
            return
        self._is_raised = True
        for wait in self._waits:
            wait.reschedule(asyncio.get_running_loop().time())

    @property
    def is_raised(self) -> bool:
        return self._is_raised

    def check(self) -> None:
        """Raises :class:`Stopped` if the flag is raised."""
        self._beat(0.0)
        if self._is_raised:
            raise Stopped

    async def sleep_until(self, clock: PlatformClock, moment: float) -> None:
        """Wait until the platform clock's monotonic time is ``moment``; raises :class:`Stopped` as
        soon as the flag is raised."""
        self.check()
        self._beat(max(clock.real(moment - clock.monotonic()), 0.0))
        try:
            async with asyncio.timeout(None) as wait:
                self._waits.add(wait)
                try:
                    await clock.sleep_until(moment)
                finally:
                    self._waits.discard(wait)
        except TimeoutError:
            self.check()
            raise
        self.check()
