"""What goes through the transport arrives as it would over HTTP."""

import pytest
from telegram.error import BadRequest, NetworkError

from bot.chat.callbacks import Action
from bot.chat.keyboards import button, keyboard
from bot.outbox.screen import Photo, Screen
from bot.outbox.telegram_calls import Calls, says_unsent
from demo.telegram import TelegramServer
from tests.support.bot_api_client import PNG
from tests.support.in_process_transport import Leg, TelegramTransport
from tests.support.names import ANNA, BORIS, TOKEN
from tests.support.telegram_bots import bot_in_process

BUTTONS = keyboard([button("时间", Action.DIGEST)])
PICTURE = PNG + b"\r\n--\r\n\r\n" + bytes(range(256)) + b"\r\n"


@pytest.fixture
def server() -> TelegramServer:
    telegram = TelegramServer(TOKEN)
    telegram.person(ANNA).send("/start")
    return telegram


async def test_a_text_and_a_picture_arrive_whole(server: TelegramServer) -> None:
    async with bot_in_process(TelegramTransport(server)) as bot:
        calls = Calls(bot)
        first = await calls.send(ANNA, Screen("<b>甲</b> &amp; 乙=1", BUTTONS), silent=True)
        second = await calls.upload(ANNA, Photo(PICTURE, "a.png"), Screen("丙", BUTTONS))
    text, picture = server.chat(ANNA).messages[-2:]
    assert (text.message_id, text.text, text.silent) == (first, "甲 & 乙=1", True)
    assert (picture.message_id, picture.text, picture.silent) == (second, "丙", False)
    assert picture.photo is not None
    assert (picture.photo.name, picture.photo.content) == ("a.png", PICTURE)
    assert [row[0].text for row in (*text.buttons, *picture.buttons)] == ["时间", "时间"]


async def test_refusals_and_dropped_connections_are_the_librarys_errors(
    server: TelegramServer,
) -> None:
    async with bot_in_process(TelegramTransport(server)) as bot:
        with pytest.raises(BadRequest, match="Chat not found"):
            await Calls(bot).send(BORIS, Screen("x"), silent=False)
        server.lose_answer("sendMessage")
        with pytest.raises(NetworkError) as lost:
            await Calls(bot).send(ANNA, Screen("x"), silent=False)
    assert not says_unsent(lost.value)
    assert server.chat(ANNA).last.text == "x"


async def test_a_call_is_seen_before_and_after_it_takes_effect(server: TelegramServer) -> None:
    seen = []

    async def watch(leg: Leg, method: str) -> None:
        seen.append((leg, method, len(server.chat(ANNA).messages)))

    transport = TelegramTransport(server)
    async with bot_in_process(transport) as bot:
        transport.watch = watch
        await Calls(bot).send(ANNA, Screen("x"), silent=False)
    assert seen == [(Leg.ARRIVING, "sendMessage", 1), (Leg.TAKEN, "sendMessage", 2)]
