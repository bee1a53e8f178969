"""Tokens, methods, and the three ways in which parameters may come."""

import aiohttp
import pytest

from demo.telegram import Person, TelegramServer
from demo.telegram.errors import unauthorized
from demo.telegram.request import Params
from tests.support.bot_api_client import Api


async def test_an_unknown_token_is_unauthorized(api: Api) -> None:
    api.token = "999:somebody-else"
    assert await api.raw("getMe") == (
        401,
        {"ok": False, "error_code": 401, "description": "Unauthorized"},
    )


@pytest.mark.parametrize("token", ["nonsense", "12:", ":x", "12:a b"])
async def test_a_malformed_token_is_not_found(api: Api, token: str) -> None:
    api.token = token
    assert await api.refused("getMe") == "404 Not Found"


async def test_another_path_is_not_found(api: Api) -> None:
    async with api.session.get(f"{api.server.url}/nowhere") as response:
        assert response.status == 404
        assert (await response.json())["description"] == "Not Found"


async def test_an_unknown_method_is_not_found(api: Api) -> None:
    assert await api.refused("sendThought") == "404 Not Found: method not found"


async def test_a_revoked_token_stops_working(api: Api) -> None:
    await api("getMe")
    api.server.revoke_token()
    assert await api.refused("getMe") == "401 Unauthorized"


async def test_methods_ignore_case(api: Api) -> None:
    assert (await api("GETME"))["username"] == "zjy_demo_bot"


async def test_get_me_tells_the_id_of_the_token(api: Api) -> None:
    me = await api("getMe")
    assert (me["id"], me["is_bot"], me["can_read_all_group_messages"]) == (123456, True, False)


async def test_json_form_multipart_and_query_say_the_same(api: Api, student: Person) -> None:
    url = f"{api.server.url}/bot{api.token}/sendMessage"
    markup = {"inline_keyboard": [[{"text": "好", "callback_data": "ok"}]]}
    as_text = '{"inline_keyboard": [[{"text": "好", "callback_data": "ok"}]]}'
    form = {"chat_id": "1001", "text": "你好", "reply_markup": as_text}
    multipart = aiohttp.FormData(form, default_to_multipart=True)
    calls = [
        api.session.post(url, json={"chat_id": 1001, "text": "你好", "reply_markup": markup}),
        api.session.post(url, data=form),
        api.session.post(url, data=multipart),
        api.session.get(url, params=form),
    ]
    for call in calls:
        async with call as response:
            result = (await response.json())["result"]
        assert (result["text"], result["reply_markup"]) == ("你好", markup)
    assert len(student.chat.messages) == 1 + len(calls)


async def test_broken_json_is_refused(api: Api) -> None:
    url = f"{api.server.url}/bot{api.token}/sendMessage"
    kind = {"Content-Type": "application/json"}
    async with api.session.post(url, data=b"{", headers=kind) as response:
        assert response.status == 400
    async with api.session.post(url, data=b'["a"]', headers=kind) as response:
        assert (await response.json())["description"] == "Bad Request: object expected"


async def test_a_lone_surrogate_is_refused(api: Api, student: Person) -> None:
    url = f"{api.server.url}/bot{api.token}/sendMessage"
    async with api.session.post(url, json={"chat_id": 1001, "text": "\ud800"}) as response:
        body = await response.json()
    assert body["description"] == "Bad Request: strings must be encoded in UTF-8"


async def test_every_call_is_written_down(api: Api, student: Person) -> None:
    await api("sendMessage", chat_id=1001, text="hi")
    await api.refused("sendMessage", chat_id=7, text="hi")
    good, bad = api.server.calls
    assert (good.method, good.ok, good.chat_id, good.params["text"]) == (
        "sendMessage",
        True,
        1001,
        "hi",
    )
    assert (bad.ok, bad.error_code, bad.description) == (
        False,
        400,
        "Bad Request: chat not found",
    )


async def test_a_call_is_answered_without_http_as_with_it(api: Api, student: Person) -> None:
    async def read() -> Params:
        return Params({"chat_id": "1001", "text": "hi"}, {})

    server = api.server
    answer = await server.answer(api.token, "sendMessage", read)
    assert answer is not None
    assert (answer[0], answer[1]["result"]["text"]) == (200, "hi")
    assert await server.answer(api.token, "sendThought", read) == await api.raw("sendThought")
    assert await server.answer("999:x", "sendMessage", read) == (401, unauthorized().body())
    server.lose_answer("sendMessage")
    assert await server.answer(api.token, "sendMessage", read) is None
    server.away()
    assert await server.answer(api.token, "sendMessage", read) is None
    assert [message.text for message in student.chat.messages] == ["/start", "hi", "hi"]
    assert [call.answered for call in server.calls if call.ok] == [True, False]


async def test_after_log_out_nothing_works_for_ten_minutes(
    api: Api, server: TelegramServer
) -> None:
    await api("logOut")
    assert await api.refused("getMe") == "400 Logged out"


async def test_close_is_refused_in_the_first_ten_minutes(api: Api) -> None:
    assert (await api.refused("close")).startswith("429 Too Many Requests: retry after 60")


async def test_close_works_later(api: Api, server: TelegramServer) -> None:
    server.world.started -= 601
    assert await api("close") is True
