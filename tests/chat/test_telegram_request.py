"""Polls that end at once and bring nothing are spaced; whatever goes wrong in one is an outage."""

import json
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
from telegram.error import NetworkError

from bot.chat.telegram_bot import PatientBot
from bot.chat.telegram_request import TelegramRequest
from tests.support.names import TOKEN

ME = {"id": 123456, "is_bot": True, "first_name": "b", "username": "b"}


class Telegram(httpx.AsyncBaseTransport):
    """Answers every poll with what stands in ``result``, after ``takes`` seconds of ``time``."""

    def __init__(self) -> None:
        self.result: object = []
        self.takes = 0.0
        self.time = 0.0
        self.slept: list[float] = []

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        is_poll = request.url.path.endswith("getUpdates")
        self.time += self.takes
        return httpx.Response(200, json={"ok": True, "result": self.result if is_poll else ME})

    async def sleep(self, seconds: float) -> None:
        self.slept.append(round(seconds, 3))

    def monotonic(self) -> float:
        return self.time


@pytest.fixture
def telegram() -> Telegram:
    return Telegram()


@pytest.fixture
async def bot(telegram: Telegram) -> AsyncIterator[PatientBot]:
    requests: list[Any] = [
        TelegramRequest(
            httpx_kwargs={"transport": telegram},
            sleep=telegram.sleep,
            monotonic=telegram.monotonic,
        )
        for _ in range(2)
    ]
    async with PatientBot(
        TOKEN,
        base_url="http://127.0.0.1/bot",
        request=requests[0],
        get_updates_request=requests[1],
    ) as running:
        yield running


@pytest.mark.parametrize(
    "result",
    [[], [{"update_id": 5}], [{"update_id": 5, "message": {}}], [{"update_id": 5, "poll": {}}]],
)
async def test_polls_that_end_at_once_with_nothing_to_handle_are_spaced(
    bot: PatientBot, telegram: Telegram, result: object
) -> None:
    telegram.result = result
    for _ in range(6):
        await bot.get_updates(timeout=10, allowed_updates=["message"])
    assert telegram.slept == [0.1, 0.2, 0.4, 0.5, 0.5]


async def test_polls_that_wait_and_polls_that_bring_something_are_not(
    bot: PatientBot, telegram: Telegram
) -> None:
    telegram.takes = 10.0
    for _ in range(3):
        await bot.get_updates(timeout=10)
    telegram.takes = 0.0
    chat = {"id": 5, "type": "private", "first_name": "A"}
    for number in range(1, 4):
        message = {"message_id": number, "date": 1, "chat": chat}
        telegram.result = [{"update_id": number, "message": message}]
        assert len(await bot.get_updates(timeout=10)) == 1
    assert telegram.slept == []


async def test_the_poll_at_the_end_does_not_wait(bot: PatientBot, telegram: Telegram) -> None:
    for _ in range(3):
        await bot.get_updates(timeout=0)
    assert telegram.slept == []


async def test_whatever_the_library_raises_in_a_poll_is_an_outage(
    bot: PatientBot, telegram: Telegram, monkeypatch: pytest.MonkeyPatch
) -> None:
    unread = json.dumps([{"update_id": 5, "message": {}}])
    poll = bot._request[0]
    assert isinstance(poll, TelegramRequest)
    monkeypatch.setattr(poll.updates, "read", lambda *_: json.loads(unread))
    with pytest.raises(NetworkError, match="KeyError"):
        await bot.get_updates(timeout=10)
