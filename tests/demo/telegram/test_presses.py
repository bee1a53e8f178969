"""Presses of buttons and the answers to them."""

import asyncio
from typing import Any

import pytest

from demo.telegram import Button, CallbackAnswer, Person, TelegramServer
from tests.support.bot_api_client import Api, button, keyboard
from tests.support.clocks import SettableClock

TOO_OLD = "400 Bad Request: query is too old and response timeout expired or query ID is invalid"


async def ask(api: Api, text: str, *rows: list[dict[str, Any]]) -> int:
    sent = await api("sendMessage", chat_id=1001, text=text, reply_markup=keyboard(*rows))
    return int(sent["message_id"])


async def newest(api: Api) -> dict[str, Any]:
    update: dict[str, Any] = (await api("getUpdates", offset=-1))[0]
    return update


async def test_a_press_tells_who_pressed_what_and_where(api: Api, student: Person) -> None:
    message_id = await ask(api, "?", [button("开始", "v1:go")])
    press = student.press("开始")
    query = (await newest(api))["callback_query"]
    assert (query["id"], query["data"]) == (press.query_id, "v1:go")
    assert query["from"]["id"] == 1001
    assert query["from"]["language_code"] == "zh-hans"
    assert query["chat_instance"]
    assert (query["message"]["message_id"], query["message"]["text"]) == (message_id, "?")
    assert query["message"]["reply_markup"] == keyboard([button("开始", "v1:go")])


async def test_the_newest_message_with_the_button_is_pressed(api: Api, student: Person) -> None:
    await ask(api, "old", [button("go", "old")])
    await ask(api, "new", [button("go", "new")])
    await ask(api, "other", [button("stop", "no")])
    assert student.press("go").data == "new"
    first = student.chat.messages[1]
    assert student.press("go", first).data == "old"
    assert student.press(Button("go", data="old")).data == "old"


async def test_a_part_of_a_name_must_be_unique(api: Api, student: Person) -> None:
    await ask(api, "?", [button("模块一 ☑", "1"), button("模块二", "2"), button("模块", "0")])
    assert student.press("模块一").data == "1"
    assert student.press("模块").data == "0"
    await ask(api, "?", [button("aa", "1"), button("ab", "2")])
    with pytest.raises(LookupError, match="several buttons contain 'a': aa, ab"):
        student.press("a")


async def test_buttons_that_are_not_shown_cannot_be_pressed(api: Api, student: Person) -> None:
    message_id = await ask(api, "?", [button("go"), {"text": "web", "url": "example.org"}])
    with pytest.raises(ValueError, match="sends nothing"):
        student.press("web")
    student.delete(message_id)
    with pytest.raises(LookupError, match="no button 'go' is shown"):
        student.press("go")


async def test_the_answer_reaches_the_person(api: Api, student: Person) -> None:
    await ask(api, "?", [button("go")])
    press = student.press("go")
    assert press.answer is None
    waiting = asyncio.create_task(press.answered(5))
    await api("answerCallbackQuery", callback_query_id=press.query_id, text="好", show_alert=True)
    assert await waiting == CallbackAnswer("好", show_alert=True)


async def test_a_press_without_an_answer_times_out(api: Api, student: Person) -> None:
    await ask(api, "?", [button("go")])
    with pytest.raises(TimeoutError):
        await student.press("go").answered(0.01)


async def test_an_answer_comes_in_time_and_once(
    api: Api, student: Person, clock: SettableClock
) -> None:
    await ask(api, "?", [button("go")])
    late, twice = student.press("go"), student.press("go")
    clock.advance(15)
    await api("answerCallbackQuery", callback_query_id=twice.query_id)
    assert await api.refused("answerCallbackQuery", callback_query_id=twice.query_id) == TOO_OLD
    clock.advance(0.1)
    assert await api.refused("answerCallbackQuery", callback_query_id=late.query_id) == TOO_OLD
    assert await api.refused("answerCallbackQuery", callback_query_id="77") == TOO_OLD
    assert late.answer is None


async def test_the_time_for_an_answer_can_be_set(clock: SettableClock, api: Api) -> None:
    patient = TelegramServer(now=clock, answer_within=60)
    api.server = patient
    await patient.start()
    try:
        person = patient.person(1001)
        person.send("/start")
        press = person.press_data(1, "x")
        clock.advance(59)
        await api("answerCallbackQuery", callback_query_id=press.query_id)
    finally:
        await patient.stop()


async def test_an_answer_has_at_most_200_characters(api: Api, student: Person) -> None:
    press = student.press_data(1, "x")
    call = {"callback_query_id": press.query_id}
    answer = await api.refused("answerCallbackQuery", text="字" * 201, **call)
    assert answer == "400 Bad Request: MESSAGE_TOO_LONG"
    await api("answerCallbackQuery", text="字" * 200, **call)


async def test_a_press_on_a_deleted_message_tells_only_its_id(api: Api, student: Person) -> None:
    message_id = await ask(api, "?", [button("go")])
    student.delete(message_id)
    student.press_data(message_id, "forged")
    query = (await newest(api))["callback_query"]
    assert query["data"] == "forged"
    assert query["message"] == {
        "chat": {"id": 1001, "type": "private", "first_name": "小明"},
        "message_id": message_id,
        "date": 0,
    }
