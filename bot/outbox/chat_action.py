"""«Sends a picture…» above the chat while one is drawn."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from telegram.error import RetryAfter, TelegramError

from bot.clock import Clock
from bot.logs import get_log
from bot.outbox.budget import Budget
from bot.outbox.telegram_calls import Calls, seconds_of

SHOWN_FOR = 4.5
"""Real seconds between two calls; apps show an action for five."""
LONGEST = 60.0
"""Real seconds; a picture that takes longer is no longer announced."""

_log = get_log(__name__)


@asynccontextmanager
async def announced_picture(
    calls: Calls, clock: Clock, budget: Budget, chat_id: int
) -> AsyncIterator[None]:
    """Show that a picture is on its way until the block ends. A refusal has no effect."""
    showing = asyncio.create_task(_show(calls, clock, budget, chat_id))
    try:
        yield
    finally:
        showing.cancel()
        await asyncio.gather(showing, return_exceptions=True)


async def _show(calls: Calls, clock: Clock, budget: Budget, chat_id: int) -> None:
    until = clock.monotonic() + LONGEST
    while clock.monotonic() < until:
        if budget.pause(clock.monotonic()) > 0:
            return
        budget.spend_unasked(clock.monotonic())
        try:
            await calls.announce_photo(chat_id)
        except TelegramError as error:
            if isinstance(error, RetryAfter):
                budget.refused(chat_id, seconds_of(error), clock.monotonic())
            _log.debug("a chat action was not shown", chat=chat_id, trouble=str(error))
            return
        await clock.sleep(SHOWN_FOR)
