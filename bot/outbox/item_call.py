"""The one Bot API call that sends an item, and what its refusals mean."""

from telegram.error import BadRequest, TelegramError

from bot.outbox.chat_queue import OutboxItem
from bot.outbox.screen import Screen
from bot.outbox.telegram_calls import Calls, Lost, says_gone, says_unchanged
from bot.outbox.unreachable import ChatUnreachable, says_unreachable


async def make_call(
    calls: Calls, chat_id: int, item: OutboxItem, screen: Screen, *, silent: bool
) -> int | None:
    """Send the item; returns the id of its message. Raises ChatUnreachable for every answer that
    means it, Lost for an edit of a message that is gone, and else the library's errors."""
    try:
        return await _make_call(calls, chat_id, item, screen, silent=silent)
    except TelegramError as error:
        if says_unreachable(error):
            raise ChatUnreachable(str(error)) from error
        raise


async def _make_call(
    calls: Calls, chat_id: int, item: OutboxItem, screen: Screen, *, silent: bool
) -> int | None:
    if item.upload is not None:
        return await calls.upload(chat_id, item.upload, screen, silent=silent)
    if item.message_id is None:
        return await calls.send(chat_id, screen, silent=silent, topic=item.topic)
    try:
        await calls.edit(chat_id, item.message_id, screen)
    except BadRequest as error:
        if says_unchanged(error):
            return item.message_id
        if not says_gone(error):
            raise
        if item.pressed:
            return await calls.send(chat_id, screen, silent=False)
        if item.on_lost is not None:
            item.on_lost()
        raise Lost(str(error)) from error
    return item.message_id
