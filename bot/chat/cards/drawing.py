"""Pictures are drawn in threads, a few at a time: what waits for one costs no processor, and the
loop and the other threads get theirs."""

import asyncio
from collections.abc import Callable

DRAWN_AT_ONCE = 2
"""A picture holds some megabytes while it is drawn; thousands of digests can be due at once."""


class Drawing:
    def __init__(self, at_once: int = DRAWN_AT_ONCE) -> None:
        self._places = asyncio.Semaphore(at_once)

    async def draw(self, picture: Callable[[], bytes]) -> bytes:
        """What ``picture`` gives, in its turn and beside the loop."""
        async with self._places:
            return await asyncio.to_thread(picture)
