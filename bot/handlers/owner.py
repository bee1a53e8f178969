"""Who may use the bot: asked before anything else happens with an update."""

from telegram import Update
from telegram.ext import ApplicationHandlerStop

from bot.chat.views import home
from bot.handlers.desk import Desk, answer
from bot.settings import AllowedUsers


class Doorkeeper:
    def __init__(self, desk: Desk, allowed: AllowedUsers) -> None:
        self._desk = desk
        self._allowed = allowed

    async def check(self, update: Update) -> None:
        """Let the update pass, or refuse it with one line that names the person's own id.

        Raises ApplicationHandlerStop: no other handler sees the update of somebody refused.
        """
        user, chat = update.effective_user, update.effective_chat
        if user is None or chat is None:
            raise ApplicationHandlerStop
        if user.id in self._allowed:
            return
        screen = home.not_allowed(self._desk.people.voice_for(user.language_code), user.id)
        if update.callback_query is not None:
            await answer(update.callback_query)
        is_new = update.my_chat_member is None and update.edited_message is None
        if chat.type == chat.PRIVATE and is_new:
            await self._desk.outbox.send(chat.id, screen)
        raise ApplicationHandlerStop
