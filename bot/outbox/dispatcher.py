"""Hands out the calls of all chats, one at a time in each chat, as the budget of the bot allows."""

import asyncio
from collections import OrderedDict

from bot.clock import Clock
from bot.loop_lag import LoopLag
from bot.outbox.budget import Budget, Rank, Spent
from bot.outbox.chat_queue import ChatQueue, OutboxItem
from bot.outbox.queue_sender import QueueSender
from bot.outbox.reachability import Reach
from bot.outbox.telegram_calls import Calls
from bot.outbox.timer import Timer
from bot.outbox.turns import Turns

IDLE_QUEUE = 120.0
"""Real seconds after the last call for a chat; its empty queue is dropped then."""


class Dispatcher:
    """``queues`` has the queue of each chat; ``lag`` gets how late the event loop is."""

    def __init__(
        self, calls: Calls, clock: Clock, reach: Reach, budget: Budget, lag: LoopLag
    ) -> None:
        self._clock = clock
        self._budget = budget
        self.queues: dict[int, ChatQueue] = {}
        self._idle: OrderedDict[int, None] = OrderedDict()
        """Chats with nothing to send; the one whose last call is longest ago stands first."""
        self._turns = Turns()
        self._full_for: Rank | None = None
        """The first rank that waits for the budget; the timer rings when that is over."""
        self._timer = Timer(clock, lag, self.advance)
        self._sender = QueueSender(calls, clock, reach, budget, self.put)
        self._spaced = True
        self.is_closed = False
        """Whether nothing more is sent."""

    def put(self, chat_id: int, item: OutboxItem) -> None:
        """Queue an item; after the end it is resolved as not sent."""
        if self.is_closed:
            item.finish(None)
            return
        queue = self._queue_of(chat_id)
        if queue.is_held and item.once:
            item.finish(None)
            return
        queue.add(item)
        self._idle.pop(chat_id, None)
        self.put_in(chat_id, queue)
        if item.pressed:
            self.advance()

    def release(self, chat_id: int) -> None:
        """Let the chat have its turns again, after its queue was held."""
        queue = self.queues.get(chat_id)
        if queue is not None:
            queue.releases += 1
            if queue.is_held and not self.is_closed:
                queue.is_held = False
                self.put_in(chat_id, queue)

    def put_in(self, chat_id: int, queue: ChatQueue) -> None:
        """Let the chat have its turns, unless one of its calls is on the way. They begin with the
        next pass of the event loop, when all that is said at this moment is known."""
        if queue.worker is None:
            heads = list(queue.heads(spaced=self._spaced))
            self._turns.put(chat_id, heads)
            if self._full_for is not None and all(each.rank >= self._full_for for each in heads):
                return
            if (due := self._turns.next_due()) is not None:
                self._timer.bring_forward(due)

    def advance(self) -> None:
        """Make the calls that are due and within the budget; set the timer for the next."""
        if self.is_closed:
            return
        while True:
            now = self._clock.monotonic()
            rank = self._turns.first(now)
            wait = 0.0 if rank is None else self._budget.wait(self._paid_as(rank), now)
            if rank is None or wait > 0:
                break
            chat_id = self._turns.pop(rank)
            queue = self.queues[chat_id]
            item = queue.take(rank, now, spaced=self._spaced)
            if item is None:  # what it was put in for was replaced or is due later
                self.put_in(chat_id, queue)
                continue
            self._turns.remove(chat_id)
            spent = self._budget.spend(rank, now)
            queue.sending = item
            queue.worker = asyncio.create_task(self._send(chat_id, queue, item, spent))
        self._full_for = rank
        due = self._turns.next_due()
        moments = [] if due is None else [due]
        if rank is not None:
            moments.append(now + wait)  # infinite: the end of a call looks again
        if moments:
            self._timer.set(min(moments))
        else:
            self._timer.clear()

    async def close(self, seconds: float) -> None:
        """Send what waits without spacing, within ``seconds`` real seconds; then drop the rest."""
        self._spaced, self._full_for = False, None
        for chat_id, queue in self.queues.items():
            self.put_in(chat_id, queue)
        self.advance()  # what waits for the budget waits no longer
        until = self._clock.monotonic() + seconds
        # A sent message may make its caller queue another one.
        while (waiting := self.workers()) and (left := until - self._clock.monotonic()) > 0:
            await asyncio.wait(waiting, timeout=left)
        self.is_closed = True
        waiting = self.workers()
        for worker in waiting:
            worker.cancel()
        await asyncio.gather(*waiting, return_exceptions=True)
        for queue in self.queues.values():
            queue.clear()

    def workers(self) -> "list[asyncio.Task[None]]":
        """The tasks that make the calls, and the one that waits for the next turn."""
        sending = [queue.worker for queue in self.queues.values() if queue.worker is not None]
        return sending if self._timer.task is None else [*sending, self._timer.task]

    def _paid_as(self, rank: Rank) -> Rank:
        """At the end everything goes as fast as Telegram takes it."""
        return rank if self._spaced else Rank.PERSON

    async def _send(self, chat_id: int, queue: ChatQueue, item: OutboxItem, spent: Spent) -> None:
        try:
            await self._sender.send(chat_id, queue, item, spent)
        finally:
            queue.worker = queue.sending = None
            if queue.is_empty:
                self._idle[chat_id] = None
                self._idle.move_to_end(chat_id)
            self.put_in(chat_id, queue)
            self.advance()

    def _queue_of(self, chat_id: int) -> ChatQueue:
        """The chat's queue. Drops the queues that are empty and sent nothing for a while, with
        their spacing."""
        long_ago = self._clock.monotonic() - IDLE_QUEUE
        while self._idle:
            idle = next(iter(self._idle))
            if idle == chat_id or self.queues[idle].sent_at >= long_ago:
                break
            del self._idle[idle], self.queues[idle]
        return self.queues.setdefault(chat_id, ChatQueue())
