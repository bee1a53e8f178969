"""The bot's commands, descriptions, names and menu button; chats, pins, reactions."""

import json
from typing import Any

import pytest

from demo.telegram import BotCommand, Person, TelegramServer
from tests.support.bot_api_client import Api

START = {"command": "start", "description": "开始"}


async def test_commands_are_kept_per_scope_and_language(api: Api, server: TelegramServer) -> None:
    private = {"type": "all_private_chats"}
    english = [{"command": "start", "description": "Start"}]
    await api("setMyCommands", commands=[START], scope=private)
    await api("setMyCommands", commands=english, scope=private, language_code="en")
    assert server.commands["all_private_chats", ""] == [BotCommand("start", "开始")]
    assert await api("getMyCommands", scope=private, language_code="en") == english
    assert await api("getMyCommands") == []
    assert [c.description for c in server.menu("en-GB")] == ["Start"]
    assert [c.description for c in server.menu("fr")] == ["开始"]
    await api("deleteMyCommands", scope=private, language_code="en")
    assert [c.description for c in server.menu("en")] == ["开始"]


@pytest.mark.parametrize(
    ("command", "words"),
    [
        ({"command": "Start", "description": "d"}, "BOT_COMMAND_INVALID"),
        ({"command": "st-art", "description": "d"}, "BOT_COMMAND_INVALID"),
        ({"command": "", "description": "d"}, "command must be non-empty"),
        ({"command": "a" * 33, "description": "d"}, "command length must not exceed 32"),
        ({"command": "a", "description": " "}, "command description must be non-empty"),
        (
            {"command": "a", "description": "d" * 257},
            "command description length must not exceed 256",
        ),
        ({"command": "a"}, "can't parse BotCommand: Can't find field \"description\""),
        ("a", "can't parse BotCommand: expected an Object"),
    ],
)
async def test_bad_commands_are_refused(api: Api, command: object, words: str) -> None:
    answer = await api.refused("setMyCommands", commands=[command])
    assert answer == f"400 Bad Request: {words}"


async def test_a_menu_has_at_most_100_commands(api: Api) -> None:
    many = [{"command": f"c{n}", "description": "d"} for n in range(101)]
    await api("setMyCommands", commands=many[:100])
    answer = await api.refused("setMyCommands", commands=many)
    assert answer == "400 Bad Request: BOT_COMMANDS_TOO_MUCH"


@pytest.mark.parametrize(
    ("params", "words"),
    [
        ({"scope": {"type": "moon"}}, "can't parse BotCommandScope: Unsupported type specified"),
        ({"scope": {"type": "chat"}}, "can't parse BotCommandScope: Empty chat_id specified"),
        ({"scope": {"type": "chat", "chat_id": 7}}, "chat not found"),
        ({"language_code": "zh-hans"}, "invalid language code specified"),
    ],
)
async def test_bad_scopes_and_languages_are_refused(
    api: Api, params: dict[str, Any], words: str
) -> None:
    answer = await api.refused("setMyCommands", commands=[START], **params)
    assert answer == f"400 Bad Request: {words}"


async def test_no_menu_is_kept_for_a_person_who_never_wrote(
    api: Api, server: TelegramServer
) -> None:
    person = server.person(2002)
    own = {"type": "chat", "chat_id": 2002}
    answer = await api.refused("setMyCommands", commands=[START], scope=own)
    assert answer == "400 Bad Request: chat not found"
    person.send("/start")
    await api("setMyCommands", commands=[START], scope=own)
    assert [each.command for each in server.menu("en", 2002)] == [START["command"]]
    assert server.menu("en", 1001) == []


