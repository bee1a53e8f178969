"""Waits for what single chats show: many people wait at once, and a change wakes its own chat's
alone."""

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import TypeVar

from demo.telegram import TelegramServer

T = TypeVar("T")

TICK = 0.01
"""Seconds between looks at how late this process is."""


class Watch:
    """``late`` are seconds by which this process's own timers came too late since it was asked
    last: what a time measured here may owe to the one who measures."""

    def __init__(self) -> None:
        self._waiting: dict[int, set[asyncio.Event]] = defaultdict(set)
        self._late: list[float] = []

    async def until(
        self, chat_id: int, predicate: Callable[[], T | None], seconds: float
    ) -> T | None:
        """The first truthy value, looked at now and whenever the chat changes; None if there was
        none in time."""
        changed = asyncio.Event()
        self._waiting[chat_id].add(changed)
        try:
            async with asyncio.timeout(seconds):
                while not (value := predicate()):
                    await changed.wait()
                    changed.clear()
                return value
        except TimeoutError:
            return None
        finally:
            self._waiting[chat_id].discard(changed)

    def late(self) -> list[float]:
        taken, self._late = self._late, []
        return taken

    async def _follow(self, telegram: TelegramServer) -> None:
        async with telegram.subscribe() as events:
            async for event in events:
                for changed in self._waiting[event.chat_id or 0]:
                    changed.set()

    async def _look_at_the_clock(self) -> None:
        loop = asyncio.get_running_loop()
        while True:
            due = loop.time() + TICK
            await asyncio.sleep(TICK)
            self._late.append(max(loop.time() - due, 0.0))


@asynccontextmanager
async def watching(telegram: TelegramServer) -> AsyncIterator[Watch]:
    """A watch that follows the chats until the block ends."""
    watch = Watch()
    tasks = [
        asyncio.create_task(watch._follow(telegram)),  # noqa: SLF001 - made here
        asyncio.create_task(watch._look_at_the_clock()),  # noqa: SLF001
    ]
    try:
        yield watch
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
