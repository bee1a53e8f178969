"""One timer for all chats: the moment at which the outbox looks again."""

import asyncio
import math
from collections.abc import Callable

from bot.clock import SHORTEST_SLEEP, Clock
from bot.loop_lag import LoopLag


class Timer:
    """Calls ``ring`` at the moment that was set last, and tells ``lag`` how late that was."""

    def __init__(self, clock: Clock, lag: LoopLag, ring: Callable[[], None]) -> None:
        self._clock = clock
        self._lag = lag
        self._ring = ring
        self._moment = 0.0
        self.task: asyncio.Task[None] | None = None

    def set(self, moment: float) -> None:
        """Ring at this moment of the real monotonic clock, infinite for never, and at no other."""
        if self.task is None or self._moment != moment:
            self.clear()
            self._start(moment)

    def bring_forward(self, moment: float) -> None:
        """Ring at this moment at the latest."""
        if self.task is None or moment < self._moment:
            self.clear()
            self._start(moment)

    def clear(self) -> None:
        if self.task is not None:
            self.task.cancel()
            self.task = None

    def _start(self, moment: float) -> None:
        if moment < math.inf:
            self._moment = max(moment, self._clock.monotonic())
            self.task = asyncio.create_task(self._wait(self._moment))

    async def _wait(self, moment: float) -> None:
        if (left := moment - self._clock.monotonic()) > 0:
            await self._clock.sleep(max(left, SHORTEST_SLEEP))
        self.task = None
        now = self._clock.monotonic()
        self._lag.note(now - moment, now)
        self._ring()
