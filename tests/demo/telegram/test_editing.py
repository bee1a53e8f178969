"""Edits and deletions, and what forbids them."""

from typing import Any

import pytest

from demo.telegram import Person, TelegramServer
from tests.support.bot_api_client import Api, button, keyboard
from tests.support.clocks import SettableClock

NOT_MODIFIED = (
    "400 Bad Request: message is not modified: specified new message content and reply markup "
    "are exactly the same as a current content and reply markup of the message"
)


@pytest.fixture
async def sent(api: Api, student: Person) -> dict[str, Any]:
    """A bold message of the bot with one button, as chat and message id."""
    message = await api(
        "sendMessage",
        chat_id=1001,
        text="<b>old</b>",
        parse_mode="HTML",
        reply_markup=keyboard([button("go")]),
    )
    return {"chat_id": 1001, "message_id": message["message_id"]}


async def test_an_edit_changes_the_message_in_place(
    api: Api, student: Person, sent: dict[str, Any], clock: SettableClock
) -> None:
    before = student.chat.last
    clock.advance(5)
    answer = await api("editMessageText", text="new", **sent)
    assert student.chat.last is before
    assert (before.text, before.edits, before.entities) == ("new", 1, [])
    assert answer["edit_date"] == answer["date"] + 5


async def test_an_edit_without_a_keyboard_takes_it_away(
    api: Api, student: Person, sent: dict[str, Any]
) -> None:
    answer = await api("editMessageText", text="<b>old</b>", parse_mode="HTML", **sent)
    assert "reply_markup" not in answer
    assert student.chat.last.buttons == []


@pytest.mark.parametrize(
    ("method", "params"),
    [
        ("editMessageText", {"text": "<b>old</b>", "parse_mode": "HTML"}),
        ("editMessageText", {"text": " <strong>old</strong>\n", "parse_mode": "HTML"}),
        ("editMessageReplyMarkup", {}),
    ],
)
async def test_an_edit_that_changes_nothing_is_refused(
    api: Api, student: Person, sent: dict[str, Any], method: str, params: dict[str, Any]
) -> None:
    same = {"reply_markup": keyboard([button("go")])}
    assert await api.refused(method, **params, **same, **sent) == NOT_MODIFIED
    assert student.chat.last.edits == 0


async def test_other_entities_are_a_change(api: Api, sent: dict[str, Any]) -> None:
    markup = keyboard([button("go")])
    await api("editMessageText", text="old", reply_markup=markup, **sent)


async def test_the_keyboard_alone_can_be_changed(
    api: Api, student: Person, sent: dict[str, Any]
) -> None:
    await api("editMessageReplyMarkup", reply_markup=keyboard([button("on")]), **sent)
    assert (student.chat.last.text, student.chat.last.buttons[0][0].text) == ("old", "on")
    answer = await api.refused("editMessageReplyMarkup", reply_markup={"keyboard": [["a"]]}, **sent)
    assert answer == "400 Bad Request: inline keyboard expected"


async def test_a_deleted_or_unknown_message_cannot_be_edited(
    api: Api, student: Person, sent: dict[str, Any]
) -> None:
    student.delete(sent["message_id"])
    for message_id in (sent["message_id"], 999_999):
        call = {"chat_id": 1001, "message_id": message_id, "text": "x"}
        answer = await api.refused("editMessageText", **call)
        assert answer == "400 Bad Request: message to edit not found"


async def test_a_message_of_another_chat_is_not_found(
    api: Api, server: TelegramServer, sent: dict[str, Any]
) -> None:
    server.person(2002).send("hi")
    call = {"chat_id": 2002, "message_id": sent["message_id"], "text": "x"}
    assert await api.refused("editMessageText", **call) == (
        "400 Bad Request: message to edit not found"
    )


async def test_a_persons_message_cannot_be_edited(api: Api, student: Person) -> None:
    call = {"chat_id": 1001, "message_id": student.chat.last.message_id, "text": "x"}
    answer = await api.refused("editMessageText", **call)
    assert answer == "400 Bad Request: message can't be edited"


async def test_an_edit_has_the_limits_of_a_message(api: Api, sent: dict[str, Any]) -> None:
    answer = await api.refused("editMessageText", text="a" * 4097, **sent)
    assert answer == "400 Bad Request: message is too long"


async def test_an_edit_must_name_a_message(api: Api) -> None:
    answer = await api.refused("editMessageText", text="x")
    assert answer == "400 Bad Request: message identifier is not specified"


async def test_a_text_has_no_caption(api: Api, sent: dict[str, Any]) -> None:
    answer = await api.refused("editMessageCaption", caption="x", **sent)
    assert answer == "400 Bad Request: there is no caption in the message to edit"


async def test_the_bot_deletes_both_sides_in_a_private_chat(
    api: Api, student: Person, sent: dict[str, Any]
) -> None:
    said = student.send("a cookie")
    await api("deleteMessage", chat_id=1001, message_id=said.message_id)
    await api("deleteMessage", **sent)
    assert [message.text for message in student.chat.messages] == ["/start"]
    assert said.deleted


async def test_a_message_is_deleted_once(api: Api, sent: dict[str, Any]) -> None:
    await api("deleteMessage", **sent)
    answer = await api.refused("deleteMessage", **sent)
    assert answer == "400 Bad Request: message to delete not found"


async def test_old_messages_stay(
    api: Api, student: Person, sent: dict[str, Any], clock: SettableClock
) -> None:
    clock.advance(48 * 3600)
    young = student.send("young")
    await api("deleteMessage", chat_id=1001, message_id=student.chat.messages[0].message_id)
    clock.advance(1)
    answer = await api.refused("deleteMessage", **sent)
    assert answer == "400 Bad Request: message can't be deleted for everyone"
    await api("deleteMessage", chat_id=1001, message_id=young.message_id)


async def test_others_messages_in_a_group_need_an_administrator(
    api: Api, server: TelegramServer, student: Person
) -> None:
    group = server.group(-50, "班", [student])
    said = student.send("/hello", chat_id=-50)
    call = {"chat_id": -50, "message_id": said.message_id}
    answer = await api.refused("deleteMessage", **call)
    assert answer == "400 Bad Request: message can't be deleted"
    own = await api("sendMessage", chat_id=-50, text="mine")
    await api("deleteMessage", chat_id=-50, message_id=own["message_id"])
    group.promote()
    await api("deleteMessage", **call)


async def test_several_messages_go_at_once_and_missing_ones_are_skipped(
    api: Api, student: Person, sent: dict[str, Any]
) -> None:
    said = student.send("x")
    ids = [sent["message_id"], said.message_id, 999_999]
    await api("deleteMessages", chat_id=1001, message_ids=ids)
    assert len(student.chat.messages) == 1
    for wrong, words in [
        (list(range(1, 102)), "too many message identifiers specified"),
        ([], "message identifiers are not specified"),
        ([0], "invalid message identifier specified"),
        (5, "expected an Array of message identifiers"),
    ]:
        answer = await api.refused("deleteMessages", chat_id=1001, message_ids=wrong)
        assert answer == f"400 Bad Request: {words}"


@pytest.mark.parametrize(
    ("params", "words"),
    [
        ({"message_id": 1}, "chat identifier is not specified"),
        ({"chat_id": 1001}, "message identifier is not specified"),
    ],
)
async def test_a_deletion_must_name_its_message(
    api: Api, student: Person, params: dict[str, Any], words: str
) -> None:
    assert await api.refused("deleteMessage", **params) == f"400 Bad Request: {words}"
