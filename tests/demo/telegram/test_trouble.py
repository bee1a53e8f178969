"""Trouble on order, and the limits on a bot that talks too much."""

import asyncio
from collections.abc import AsyncIterator

import aiohttp
import pytest

from demo.telegram import Person, TelegramServer
from tests.support.bot_api_client import Api
from tests.support.clocks import SettableClock


async def test_ordered_failures_come_first_and_end(api: Api, student: Person) -> None:
    api.server.fail("sendMessage", 429, "Too Many Requests: retry after 7", retry_after=7)
    status, body = await api.raw("sendMessage", chat_id=1001, text="a")
    assert (status, body["parameters"]) == (429, {"retry_after": 7})
    assert len(student.chat.messages) == 1
    await api("sendMessage", chat_id=1001, text="a")


async def test_failures_can_be_for_one_chat_and_several_times(api: Api, student: Person) -> None:
    api.server.person(2002).send("/start")
    api.server.fail("*", 502, "Bad Gateway", times=2, chat_id=1001)
    await api("sendMessage", chat_id=2002, text="a")
    for _ in range(2):
        assert await api.refused("sendMessage", chat_id=1001, text="a") == "502 Bad Gateway"
    await api("sendMessage", chat_id=1001, text="a")


async def test_a_failure_of_any_method_spares_polling(api: Api) -> None:
    api.server.fail("*", 500, "Internal Server Error")
    await api("getUpdates")
    assert await api.refused("getMe") == "500 Internal Server Error"


async def test_a_failure_can_name_a_new_chat(api: Api, student: Person) -> None:
    api.server.fail("sendMessage", 400, "Bad Request: moved", migrate_to=-100)
    _, body = await api.raw("sendMessage", chat_id=1001, text="a")
    assert body["parameters"] == {"migrate_to_chat_id": -100}


async def test_a_lost_answer_has_its_effect(api: Api, student: Person) -> None:
    api.server.lose_answer("sendMessage")
    with pytest.raises(aiohttp.ClientConnectionError):
        await api.raw("sendMessage", chat_id=1001, text="once")
    assert student.chat.last.text == "once"
    lost = api.server.calls[-1]
    assert (lost.ok, lost.answered) == (True, False)
    await api("sendMessage", chat_id=1001, text="twice")


async def test_lost_updates_are_given_again(api: Api, student: Person) -> None:
    api.server.lose_answer("getUpdates")
    with pytest.raises(aiohttp.ClientConnectionError):
        await api.raw("getUpdates")
    assert len(await api("getUpdates")) == 1


async def test_a_telegram_that_is_away_answers_nobody(api: Api, student: Person) -> None:
    await api("getUpdates", offset=-1)
    await api("getUpdates", offset=api.server.world.updates.pending[0]["update_id"] + 1)
    waiting = asyncio.create_task(api.raw("getUpdates", timeout=30))
    await api.server.wait_for(lambda: api.server.world.updates.waiting == 1)
    api.server.away()
    with pytest.raises(aiohttp.ClientConnectionError):
        await waiting
    with pytest.raises(aiohttp.ClientConnectionError):
        await api.raw("sendMessage", chat_id=1001, text="a")
    assert len(student.chat.messages) == 1
    api.server.back()
    await api("sendMessage", chat_id=1001, text="a")


async def test_a_revoked_token_ends_a_long_poll(api: Api) -> None:
    waiting = asyncio.create_task(api.refused("getUpdates", timeout=30))
    await api.server.wait_for(lambda: api.server.world.updates.waiting == 1)
    api.server.revoke_token()
    assert await waiting == "401 Unauthorized"


async def test_a_server_starts_again_with_what_it_knew(api: Api, student: Person) -> None:
    await api.server.stop()
    await api.server.start()
    await api("sendMessage", chat_id=1001, text="back")
    assert len(student.chat.messages) == 2


@pytest.fixture
async def strict(clock: SettableClock, api: Api) -> AsyncIterator[TelegramServer]:
    """A server with Telegram's limits, called by ``api``."""
    server = TelegramServer(now=clock, flood=True)
    await server.start()
    api.server = server
    server.person(1001).send("/start")
    server.person(2002).send("/start")
    yield server
    await server.stop()


async def test_a_private_chat_takes_bursts_of_three_and_one_a_second(
    api: Api, strict: TelegramServer, clock: SettableClock
) -> None:
    for _ in range(3):
        await api("sendMessage", chat_id=1001, text="a")
    status, body = await api.raw("sendMessage", chat_id=1001, text="a")
    assert (status, body) == (
        429,
        {
            "ok": False,
            "error_code": 429,
            "description": "Too Many Requests: retry after 3",
            "parameters": {"retry_after": 3},
        },
    )
    await api("sendMessage", chat_id=2002, text="others are free")
    clock.advance(3)
    for _ in range(10):
        await api("sendMessage", chat_id=1001, text="a")
        clock.advance(1)


async def test_calls_during_the_wait_lengthen_it(
    api: Api, strict: TelegramServer, clock: SettableClock
) -> None:
    for _ in range(3):
        await api("sendMessage", chat_id=1001, text="a")
    answers = [await api.refused("sendMessage", chat_id=1001, text="a") for _ in range(3)]
    assert answers == [f"429 Too Many Requests: retry after {n}" for n in (3, 6, 9)]
    clock.advance(8.5)
    assert await api.refused("sendMessage", chat_id=1001, text="a") == (
        "429 Too Many Requests: retry after 4"
    )
    clock.advance(3.5)
    await api("sendMessage", chat_id=1001, text="a")


async def test_a_chat_takes_20_edits_a_minute(
    api: Api, strict: TelegramServer, clock: SettableClock
) -> None:
    sent = await api("sendMessage", chat_id=1001, text="0")
    call = {"chat_id": 1001, "message_id": sent["message_id"]}
    for n in range(20):
        await api("editMessageText", text=f"n{n}", **call)
        clock.advance(2)
    answer = await api.refused("editMessageText", text="too much", **call)
    assert answer == "429 Too Many Requests: retry after 20"
    clock.advance(20)
    await api("editMessageText", text="later", **call)


async def test_a_group_takes_20_messages_a_minute(
    api: Api, strict: TelegramServer, clock: SettableClock
) -> None:
    strict.group(-50, "g", [])
    for _ in range(20):
        await api("sendMessage", chat_id=-50, text="a")
        clock.advance(2)
    assert (await api.refused("sendMessage", chat_id=-50, text="a")).endswith("after 20")


async def test_all_chats_together_take_30_calls_a_second(
    api: Api, strict: TelegramServer, clock: SettableClock
) -> None:
    for _ in range(30):
        await api("getMyCommands")
    assert await api.refused("getMyCommands") == "429 Too Many Requests: retry after 3"
    await api("getUpdates")
    clock.advance(3)
    await api("getMyCommands")


async def test_without_limits_nothing_is_counted(api: Api, student: Person) -> None:
    for _ in range(40):
        await api("sendMessage", chat_id=1001, text="a")
