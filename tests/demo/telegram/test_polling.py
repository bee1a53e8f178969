"""``getUpdates``: order, confirmation, one reader, long polls."""

import asyncio
from typing import Any

import aiohttp
import pytest

from demo.telegram import Person, TelegramServer
from tests.support.bot_api_client import Api, button, keyboard
from tests.support.clocks import SettableClock

REPLACED = (
    "Conflict: terminated by other getUpdates request; "
    "make sure that only one bot instance is running"
)


def texts(updates: list[dict[str, Any]]) -> list[str]:
    return [update["message"]["text"] for update in updates]


@pytest.fixture
def three(student: Person) -> list[str]:
    """Three updates wait."""
    student.send("b")
    student.send("c")
    return ["/start", "b", "c"]


async def poll(api: Api, **params: object) -> "asyncio.Task[tuple[int, dict[str, Any]]]":
    """A long poll that has reached the server."""
    task = asyncio.create_task(api.raw("getUpdates", timeout=30, **params))
    await api.server.wait_for(lambda: api.server.world.updates.waiting == 1)
    return task


async def test_updates_are_repeated_until_they_are_confirmed(api: Api, three: list[str]) -> None:
    first = await api("getUpdates")
    assert texts(first) == three
    assert await api("getUpdates") == first
    assert texts(await api("getUpdates", offset=first[1]["update_id"])) == three[1:]
    assert texts(await api("getUpdates")) == three[1:]
    assert await api("getUpdates", offset=first[2]["update_id"] + 1) == []


async def test_limit_bounds_an_answer(api: Api, three: list[str]) -> None:
    assert texts(await api("getUpdates", limit=2)) == three[:2]


async def test_a_negative_offset_keeps_the_newest(api: Api, three: list[str]) -> None:
    assert texts(await api("getUpdates", offset=-1)) == three[2:]
    assert texts(await api("getUpdates")) == three[2:]


async def test_update_ids_rise_one_by_one(api: Api, three: list[str]) -> None:
    ids = [update["update_id"] for update in await api("getUpdates")]
    assert ids == [ids[0], ids[0] + 1, ids[0] + 2]


async def test_a_long_poll_is_answered_when_something_comes(
    api: Api, server: TelegramServer
) -> None:
    waiting = await poll(api)
    assert not waiting.done()
    server.person(1001).send("now")
    _, body = await waiting
    assert texts(body["result"]) == ["now"]


async def test_a_long_poll_ends_empty_after_its_timeout(api: Api) -> None:
    assert await api("getUpdates", timeout=1) == []


async def test_a_second_reader_ends_the_first(api: Api, server: TelegramServer) -> None:
    first = await poll(api)
    second = asyncio.create_task(api("getUpdates", timeout=30))
    status, body = await first
    assert (status, body["description"]) == (409, REPLACED)
    server.person(1001).send("for the second")
    assert texts(await second) == ["for the second"]


async def test_a_webhook_ends_and_forbids_polling(api: Api) -> None:
    waiting = await poll(api)
    await api("setWebhook", url="https://bot.example.org/hook")
    status, body = await waiting
    assert (status, body["description"]) == (409, "Conflict: terminated by setWebhook request")
    assert await api.refused("getUpdates") == (
        "409 Conflict: can't use getUpdates method while webhook is active; "
        "use deleteWebhook to delete the webhook first"
    )
    assert (await api("getWebhookInfo"))["url"] == "https://bot.example.org/hook"
    await api("deleteWebhook")
    assert await api("getUpdates") == []


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("http://bot.example.org/", "An HTTPS URL must be provided for webhook"),
        (
            "https://bot.example.org:99/",
            "Webhook can be set up only on ports 80, 88, 443 or 8443",
        ),
    ],
)
async def test_a_webhook_needs_https_and_its_ports(api: Api, url: str, reason: str) -> None:
    assert await api.refused("setWebhook", url=url) == f"400 Bad Request: bad webhook: {reason}"


async def test_delete_webhook_can_drop_what_waits(api: Api, three: list[str]) -> None:
    assert (await api("getWebhookInfo"))["pending_update_count"] == 3
    await api("deleteWebhook", drop_pending_updates=True)
    assert await api("getUpdates") == []


async def test_only_allowed_kinds_are_queued(api: Api, student: Person) -> None:
    sent = await api("sendMessage", chat_id=1001, text="?", reply_markup=keyboard([button("a")]))
    await api("getUpdates", offset=-1, allowed_updates=["callback_query"])
    student.send("not for you")
    press = student.press("a")
    new = [u for u in await api("getUpdates") if "callback_query" in u or "message" in u][1:]
    assert [u["callback_query"]["message"]["message_id"] for u in new] == [sent["message_id"]]
    assert press.update_id == new[0]["update_id"]


async def test_an_empty_list_of_kinds_means_the_usual_ones(api: Api, student: Person) -> None:
    await api("getUpdates", offset=-1, allowed_updates=["callback_query"])
    await api("getUpdates", allowed_updates=[])
    student.send("heard again")
    assert texts(await api("getUpdates"))[-1] == "heard again"


async def test_updates_are_forgotten_after_a_day(
    api: Api, three: list[str], clock: SettableClock
) -> None:
    clock.advance(24 * 3600 + 1)
    assert await api("getUpdates") == []


async def test_a_confirmed_update_can_come_again(
    api: Api, server: TelegramServer, student: Person
) -> None:
    update_id = student.last_update_id
    assert update_id is not None
    assert await api("getUpdates", offset=update_id + 1) == []
    server.redeliver(update_id)
    assert [u["update_id"] for u in await api("getUpdates", offset=update_id + 1)] == [update_id]
    assert await api("getUpdates", offset=update_id + 1) == []


async def test_a_waiting_update_can_be_lost(
    api: Api, server: TelegramServer, student: Person
) -> None:
    assert student.last_update_id is not None
    server.drop_update(student.last_update_id)
    assert await api("getUpdates") == []
    with pytest.raises(LookupError):
        server.drop_update(student.last_update_id)


async def test_a_stopping_server_does_not_wait_for_its_readers(api: Api) -> None:
    waiting = await poll(api)
    async with asyncio.timeout(5):
        await api.server.stop()
    with pytest.raises(aiohttp.ClientConnectionError):
        await waiting


async def test_a_reader_that_hangs_up_is_forgotten(api: Api, server: TelegramServer) -> None:
    waiting = await poll(api)
    waiting.cancel()
    await asyncio.gather(waiting, return_exceptions=True)
    await server.wait_for(lambda: server.world.updates.waiting == 0)
    server.person(1001).send("kept")
    assert texts(await api("getUpdates", timeout=5)) == ["kept"]
    assert [call.error_code for call in server.calls] == [None]
