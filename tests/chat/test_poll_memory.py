"""Polls that bring much leave no memory behind until a garbage collection happens to come."""

import gc
import json
import tracemalloc
from collections.abc import AsyncIterator, Iterator

import pytest
from aiohttp import web

from bot.chat.telegram_request import COLLECT_BYTES
from tests.support.telegram_bots import bot_before

POLLS = 100
LARGE = json.dumps({"ok": True, "result": [{"update_id": 1, "x": "x" * 250_000}]}).encode()
ME = {"id": 123456, "is_bot": True, "first_name": "b", "username": "b"}
MOST_KEPT = 2 * COLLECT_BYTES
"""Bytes; the polls bring six times as many."""


@pytest.fixture
def no_collection_of_its_own() -> Iterator[None]:
    """Keeps the interpreter from collecting by its own count of objects, which is far away in a
    bot that is busy with large answers."""
    gc.collect()
    gc.disable()
    yield
    gc.enable()


@pytest.fixture
async def address() -> AsyncIterator[str]:
    """A server that answers each poll with the same large body, and keeps nothing."""

    async def answer(request: web.Request) -> web.Response:
        if request.path.endswith("getMe"):
            return web.json_response({"ok": True, "result": ME})
        return web.Response(body=LARGE, content_type="application/json")

    app = web.Application()
    app.router.add_route("*", "/{rest:.*}", answer)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    yield "http://{}:{}".format(*runner.addresses[0][:2])
    await runner.cleanup()


async def test_the_answers_of_many_polls_are_freed(
    no_collection_of_its_own: None, address: str
) -> None:
    async with bot_before(address) as bot:
        kept = []
        tracemalloc.start()
        try:
            for _ in range(POLLS):
                await bot.get_updates(timeout=0)
                kept.append(tracemalloc.get_traced_memory()[0])
        finally:
            tracemalloc.stop()
    assert POLLS * len(LARGE) > 5 * MOST_KEPT
    assert max(kept) - kept[0] < MOST_KEPT
