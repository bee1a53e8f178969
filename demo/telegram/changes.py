"""Tells those who wait for something to change."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar

from demo.telegram.messages import Message

T = TypeVar("T")
LOOK_AGAIN = 0.1
"""Seconds after which a condition is looked at without a change: it may be of a log or a file."""


class EventKind(StrEnum):
    """What changed in a chat."""

    MESSAGE = "message"
    EDITED = "edited"
    DELETED = "deleted"
    PRESSED = "pressed"
    ANSWERED = "answered"
    ACTION = "action"
    COMMANDS = "commands"
    PINNED = "pinned"
    REACTION = "reaction"
    CHAT = "chat"
    BOT = "bot"


@dataclass(frozen=True)
class Event:
    """One change. ``message`` is live: it shows its present state, not that of the change.

    ``press_id`` names the pressed or answered callback query, ``action`` what the bot is said
    to be doing (``typing``).
    """

    kind: EventKind
    chat_id: int | None = None
    message: Message | None = None
    press_id: str | None = None
    action: str | None = None


class Changes:
    """Tells every waiter and subscriber of every change."""

    def __init__(self) -> None:
        self._waiters: set[asyncio.Future[None]] = set()
        self._queues: set[asyncio.Queue[Event | None]] = set()

    def tell(self, event: Event) -> None:
        """Wake the waiters and hand the event to the subscribers."""
        self.wake()
        for queue in self._queues:
            queue.put_nowait(event)

    def wake(self) -> None:
        """Let the waiters look again, after something that no chat shows."""
        for waiter in self._waiters:
            if not waiter.done():
                waiter.set_result(None)
        self._waiters.clear()

    def close(self) -> None:
        """End every subscription."""
        for queue in self._queues:
            queue.put_nowait(None)

    async def next(self) -> None:
        """Return at the next change."""
        waiter: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiters.add(waiter)
        try:
            await waiter
        finally:
            self._waiters.discard(waiter)

    async def wait_for(self, predicate: Callable[[], T | bool | None], timeout: float) -> T:
        """The first truthy value of ``predicate``, looked at now, after every change and ten
        times a second.

        A ``LookupError`` of the predicate (a chat without a message yet) means "not yet".
        Raises ``TimeoutError`` after ``timeout`` seconds, naming the last ``LookupError``.
        """
        reason = "the condition stayed false"
        try:
            async with asyncio.timeout(timeout):
                while True:
                    try:
                        value = predicate()
                    except LookupError as error:
                        reason = str(error)
                    else:
                        if value:
                            return value  # type: ignore[return-value]
                        reason = "the condition stayed false"
                    with suppress(TimeoutError):
                        async with asyncio.timeout(LOOK_AGAIN):
                            await self.next()
        except TimeoutError:
            raise TimeoutError(f"nothing came within {timeout} s: {reason}") from None

    @asynccontextmanager
    async def subscribe(self) -> AsyncIterator[AsyncIterator[Event]]:
        """All events from now on; the iteration ends when the server stops."""
        queue: asyncio.Queue[Event | None] = asyncio.Queue()
        self._queues.add(queue)
        try:
            yield _drain(queue)
        finally:
            self._queues.discard(queue)


async def _drain(queue: asyncio.Queue[Event | None]) -> AsyncIterator[Event]:
    while (event := await queue.get()) is not None:
        yield event
