"""Deletes messages, the person's own included where Telegram lets the bot; not queued."""

import asyncio

from telegram.error import BadRequest, NetworkError, TelegramError
from telegram.error import RetryAfter as WaitAsTold

from bot.clock import Clock
from bot.logs import get_log
from bot.outbox.chat_queue import RETRY_FIRST, RETRY_LONGEST
from bot.outbox.telegram_calls import Calls, seconds_of
from bot.outbox.unreachable import says_unreachable

_log = get_log(__name__)


class Deletions:
    """Part of the outbox, which says who is heard from."""

    def __init__(self, calls: Calls, clock: Clock) -> None:
        self._calls = calls
        self._clock = clock
        self._returns: dict[int, asyncio.Event] = {}
        """Set when the person is heard from again."""
        self._closed = False

    async def delete(self, chat_id: int, message_id: int) -> bool:
        """Delete a message. Outages and «wait» are waited for, and in a private chat that cannot
        be written to the person's return, however long: the caller's task is cancelled at the end.
        False if Telegram refuses it."""
        wait = RETRY_FIRST
        while not self._closed:
            # Groups are not waited for, and are never released.
            returned = asyncio.Event()
            if chat_id > 0:
                returned = self._returns.setdefault(chat_id, returned)
            try:
                return await self._calls.delete(chat_id, message_id)
            except WaitAsTold as told:
                await self._clock.sleep(seconds_of(told))
            except TelegramError as error:
                if says_unreachable(error) and chat_id > 0:
                    await returned.wait()
                    continue
                passes = isinstance(error, NetworkError) and not isinstance(error, BadRequest)
                if not passes or wait > RETRY_LONGEST:
                    _log.info("a message could not be deleted", chat=chat_id, trouble=str(error))
                    return False
                await self._clock.sleep(wait)
                wait *= 2
        return False

    def release(self, chat_id: int) -> None:
        """The person was heard from: what waits for that is tried again."""
        if (returned := self._returns.pop(chat_id, None)) is not None:
            returned.set()

    def close(self) -> None:
        """Nothing is tried again."""
        self._closed = True
