"""Waiting for something to be shown, and the stream of changes."""

import asyncio

import pytest

from demo.telegram import EventKind, Person, TelegramServer, changes
from tests.support.bot_api_client import Api, button, keyboard


@pytest.fixture
def looks_at_changes_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(changes, "LOOK_AGAIN", 60.0)


pytestmark = pytest.mark.usefixtures("looks_at_changes_alone")


async def test_what_no_change_tells_of_is_looked_at_again(
    server: TelegramServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(changes, "LOOK_AGAIN", 0.01)
    looks = iter([False, False, True])
    assert await server.wait_for(lambda: next(looks), timeout=5)


async def test_waiting_ends_with_the_value_of_the_predicate(
    api: Api, server: TelegramServer, student: Person
) -> None:
    waiting = asyncio.create_task(
        server.wait_for(lambda: student.chat.last if student.chat.last.from_bot else None)
    )
    await asyncio.sleep(0)
    await api("sendMessage", chat_id=1001, text="here")
    assert (await waiting).text == "here"


async def test_waiting_looks_at_once(server: TelegramServer, student: Person) -> None:
    assert await server.wait_for(lambda: student.chat.last.text, timeout=0.01) == "/start"


async def test_what_is_not_there_yet_is_waited_for(
    api: Api, server: TelegramServer, student: Person
) -> None:
    waiting = asyncio.create_task(server.wait_for(lambda: student.press("go")))
    await asyncio.sleep(0)
    await api("sendMessage", chat_id=1001, text="?", reply_markup=keyboard([button("go", "g")]))
    assert (await waiting).data == "g"


async def test_waiting_gives_up_and_says_why(server: TelegramServer, student: Person) -> None:
    with pytest.raises(TimeoutError, match=r"0\.01 s: the condition stayed false"):
        await server.wait_for(lambda: False, timeout=0.01)
    with pytest.raises(TimeoutError, match="no button 'go' is shown"):
        await server.wait_for(lambda: student.press("go"), timeout=0.01)


async def test_what_people_do_wakes_those_who_wait(server: TelegramServer, student: Person) -> None:
    emptied = server.wait_for(lambda: None if student.chat.messages else "empty", timeout=5)
    waiting = asyncio.create_task(emptied)
    await asyncio.sleep(0)
    student.delete(student.chat.last.message_id)
    assert await waiting == "empty"


async def test_calls_wake_those_who_wait(api: Api, server: TelegramServer) -> None:
    waiting = asyncio.create_task(server.wait_for(lambda: server.calls))
    await asyncio.sleep(0)
    await api("getMe")
    assert [call.method for call in await waiting] == ["getMe"]


async def test_a_subscriber_sees_every_change_in_order(
    api: Api, server: TelegramServer, student: Person
) -> None:
    async with server.subscribe() as events:
        sent = await api(
            "sendMessage", chat_id=1001, text="?", reply_markup=keyboard([button("go")])
        )
        press = student.press("go")
        await api("answerCallbackQuery", callback_query_id=press.query_id)
        await api("sendChatAction", chat_id=1001, action="typing")
        await api("editMessageText", chat_id=1001, message_id=sent["message_id"], text="!")
        await api("deleteMessage", chat_id=1001, message_id=sent["message_id"])
        await api("setMyCommands", commands=[])
        student.block()
        await server.stop()
        seen = [event async for event in events]
    assert [event.kind for event in seen] == [
        EventKind.MESSAGE,
        EventKind.PRESSED,
        EventKind.ANSWERED,
        EventKind.ACTION,
        EventKind.EDITED,
        EventKind.DELETED,
        EventKind.COMMANDS,
        EventKind.CHAT,
    ]
    assert seen[0].message is not None
    assert seen[0].message.message_id == sent["message_id"]
    assert (seen[2].press_id, seen[3].action) == (press.query_id, "typing")
    assert {event.chat_id for event in seen} == {1001, None}
