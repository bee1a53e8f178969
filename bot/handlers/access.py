"""Who may use the bot: asked before anything else happens with an update."""

from telegram import Chat, Update
from telegram.ext import ApplicationHandlerStop

from bot.chat.callbacks import Action, decode
from bot.chat.views import home
from bot.handlers.desk import Desk, answer
from bot.settings import AllowedUsers

ALWAYS_COMMANDS = frozenset({"logout", "erase", "cancel"})
ALWAYS_ACTIONS = frozenset(
    {
        Action.LOGOUT,
        Action.ASK_LOGOUT,
        Action.ACCOUNTS,
        Action.ERASE,
        Action.CANCEL,
        Action.CANCEL_YES,
        Action.CANCEL_NO,
    }
)
"""What ends jobs and removes what is stored: open to each person of whom anything is stored."""


class AccessControl:
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
        is_private = chat.type == Chat.PRIVATE
        is_stored = is_private and await self._desk.people.of_chat(chat.id) is not None
        if is_stored and _removes_own_data(update):
            return
        if update.callback_query is not None:
            await answer(update.callback_query)
        is_new = update.my_chat_member is None and update.edited_message is None
        if is_private and is_new:
            voice = self._desk.people.voice_for(user.language_code)
            await self._desk.outbox.send(
                chat.id, home.not_allowed(voice, user.id, is_stored=is_stored)
            )
        raise ApplicationHandlerStop


def _removes_own_data(update: Update) -> bool:
    if update.callback_query is not None:
        data = decode(update.callback_query.data)
        return data is not None and data.action in ALWAYS_ACTIONS
    text = update.message.text if update.message is not None else None
    if not text or not text.startswith("/"):
        return False
    command = text[1:].split(maxsplit=1)[0] if text[1:].strip() else ""
    return command.partition("@")[0].lower() in ALWAYS_COMMANDS
