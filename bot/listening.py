"""Getting to know Telegram and listening to it, whatever it answers."""

from functools import partial

from telegram import BotCommand, Update
from telegram.error import (
    BadRequest,
    Conflict,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
)

from bot.app import BotApp
from bot.chat.commands import COMMANDS
from bot.chat.telegram_calls import seconds_of
from bot.log_limit import LogLimit
from bot.logs import get_log
from bot.proxies.routes import Route

RETRY_FIRST = 1.0
RETRY_LONGEST = 5.0
PROXY_HINT = (
    "if this machine needs a proxy to reach Telegram, set TELEGRAM_PROXY, "
    "as in TELEGRAM_PROXY=http://127.0.0.1:7890"
)

_log = get_log(__name__)


async def connect_at_once(app: BotApp) -> bool:
    """Ask Telegram once whose token this is. False if it gave no answer to that.

    Raises InvalidToken if it does not know the token, asked twice: a gateway's own «not found»
    reads the same.
    """
    return await _ask(app, RETRY_FIRST, first=True) is None


async def connect(app: BotApp) -> None:
    """Get to know the bot's own account, however long Telegram is away."""
    wait: float | None = RETRY_FIRST
    while wait is not None:
        await app.clock.sleep(wait)
        wait = await _ask(app, min(wait * 2, RETRY_LONGEST))


async def _ask(app: BotApp, wait: float, *, first: bool = False) -> float | None:
    """None when it is connected, else for how many seconds to wait: ``wait``, or as told. The
    ``first`` time, the log says what may help."""
    try:
        try:
            await app.application.initialize()
        except InvalidToken:
            await app.clock.sleep(RETRY_FIRST)
            await app.application.initialize()
    except InvalidToken:
        raise
    except TelegramError as error:
        wait = seconds_of(error) if isinstance(error, RetryAfter) else wait
        unheard = isinstance(error, NetworkError) and not isinstance(error, BadRequest)
        needs_hint = first and unheard and app.telegram_route.proxy is None
        _log.warning(
            "Telegram cannot be reached; trying again",
            address=app.settings.telegram_api_url,
            seconds=wait,
            trouble=str(error),
            **app.telegram_route.facts,
            **({"hint": PROXY_HINT} if needs_hint else {}),
        )
        return wait
    return None


async def listen(app: BotApp) -> None:
    """Take updates from here on. The bot's own account is known by now."""
    await app.application.start()
    updater = app.application.updater
    if updater is None:
        raise RuntimeError("the application was built without an updater")
    await updater.start_polling(
        allowed_updates=[
            Update.MESSAGE,
            Update.EDITED_MESSAGE,
            Update.CALLBACK_QUERY,
            Update.MY_CHAT_MEMBER,
        ],
        bootstrap_retries=-1,
        error_callback=partial(_polling_trouble, app.telegram_route, LogLimit(app.clock.monotonic)),
    )
    app.background.start(None, "menu", _set_menu(app))
    _log.info("the bot is running", username=app.application.bot.username)


async def _set_menu(app: BotApp) -> None:
    """The command menu, per language; without it the bot works as well."""
    try:
        for language in app.voices.languages:
            voice = app.voices[language]
            menu = [BotCommand(each.name, voice(each.summary)) for each in COMMANDS]
            await app.application.bot.set_my_commands(menu, language_code=language)
        default = app.voices.choose(None, None)
        menu = [BotCommand(each.name, default(each.summary)) for each in COMMANDS]
        await app.application.bot.set_my_commands(menu)
    except TelegramError as error:
        _log.warning("the command menu could not be set", trouble=str(error))


def _polling_trouble(route: Route, limit: LogLimit, error: TelegramError) -> None:
    if not limit.allows(type(error).__name__):
        return
    if isinstance(error, Conflict):
        _log.error("another process polls with the same BOT_TOKEN: stop one of them")
    elif isinstance(error.__cause__, InvalidToken):
        _log.error("Telegram no longer accepts this BOT_TOKEN: was it revoked?")
    else:
        _log.warning("Telegram cannot be reached", trouble=str(error), **route.facts)
