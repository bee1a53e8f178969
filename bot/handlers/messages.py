"""Messages without a cookie: a phrase for a command, what the bot asked for, or a friendly line."""

from collections.abc import Mapping
from dataclasses import replace

from bot.chat.clock_words import is_meant_as_clock
from bot.chat.typed_phrases import Courtesy, meaning_of
from bot.chat.views import home as views
from bot.handlers.account import AccountHandlers
from bot.handlers.context import Context, Handler
from bot.handlers.digest import DigestHandlers
from bot.handlers.services import Services
from bot.handlers.settings import SettingsHandlers
from storage.enums import Awaiting


class MessageHandlers:
    """``commands`` are the handlers of the commands that a phrase can stand for."""

    def __init__(
        self,
        services: Services,
        account: AccountHandlers,
        settings: SettingsHandlers,
        digest: DigestHandlers,
        commands: Mapping[str, Handler],
    ) -> None:
        self._people = services.people
        self._account = account
        self._settings = settings
        self._digest = digest
        self._commands = commands

    def on_command(self, handler: Handler) -> Handler:
        """The handler of a command; a command ends the waiting for what the bot asked for."""

        async def handle(ctx: Context) -> None:
            await handler(replace(ctx, person=await self._people.expect_nothing(ctx.person)))

        return handle

    async def answer(self, ctx: Context) -> None:
        """Answer a text, an unknown command or a sticker, or several messages that belong
        together."""
        text = ctx.text or ""
        meaning = None if text.startswith("/") else meaning_of(text)
        if isinstance(meaning, str):
            # Without its words of politeness, which the command would take for a time of day.
            command = replace(ctx, text=f"/{meaning}")
            await self.on_command(self._commands[meaning])(command)
        elif meaning is not None:
            await self._answer_courtesy(ctx, meaning)
        elif not text.startswith("/"):
            await self._take(ctx, text)
        else:
            await self._not_understood(ctx)

    async def _answer_courtesy(self, ctx: Context, meaning: Courtesy) -> None:
        view = views.hello if meaning is Courtesy.HELLO else views.you_are_welcome
        await ctx.say(view(ctx.tr, logged_in=await ctx.is_logged_in()))

    async def _take(self, ctx: Context, text: str) -> None:
        """Take a text, empty for a sticker, as what the bot asked for."""
        match ctx.person.chat.awaiting:
            case Awaiting.ZONE if text:
                await self._settings.take_city(ctx, text)
            case Awaiting.DIGEST_TIME if is_meant_as_clock(text):
                await self._digest.take_time(ctx, text)
            case Awaiting.COOKIE:
                await self._account.not_a_cookie(ctx, text)
            case _:
                await self._not_understood(ctx)

    async def _not_understood(self, ctx: Context) -> None:
        await ctx.say(views.not_understood(ctx.tr, logged_in=await ctx.is_logged_in()))
