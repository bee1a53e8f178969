"""What a Telegram that is not itself may answer: files and calls are bounded in bytes and time, and
the token goes nowhere else."""

import json
import time
import tracemalloc
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from telegram import Bot, Document
from telegram.error import NetworkError, TelegramError

from bot.chat import downloads, telegram_request
from bot.chat.bounded_answers import LARGEST_ANSWER
from bot.chat.downloads import Downloads, FileError
from bot.chat.telegram_application import request_for
from bot.proxies.routes import Route
from tests.support.clocks import FastClock
from tests.support.evil_server import (
    LARGE,
    MEGABYTE,
    SLOW,
    EvilServer,
    Send,
    elsewhere,
    evil_server,
)
from tests.support.names import TOKEN

pytestmark = pytest.mark.slow

SOON = 0.5
FILE = {"file_id": "f", "file_unique_id": "u", "file_path": "documents/f.txt"}


def honest_about_files(line: str) -> bytes | None:
    """Where the file is; only its download is dishonest."""
    return json.dumps({"ok": True, "result": FILE}).encode() if "getFile" in line else None


async def with_bot(server: EvilServer, use: Callable[[Bot], Awaitable[object]]) -> None:
    request = request_for(Route(None), None, 4, 5.0)
    urls: dict[str, Any] = {
        "base_url": f"{server.url}/bot",
        "base_file_url": f"{server.url}/file/bot",
    }
    bot = Bot(TOKEN, request=request, **urls)
    async with bot.request:
        await use(bot)


async def download(bot: Bot) -> None:
    with pytest.raises(FileError):
        await Downloads(bot, FastClock()).read(Document("f", "u"))


async def call(bot: Bot) -> None:
    with pytest.raises(NetworkError):
        await bot.send_message(1, "x")


USES = {"a file": download, "a call": call}


@pytest.fixture
def short_times(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(downloads, "WITHIN", SOON)
    monkeypatch.setattr(telegram_request, "WITHIN", SOON)


@pytest.mark.parametrize("how", LARGE)
@pytest.mark.parametrize("what", USES)
async def test_no_answer_takes_more_memory_than_its_bound(how: str, what: str) -> None:
    async with evil_server(LARGE[how]) as server:
        server.honest = honest_about_files
        tracemalloc.start()
        try:
            await with_bot(server, USES[what])
            peak = tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()
    # The library joins the pieces once more; the server in this process has some, too.
    assert peak < (10 * MEGABYTE if what == "a file" else 2.5 * LARGEST_ANSWER)


@pytest.mark.parametrize("how", SLOW)
@pytest.mark.parametrize("what", USES)
async def test_no_answer_takes_more_time_than_its_bound(
    how: str, what: str, short_times: None
) -> None:
    async with evil_server(SLOW[how]) as server:
        server.honest = honest_about_files
        began = time.monotonic()
        await with_bot(server, USES[what])
        assert time.monotonic() - began < 3 * downloads.ATTEMPTS * SOON


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
@pytest.mark.parametrize("what", USES)
async def test_a_redirect_is_not_followed_and_the_token_stays_home(status: int, what: str) -> None:
    async def nothing(_: object) -> None:
        return None

    send: Send = nothing
    async with evil_server(send) as other:
        async with evil_server(elsewhere(f"{other.url}/bot{TOKEN}/x", status)) as server:
            server.honest = honest_about_files

            async def use(bot: Bot) -> None:
                try:
                    await USES[what](bot)
                except TelegramError:
                    return

            await with_bot(server, use)
            assert server.requests
        assert other.requests == []
