"""Answers to people who may not use the bot: out of a budget of their own, and bounded in memory,
so that a flood of them delays no other message.

At most one answer a second leaves, and each person gets one an hour. What finds the queue full is
dropped: the person is answered when they write again.
"""

import asyncio
from collections import OrderedDict, deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from telegram.error import RetryAfter, TelegramError

from bot.clock import Clock
from bot.logs import get_log
from bot.outbox.telegram_calls import seconds_of

GAP = 1.0
"""Real seconds from one answer to the next."""
WAITING = 30
"""The most people who wait for their answer."""
EVERY = 3600.0
"""Real seconds between two answers to one person."""
REMEMBERED = round(EVERY / GAP) + WAITING + 1
"""More answers than this leave in no hour: with so many remembered, none comes too early."""

_log = get_log(__name__)


@dataclass(frozen=True, slots=True)
class Stranger:
    """Who is answered. With ``is_stored``, they could use the bot before and have data here."""

    user_id: int
    language_code: str | None
    is_stored: bool


Answer = Callable[[Stranger], Awaitable[object]]


class StrangerAnswers:
    """``answer`` sends one answer."""

    def __init__(self, clock: Clock, answer: Answer) -> None:
        self._clock = clock
        self._send = answer
        self._waiting: deque[Stranger] = deque()
        self._answered: OrderedDict[int, float] = OrderedDict()
        self._next_at = clock.monotonic()
        self._worker: asyncio.Task[None] | None = None

    def offer(self, stranger: Stranger) -> bool:
        """Answer the person soon; False if they were answered within the hour, or if too many
        others wait."""
        now, answered_at = self._clock.monotonic(), self._answered.get(stranger.user_id)
        if answered_at is not None and now - answered_at < EVERY:
            return False
        if len(self._waiting) >= WAITING:
            return False
        self._answered[stranger.user_id] = now
        self._answered.move_to_end(stranger.user_id)
        if len(self._answered) > REMEMBERED:
            self._answered.popitem(last=False)
        self._waiting.append(stranger)
        if self._worker is None:
            self._worker = asyncio.create_task(self._work())
        return True

    async def close(self) -> None:
        """Drop the answers that wait."""
        self._waiting.clear()
        if self._worker is not None:
            self._worker.cancel()
            await asyncio.gather(self._worker, return_exceptions=True)

    async def _work(self) -> None:
        """Make the answers, each once whether or not Telegram takes it."""
        try:
            while self._waiting:
                await self._clock.sleep(max(0.0, self._next_at - self._clock.monotonic()))
                wait = await self._answer(self._waiting.popleft())
                self._next_at = self._clock.monotonic() + wait
        finally:
            self._worker = None

    async def _answer(self, stranger: Stranger) -> float:
        """Seconds until the next answer."""
        try:
            await self._send(stranger)
        except RetryAfter as told:
            return max(GAP, seconds_of(told))
        except TelegramError as error:
            _log.debug("a stranger could not be answered", trouble=str(error))
        except Exception:  # noqa: BLE001 - one answer must not end the others
            _log.exception("a stranger could not be answered")
        return GAP
