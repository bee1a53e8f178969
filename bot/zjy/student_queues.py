"""One queue per student: one request in flight, the most urgent next, a pause before most."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from enum import IntEnum
from heapq import heapify, heappop, heappush
from itertools import count

from bot.clock import SHORTEST_SLEEP, PlatformClock

PAUSE = 1.0
"""Platform seconds between an answer and the student's next read (``docs/platform.md``, section
*Reading the course tree*)."""


class Priority(IntEnum):
    """How urgent a request is; the smaller value goes first."""

    PERSON = 0
    JOB = 1
    DIGEST = 2


class _Turn:
    """A request that waits for its student's queue."""

    def __init__(self, priority: Priority, number: int) -> None:
        self.rank = (priority, number)
        self.look_again = asyncio.Event()

    def __lt__(self, other: "_Turn") -> bool:
        return self.rank < other.rank


class StudentQueue:
    """The queue of one student's requests to the platform."""

    def __init__(self, clock: PlatformClock) -> None:
        self._clock = clock
        self._numbers = count()
        self._waiting: list[_Turn] = []
        self._busy = False
        self._answered: float | None = None

    @property
    def droppable(self) -> bool:
        """Whether the queue can be dropped: no request is in flight or waits, and a new queue would
        not shorten the pause."""
        return not self._busy and not self._waiting and self._left(PAUSE) <= 0

    def answered_now(self) -> None:
        """Start the pause: an answer came for this student."""
        self._answered = self._clock.monotonic()

    @asynccontextmanager
    async def turn(self, priority: Priority, pause: float) -> AsyncIterator[None]:
        """Hold the queue for one request, at the earliest ``pause`` platform seconds after the last
        answer. A waiting or pausing request does not block a more urgent one."""
        await self._enter(_Turn(priority, next(self._numbers)), pause)
        try:
            yield
        finally:
            self._busy = False
            self.answered_now()
            self._wake_first()

    async def _enter(self, turn: _Turn, pause: float) -> None:
        heappush(self._waiting, turn)
        try:
            while self._busy or self._waiting[0] is not turn or self._left(pause) > 0:
                if self._busy or self._waiting[0] is not turn:
                    turn.look_again.clear()
                    await turn.look_again.wait()
                else:
                    rest = self._clock.real(self._left(pause))
                    await self._clock.clock.sleep(max(rest, SHORTEST_SLEEP))
        except BaseException:
            self._waiting.remove(turn)
            heapify(self._waiting)
            self._wake_first()
            raise
        heappop(self._waiting)
        self._busy = True

    def _left(self, pause: float) -> float:
        if self._answered is None:
            return 0.0
        return self._answered + pause - self._clock.monotonic()

    def _wake_first(self) -> None:
        if self._waiting:
            self._waiting[0].look_again.set()


class StudentQueues:
    """The student queues in use, by key. A queue that is no longer needed is dropped."""

    def __init__(self, clock: PlatformClock) -> None:
        self._clock = clock
        self._queues: dict[str, StudentQueue] = {}

    def __len__(self) -> int:
        return len(self._queues)

    def queue(self, key: str) -> StudentQueue:
        """The queue of ``key``. Use it before the next ``await``: an unused queue may be
        dropped."""
        for idle in [each for each, queue in self._queues.items() if queue.droppable]:
            del self._queues[idle]
        return self._queues.setdefault(key, StudentQueue(self._clock))
