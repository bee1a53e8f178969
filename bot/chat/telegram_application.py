"""The library's application, with the bot's own connection to Telegram."""

import os
import ssl
from collections.abc import Callable
from functools import cache, partial
from typing import Any

from telegram.ext import Application

from bot.chat.bounded_answers import BOUNDED
from bot.chat.processor import UpdateProcessor
from bot.chat.telegram_bot import PatientBot
from bot.chat.telegram_request import (
    ProxiedTelegramRequest,
    TelegramRequest,
    TelegramWatch,
    WatchedTelegramRequest,
)
from bot.clock import Clock
from bot.fault_point import Boundary
from bot.proxies.routes import Route
from bot.proxies.transport import ProxiedTransport
from bot.settings import Settings, SettingsError

CONNECTIONS = 48
"""More than the processor's slots: messages prompted by a press and those of jobs find a free
connection while all slots wait for Telegram."""
POOL_TIMEOUT = 20.0
POLL_POOL_TIMEOUT = 1.0
READ_TIMEOUT = 15.0

AnyApplication = Application[Any, Any, Any, Any, Any, Any]


def build_application(
    settings: Settings,
    route: Route,
    boundary: Boundary | None,
    clock: Clock,
    watch: TelegramWatch,
) -> AnyApplication:
    """Build the application with this project's bot; ``boundary`` is called before and after each
    request. Raises SettingsError."""
    # Without this, the library warns at each "wait" of Telegram of its future change to timedelta.
    os.environ.setdefault("PTB_TIMEDELTA", "true")
    api = settings.telegram_api_url
    bot = PatientBot(
        settings.bot_token,
        base_url=f"{api}/bot",
        base_file_url=f"{api}/file/bot",
        request=request_for(route, boundary, CONNECTIONS, POOL_TIMEOUT, watch=watch),
        get_updates_request=request_for(route, boundary, 1, POLL_POOL_TIMEOUT, watch=watch),
    )
    processor = UpdateProcessor(clock.monotonic, watch.metrics)
    return Application.builder().bot(bot).concurrent_updates(processor).build()


def request_for(
    route: Route,
    boundary: Boundary | None,
    connections: int,
    pool_timeout: float,
    *,
    watch: TelegramWatch | None = None,
    **client: Any,  # noqa: ANN401 - the HTTP library's own
) -> TelegramRequest:
    """The requests to Telegram, on ``route``; ``client`` is for the HTTP library's client. Raises
    SettingsError."""
    request: Callable[..., TelegramRequest] = TelegramRequest
    plain: dict[str, Any] = {"trust_env": False}
    authorities = _own_authorities()
    if authorities is not None:
        plain["verify"] = authorities
    if boundary is not None:
        request = partial(WatchedTelegramRequest, boundary=boundary)
    elif route.proxy is not None:
        request = ProxiedTelegramRequest
        plain["transport"] = ProxiedTransport(
            route.proxy, connections=connections, authorities=authorities
        )
    return request(
        connection_pool_size=connections,
        pool_timeout=pool_timeout,
        read_timeout=READ_TIMEOUT,
        httpx_kwargs={**BOUNDED, **plain, **client},
        watch=watch,
    )


def _own_authorities() -> ssl.SSLContext | None:
    """The certificate authorities that the operator trusts instead of the usual ones. The HTTP
    library would read these variables too, but only together with those of proxies. Raises
    SettingsError."""
    file, folder = os.environ.get("SSL_CERT_FILE"), os.environ.get("SSL_CERT_DIR")
    if not file and not folder:
        return None
    try:
        return _authorities(file or None, folder or None)
    except OSError as error:
        why = error.strerror or type(error).__name__
        raise SettingsError(f"SSL_CERT_FILE or SSL_CERT_DIR cannot be used: {why}.") from error


@cache
def _authorities(file: str | None, folder: str | None) -> ssl.SSLContext:
    """All connections share what was read: it takes tens of milliseconds. Raises OSError."""
    return ssl.create_default_context(cafile=file, capath=folder)
