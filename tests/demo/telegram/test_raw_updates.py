"""Updates and answers of any shape, on order; service messages."""

import json

import aiohttp
import pytest

from demo.telegram import Person, TelegramServer
from tests.support.bot_api_client import Api
from tests.support.clocks import SettableClock
from tests.support.names import TOKEN


@pytest.mark.parametrize("raw", [None, 7, "text", [], {"update_id": "7"}, {"update_id": None}])
async def test_a_raw_update_comes_as_it_stands_until_it_is_confirmed(
    api: Api, server: TelegramServer, raw: object
) -> None:
    kept_under = server.deliver(raw)
    assert await api("getUpdates") == [raw]
    assert await api("getUpdates") == [raw]
    assert await api("getUpdates", offset=kept_under + 1) == []


async def test_a_raw_update_without_an_id_gets_the_one_it_is_kept_under(
    api: Api, server: TelegramServer, student: Person
) -> None:
    kept_under = server.deliver({"of_tomorrow": {"a": 1}})
    assert kept_under == (student.last_update_id or 0) + 1
    assert (await api("getUpdates"))[1] == {"update_id": kept_under, "of_tomorrow": {"a": 1}}


async def test_a_raw_update_comes_whatever_kinds_were_asked_for(
    api: Api, server: TelegramServer
) -> None:
    await api("getUpdates", allowed_updates=["message"])
    server.deliver({"poll": {}})
    assert len(await api("getUpdates")) == 1


async def test_a_raw_update_is_forgotten_after_a_day(
    api: Api, server: TelegramServer, clock: SettableClock
) -> None:
    server.deliver(None)
    clock.advance(24 * 3600 + 1)
    assert await api("getUpdates") == []


async def test_a_call_takes_effect_though_its_answer_is_odd(
    server: TelegramServer, session: aiohttp.ClientSession, student: Person
) -> None:
    server.trouble.answer_oddly("sendMessage", b"<html>", status=502)
    url = f"{server.url}/bot{TOKEN}/sendMessage"
    async with session.post(url, data={"chat_id": "1001", "text": "a"}) as response:
        assert (response.status, await response.read()) == (502, b"<html>")
    assert student.chat.last.text == "a"
    async with session.post(url, data={"chat_id": "1001", "text": "b"}) as response:
        assert json.loads(await response.read())["ok"] is True


async def test_an_answer_can_be_torn(
    server: TelegramServer, session: aiohttp.ClientSession, student: Person
) -> None:
    server.trouble.answer_oddly("getUpdates", lambda body: body[:-10])
    async with session.get(f"{server.url}/bot{TOKEN}/getUpdates") as response:
        body = await response.read()
    assert body.startswith(b'{"ok": true, "result": [{"update_id":')
    with pytest.raises(ValueError, match=r"Expecting|Unterminated"):
        json.loads(body)


async def test_a_service_message_has_its_field_and_no_text(api: Api, student: Person) -> None:
    student.service(message_auto_delete_timer_changed={"message_auto_delete_time": 86400})
    message = (await api("getUpdates"))[-1]["message"]
    assert message["message_auto_delete_timer_changed"] == {"message_auto_delete_time": 86400}
    assert message["from"]["id"] == 1001
    assert "text" not in message
