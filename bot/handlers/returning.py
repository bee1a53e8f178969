"""Sends the held messages when a person returns to a chat that the bot could not write to."""

from collections.abc import Awaitable, Callable

from telegram import ChatMember, Update

from bot.handlers.services import Services
from bot.logs import get_log
from bot.outbox.reachability import Reachability
from storage.errors import StorageError

_AWAY = (ChatMember.BANNED, ChatMember.LEFT)

_log = get_log(__name__)


class ReturnHandlers:
    """``catch_up`` sends a digest of today that was due while the chat was unreachable."""

    def __init__(
        self, services: Services, reach: Reachability, catch_up: Callable[[int], Awaitable[None]]
    ) -> None:
        self._services = services
        self._reach = reach
        self._catch_up = catch_up

    async def check(self, update: Update) -> None:
        """Every update of a private chat, except that of a block, makes the chat reachable. This
        runs before the update's handler, so that the handler's answer finds the chat reachable."""
        chat = update.effective_chat
        if chat is None or chat.type != chat.PRIVATE:
            return
        member = update.my_chat_member
        try:
            if member is not None and member.new_chat_member.status in _AWAY:
                await self._reach.note_unreachable(chat.id)
            else:
                await self._heard_from(chat.id)
        except StorageError:
            # The handler of the update, which needs the storage too, tells the person.
            _log.exception("whether a chat is reachable could not be stored", chat=chat.id)

    async def _heard_from(self, chat_id: int) -> None:
        outbox = self._services.outbox
        outbox.heard_from(chat_id)
        since = await self._reach.heard_from(chat_id)
        outbox.release(chat_id)
        if since is None:
            return
        _log.info("a chat can be written to again", chat=chat_id)
        self._services.notices.wake()
        await self._services.reporter.show_again(since, chat_id)
        await self._catch_up(chat_id)
