"""Deletes messages, the person's own included where Telegram allows it; not queued."""

import asyncio

from telegram.error import BadRequest, InvalidToken, NetworkError, RetryAfter, TelegramError

from bot.clock import Clock
from bot.logs import get_log
from bot.outbox.budget import Budget
from bot.outbox.chat_queue import RETRY_FIRST, RETRY_LONGEST
from bot.outbox.telegram_calls import Calls, seconds_of
from bot.outbox.unreachable import says_unreachable

_log = get_log(__name__)


class Deletions:
    """The part of the outbox that deletes; the outbox calls :meth:`release`."""

    def __init__(self, calls: Calls, clock: Clock, budget: Budget) -> None:
        self._calls = calls
        self._clock = clock
        self._budget = budget
        self._returns: dict[int, asyncio.Event] = {}
        """By chat: set when the next update of the person arrives."""
        self._closed = False

    async def delete(self, chat_id: int, message_id: int) -> bool:
        """Delete a message; retries after outages and «wait». In a private chat that the bot cannot
        write to, it waits without limit for the person's next update: the caller's task is
        cancelled at the end. False if Telegram refuses."""
        wait = RETRY_FIRST
        while not self._closed:
            # Deletions in groups do not wait: no update of a person releases a group.
            returned = asyncio.Event()
            if chat_id > 0:
                returned = self._returns.setdefault(chat_id, returned)
            await self._clock.sleep(self._budget.pause(self._clock.monotonic()))
            self._budget.spend_unasked(self._clock.monotonic())
            try:
                return await self._calls.delete(chat_id, message_id)
            except RetryAfter as told:
                self._budget.refused(chat_id, seconds_of(told), self._clock.monotonic())
                await self._clock.sleep(seconds_of(told))
            except TelegramError as error:
                if says_unreachable(error) and chat_id > 0:
                    await returned.wait()
                    continue
                # A gateway's own «not found» reads as InvalidToken.
                passes = isinstance(error, NetworkError | InvalidToken)
                passes = passes and not isinstance(error, BadRequest)
                if not passes or wait > RETRY_LONGEST:
                    _log.info("a message could not be deleted", chat=chat_id, trouble=str(error))
                    return False
                await self._clock.sleep(wait)
                wait *= 2
        return False

    def release(self, chat_id: int) -> None:
        """An update of the person arrived: retry the deletions that wait for it."""
        if (returned := self._returns.pop(chat_id, None)) is not None:
            returned.set()

    def close(self) -> None:
        """Retry nothing from here on."""
        self._closed = True
