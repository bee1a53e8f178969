"""Messages without a cookie: a city or a time of day if the bot asked for one, else a friendly
line."""

from bot.chat.clock_words import is_meant_as_clock
from bot.handlers.account import AccountHandlers
from bot.handlers.context import Context
from bot.handlers.digest import DigestHandlers
from bot.handlers.settings import SettingsHandlers
from storage.enums import Awaiting


class MessageHandlers:
    def __init__(
        self, account: AccountHandlers, settings: SettingsHandlers, digest: DigestHandlers
    ) -> None:
        self._account = account
        self._settings = settings
        self._digest = digest

    async def answer(self, ctx: Context) -> None:
        """Answer a text, an unknown command or a sticker, or several messages that belong
        together."""
        text, awaiting = ctx.text, ctx.person.chat.awaiting
        if text is None or text.startswith("/"):
            await self._account.not_understood(ctx)
        elif awaiting is Awaiting.ZONE:
            await self._settings.take_city(ctx, text)
        elif awaiting is Awaiting.DIGEST_TIME and is_meant_as_clock(text):
            await self._digest.take_time(ctx, text)
        else:
            await self._account.not_a_cookie(ctx, text)
