"""The library's callbacks around the bot's own handlers."""

from collections.abc import Awaitable, Callable, Coroutine, Mapping
from dataclasses import replace
from typing import Any

from telegram import Chat, Update
from telegram.ext import CallbackContext

from bot.chat.callbacks import Action, decode
from bot.handlers.context import Context, Handler, Press
from bot.handlers.services import Services

LibraryContext = CallbackContext[Any, Any, Any, Any]
LibraryCallback = Callable[[Update, LibraryContext], Coroutine[Any, Any, None]]
OnUpdate = Callable[[Update], Awaitable[None]]

MAIN_SCREENS = frozenset(
    {
        Action.HOME,
        Action.HELP,
        Action.ACCOUNTS,
        Action.COURSES,
        Action.OTHER_COURSES,
        Action.FINISHED,
        Action.COURSE,
        Action.OTHER_MODULE,
        Action.ALL_COURSES,
        Action.OTHER_ALL_COURSES,
        Action.START_NEW,
        Action.JOBS,
        Action.OTHER_JOBS,
        Action.JOB,
        Action.SETTINGS,
        Action.DIGEST,
        Action.OTHER_DIGEST,
        Action.PROGRESS,
    }
)
"""A press for one of them ends the waiting for a cookie, a city or a time."""


def taking(handler: OnUpdate) -> LibraryCallback:
    """A callback of the library for a handler that reads the update itself."""

    async def handle(update: Update, context: LibraryContext) -> None:
        await handler(update)

    return handle


def on_press(
    services: Services, presses: Mapping[Action, Handler], in_words: Mapping[Action, Handler]
) -> LibraryCallback:
    """A callback of the library for presses: each is answered once."""

    async def press(update: Update, context: LibraryContext) -> None:
        query = update.callback_query
        if query is None:
            return
        pressed, message = Press(query, services.outbox), query.message
        try:
            if message is None or message.chat.type != Chat.PRIVATE:
                return
            person, data = await services.person(update), decode(query.data)
            if data is None:
                await Context(services, person, press=pressed).outdated()
                return
            if data.action in MAIN_SCREENS:
                person = await services.people.expect_nothing(person)
            ctx = Context(services, person, None, data, pressed, message.message_id)
            if data.action in in_words:
                await in_words[data.action](ctx)
            else:
                await pressed.answer()
                await presses[data.action](ctx)
            services.outbox.hurry(person.chat_id, message.message_id)
        finally:
            await pressed.answer()

    return press


def on_text(services: Services, handler: Handler) -> LibraryCallback:
    async def handle(update: Update, context: LibraryContext) -> None:
        message = update.message
        if message is not None:
            text = message.text or message.caption
            await handler(Context(services, await services.person(update), text))

    return handle


def anew(handler: Handler) -> Handler:
    """The handler for a button whose message stays: it shows its screen in a new message."""

    async def handle(ctx: Context) -> None:
        await handler(replace(ctx, message_id=None))

    return handle


async def nothing(ctx: Context) -> None:
    """Do nothing: the button is only a label."""