@pytest.mark.parametrize(
    ("name", "field", "limit"),
    [
        ("Name", "name", 64),
        ("Description", "description", 512),
        ("ShortDescription", "short_description", 120),
    ],
)
async def test_texts_of_the_profile(api: Api, name: str, field: str, limit: int) -> None:
    await api(f"setMy{name}", **{field: "中" * limit})
    await api(f"setMy{name}", language_code="en", **{field: "English"})
    assert await api(f"getMy{name}") == {field: "中" * limit}
    assert await api(f"getMy{name}", language_code="en") == {field: "English"}
    assert await api(f"getMy{name}", language_code="fr") == {field: "中" * limit}
    await api(f"setMy{name}", language_code="en", **{field: ""})
    assert await api(f"getMy{name}", language_code="en") == {field: "中" * limit}
    answer = await api.refused(f"setMy{name}", **{field: "a" * (limit + 1)})
    assert answer.endswith("is too long")
    answer = await api.refused(f"setMy{name}", **{field: "😀" * (limit // 2) + "a"})
    assert answer.endswith("is too long")
    for code in ("zh-hans", "ZH", "z", "zho"):
        answer = await api.refused(f"setMy{name}", language_code=code, **{field: "a"})
        assert answer == "400 Bad Request: invalid language code specified"
        answer = await api.refused(f"getMy{name}", language_code=code)
        assert answer == "400 Bad Request: invalid language code specified"


async def test_the_menu_button_of_all_and_of_one_chat(api: Api, student: Person) -> None:
    await api("setChatMenuButton", menu_button={"type": "default"})
    await api("setChatMenuButton", chat_id=1001, menu_button={"type": "commands"})
    assert await api("getChatMenuButton", chat_id=1001) == {"type": "commands"}
    assert await api("getChatMenuButton") == {"type": "default"}


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"type": "big"}, "MenuButton has unsupported type"),
        ({}, 'Can\'t find field "type"'),
        ({"type": "web_app"}, 'Can\'t find field "text"'),
        ({"type": "web_app", "text": "a"}, 'Can\'t find field "web_app"'),
        (
            {"type": "web_app", "text": "a", "web_app": "b"},
            'Field "web_app" must be of type Object',
        ),
        ("commands", "MenuButton must be an Object"),
    ],
)
async def test_a_bad_menu_button_is_refused(api: Api, given: object, words: str) -> None:
    answer = await api.refused("setChatMenuButton", menu_button=json.dumps(given))
    assert answer == f"400 Bad Request: can't parse menu button: {words}"


async def test_pins_show_in_the_chat(api: Api, student: Person) -> None:
    first = student.chat.last.message_id
    second = (await api("sendMessage", chat_id=1001, text="plan"))["message_id"]
    await api("pinChatMessage", chat_id=1001, message_id=first)
    await api("pinChatMessage", chat_id=1001, message_id=second)
    assert (await api("getChat", chat_id=1001))["pinned_message"]["text"] == "plan"
    await api("unpinChatMessage", chat_id=1001)
    assert student.chat.pinned == [first]
    await api("unpinAllChatMessages", chat_id=1001)
    answer = await api.refused("unpinChatMessage", chat_id=1001)
    assert answer == "400 Bad Request: message to unpin not found"
    answer = await api.refused("pinChatMessage", chat_id=1001, message_id=99)
    assert answer == "400 Bad Request: message to pin not found"


async def test_one_known_reaction_is_taken(api: Api, student: Person) -> None:
    call = {"chat_id": 1001, "message_id": student.chat.last.message_id}
    thumb = {"type": "emoji", "emoji": "👍"}
    await api("setMessageReaction", reaction=[thumb], **call)
    reactions = [student.chat.last.reaction]
    await api("setMessageReaction", **call)
    reactions.append(student.chat.last.reaction)
    assert reactions == ["👍", None]
    for reaction, words in [
        ([thumb, thumb], "REACTIONS_TOO_MANY"),
        ([{"type": "emoji", "emoji": "🥔"}], "REACTION_INVALID"),
        ([{"type": "paid"}], "can't parse ReactionType: invalid reaction type specified"),
        (5, "expected an Array of ReactionType"),
    ]:
        answer = await api.refused("setMessageReaction", reaction=reaction, **call)
        assert answer == f"400 Bad Request: {words}"
    call["message_id"] = 99
    answer = await api.refused("setMessageReaction", reaction=[thumb], **call)
    assert answer == "400 Bad Request: message to react not found"
