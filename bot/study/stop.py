"""Waits that a stop flag can interrupt: pause, cancel and shutdown take effect between reports."""

import asyncio

from bot.clock import PlatformClock


class Stopped(Exception):  # noqa: N818 - it is a request that was followed, not an error
    """Raised when the study must stop; no request is in flight."""


class StopFlag:
    """A flag that is raised once. The study checks it before each request and while it waits."""

    def __init__(self) -> None:
        self._raised = asyncio.Event()

    def raise_(self) -> None:
        self._raised.set()

    @property
    def is_raised(self) -> bool:
        return self._raised.is_set()

    def check(self) -> None:
        """Raises :class:`Stopped` if the flag is raised."""
        if self._raised.is_set():
            raise Stopped

    async def sleep_until(self, clock: PlatformClock, moment: float) -> None:
        """Wait until the platform clock's monotonic time is ``moment``; raises :class:`Stopped` as
        soon as the flag is raised."""
        self.check()
        sleep = asyncio.ensure_future(clock.sleep_until(moment))
        flag = asyncio.ensure_future(self._raised.wait())
        try:
            await asyncio.wait({sleep, flag}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in (sleep, flag):
                task.cancel()
            await asyncio.gather(sleep, flag, return_exceptions=True)
        self.check()
