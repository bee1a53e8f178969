"""The bound on the whole bot's requests: one per interval of real seconds, without bursts."""

import asyncio
from dataclasses import dataclass
from heapq import heappop, heappush

from bot.clock import SHORTEST_SLEEP, Clock
from bot.zjy.priority import LeastShares, Priority
from bot.zjy.student_queue import Turn

LATE = 1.0
"""Real seconds at the bound that make a report late."""


@dataclass(slots=True)
class ReportCounts:
    """The reports since the start of the process, and those of them that the bound held for longer
    than :data:`LATE`."""

    sent: int = 0
    late: int = 0

    def add(self, waited: float) -> None:
        """A report is sent that the bound held for ``waited`` real seconds."""
        self.sent += 1
        self.late += waited > LATE


class RequestBound:
    """Lets one turn begin every ``interval`` real seconds: of those that their student's queue
    allows, the most urgent class first, each class in order of arrival, none below its least share.

    A turn takes its student's queue only as it begins, so that waiting here blocks no other request
    of the student.
    """

    def __init__(self, clock: Clock, interval: float) -> None:
        self._clock = clock
        self._interval = interval
        self._free_at = float("-inf")
        self._shares = LeastShares()
        self._offered: dict[Priority, list[Turn]] = {each: [] for each in Priority}
        """A heap per class. A turn that was withdrawn stays until it is the first."""
        self._count = 0
        self._serving: asyncio.Task[None] | None = None

    def offer(self, turn: Turn) -> None:
        """Begin the turn, which its student's queue allows, now or when the bound does. A turn that
        its queue no longer allows then is woken instead, and is to be offered anew."""
        if turn.is_offered:
            return
        now = self._clock.monotonic()
        if turn.offered_at is None:
            turn.offered_at = now
        if not self._count and self._free_at <= now:
            self._begin(turn, now)
            return
        turn.is_offered = True
        self._count += 1
        heappush(self._offered[turn.priority], turn)
        if self._serving is None or self._serving.done():
            self._serving = asyncio.create_task(self._serve())

    def withdraw(self, turn: Turn) -> None:
        """The turn waits no longer, and takes no place."""
        if not turn.is_offered:
            return
        self._take_out(turn)
        if not self._count and self._serving is not None:
            self._serving.cancel()
            self._serving = None

    async def _serve(self) -> None:
        while self._count:
            left = self._free_at - self._clock.monotonic()
            if left > 0:
                await self._clock.sleep(max(left, SHORTEST_SLEEP))
            elif (turn := self._choose()) is not None:
                self._take_out(turn)
                self._begin(turn, self._clock.monotonic())
        self._serving = None

    def _choose(self) -> Turn | None:
        firsts = {each: turn for each in Priority if (turn := self._first(each)) is not None}
        return firsts[self._shares.choose(firsts)] if firsts else None

    def _first(self, priority: Priority) -> Turn | None:
        """The class's first turn that may begin; turns before it leave the bound."""
        turns = self._offered[priority]
        while turns:
            turn = turns[0]
            if turn.is_offered and turn.may_begin:
                return turn
            heappop(turns)
            if turn.is_offered:
                turn.is_offered = False
                self._count -= 1
                turn.wake()
        return None

    def _take_out(self, turn: Turn) -> None:
        turn.is_offered = False
        self._count -= 1
        turns = self._offered[turn.priority]
        if turns[0] is turn:
            heappop(turns)

    def _begin(self, turn: Turn, now: float) -> None:
        self._free_at = now + self._interval
        turn.waited = now - (now if turn.offered_at is None else turn.offered_at)
        turn.begin()
