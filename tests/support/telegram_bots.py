"""The library's bot for tests: on the loopback or in the process, whatever proxies there are."""

import os

from telegram.ext import ExtBot
from telegram.request import HTTPXRequest

from bot.chat.telegram_bot import PatientBot
from bot.chat.telegram_request import TelegramRequest
from tests.support.in_process_transport import TelegramTransport
from tests.support.names import TOKEN

# As the application does: else the library warns at each "wait" of Telegram.
os.environ.setdefault("PTB_TIMEDELTA", "true")


def plain_request(connections: int = 1, kind: type[HTTPXRequest] = TelegramRequest) -> HTTPXRequest:
    """Requests over loopback: no proxy that the environment names is used, and the machine's
    certificates are not read, which takes longer than most tests."""
    plain = {"verify": False, "trust_env": False}
    return kind(connection_pool_size=connections, httpx_kwargs=plain)


def bot_before(url: str, kind: type[HTTPXRequest] = TelegramRequest) -> "ExtBot[None]":
    """A real bot before the stand-in at ``url``; with the library's own ``kind`` of requests it
    sees answers whole."""
    return ExtBot(
        TOKEN,
        base_url=f"{url}/bot",
        base_file_url=f"{url}/file/bot",
        request=plain_request(16, kind),
        get_updates_request=plain_request(1, kind),
    )


def bot_in_process(transport: TelegramTransport) -> PatientBot:
    """The application's kind of bot, at this end of the transport."""
    through = {"transport": transport}
    return PatientBot(
        TOKEN,
        base_url="http://127.0.0.1/bot",
        request=TelegramRequest(httpx_kwargs=through),
        get_updates_request=TelegramRequest(httpx_kwargs=through),
    )
