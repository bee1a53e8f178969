"""Waiting that can be broken off: pause, cancel and shutdown are looked at between reports."""

import asyncio

from bot.clock import PlatformClock


class Stopped(Exception):  # noqa: N818 - it is a request that was followed, not an error
    """Somebody asked for the study to stop; nothing is in flight."""


class StopFlag:
    """A flag that is raised once. Study looks at it before each request and while it waits."""

    def __init__(self) -> None:
        self._raised = asyncio.Event()

    def raise_(self) -> None:
        self._raised.set()

    @property
    def is_raised(self) -> bool:
        return self._raised.is_set()

    def check(self) -> None:
        """Raises :class:`Stopped` if the flag is up."""
        if self._raised.is_set():
            raise Stopped

    async def sleep_until(self, clock: PlatformClock, moment: float) -> None:
        """Wait until the platform clock is at ``moment``; raises :class:`Stopped` the instant
        that the flag goes up."""
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
