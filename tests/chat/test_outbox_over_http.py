"""The outbox with the library's real bot, over loopback, before Telegram's stand-in."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from bot.chat.callbacks import Action
from bot.chat.keyboards import button, keyboard
from bot.chat.login_drawing import where_cookie
from bot.delivery_status import DeliveryStatus
from bot.outbox.outbox import Outbox
from bot.outbox.screen import Document, Screen
from bot.outbox.telegram_calls import Calls
from demo.telegram import Call, Person, TelegramServer
from tests.support.clocks import FastClock
from tests.support.fake_bot_api import FakeReachability, Text
from tests.support.names import ANNA, BORIS, TOKEN
from tests.support.telegram_bots import bot_before

BUTTONS = keyboard([button("暂停", Action.PAUSE, 7), button("取消", Action.CANCEL, 7)])


@pytest.fixture
async def server() -> AsyncIterator[TelegramServer]:
    telegram = TelegramServer(TOKEN, now=FastClock().monotonic, flood=True)
    await telegram.start()
    yield telegram
    await telegram.stop()


@pytest.fixture
def anna(server: TelegramServer) -> Person:
    person = server.person(ANNA)
    person.send("/start")
    return person


@pytest.fixture
def boris(server: TelegramServer) -> Person:
    person = server.person(BORIS)
    person.send("/start")
    return person


@pytest.fixture
def reach() -> FakeReachability:
    return FakeReachability()


@pytest.fixture
async def outbox(server: TelegramServer, reach: FakeReachability) -> AsyncIterator[Outbox]:
    async with bot_before(server.url) as bot:
        made = Outbox(Calls(bot), FastClock(), reach)
        yield made
        await made.close(0)


def said_to(person: Person) -> list[str]:
    return [message.text for message in person.chat.messages if message.from_bot]


def calls(server: TelegramServer, method: str) -> list[Call]:
    return [call for call in server.calls if call.method.lower() == method.lower()]


async def test_a_screen_arrives_with_its_formats_and_buttons(
    server: TelegramServer, anna: Person, outbox: Outbox
) -> None:
    message_id = await outbox.send(ANNA, Screen("<b>你好</b> https://example.org", BUTTONS))
    message = anna.chat.last
    assert message.message_id == message_id
    assert [entity.type for entity in message.entities] == ["bold", "url"]
    assert [[b.text for b in row] for row in message.buttons] == [["暂停", "取消"]]
    assert "true" in calls(server, "sendMessage")[0].params["link_preview_options"]


async def test_silence_is_asked_of_telegram(
    server: TelegramServer, anna: Person, outbox: Outbox
) -> None:
    await outbox.say(ANNA, Text("hush"), silent=True)
    assert calls(server, "sendMessage")[0].params["disable_notification"] == "true"


async def test_an_edit_changes_text_and_buttons_in_place(anna: Person, outbox: Outbox) -> None:
    message_id = await outbox.send(ANNA, Screen("a", BUTTONS))
    assert message_id is not None
    assert await outbox.edit(ANNA, message_id, Screen("b")) == message_id
    assert said_to(anna) == ["b"]
    assert anna.chat.last.buttons == []


async def test_an_edit_that_changes_nothing_is_done(anna: Person, outbox: Outbox) -> None:
    message_id = await outbox.send(ANNA, Screen("a", BUTTONS))
    assert message_id is not None
    assert await outbox.edit(ANNA, message_id, Screen("a", BUTTONS)) == message_id
    assert anna.chat.last.edits == 0


async def test_a_pressed_edit_of_a_deleted_message_becomes_a_new_one(
    anna: Person, outbox: Outbox
) -> None:
    message_id = await outbox.send(ANNA, Screen("a"))
    assert message_id is not None
    anna.delete(message_id)
    fresh = await outbox.edit(ANNA, message_id, Screen("b"))
    assert fresh == anna.chat.last.message_id != message_id
    assert said_to(anna) == ["b"]


async def test_an_update_of_a_deleted_message_is_told(
    server: TelegramServer, anna: Person, outbox: Outbox
) -> None:
    message_id = await outbox.send(ANNA, Screen("a"))
    assert message_id is not None
    anna.delete(message_id)
    lost = asyncio.Event()
    outbox.show(ANNA, message_id, Text("b"), on_lost=lost.set)
    async with asyncio.timeout(10):
        await lost.wait()
    assert said_to(anna) == []
    assert len(calls(server, "editMessageText")) == 1


async def test_a_block_stops_that_chat_alone(
    anna: Person, boris: Person, outbox: Outbox, reach: FakeReachability
) -> None:
    anna.block()
    both = (outbox.send(ANNA, Screen("a")), outbox.send(BORIS, Screen("b")))
    first, second = await asyncio.gather(*both)
    assert first is None
    assert second == boris.chat.last.message_id
    assert reach.noted == [ANNA]
    anna.unblock()
    assert await outbox.send(ANNA, Screen("again")) is not None


async def test_a_wait_is_followed_by_the_same_message(
    server: TelegramServer, anna: Person, boris: Person, outbox: Outbox
) -> None:
    server.fail("sendMessage", 429, "Too Many Requests", retry_after=20, chat_id=ANNA)
    told = asyncio.create_task(outbox.send(ANNA, Screen("late")))
    await outbox.send(BORIS, Screen("on time"))
    assert not told.done()
    assert await told == anna.chat.last.message_id
    first, *_, last = (call for call in calls(server, "sendMessage") if call.chat_id == ANNA)
    assert last.at - first.at >= 20


async def test_a_lost_answer_repeats_a_message_at_most_once(
    server: TelegramServer, anna: Person, outbox: Outbox
) -> None:
    server.lose_answer("sendMessage")
    message_id = await outbox.say(ANNA, Text("summary"))
    assert said_to(anna) == ["summary"] * 2
    assert message_id == anna.chat.last.message_id


async def test_a_lost_answer_to_an_edit_is_not_seen(
    server: TelegramServer, anna: Person, outbox: Outbox
) -> None:
    message_id = await outbox.send(ANNA, Screen("a"))
    assert message_id is not None
    server.lose_answer("editMessageText")
    assert await outbox.edit(ANNA, message_id, Screen("b")) == message_id
    assert said_to(anna) == ["b"]
    assert anna.chat.last.edits == 1


async def test_the_last_state_arrives_after_an_outage(
    server: TelegramServer, anna: Person, outbox: Outbox
) -> None:
    message_id = await outbox.send(ANNA, Screen("a"))
    assert message_id is not None
    server.away()
    for n in range(5):
        outbox.show(ANNA, message_id, Text(f"{n}"))
        await asyncio.sleep(0.02)
    assert await outbox.send(ANNA, Screen("pressed")) is None
    server.back()
    await server.wait_for(lambda: said_to(anna) == ["4"])


async def test_what_nobody_pressed_for_never_meets_telegrams_limits(
    server: TelegramServer, anna: Person, outbox: Outbox
) -> None:
    ids = await asyncio.gather(*(outbox.say(ANNA, Text(f"{n}")) for n in range(6)))
    for n in range(20):
        for message_id in ids[:2]:
            assert message_id is not None
            outbox.show(ANNA, message_id, Text(f"{message_id}: {n}"), gap=6.0)
        await FastClock().sleep(1)
    await server.wait_for(lambda: said_to(anna)[:2] == [f"{each}: 19" for each in ids[:2]])
    assert [call for call in server.calls if not call.ok] == []


async def test_a_picture_arrives_with_its_caption_and_can_be_looked_at(
    anna: Person, outbox: Outbox
) -> None:
    picture = where_cookie("zh")
    message_id = await outbox.send_file(ANNA, picture, Screen("<b>看</b>", BUTTONS))
    message = anna.chat.last
    assert message.message_id == message_id
    assert (message.text, [entity.type for entity in message.entities]) == ("看", ["bold"])
    assert message.photo is not None
    assert (message.photo.content, message.photo.width) == (picture.content, 1000)
    assert [[b.text for b in row] for row in message.buttons] == [["暂停", "取消"]]


async def test_a_picture_that_nobody_pressed_for_can_come_without_sound(
    anna: Person, outbox: Outbox
) -> None:
    await outbox.say_once(ANNA, Text("digest"), silent=True, photo=where_cookie("zh"))
    await outbox.say_once(ANNA, Text("digest"), photo=where_cookie("zh"))
    assert [(each.photo is not None, each.silent) for each in anna.chat.messages[-2:]] == [
        (True, True),
        (True, False),
    ]


async def test_what_is_said_once_comes_once_where_the_answer_is_lost_and_none_came_before(
    server: TelegramServer, anna: Person, outbox: Outbox
) -> None:
    server.lose_answer("sendPhoto")
    said = await outbox.say_once(ANNA, Text("digest"), photo=where_cookie("zh"))
    assert said is DeliveryStatus.UNKNOWN
    assert said_to(anna) == ["digest"]


async def test_what_is_said_once_waits_while_nobody_listens(
    server: TelegramServer, anna: Person, outbox: Outbox
) -> None:
    port = int(server.url.rpartition(":")[2])
    await server.stop()
    saying = asyncio.create_task(outbox.say_once(ANNA, Text("digest")))
    await FastClock().sleep(2)
    await server.start(port)
    assert await saying is DeliveryStatus.SENT
    assert said_to(anna) == ["digest"]


async def test_a_file_arrives_under_its_name(anna: Person, outbox: Outbox) -> None:
    file = Document("a\r\n".encode("utf-8-sig"), "完整清单 网络基础.txt")
    assert await outbox.send_file(ANNA, file, Screen("all")) == anna.chat.last.message_id
    shown = anna.chat.last.document
    assert shown is not None
    assert (shown.name, shown.content) == (file.filename, file.content)


async def test_a_screen_in_place_of_a_file_becomes_a_new_message(
    anna: Person, outbox: Outbox
) -> None:
    sent = await outbox.send_file(ANNA, Document(b"d", "d.txt"), Screen("all", BUTTONS))
    assert sent is not None
    fresh = await outbox.edit(ANNA, sent, Screen("courses"))
    assert fresh == anna.chat.last.message_id != sent
    assert said_to(anna) == ["all", "courses"]


@pytest.mark.parametrize("trouble", ["wait", "lost"])
async def test_a_picture_is_sent_again_and_the_text_stays_behind_it(
    server: TelegramServer, anna: Person, outbox: Outbox, trouble: str
) -> None:
    if trouble == "wait":
        server.fail("sendPhoto", 429, "Too Many Requests", retry_after=20)
    else:
        server.lose_answer("sendPhoto")
    picture = outbox.send_file(ANNA, where_cookie("en"), Screen("look"))
    both = await asyncio.gather(picture, outbox.send(ANNA, Screen("steps")))
    # A lost answer repeats it, once.
    assert said_to(anna) == ["look"] * (2 if trouble == "lost" else 1) + ["steps"]
    assert list(both) == [each.message_id for each in anna.chat.messages[-2:]]
    first, *_, last = (call for call in calls(server, "sendPhoto"))
    assert trouble == "lost" or last.at - first.at >= 20


async def test_a_group_that_became_a_supergroup_is_answered_under_its_new_id(
    server: TelegramServer, anna: Person, outbox: Outbox, reach: FakeReachability
) -> None:
    group = server.group(-50, "同学群", [anna])
    moved = group.migrate(-1_000_000_000_050)
    message_id = await outbox.send(-50, Screen("never post a cookie"))
    assert moved.chat.last.text == "never post a cookie"
    assert moved.chat.last.message_id == message_id
    assert reach.noted == []


async def test_a_message_of_the_person_can_be_deleted_and_a_missing_one_is_no_trouble(
    anna: Person, outbox: Outbox
) -> None:
    message = anna.send("auth=0123")
    assert await outbox.delete(ANNA, message.message_id) is True
    assert await outbox.delete(ANNA, message.message_id) is True
    assert all(each.text != "auth=0123" for each in anna.chat.messages)
