"""Draws pictures in threads, a few at a time: a waiting picture uses no processor, and the event
loop and the other threads keep theirs."""

import asyncio
from collections.abc import Callable

DRAWN_AT_ONCE = 2
"""The most pictures at the same time: each holds some megabytes while it is drawn, and thousands of
digests can be due at once."""


class Drawing:
    def __init__(self, at_once: int = DRAWN_AT_ONCE) -> None:
        self._places = asyncio.Semaphore(at_once)

    async def draw(self, picture: Callable[[], bytes]) -> bytes:
        """The result of ``picture``, computed in its turn and in a thread."""
        async with self._places:
            return await asyncio.to_thread(picture)
