"""Connects to Telegram: who the bot is there, and from when on it takes updates."""

import logging

from telegram.error import BadRequest, InvalidToken, NetworkError, RetryAfter, TelegramError

from bot.access.codes import link_of
from bot.app import BotApp
from bot.chat.bot_profile import set_menu, set_profile
from bot.chat.update_reader import HANDLED_KINDS
from bot.chat.update_trouble import UpdateTrouble
from bot.logs import get_log
from bot.outbox.telegram_calls import seconds_of

RETRY_FIRST = 1.0
RETRY_LONGEST = 5.0
PROXY_HINT = (
    "if this machine needs a proxy to reach Telegram, set TELEGRAM_PROXY, "
    "as in TELEGRAM_PROXY=http://127.0.0.1:7890"
)

CLAIM_LINE = "who opens this link first within an hour becomes the owner of the bot:"

_log = get_log(__name__)


async def connect_at_once(app: BotApp) -> bool:
    """Ask Telegram once whose token this is. False if Telegram gave no valid answer.

    Raises InvalidToken if Telegram twice rejects the token: a gateway's own «not found» reads the
    same as one rejection.
    """
    return await _ask(app, RETRY_FIRST, first=True) is None


async def connect(app: BotApp) -> None:
    """Read the bot's own account from Telegram; retries as long as Telegram is away."""
    wait: float | None = RETRY_FIRST
    while wait is not None:
        await app.clock.sleep(wait)
        wait = await _ask(app, min(wait * 2, RETRY_LONGEST))


async def _ask(app: BotApp, wait: float, *, first: bool = False) -> float | None:
    """Try to connect. Returns None when connected, else the seconds until the next try: ``wait``,
    or what Telegram told. With ``first`` the log says what may help."""
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
    """Take updates from here on. The bot's own account must be known."""
    await app.application.start()
    if app.webhook is not None:
        app.webhook.begin()
    else:
        await _poll(app)
    bot = app.application.bot
    app.background.start(None, "menu", set_menu(bot, app.translators, app.outbox.turn))
    profile = set_profile(bot, app.translators, app.settings.data_dir, app.outbox.turn)
    app.background.start(None, "profile", profile)
    app.background.start(None, "the owner's menu", app.menu.bring_up_to_date())
    _log.info("the bot is running", username=bot.username)
    offer_ownership(app)


def offer_ownership(app: BotApp) -> None:
    """Log the link that makes the owner, on a level that is shown in any case: without it, the bot
    is of no use."""
    code = app.access.new_claim()
    if code is not None:
        level = max(logging.INFO, logging.getLogger().getEffectiveLevel())
        link = link_of(app.application.bot.username, code)
        _log.log(level, f"{CLAIM_LINE} {link}")


async def _poll(app: BotApp) -> None:
    """Ask for updates. The library removes a webhook first, and drops nothing that waits."""
    updater = app.application.updater
    if updater is None:
        raise RuntimeError("the application was built without an updater")
    await updater.start_polling(
        allowed_updates=list(HANDLED_KINDS),
        bootstrap_retries=-1,
        error_callback=UpdateTrouble(app.telegram_route, app.clock.monotonic),
    )
