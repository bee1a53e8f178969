"""The clocks that are passed into everything that waits.

There are two kinds of seconds. *Real* seconds apply to Telegram, digests, backups and locks.
*Platform* seconds apply to the course platform: the pace of a player, pauses between reads,
retries, bars and the life of a cookie. ``CLOCK_SPEED`` divides platform seconds alone, and only
this module knows it. Stored moments are always real UTC.
"""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Protocol

SHORTEST_SLEEP = 1e-5
"""Real seconds. Rounding can leave a wait of 1e-17 s: such a sleep ends at once, and the loop would
repeat it."""


class Clock(Protocol):
    """Real time: a wall clock in UTC, a monotonic clock and a sleep, all in real seconds."""

    def now(self) -> datetime: ...

    def monotonic(self) -> float: ...

    async def sleep(self, seconds: float) -> None: ...


class SystemClock:
    """The machine's clocks. ``monotonic`` and ``sleep`` follow the running event loop."""

    def now(self) -> datetime:
        return datetime.now(UTC)

    def monotonic(self) -> float:
        return asyncio.get_running_loop().time()

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds)


class PlatformClock:
    """Platform seconds on top of a real clock: ``speed`` of them pass in one real second."""

    def __init__(self, clock: Clock, speed: float = 1.0) -> None:
        if speed <= 0:
            raise ValueError("the clock's speed must be above 0")
        self.clock = clock
        self.speed = speed

    def now(self) -> datetime:
        """The real moment, in UTC."""
        return self.clock.now()

    def monotonic(self) -> float:
        """Platform seconds since some fixed moment; for differences only."""
        return self.clock.monotonic() * self.speed

    async def sleep(self, seconds: float) -> None:
        """Wait at least ``seconds`` platform seconds."""
        await self.sleep_until(self.monotonic() + seconds)

    async def sleep_until(self, moment: float) -> None:
        """Wait until ``monotonic()`` has reached ``moment``.

        Timers may fire a little early, and the platform counts every gap: so the clock is read
        again.
        """
        while (left := moment - self.monotonic()) > 0:
            await self.clock.sleep(max(left / self.speed, SHORTEST_SLEEP))

    def real(self, seconds: float) -> float:
        """The length in real seconds of a wait of ``seconds`` platform seconds."""
        return seconds / self.speed

    def after(self, seconds: float) -> datetime:
        """The real UTC moment ``seconds`` platform seconds from now."""
        return self.now() + timedelta(seconds=self.real(seconds))

    def since(self, moment: datetime) -> float:
        """Platform seconds that have passed since a real UTC moment."""
        return (self.now() - moment).total_seconds() * self.speed
