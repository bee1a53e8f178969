"""Texts and buttons: limits, replies, silence, copies, forwards, actions."""

import pytest

from demo.telegram import Button, Person, TelegramServer
from tests.support.bot_api_client import Api, button, keyboard


async def test_a_message_is_shown_and_described(
    api: Api, server: TelegramServer, student: Person
) -> None:
    sent = await api(
        "sendMessage",
        chat_id=1001,
        text="Hi",
        disable_notification=True,
        reply_markup=keyboard([button("好", "ok"), {"text": "w", "url": "example.org"}]),
    )
    shown = server.chat(1001).last
    assert shown.from_bot
    assert shown.silent
    assert shown.buttons == [[Button("好", data="ok"), Button("w", url="http://example.org/")]]
    assert sent["message_id"] == shown.message_id
    assert sent["from"]["is_bot"] is True
    assert sent["chat"] == {"id": 1001, "type": "private", "first_name": "小明"}
    assert sent["date"] == int(shown.date.timestamp()) == 1_700_000_000


@pytest.mark.parametrize("text", ["", "   ", "<b></b>"])
async def test_an_empty_text_is_refused(api: Api, student: Person, text: str) -> None:
    answer = await api.refused("sendMessage", chat_id=1001, text=text, parse_mode="HTML")
    assert answer == "400 Bad Request: message text is empty"


async def test_a_text_has_at_most_4096_utf16_units_without_markup(
    api: Api, student: Person
) -> None:
    full = "😀" * 2048
    await api("sendMessage", chat_id=1001, text=f"<b>{full}</b>", parse_mode="HTML")
    answer = await api.refused("sendMessage", chat_id=1001, text=f"{full}a")
    assert answer == "400 Bad Request: message is too long"


async def test_a_source_over_32_kilobytes_is_refused(api: Api, student: Person) -> None:
    answer = await api.refused("sendMessage", chat_id=1001, text="a" * 32769)
    assert answer == "400 Bad Request: text is too long"


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ([], "object expected as link preview options"),
        ({"is_disabled": "yes"}, 'field "is_disabled" must be of type Boolean'),
        ({"url": {}}, 'field "url" must be of type String'),
    ],
)
async def test_bad_link_previews_are_refused(
    api: Api, student: Person, options: object, words: str
) -> None:
    call = {"chat_id": 1001, "text": "a"}
    answer = await api.refused("sendMessage", link_preview_options=options, **call)
    assert answer == f"400 Bad Request: {words}"
    await api("sendMessage", link_preview_options={"is_disabled": True}, **call)


@pytest.mark.parametrize(
    ("markup", "words"),
    [
        (keyboard([button("a", "字" * 22)]), "BUTTON_DATA_INVALID"),
        (keyboard([button("")]), "inline keyboard button text must be non-empty"),
        (
            keyboard([button("a", "")]),
            "can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard",
        ),
        (
            keyboard([{"callback_data": "x"}]),
            "can't parse inline keyboard button: Can't find field \"text\"",
        ),
        (
            keyboard([{"text": ["a"], "callback_data": "x"}]),
            'can\'t parse inline keyboard button: Field "text" must be of type String',
        ),
        (
            keyboard([{"text": "a", "url": "no address"}]),
            "inline keyboard button URL 'no address' is invalid: Wrong HTTP URL",
        ),
        (
            keyboard([{"text": "a", "url": "http://localhost:80/"}]),
            "inline keyboard button URL 'http://localhost:80/' is invalid: Wrong HTTP URL",
        ),
        (
            keyboard([{"text": "a", "url": "ftp://example.org"}]),
            "inline keyboard button URL 'ftp://example.org' is invalid: Unsupported URL protocol",
        ),
        (keyboard([button(str(n)) for n in range(9)]), "reply markup is too long"),
        (keyboard(*[[button(str(n))] for n in range(101)]), "reply markup is too long"),
        (
            {"inline_keyboard": [button("a")]},
            'field "inline_keyboard" of the InlineKeyboardMarkup must be an Array of Arrays',
        ),
        (["a"], "object expected as reply markup"),
    ],
)
async def test_a_bad_keyboard_is_refused(
    api: Api, student: Person, markup: object, words: str
) -> None:
    answer = await api.refused("sendMessage", chat_id=1001, text="?", reply_markup=markup)
    assert answer == f"400 Bad Request: {words}"
    assert len(student.chat.messages) == 1


async def test_the_largest_keyboard_is_taken(api: Api, student: Person) -> None:
    rows = [[button(f"{r}.{c}", "字" * 21 + "a") for c in range(8)] for r in range(12)]
    await api(
        "sendMessage", chat_id=1001, text="?", reply_markup=keyboard(*rows, [button("x")] * 4)
    )
    assert sum(map(len, student.chat.last.buttons)) == 100


async def test_keyboards_that_are_not_inline_are_taken(api: Api, student: Person) -> None:
    await api("sendMessage", chat_id=1001, text="?", reply_markup={"remove_keyboard": True})
    assert student.chat.last.buttons == []


async def test_a_reply_names_what_it_answers(api: Api, student: Person) -> None:
    asked = student.send("why?")
    answer = await api(
        "sendMessage",
        chat_id=1001,
        text="because",
        reply_parameters={"message_id": asked.message_id},
    )
    assert answer["reply_to_message"]["text"] == "why?"
    assert student.chat.last.reply_to == asked.message_id


async def test_a_reply_to_a_deleted_message_is_refused_unless_allowed(
    api: Api, student: Person
) -> None:
    asked = student.send("why?")
    student.delete(asked.message_id)
    reply = {"message_id": asked.message_id}
    answer = await api.refused("sendMessage", chat_id=1001, text="b", reply_parameters=reply)
    assert answer == "400 Bad Request: message to be replied not found"
    reply |= {"allow_sending_without_reply": True}
    sent = await api("sendMessage", chat_id=1001, text="b", reply_parameters=reply)
    assert "reply_to_message" not in sent


async def test_an_action_is_shown_until_the_next_message(api: Api, student: Person) -> None:
    await api("sendChatAction", chat_id=1001, action="typing")
    actions = [student.chat.action]
    await api("sendMessage", chat_id=1001, text="there")
    actions.append(student.chat.action)
    assert actions == ["typing", None]
    answer = await api.refused("sendChatAction", chat_id=1001, action="dancing")
    assert answer == "400 Bad Request: wrong parameter action in request"


async def test_copies_and_forwards(api: Api, server: TelegramServer, student: Person) -> None:
    said = student.send("look")
    other = server.person(2002)
    other.send("/start")
    source = {"from_chat_id": 1001, "message_id": said.message_id}
    await api("copyMessage", chat_id=2002, **source)
    assert (other.chat.last.text, other.chat.last.from_bot) == ("look", True)
    forwarded = await api("forwardMessage", chat_id=2002, **source)
    assert forwarded["forward_origin"]["sender_user"]["id"] == 1001
    student.delete(said.message_id)
    assert await api.refused("copyMessage", chat_id=2002, **source) == (
        "400 Bad Request: message to copy not found"
    )
    assert await api.refused("forwardMessage", chat_id=2002, **source) == (
        "400 Bad Request: message to forward not found"
    )
