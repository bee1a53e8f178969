"""A clock for tests over the real wire: its seconds are short."""

import asyncio
import time
from datetime import UTC, datetime

SPEED = 100.0


class FastClock:
    """A hundred seconds of it pass in one of the machine's."""

    def now(self) -> datetime:
        return datetime.now(UTC)

    def monotonic(self) -> float:
        return time.monotonic() * SPEED

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds / SPEED)
