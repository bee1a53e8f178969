"""Effects of messages: who may use them, and which there are."""

import pytest

from demo.telegram import Person, TelegramServer
from demo.telegram.effects import EFFECTS
from tests.demo.telegram.test_media import upload
from tests.support.bot_api_client import PNG, Api

PARTY = "5046509860389126442"


@pytest.mark.parametrize("effect_id", EFFECTS)
async def test_a_message_tells_its_effect(api: Api, student: Person, effect_id: str) -> None:
    sent = await api("sendMessage", chat_id=1001, text="好", message_effect_id=effect_id)
    assert (sent["effect_id"], student.chat.last.effect_id) == (effect_id, effect_id)


async def test_a_photo_may_have_an_effect(api: Api, student: Person) -> None:
    photo = {"photo": ("a.png", PNG)}
    _, sent = await upload(api, "sendPhoto", photo, chat_id="1001", message_effect_id=PARTY)
    assert sent["effect_id"] == PARTY


async def test_an_effect_stays_when_the_text_changes(api: Api, student: Person) -> None:
    sent = await api("sendMessage", chat_id=1001, text="好", message_effect_id=PARTY)
    call = {"chat_id": 1001, "message_id": sent["message_id"]}
    assert (await api("editMessageText", text="很好", **call))["effect_id"] == PARTY


@pytest.mark.parametrize("effect_id", ["1", "5046509860389126443", f"{PARTY}0"])
async def test_an_unknown_effect_is_refused(api: Api, student: Person, effect_id: str) -> None:
    answer = await api.refused("sendMessage", chat_id=1001, text="好", message_effect_id=effect_id)
    assert answer == "400 Bad Request: EFFECT_ID_INVALID"
    assert len(student.chat.messages) == 1


@pytest.mark.parametrize("effect_id", ["", "0", "party"])
async def test_what_is_no_number_is_no_effect(api: Api, student: Person, effect_id: str) -> None:
    sent = await api("sendMessage", chat_id=1001, text="好", message_effect_id=effect_id)
    assert "effect_id" not in sent


async def test_effects_are_for_private_chats(
    api: Api, server: TelegramServer, student: Person
) -> None:
    server.group(-50, "软件班", [student])
    answer = await api.refused("sendMessage", chat_id=-50, text="好", message_effect_id=PARTY)
    assert answer == "400 Bad Request: can't use message effects in the chat"
