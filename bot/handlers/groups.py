"""Groups: nothing is done there, and no cookie is taken."""

from telegram import Message, Update

from bot.chat.views import home
from bot.handlers.desk import Desk
from bot.handlers.personal import is_anonymous
from bot.zjy.cookies import holds_cookie


class GroupHandlers:
    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    async def message(self, update: Update) -> None:
        """Point to the private chat; a cookie that was posted is deleted if the bot may. Who
        writes in the name of a group or channel gets no answer: there is no private chat."""
        message, user = update.effective_message, update.effective_user
        if message is None or user is None:
            return
        cookie = holds_cookie(message.text or message.caption or "")
        if cookie:
            self._desk.background.start(
                message.chat.id,
                ("delete", message.chat.id, message.message_id),
                self._delete(message.chat.id, message.message_id),
            )
        if is_anonymous(message):
            return
        if cookie or (update.edited_message is None and self._is_for_us(message)):
            voice = self._desk.people.voice_for(user.language_code)
            screen = home.group_only_private(voice, message.get_bot().username)
            await self._desk.outbox.send(message.chat.id, screen)

    async def _delete(self, chat_id: int, message_id: int) -> None:
        """Works where the bot is an administrator; elsewhere the answer's words must do."""
        await self._desk.outbox.delete(chat_id, message_id)

    def _is_for_us(self, message: Message) -> bool:
        """A command that names this bot or none, or an answer to the bot."""
        text, username = message.text or "", message.get_bot().username
        if text.startswith("/"):
            _, _, named = text.split(maxsplit=1)[0].partition("@")
            return not named or named.casefold() == username.casefold()
        return f"@{username}".casefold() in text.casefold()
