"""A start that fails leaves nothing open behind it."""

import asyncio
import socket
from pathlib import Path

import pytest

from bot.build import build_app
from bot.settings import Settings, SettingsError
from tests.support.free_port import free_port
from tests.support.names import TOKEN


async def test_a_start_that_fails_frees_the_address_that_it_had_taken(tmp_path: Path) -> None:
    webhook, health = free_port(), free_port()
    settings = Settings(
        bot_token=TOKEN,
        data_dir=tmp_path,
        webhook_url="https://bot.example/hook",
        webhook_listen=f"127.0.0.1:{webhook}",
        health_address=f"127.0.0.1:{health}",
    )
    other = await asyncio.start_server(lambda *_: None, "127.0.0.1", health)
    async with other:
        with pytest.raises(SettingsError, match="HEALTH_ADDRESS"):
            await build_app(settings)

    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        probe.bind(("127.0.0.1", webhook))
        probe.listen()
