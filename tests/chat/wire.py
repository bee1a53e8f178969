"""The library's bot for tests: on the loopback, whatever proxies the machine uses."""

from telegram.ext import ExtBot

from bot.chat.telegram_request import TelegramRequest

TOKEN = "123456:stand-in"


def plain_request(connections: int = 1) -> TelegramRequest:
    """Requests over loopback: no proxy that the environment names is used, and the machine's
    certificates are not read, which takes longer than most tests."""
    plain = {"verify": False, "trust_env": False}
    return TelegramRequest(connection_pool_size=connections, httpx_kwargs=plain)


def bot_before(url: str) -> "ExtBot[None]":
    """A real bot before the stand-in at ``url``."""
    return ExtBot(
        TOKEN,
        base_url=f"{url}/bot",
        base_file_url=f"{url}/file/bot",
        request=plain_request(16),
        get_updates_request=plain_request(),
    )
