"""Checks the ways to Telegram and to the platform, the token, and the machine's clock."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from typing import Any

from telegram import Bot
from telegram.error import BadRequest, InvalidToken, NetworkError, RetryAfter, TelegramError

from bot.chat.telegram_application import request_for
from bot.check.finding import Finding, note, ok, unchecked, wrong
from bot.connecting import PROXY_HINT
from bot.proxies.routes import Route
from bot.settings import Settings, SettingsError
from bot.zjy.errors import ZjyError
from bot.zjy.probe import probe

WITHIN = 20.0
"""Real seconds for Telegram's answer."""
POOL_WITHIN = 1.0
CLOCK_MAY_DIFFER = 30.0
"""Seconds."""
SECRET_LENGTH = 35
"""Characters behind the colon of a token, as @BotFather gives them."""
NO_TOKEN = "1:no-token-yet"  # noqa: S105 - it is none: Telegram is asked all the same
TELEGRAM, TOKEN, PLATFORM, CLOCK = "Telegram", "token", "platform", "clock"
_SET_THE_CLOCK = "set it, as with `timedatectl set-ntp true`"


@dataclass(slots=True)
class _Heard:
    """What Telegram's answer says beside its content: ``behind`` is by how many seconds the
    machine's clock is behind the answer's date, None without one."""

    now: Callable[[], datetime]
    status: int | None = None
    behind: float | None = None

    async def __call__(self, response: Any) -> None:  # noqa: ANN401 - the HTTP library's answer
        self.status = response.status_code
        try:
            dated = parsedate_to_datetime(response.headers.get("date", ""))
            self.behind = (dated - self.now()).total_seconds()
        except (ValueError, TypeError):
            self.behind = None


async def check_telegram(
    settings: Settings, route: Route, now: Callable[[], datetime]
) -> list[Finding]:
    """Asks Telegram once whose token this is. ``now`` is the machine's clock."""
    heard = _Heard(now)
    answer = await _who(settings, route, heard)
    if isinstance(answer, SettingsError):
        missing = "not checked: Telegram was not asked"
        return [wrong(TELEGRAM, str(answer)), unchecked(TOKEN, missing), unchecked(CLOCK, missing)]
    return [_reached(settings, route, heard, answer), _token(settings, answer), _clock(heard)]


async def _who(
    settings: Settings, route: Route, heard: _Heard
) -> str | TelegramError | SettingsError:
    """The bot's user name, or why it is not known."""
    try:
        request = request_for(route, None, 1, POOL_WITHIN, event_hooks={"response": [heard]})
    except SettingsError as error:
        return error
    bot = Bot(
        settings.bot_token or NO_TOKEN,
        base_url=f"{settings.telegram_api_url}/bot",
        request=request,
        get_updates_request=request,
    )
    await request.initialize()
    try:
        async with asyncio.timeout(WITHIN):
            return (await bot.get_me()).username or ""
    except TelegramError as error:
        return error
    except TimeoutError:
        return NetworkError(f"no answer within {WITHIN:.0f} seconds")
    except Exception as error:  # noqa: BLE001 - an answer that the library cannot read
        return NetworkError(f"its answer ended in {type(error).__name__}")
    finally:
        await request.shutdown()


def _is_unheard(answer: str | Exception) -> bool:
    """Whether Telegram did not answer; the library counts its refusals as troubles of the way."""
    return isinstance(answer, NetworkError) and not isinstance(answer, BadRequest)


def _reached(settings: Settings, route: Route, heard: _Heard, answer: str | Exception) -> Finding:
    through = "" if route.proxy is None else f" through {route.proxy.shown} ({route.source})"
    where = f"{settings.telegram_api_url}{through}"
    if not _is_unheard(answer):
        return ok(TELEGRAM, f"{where} answers")
    if heard.status is not None and heard.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return wrong(TELEGRAM, f"{where} has trouble of its own (HTTP {heard.status}): try again")
    hint = PROXY_HINT if route.proxy is None else f"look at the proxy and at {route.source}"
    return wrong(TELEGRAM, f"{where} cannot be reached ({answer}): {hint}")


def _token(settings: Settings, answer: str | Exception) -> Finding:
    if not settings.bot_token:
        return unchecked(TOKEN, "not checked: BOT_TOKEN is missing or wrong")
    if isinstance(answer, str):
        return ok(TOKEN, f"it is that of @{answer}")
    length = len(settings.bot_token.partition(":")[2])
    cut = (
        ""
        if length == SECRET_LENGTH
        else f" (it has {length} characters behind the colon, those of @BotFather {SECRET_LENGTH})"
    )
    if isinstance(answer, InvalidToken):
        return wrong(TOKEN, f"Telegram does not know it{cut}: copy it from @BotFather again")
    if isinstance(answer, RetryAfter):
        return note(TOKEN, "Telegram asks to wait before it says whose it is: try again later")
    if _is_unheard(answer):
        return unchecked(TOKEN, f"not checked: Telegram cannot be reached{cut}")
    if isinstance(answer, BadRequest):
        return wrong(
            TOKEN,
            f"Telegram refuses to serve it ({answer}): after a log-out, or for another Bot API "
            "server, it is served where TELEGRAM_API_URL should lead",
        )
    return wrong(TOKEN, f"Telegram does not accept it ({answer}): copy it from @BotFather again")


def _clock(heard: _Heard) -> Finding:
    if heard.behind is None and heard.status is not None:
        return note(CLOCK, "not checked: Telegram's answer has no date that can be read")
    if heard.behind is None:
        return unchecked(CLOCK, "not checked: there is no answer of Telegram with a date")
    if abs(heard.behind) <= CLOCK_MAY_DIFFER:
        return ok(CLOCK, "it shows the time of Telegram's answer")
    side = "behind" if heard.behind > 0 else "ahead of"
    return wrong(CLOCK, f"it is {abs(heard.behind):.0f} s {side} Telegram's: {_SET_THE_CLOCK}")


async def check_platform(settings: Settings, route: Route) -> Finding:
    """Asks for the platform's front page, without a cookie. Any answer will do."""
    through = "" if route.proxy is None else f" through {route.proxy.shown}"
    where = f"{settings.zjy_base_url}{through}"
    try:
        status = await probe(settings.zjy_base_url, route.proxy)
    except ZjyError as error:
        return wrong(
            PLATFORM,
            f"{where} cannot be reached ({error.detail}): look at the machine's network, at "
            "ZJY_BASE_URL and at PLATFORM_PROXY",
        )
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return note(PLATFORM, f"{where} answers, with trouble of its own (HTTP {status})")
    return ok(PLATFORM, f"{where} answers")
