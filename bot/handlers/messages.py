"""Messages without a cookie: a city or a time of day if one was asked for, else a friendly line."""

from telegram import Update

from bot.chat.clock_words import is_meant_as_clock
from bot.chat.people import Person
from bot.handlers.account import AccountHandlers
from bot.handlers.digest import DigestHandlers
from bot.handlers.services import Services
from bot.handlers.settings import SettingsHandlers


class MessageHandlers:
    def __init__(
        self,
        services: Services,
        account: AccountHandlers,
        settings: SettingsHandlers,
        digest: DigestHandlers,
    ) -> None:
        self._services = services
        self._account = account
        self._settings = settings
        self._digest = digest

    async def message(self, update: Update) -> None:
        """A text, an unknown command, a sticker. What was once answered is not answered again
        because of a corrected letter."""
        message = update.message
        if message is None:
            return
        person = await self._services.person(update)
        await self.answer(person, message.text or message.caption)

    async def answer(self, person: Person, text: str | None) -> None:
        """Answer a message, or several that were one; None if it has no text."""
        if text is None or text.startswith("/"):
            await self._account.not_understood(person)
        elif person.chat.awaiting == "zone":
            await self._settings.take_city(person, text)
        elif person.chat.awaiting == "digest_time" and is_meant_as_clock(text):
            await self._digest.take_time(person, text)
        else:
            await self._account.not_a_cookie(person, text)
