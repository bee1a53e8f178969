"""Messages without a cookie: a phrase for a command, what the bot asked for, or a friendly line."""

from collections.abc import Mapping
from dataclasses import replace

from bot.chat.clock_words import is_meant_as_clock
from bot.chat.people import People
from bot.chat.typed_phrases import meaning_of, unmarked_command
from bot.chat.views import home as views
from bot.handlers.account import AccountHandlers
from bot.handlers.context import Context, Handler
from bot.handlers.digest import DigestHandlers
from bot.handlers.settings import SettingsHandlers
from storage.enums import Awaiting


def on_command(people: People, handler: Handler) -> Handler:
    """The handler of a command; a command ends the waiting for what the bot asked for."""

    async def handle(ctx: Context) -> None:
        await handler(replace(ctx, person=await people.expect_nothing(ctx.person)))

    return handle


async def not_understood(ctx: Context) -> None:
    await ctx.say(views.not_understood(ctx.tr, logged_in=await ctx.is_logged_in()))


class MessageHandlers:
    """``commands`` are the handlers of all commands, which a phrase can stand for."""

    def __init__(
        self,
        account: AccountHandlers,
        settings: SettingsHandlers,
        digest: DigestHandlers,
        commands: Mapping[str, Handler],
    ) -> None:
        self._account = account
        self._settings = settings
        self._digest = digest
        self._commands = commands

    async def answer(self, ctx: Context) -> None:
        """Answer a text, an unknown command or a sticker, or several messages that belong
        together."""
        text = ctx.text or ""
        meaning = None if text.startswith("/") else meaning_of(text)
        unmarked = unmarked_command(text)
        if unmarked in self._commands:
            await self._commands[unmarked](ctx)
        elif isinstance(meaning, str):
            # Without its words of politeness, which the command would take for a time of day.
            command = replace(ctx, text=f"/{meaning}")
            await self._commands[meaning](command)
        elif meaning is not None:
            await ctx.say(views.reply(ctx.tr, meaning, logged_in=await ctx.is_logged_in()))
        elif not text.startswith("/"):
            await self._take(ctx, text)
        else:
            await not_understood(ctx)

    async def _take(self, ctx: Context, text: str) -> None:
        """Take a text, empty for a sticker, as what the bot asked for."""
        match ctx.person.chat.awaiting:
            case Awaiting.ZONE if text:
                await self._settings.take_city(ctx, text)
            case Awaiting.DIGEST_TIME if is_meant_as_clock(text):
                await self._digest.take_time(ctx, text)
            case Awaiting.COOKIE:
                await self._account.not_a_cookie(ctx, text)
            case _ if is_meant_as_clock(text):
                # Nothing is set without being asked for; from here on a typed time is understood.
                await self._digest.digest(replace(ctx, text=None))
            case _:
                await not_understood(ctx)
