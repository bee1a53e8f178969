"""Unexpected errors: the log gets the details, the person one sentence with the same reference."""

from typing import Any

from telegram import Update
from telegram.error import BadRequest, Conflict, NetworkError
from telegram.ext import ApplicationHandlerStop, CallbackContext

from bot.accounts import Accounts
from bot.chat.people import People
from bot.chat.views import home
from bot.logs import get_log, new_reference
from bot.outbox.outbox import Outbox
from storage.errors import StorageError

_log = get_log(__name__)


class ErrorHandlers:
    """Its messages go to the chat in which an error happened."""

    def __init__(self, people: People, accounts: Accounts, outbox: Outbox) -> None:
        self._people = people
        self._accounts = accounts
        self._outbox = outbox

    async def on_error(self, update: object, context: CallbackContext[Any, Any, Any, Any]) -> None:
        """The application's error handler.

        Raises ApplicationHandlerStop: without it, the library goes on with the next group of
        handlers, and an access check that failed would let the update pass.
        """
        try:
            await self._report(update, context.error)
        except Exception:  # noqa: BLE001 - an error raised here would let the update pass, too
            _log.exception("an error could not be reported")
        raise ApplicationHandlerStop

    async def _report(self, update: object, error: Exception | None) -> None:
        reference = new_reference()
        if isinstance(error, Conflict):
            _log.error("another process polls with the same BOT_TOKEN: stop one of them")
            return
        if isinstance(error, NetworkError) and not isinstance(error, BadRequest):
            _log.warning("Telegram cannot be reached", trouble=str(error))
            return
        _log.error("an update could not be handled", reference=reference, exc_info=error)
        if isinstance(update, Update) and update.effective_chat is not None:
            await self.tell(update.effective_chat.id, reference)

    async def tell(self, chat_id: int | None, reference: str) -> None:
        """Tell the person of a private chat; groups, and errors without a chat, get no message."""
        if chat_id is None or chat_id < 0:
            return
        try:
            person = await self._people.of_chat(chat_id)
            account = await self._accounts.active(chat_id)
        except StorageError:
            _log.exception("a person could not be told of an error", reference=reference)
            return
        if person is not None:
            screen = home.failed(person.tr, reference, logged_in=account is not None)
            await self._outbox.send(chat_id, screen)
