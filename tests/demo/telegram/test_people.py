"""What people do reaches the bot as updates, if it may."""

from typing import Any

import pytest

from demo.telegram import Person, TelegramServer
from tests.support.bot_api_client import Api

TO_THE_CHAT: list[tuple[str, dict[str, Any]]] = [
    ("sendMessage", {"text": "a"}),
    ("sendChatAction", {"action": "typing"}),
    ("editMessageText", {"message_id": 2, "text": "a"}),
    ("deleteMessage", {"message_id": 1}),
]


async def updates(api: Api) -> list[dict[str, Any]]:
    result: list[dict[str, Any]] = await api("getUpdates")
    return result


async def test_a_command_is_marked_as_one(api: Api, student: Person) -> None:
    message = (await updates(api))[0]["message"]
    assert message["text"] == "/start"
    assert message["entities"] == [{"offset": 0, "length": 6, "type": "bot_command"}]
    assert message["chat"]["id"] == message["from"]["id"] == 1001


async def test_a_long_text_is_split_as_apps_do(api: Api, student: Person) -> None:
    last = student.send("a" * 4095 + "😀" + "b")
    parts = [update["message"]["text"] for update in (await updates(api))[1:]]
    assert parts == ["a" * 4095, "😀b"]
    assert last.text == "😀b"


async def test_other_kinds_of_messages(api: Api, student: Person) -> None:
    student.send_sticker()
    student.send_voice()
    student.send_document("cookie.txt", b"auth=1", caption="mine")
    student.send_photo(b"picture")
    student.forward("theirs", author={"id": 5, "is_bot": False, "first_name": "别人"})
    sticker, voice, document, photo, forwarded = [u["message"] for u in (await updates(api))[1:]]
    assert sticker["sticker"]["type"] == "regular"
    assert voice["voice"]["duration"] == 1
    assert document["document"]["file_name"] == "cookie.txt"
    assert (document["caption"], document["document"]["mime_type"]) == ("mine", "text/plain")
    assert photo["photo"][0]["file_size"] == 7
    assert forwarded["forward_origin"]["sender_user"]["id"] == 5


async def test_extra_fields_go_into_the_update(api: Api, student: Person) -> None:
    student.send("x", via_bot={"id": 9, "is_bot": True, "first_name": "b"})
    assert (await updates(api))[-1]["message"]["via_bot"]["id"] == 9


async def test_an_edit_is_an_update_of_its_own(api: Api, student: Person) -> None:
    said = student.send("first")
    student.edit(said.message_id, "second")
    update = (await updates(api))[-1]["edited_message"]
    assert (update["message_id"], update["text"]) == (said.message_id, "second")
    assert update["edit_date"]


async def test_nobody_edits_or_deletes_what_is_not_there(
    api: Api, server: TelegramServer, student: Person
) -> None:
    sent = await api("sendMessage", chat_id=1001, text="mine")
    with pytest.raises(LookupError):
        student.edit(sent["message_id"], "yours")
    with pytest.raises(LookupError):
        student.delete(999_999)


async def test_the_bot_is_not_told_of_deletions(api: Api, student: Person) -> None:
    student.delete(student.chat.last.message_id)
    assert len(await updates(api)) == 1
    assert student.chat.messages == []


async def test_an_empty_chat_has_no_last_message(server: TelegramServer) -> None:
    server.person(1001)
    with pytest.raises(LookupError, match="shows no message"):
        _ = server.chat(1001).last


async def test_a_stranger_cannot_be_written_to(api: Api, server: TelegramServer) -> None:
    person = server.person(1001)
    call = {"chat_id": 1001, "text": "hello?"}
    answer = await api.refused("sendMessage", **call)
    assert answer == "403 Forbidden: bot can't initiate conversation with a user"
    person.send("/start")
    await api("sendMessage", **call)


@pytest.mark.parametrize("chat_id", ["7", "@nobody", "x", "0"])
async def test_an_unknown_chat_is_not_found(api: Api, chat_id: str) -> None:
    answer = await api.refused("sendMessage", chat_id=chat_id, text="a")
    assert answer == "400 Bad Request: chat not found"


async def test_a_chat_must_be_named(api: Api) -> None:
    answer = await api.refused("sendMessage", text="a")
    assert answer == "400 Bad Request: chat_id is empty"


@pytest.mark.parametrize(("method", "params"), TO_THE_CHAT)
async def test_a_bot_that_is_blocked_can_do_nothing(
    api: Api, student: Person, method: str, params: dict[str, Any]
) -> None:
    await api("sendMessage", chat_id=1001, text="before")
    student.block()
    answer = await api.refused(method, chat_id=1001, **params)
    assert answer == "403 Forbidden: bot was blocked by the user"
    student.unblock()
    await api(method, chat_id=1001, **params)


@pytest.mark.parametrize(("method", "params"), TO_THE_CHAT)
async def test_an_account_that_was_given_up_can_be_told_nothing(
    api: Api, student: Person, method: str, params: dict[str, Any]
) -> None:
    await api("sendMessage", chat_id=1001, text="before")
    student.deactivate()
    answer = await api.refused(method, chat_id=1001, **params)
    assert answer == "403 Forbidden: user is deactivated"
    assert (await api("getChat", chat_id=1001))["id"] == 1001
    with pytest.raises(RuntimeError):
        student.send("hello?")
    assert len(await updates(api)) == 1
    student.reappear()
    await api(method, chat_id=1001, **params)


@pytest.mark.parametrize(("method", "params"), [*TO_THE_CHAT, ("getChat", {})])
async def test_a_chat_that_is_not_found_for_a_while_is_heard_all_the_same(
    api: Api, student: Person, method: str, params: dict[str, Any]
) -> None:
    await api("sendMessage", chat_id=1001, text="before")
    student.vanish()
    answer = await api.refused(method, chat_id=1001, **params)
    assert answer == "400 Bad Request: chat not found"
    press = student.press_data(student.chat.last.message_id, "x")
    await api("answerCallbackQuery", callback_query_id=press.query_id)
    student.send("hello?")
    _, pressed, said = await updates(api)
    assert "callback_query" in pressed
    assert said["message"]["text"] == "hello?"
    student.reappear()
    await api(method, chat_id=1001, **params)


async def test_blocking_and_unblocking_are_told(api: Api, student: Person) -> None:
    student.block()
    student.block()
    student.unblock()
    blocked, unblocked = [u["my_chat_member"] for u in (await updates(api))[1:]]
    assert blocked["old_chat_member"]["status"] == "member"
    assert blocked["new_chat_member"]["status"] == "kicked"
    assert blocked["new_chat_member"]["user"]["id"] == 123456
    assert unblocked["new_chat_member"]["status"] == "member"
    assert (blocked["from"]["id"], blocked["chat"]["type"]) == (1001, "private")


async def test_who_blocked_the_bot_cannot_write_to_it(student: Person) -> None:
    student.block()
    with pytest.raises(RuntimeError):
        student.send("hello?")
