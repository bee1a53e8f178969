"""Groups: privacy, rights, being thrown out, moving."""

from typing import Any

import pytest

from demo.telegram import Group, Person, TelegramServer
from tests.support.bot_api_client import Api


@pytest.fixture
def group(server: TelegramServer, student: Person) -> Group:
    return server.group(-50, "软件班", [student])


async def heard(api: Api) -> list[str]:
    """The texts from the group that reached the bot."""
    updates: list[dict[str, Any]] = await api("getUpdates")
    messages = [update["message"] for update in updates if "message" in update]
    return [m.get("text", "") for m in messages if m["chat"]["id"] == -50]


async def test_joining_is_told(api: Api, group: Group) -> None:
    update = (await api("getUpdates"))[-1]["my_chat_member"]
    assert update["chat"] == {"id": -50, "type": "group", "title": "软件班"}
    statuses = (update["old_chat_member"]["status"], update["new_chat_member"]["status"])
    assert statuses == ("left", "member")


async def test_privacy_hides_what_is_not_for_the_bot(
    api: Api, student: Person, group: Group
) -> None:
    sent = await api("sendMessage", chat_id=-50, text="hi")
    for_the_bot = ["/jobs", "/jobs@zjy_demo_bot", "hey @ZJY_demo_bot"]
    for text in ["chatter", "/jobs@another_bot", *for_the_bot]:
        student.send(text, chat_id=-50)
    student.send("an answer", chat_id=-50, reply_to=sent["message_id"])
    assert await heard(api) == [*for_the_bot, "an answer"]


async def test_a_forum_has_topics_to_write_in(
    api: Api, student: Person, server: TelegramServer
) -> None:
    group = server.group(-1_000_000_000_050, "论坛", [student])
    topic = group.open_topic()
    student.send("/start", chat_id=group.chat_id, topic=topic)
    heard = (await api("getUpdates"))[-1]["message"]
    assert (heard["message_thread_id"], heard["is_topic_message"]) == (topic, True)

    sent = await api("sendMessage", chat_id=group.chat_id, text="a", message_thread_id=topic)
    assert sent["message_thread_id"] == topic
    unknown = {"chat_id": group.chat_id, "text": "a", "message_thread_id": topic + 1}
    refusal = await api.refused("sendMessage", **unknown)
    assert refusal == "400 Bad Request: message thread not found"


async def test_an_administrator_hears_everything(api: Api, student: Person, group: Group) -> None:
    group.promote()
    student.send("chatter", chat_id=-50)
    assert await heard(api) == ["chatter"]


async def test_only_members_write_in_a_group(server: TelegramServer, group: Group) -> None:
    other = server.person(2002)
    with pytest.raises(RuntimeError):
        other.send("x", chat_id=-50)
    group.add(other)
    other.send("x", chat_id=-50)


async def test_a_member_who_never_wrote_privately_is_a_stranger(
    api: Api, server: TelegramServer
) -> None:
    other = server.person(2002)
    server.group(-60, "g", [other])
    other.send("/start", chat_id=-60)
    answer = await api.refused("sendMessage", chat_id=2002, text="psst")
    assert answer == "403 Forbidden: bot can't initiate conversation with a user"


async def test_a_bot_thrown_out_is_refused(api: Api, group: Group) -> None:
    group.kick()
    answer = await api.refused("sendMessage", chat_id=-50, text="a")
    assert answer == "403 Forbidden: bot was kicked from the group chat"
    assert await api.refused("getChat", chat_id=-50) == answer


async def test_a_bot_can_leave(api: Api, student: Person, group: Group) -> None:
    await api("leaveChat", chat_id=-50)
    answer = await api.refused("sendMessage", chat_id=-50, text="a")
    assert answer == "403 Forbidden: bot is not a member of the group chat"
    student.send("/jobs", chat_id=-50)
    assert await heard(api) == []
    answer = await api.refused("leaveChat", chat_id=1001)
    assert answer.endswith("chat member status can't be changed in private chats")


async def test_a_group_that_moved_names_its_new_id(api: Api, student: Person, group: Group) -> None:
    moved = group.migrate(-1_000_000_000_050)
    status, body = await api.raw("sendMessage", chat_id=-50, text="a")
    assert (status, body) == (
        400,
        {
            "ok": False,
            "error_code": 400,
            "description": "Bad Request: group chat was upgraded to a supergroup chat",
            "parameters": {"migrate_to_chat_id": -1_000_000_000_050},
        },
    )
    await api("sendMessage", chat_id=moved.chat_id, text="a")
    services = [u["message"] for u in (await api("getUpdates"))[-2:]]
    assert services[0]["migrate_to_chat_id"] == -1_000_000_000_050
    assert services[1]["migrate_from_chat_id"] == -50
    assert services[1]["chat"]["type"] == "supergroup"


async def test_pinning_in_a_group_needs_rights(api: Api, group: Group) -> None:
    sent = await api("sendMessage", chat_id=-50, text="a")
    call = {"chat_id": -50, "message_id": sent["message_id"]}
    answer = await api.refused("pinChatMessage", **call)
    assert answer.endswith("not enough rights to manage pinned messages in the chat")
    group.promote()
    await api("pinChatMessage", **call)


async def test_a_group_has_an_id_below_zero(server: TelegramServer) -> None:
    with pytest.raises(ValueError, match="below 0"):
        server.group(50, "g", [])
