"""The queues of all students, before the bound on the whole bot's requests."""

from collections import OrderedDict
from itertools import count

from bot.clock import SHORTEST_SLEEP, PlatformClock
from bot.zjy.priority import Priority
from bot.zjy.request_bound import RequestBound
from bot.zjy.student_queue import PAUSE, StudentQueue, Turn


class StudentQueues:
    """The student queues in use, by key, before the bot's ``bound``. A queue that nothing waits in
    and whose pause is over is dropped."""

    def __init__(self, clock: PlatformClock, bound: RequestBound) -> None:
        self._clock = clock
        self._bound = bound
        self._numbers = count()
        self.waiting = 0
        """How many requests wait for their turn."""
        self._queues: dict[str, StudentQueue] = {}
        self._idle: OrderedDict[str, StudentQueue] = OrderedDict()
        """The queues without requests, in the order in which their pauses began."""

    def __len__(self) -> int:
        return len(self._queues)

    async def enter(self, key: str, priority: Priority, pause: float) -> Turn:
        """Wait until the student's queue and the bound let a request be sent, at the earliest
        ``pause`` platform seconds after the student's last answer. A request that waits or pauses
        does not block a more urgent one. Call :meth:`leave` after the answer."""
        queue = self._queue(key)
        self._idle.pop(key, None)
        turn = Turn(queue, priority, next(self._numbers), pause)
        queue.join(turn)
        self.waiting += 1
        try:
            while not turn.began:
                if not queue.is_next(turn):
                    await turn.woken()
                elif (left := queue.left(pause)) > 0:
                    await self._clock.clock.sleep(max(self._clock.real(left), SHORTEST_SLEEP))
                else:
                    self._bound.offer(turn)
                    if not turn.began:
                        await turn.woken()
        except BaseException:
            if turn.began:
                self.leave(turn)
            else:
                self._bound.withdraw(turn)
                queue.leave(turn)
                self._rest(queue)
            raise
        finally:
            self.waiting -= 1
        return turn

    def leave(self, turn: Turn) -> None:
        """The request of a turn that began has ended: the student's next one may come."""
        turn.queue.end()
        self._rest(turn.queue)

    def answered_now(self, key: str) -> None:
        """Start the pause of a student: an answer came that another queue asked for."""
        queue = self._queue(key)
        queue.answered_now()
        self._rest(queue)

    def _queue(self, key: str) -> StudentQueue:
        while self._idle:
            first = next(iter(self._idle.values()))
            if first.left(PAUSE) > 0:
                break
            del self._idle[first.key], self._queues[first.key]
        queue = self._queues.get(key)
        if queue is None:
            queue = self._queues[key] = StudentQueue(key, self._clock)
        return queue

    def _rest(self, queue: StudentQueue) -> None:
        if queue.is_idle:
            self._idle[queue.key] = queue
            self._idle.move_to_end(queue.key)
