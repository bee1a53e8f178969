"""What a button may carry beside its text: colours, icons, a text to copy; one action each."""

from typing import Any

import pytest

from demo.telegram import Person
from tests.support.bot_api_client import Api, button, keyboard

UNREADABLE = "can't parse inline keyboard button: "


async def refusal(api: Api, given: dict[str, Any]) -> str:
    answer = await api.refused(
        "sendMessage", chat_id=1001, text="?", reply_markup=keyboard([given])
    )
    return answer.removeprefix("400 Bad Request: ")


async def shown(api: Api, given: dict[str, Any]) -> dict[str, Any]:
    """The button as the answer to a call tells it."""
    sent = await api("sendMessage", chat_id=1001, text="?", reply_markup=keyboard([given]))
    told: dict[str, Any] = sent["reply_markup"]["inline_keyboard"][0][0]
    return told


@pytest.mark.parametrize(
    ("given", "told"),
    [("primary", "primary"), ("Success", "success"), ("danger", "danger")],
)
async def test_a_button_keeps_its_style(api: Api, student: Person, given: str, told: str) -> None:
    assert await shown(api, button("go") | {"style": given}) == button("go") | {"style": told}


@pytest.mark.parametrize("given", ["default", ""])
async def test_the_default_style_is_none(api: Api, student: Person, given: str) -> None:
    assert await shown(api, button("go") | {"style": given}) == button("go")


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"style": "green"}, "invalid button style specified"),
        ({"style": True}, 'Field "style" must be of type String'),
        ({"icon_custom_emoji_id": "🎉"}, 'Field "icon_custom_emoji_id" must be a valid Number'),
        ({"icon_custom_emoji_id": []}, 'Field "icon_custom_emoji_id" must be a Number'),
        (
            {"icon_custom_emoji_id": "5368324170671202286"},
            "the stand-in's bot has no right to use custom emoji as icons",
        ),
    ],
)
async def test_a_bad_look_is_refused(
    api: Api, student: Person, given: dict[str, Any], words: str
) -> None:
    assert await refusal(api, button("go") | given) == f"{UNREADABLE}{words}"


async def test_another_style_is_a_change(api: Api, student: Person) -> None:
    sent = await api("sendMessage", chat_id=1001, text="?", reply_markup=keyboard([button("go")]))
    call = {"chat_id": 1001, "message_id": sent["message_id"]}
    red = keyboard([button("go") | {"style": "danger"}])
    await api("editMessageReplyMarkup", reply_markup=red, **call)
    answer = await api.refused("editMessageReplyMarkup", reply_markup=red, **call)
    assert answer.startswith("400 Bad Request: message is not modified")


async def test_a_button_copies_up_to_256_utf16_units(api: Api, student: Person) -> None:
    full = {"text": "复制", "copy_text": {"text": "😀" * 128}}
    assert await shown(api, full) == full
    assert await refusal(api, {"text": "复制", "copy_text": {"text": "😀" * 128 + "a"}}) == (
        "BUTTON_COPY_TEXT_INVALID"
    )


@pytest.mark.parametrize(
    ("copied", "words"),
    [
        ({"text": ""}, "BUTTON_COPY_TEXT_INVALID"),
        ({}, f'{UNREADABLE}Can\'t find field "text"'),
        ({"text": ["a"]}, f'{UNREADABLE}Field "text" must be of type String'),
        ("a", f'{UNREADABLE}Field "copy_text" must be of type Object'),
    ],
)
async def test_a_bad_text_to_copy_is_refused(
    api: Api, student: Person, copied: object, words: str
) -> None:
    assert await refusal(api, {"text": "复制", "copy_text": copied}) == words


@pytest.mark.parametrize(
    "actions",
    [
        {"callback_data": "x", "copy_text": {"text": "a"}},
        {"callback_data": "x", "url": "https://example.org"},
        {"url": "https://example.org", "pay": True},
    ],
)
async def test_a_button_has_one_action(
    api: Api, student: Person, actions: dict[str, object]
) -> None:
    assert await refusal(api, {"text": "a", **actions}) == (
        f"{UNREADABLE}the stand-in takes exactly one action of a button"
    )
