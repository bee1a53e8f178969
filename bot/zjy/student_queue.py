"""The queue of one student: one request in flight, the most urgent next, a pause before most."""

import asyncio
from heapq import heapify, heappop, heappush

from bot.clock import PlatformClock
from bot.zjy.priority import Priority

PAUSE = 1.0
"""Platform seconds between an answer and the student's next read (``docs/platform.md``, section
*Reading the course tree*)."""


class Turn:
    """A request that waits: in its student's queue first, then at the bot's bound. ``number``
    counts requests in order of arrival, ``pause`` is in platform seconds."""

    __slots__ = (
        "_woken", "began", "is_offered", "number", "offered_at", "pause", "priority", "queue",
        "waited",
    )  # fmt: skip

    def __init__(
        self, queue: "StudentQueue", priority: Priority, number: int, pause: float
    ) -> None:
        self.queue = queue
        self.priority = priority
        self.number = number
        self.pause = pause
        self.began = False
        self.is_offered = False
        """Whether it waits at the bound."""
        self.offered_at: float | None = None
        self.waited = 0.0
        """Real seconds from the moment when only the bound held it to its beginning."""
        self._woken: asyncio.Future[None] | None = None

    def __lt__(self, other: "Turn") -> bool:
        return (self.priority, self.number) < (other.priority, other.number)

    @property
    def may_begin(self) -> bool:
        return self.queue.may_begin(self)

    def begin(self) -> None:
        """Take the student's queue, and let the request be sent."""
        self.queue.begin(self)
        self.began = True
        self.wake()

    async def woken(self) -> None:
        """Wait for the next :meth:`wake`."""
        self._woken = asyncio.get_running_loop().create_future()
        try:
            await self._woken
        finally:
            self._woken = None

    def wake(self) -> None:
        """Something that the turn waits for has changed."""
        if self._woken is not None and not self._woken.done():
            self._woken.set_result(None)


class StudentQueue:
    """The queue of one student's requests to the platform."""

    __slots__ = ("_answered", "_clock", "_in_flight", "_waiting", "key")

    def __init__(self, key: str, clock: PlatformClock) -> None:
        self.key = key
        self._clock = clock
        self._waiting: list[Turn] = []
        self._in_flight = False
        self._answered: float | None = None

    @property
    def is_idle(self) -> bool:
        """Whether no request is in flight or waits."""
        return not self._in_flight and not self._waiting

    def join(self, turn: Turn) -> None:
        """Wait in the queue."""
        heappush(self._waiting, turn)

    def is_next(self, turn: Turn) -> bool:
        """Whether the turn is the most urgent of the student, and nothing is in flight."""
        return not self._in_flight and self._waiting[0] is turn

    def left(self, pause: float) -> float:
        """Platform seconds until ``pause`` has passed since the last answer; at most 0 if it
        has."""
        if self._answered is None:
            return 0.0
        return self._answered + pause - self._clock.monotonic()

    def may_begin(self, turn: Turn) -> bool:
        """As :meth:`is_next`, with the pause over."""
        return self.is_next(turn) and self.left(turn.pause) <= 0

    def begin(self, turn: Turn) -> None:
        """The request of the turn, which :meth:`may_begin`, is in flight."""
        heappop(self._waiting)
        self._in_flight = True

    def end(self) -> None:
        """The request in flight was answered or given up."""
        self._in_flight = False
        self.answered_now()
        self._wake_first()

    def leave(self, turn: Turn) -> None:
        """Wait no longer."""
        self._waiting.remove(turn)
        heapify(self._waiting)
        if not self._in_flight:
            self._wake_first()

    def answered_now(self) -> None:
        """Start the pause: an answer came for this student."""
        self._answered = self._clock.monotonic()

    def _wake_first(self) -> None:
        if self._waiting:
            self._waiting[0].wake()
