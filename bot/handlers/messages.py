"""Every message that is no command: a cookie at any time, a city or a time of day if one was asked
for, else a friendly line."""

from telegram import Message, Update
from telegram.ext.filters import MessageFilter

from bot.chat.clock_words import is_meant_as_clock
from bot.chat.views import home
from bot.handlers.account import AccountHandlers
from bot.handlers.desk import Desk
from bot.handlers.digest import DigestHandlers
from bot.handlers.pasted import PastedCookies
from bot.handlers.settings import SettingsHandlers
from bot.zjy.cookies import holds_cookie, looks_like_cookie, parse_cookie


def text_of(message: Message) -> str:
    """A message's text or caption, without a command in front of it."""
    text = message.text or message.caption or ""
    if text.startswith("/"):
        return "".join(text.split(maxsplit=1)[1:])
    return text


class HoldsCookie(MessageFilter):
    """Whether the message holds a cookie, behind whatever command."""

    def filter(self, message: Message) -> bool:
        return holds_cookie(text_of(message))


class MessageHandlers:
    def __init__(
        self,
        desk: Desk,
        account: AccountHandlers,
        pasted: PastedCookies,
        settings: SettingsHandlers,
        digest: DigestHandlers,
    ) -> None:
        self._desk = desk
        self._account = account
        self._pasted = pasted
        self._settings = settings
        self._digest = digest

    async def cookie(self, update: Update) -> None:
        """A message that holds a cookie is a login, edited or not."""
        message = update.effective_message
        if message is not None:
            person = await self._desk.person(update)
            await self._pasted.take(person, message, parse_cookie(text_of(message)))

    async def message(self, update: Update) -> None:
        """A text, an unknown command, a sticker. What was once answered is not answered again
        because of a corrected letter."""
        message = update.message
        if message is None:
            return
        person = await self._desk.person(update)
        text = message.text or message.caption
        if message.document is not None:
            await self._account.file(person)
        elif text is not None and not text.startswith("/"):
            if person.chat.awaiting == "zone":
                await self._settings.take_city(person, text)
            elif (
                person.chat.awaiting == "digest_time"
                and is_meant_as_clock(text)
                and not looks_like_cookie(text)
            ):
                await self._digest.take_time(person, text)
            else:
                await self._account.not_a_cookie(person, text)
        else:
            account = await self._desk.accounts.active(person.chat_id)
            screen = home.not_understood(person.voice, logged_in=account is not None)
            await self._desk.say(person, screen)
