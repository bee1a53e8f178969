"""The library's bot for tests: on the loopback, whatever proxies the machine uses."""

from telegram.ext import ExtBot
from telegram.request import HTTPXRequest

from bot.chat.telegram_request import TelegramRequest

TOKEN = "123456:stand-in"


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
