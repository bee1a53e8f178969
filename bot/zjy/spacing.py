"""The bound on the requests of the whole bot: one every so many real seconds, no bursts."""

import asyncio

from bot.clock import SHORTEST_SLEEP, Clock


class Spacing:
    """Lets one caller go every ``interval`` real seconds, in the order in which they came."""

    def __init__(self, clock: Clock, interval: float) -> None:
        self._clock = clock
        self._interval = interval
        self._first_waits = asyncio.Lock()
        self._next = float("-inf")

    async def my_turn(self) -> None:
        """Wait for the next free moment and take it. One who is cancelled takes none."""
        async with self._first_waits:
            while (left := self._next - self._clock.monotonic()) > 0:
                await self._clock.sleep(max(left, SHORTEST_SLEEP))
            self._next = self._clock.monotonic() + self._interval
