"""Spaces what comes together: one per interval of real seconds, without bursts."""

import asyncio

from bot.clock import SHORTEST_SLEEP, Clock


class Spacing:
    """Lets one caller continue every ``interval`` real seconds, in order of arrival."""

    def __init__(self, clock: Clock, interval: float) -> None:
        self._clock = clock
        self._interval = interval
        self._first_waits = asyncio.Lock()
        self._next = float("-inf")

    async def my_turn(self) -> None:
        """Wait for the next free slot and take it. A cancelled caller takes none."""
        async with self._first_waits:
            while (left := self._next - self._clock.monotonic()) > 0:
                await self._clock.sleep(max(left, SHORTEST_SLEEP))
            self._next = self._clock.monotonic() + self._interval
