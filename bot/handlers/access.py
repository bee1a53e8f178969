"""Access control: checks each update before any other handler."""

import re
from collections import OrderedDict

from telegram import Chat, Update
from telegram.ext import ApplicationHandlerStop

from bot.chat.callbacks import Action, decode
from bot.chat.typed_phrases import meaning_of
from bot.chat.views import home
from bot.handlers.context import Press
from bot.handlers.services import Services
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
"""Actions that end jobs and remove stored data: allowed to each person whose data is stored."""


_BARE_COMMAND = re.compile(r"/([A-Za-z0-9_]+)(?:@\w+)?\s*", re.ASCII)
"""A command alone: a text after it may be a cookie, which another handler would take."""

ANSWER_EVERY = 3600.0
"""Real seconds between two answers to one refused person."""
MOST_REFUSED = 10_000
"""The most people whose last refusal is remembered; the oldest are forgotten."""


class AccessControl:
    def __init__(self, services: Services, allowed: AllowedUsers) -> None:
        self._services = services
        self._allowed = allowed
        self._refused_at: OrderedDict[int, float] = OrderedDict()

    async def check(self, update: Update) -> None:
        """Let the update pass, or refuse it with one line that names the person's own id, at most
        once an hour.

        Raises ApplicationHandlerStop for a refused update, so that no other handler gets it.
        """
        user, chat = update.effective_user, update.effective_chat
        if user is None or chat is None:
            if update.callback_query is not None:  # of a message in no chat of the bot
                await Press(update.callback_query, self._services.outbox).answer()
            raise ApplicationHandlerStop
        if user.id in self._allowed:
            return
        is_private = chat.type == Chat.PRIVATE
        is_stored = is_private and await self._services.people.of_chat(chat.id) is not None
        if is_stored and _removes_own_data(update):
            return
        if update.callback_query is not None:
            await Press(update.callback_query, self._services.outbox).answer()
        is_new = update.my_chat_member is None and update.edited_message is None
        if is_private and is_new and self._may_answer(user.id):
            tr = self._services.people.translator_for(user.language_code)
            await self._services.outbox.send(
                chat.id, home.not_allowed(tr, user.id, is_stored=is_stored)
            )
        raise ApplicationHandlerStop

    def _may_answer(self, user_id: int) -> bool:
        now = self._services.clock.clock.monotonic()
        answered_at = self._refused_at.get(user_id)
        if answered_at is not None and now - answered_at < ANSWER_EVERY:
            return False
        self._refused_at[user_id] = now
        self._refused_at.move_to_end(user_id)
        if len(self._refused_at) > MOST_REFUSED:
            self._refused_at.popitem(last=False)
        return True


def _removes_own_data(update: Update) -> bool:
    if update.callback_query is not None:
        data = decode(update.callback_query.data)
        return data is not None and data.action in ALWAYS_ACTIONS
    text = update.message.text if update.message is not None else None
    bare = _BARE_COMMAND.fullmatch(text or "")
    command = bare[1].lower() if bare is not None else meaning_of(text or "")
    return command in ALWAYS_COMMANDS
