"""Tells the log when Telegram gives no updates."""

from collections.abc import Callable

from telegram.error import Conflict, InvalidToken, TelegramError

from bot.log_limit import LogLimit
from bot.logs import get_log
from bot.proxies.routes import Route

_log = get_log(__name__)


class UpdateTrouble:
    """Called with what a poll, or a call about the webhook, raised."""

    def __init__(self, route: Route, monotonic: Callable[[], float]) -> None:
        self._route = route
        self._limit = LogLimit(monotonic)

    def __call__(self, error: TelegramError) -> None:
        if not self._limit.allows(type(error).__name__):
            return
        if isinstance(error, Conflict):
            _log.error("another process polls with the same BOT_TOKEN: stop one of them")
        elif isinstance(error, InvalidToken) or isinstance(error.__cause__, InvalidToken):
            _log.error("Telegram no longer accepts this BOT_TOKEN: was it revoked?")
        else:
            _log.warning("Telegram cannot be reached", trouble=str(error), **self._route.facts)
