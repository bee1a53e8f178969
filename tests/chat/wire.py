"""The library's bot for tests: on the loopback, without the certificates it has no use for."""

from telegram.ext import ExtBot

from bot.chat.telegram_request import TelegramRequest

TOKEN = "123456:stand-in"


def bot_before(url: str) -> "ExtBot[None]":
    """A real bot before the stand-in at ``url``. Reading the machine's certificates twice, as it
    does by itself, takes longer than most of these tests."""
    plain = {"verify": False}
    return ExtBot(
        TOKEN,
        base_url=f"{url}/bot",
        request=TelegramRequest(connection_pool_size=16, httpx_kwargs=plain),
        get_updates_request=TelegramRequest(connection_pool_size=1, httpx_kwargs=plain),
    )
