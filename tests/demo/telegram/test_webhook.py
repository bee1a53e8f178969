"""Webhooks of the stand-in, which is as strict and as stubborn as a Bot API server."""

import asyncio
import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from aiohttp import web

from demo.telegram import Person, TelegramServer
from demo.telegram.webhook import Retry
from tests.support.bot_api_client import Api

PATIENCE = 10.0
PUBLIC = "https://bot.example.org/hook"


class Receiver:
    """A server of a bot: it notes what it is sent, and answers as it is told."""

    def __init__(self) -> None:
        self.got: list[dict[str, Any]] = []
        self.secrets: list[str | None] = []
        self.statuses: list[int] = []
        self.after: str | None = None
        self.at_once = 0
        self.most_at_once = 0
        self.hold: asyncio.Event | None = None
        self.url = ""
        self._changed = asyncio.Condition()

    async def take(self, request: web.Request) -> web.Response:
        self.at_once += 1
        self.most_at_once = max(self.most_at_once, self.at_once)
        self.secrets.append(request.headers.get("X-Telegram-Bot-Api-Secret-Token"))
        self.got.append(await request.json())
        if self.hold is not None:
            await self.hold.wait()
        self.at_once -= 1
        async with self._changed:
            self._changed.notify_all()
        headers = {"Retry-After": self.after} if self.after else {}
        return web.Response(status=self.statuses.pop(0) if self.statuses else 200, headers=headers)

    async def has(self, number: int) -> None:
        async with asyncio.timeout(PATIENCE), self._changed:
            await self._changed.wait_for(lambda: len(self.got) >= number)

    def texts(self) -> list[str]:
        return [each["message"]["text"] for each in self.got]


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    found = Receiver()
    app = web.Application()
    app.router.add_post("/hook", found.take)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    found.url = f"http://127.0.0.1:{runner.addresses[0][1]}/hook"
    yield found
    await runner.cleanup()


@pytest.fixture
async def own(tmp_path: Path) -> AsyncIterator[TelegramServer]:
    """A server in local mode."""
    telegram = TelegramServer(local=tmp_path / "server")
    await telegram.start()
    yield telegram
    await telegram.stop()


@pytest.fixture
def own_api(own: TelegramServer, session: aiohttp.ClientSession) -> Api:
    return Api(own, session)


@pytest.fixture
def anna(own: TelegramServer) -> Person:
    return own.person(1001)


async def test_updates_are_sent_with_the_secret_and_forgotten_when_they_are_taken(
    own: TelegramServer, own_api: Api, anna: Person, receiver: Receiver
) -> None:
    anna.send("before")
    await own_api("setWebhook", url=receiver.url, secret_token="a_b-C9")
    anna.send("after")
    await receiver.has(2)
    assert receiver.texts() == ["before", "after"]
    assert receiver.secrets == ["a_b-C9"] * 2
    await own.wait_for(lambda: not own.world.updates.pending, PATIENCE)


async def test_a_refused_update_is_sent_again_and_holds_back_those_behind_it_alone(
    own: TelegramServer, own_api: Api, anna: Person, receiver: Receiver
) -> None:
    receiver.statuses, receiver.after = [503], "1"
    await own_api("setWebhook", url=receiver.url)
    anna.send("first")
    anna.send("second")
    await receiver.has(1)
    own.person(1002).send("of another")
    await receiver.has(4)
    assert receiver.texts() == ["first", "of another", "first", "second"]
    info = await own_api("getWebhookInfo")
    assert info["last_error_message"] == (
        "Wrong response from the webhook: 503 Service Unavailable"
    )
    assert info["last_error_date"] > 0


async def test_no_more_connections_are_used_than_asked_for(
    own_api: Api, own: TelegramServer, receiver: Receiver
) -> None:
    receiver.hold = asyncio.Event()
    await own_api("setWebhook", url=receiver.url, max_connections=3)
    for number in range(8):
        own.person(2000 + number).send("x")
    async with asyncio.timeout(PATIENCE):
        while receiver.at_once < 3:  # noqa: ASYNC110 - what is held tells of nothing
            await asyncio.sleep(0.01)
    await asyncio.sleep(0.1)  # in which a fourth one would come
    receiver.hold.set()
    await receiver.has(8)
    assert receiver.most_at_once == 3


async def test_another_secret_begins_anew_at_once(
    own_api: Api, anna: Person, receiver: Receiver
) -> None:
    receiver.statuses = [403, 403]
    await own_api("setWebhook", url=receiver.url, secret_token="old")
    anna.send("x")
    await receiver.has(2)
    status, _ = await own_api.raw("setWebhook", url=receiver.url, secret_token="new")
    assert status == 429, "once a second"
    await asyncio.sleep(1)
    await own_api("setWebhook", url=receiver.url, secret_token="new")
    await receiver.has(3)
    assert receiver.secrets == ["old", "old", "new"]


async def test_a_webhook_that_is_deleted_gets_nothing_more(
    own_api: Api, anna: Person, receiver: Receiver
) -> None:
    await own_api("setWebhook", url=receiver.url)
    anna.send("one")
    await receiver.has(1)
    await own_api("deleteWebhook")
    anna.send("two")
    updates = await own_api("getUpdates")
    assert [each["message"]["text"] for each in updates] == ["two"]
    assert receiver.texts() == ["one"]


def test_the_first_repetition_comes_at_once_and_the_next_ones_later_and_later() -> None:
    retry, waits = Retry(), []
    for _ in range(9):
        before = retry.at
        retry.failed(0)
        waits.append(retry.delay if before else 0)
    assert waits[:6] == [0, 2, 4, 8, 16, 32]
    assert all(60 <= each <= 120 for each in waits[7:])


@pytest.mark.parametrize(
    ("params", "reason"),
    [
        ({"url": "https://"}, "invalid webhook URL specified"),
        ({"url": "ftp://bot.example.org"}, "invalid webhook URL specified"),
        ({"url": PUBLIC, "secret_token": "x" * 257}, "secret token is too long"),
        ({"url": PUBLIC, "secret_token": "a b"}, "secret token contains unallowed characters"),
        ({"url": PUBLIC, "secret_token": "é"}, "secret token contains unallowed characters"),
    ],
)
async def test_what_a_webhook_must_be_is_checked(
    api: Api, params: dict[str, str], reason: str
) -> None:
    assert await api.refused("setWebhook", **params) == f"400 Bad Request: {reason}"
    assert (await api("getWebhookInfo"))["url"] == ""


async def test_what_was_set_is_told(api: Api) -> None:
    kinds = json.dumps(["message", "callback_query"])
    await api("setWebhook", url=PUBLIC, max_connections=7, allowed_updates=kinds)
    assert await api("getWebhookInfo") == {
        "url": PUBLIC,
        "has_custom_certificate": False,
        "pending_update_count": 0,
        "max_connections": 7,
        "ip_address": "<unknown>",
        "allowed_updates": ["callback_query", "message"],
    }


async def test_in_local_mode_a_file_is_a_path_and_cannot_be_downloaded(
    own: TelegramServer, own_api: Api, anna: Person, tmp_path: Path
) -> None:
    sent = anna.send_document("a.txt", b"content")
    assert sent.document is not None
    file = await own_api("getFile", file_id=sent.document.file_id)
    path = Path(file["file_path"])
    assert path.read_bytes() == b"content"  # noqa: ASYNC240
    assert path.is_relative_to(tmp_path / "server" / own.world.token)
    async with own_api.session.get(f"{own.url}/file/bot{own.world.token}/{path}") as response:
        assert response.status == 404
