"""Odd answers to calls: a message that was sent is sent, and the rest is an ordinary error."""

from collections.abc import AsyncIterator, Awaitable, Callable

import pytest
from telegram import Bot, BotCommand, InputProfilePhotoStatic
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
)

from bot.chat.bot_profile import profile_photo
from bot.chat.telegram_answers import LONGEST_WAIT, UNREAD_ID, USUAL_WAIT
from bot.chat.telegram_bot import PatientBot
from bot.chat.telegram_request import TelegramRequest
from bot.clock import SystemClock
from bot.delivery_status import DeliveryStatus
from bot.outbox.outbox import Outbox
from bot.outbox.screen import Document, Photo, Screen
from bot.outbox.telegram_calls import Calls, seconds_of, status_after
from demo.telegram import TelegramServer
from tests.support.bot_api_client import PNG
from tests.support.fake_bot_api import FakeReachability
from tests.support.names import ANNA, TOKEN

Act = Callable[[Bot], Awaitable[object]]


@pytest.fixture
async def server(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[TelegramServer]:
    monkeypatch.setenv("PTB_TIMEDELTA", "true")
    telegram = TelegramServer(TOKEN)
    await telegram.start()
    telegram.person(ANNA).send("/start")
    yield telegram
    await telegram.stop()


@pytest.fixture
async def bot(server: TelegramServer) -> AsyncIterator[PatientBot]:
    plain = {"verify": False, "trust_env": False}
    async with PatientBot(
        TOKEN,
        base_url=f"{server.url}/bot",
        base_file_url=f"{server.url}/file/bot",
        request=TelegramRequest(httpx_kwargs=plain),
        get_updates_request=TelegramRequest(httpx_kwargs=plain),
    ) as running:
        yield running


SENT_ODDLY = [
    (b'{"ok":true,"result":{"message_id":77}}', 77),
    (b'{"ok":true,"result":{"message_id":77,"story":{},"chat":7,"date":"x","text":[]}}', 77),
    (b'{"ok":true,"result":{"message_id":77,"from":{"id', 77),
    (b'{ "ok" : true, "result" : {"message_id" : 77, "text": NaN', 77),
    (b'{"ok":true,"result":{"message_id":"x"}}', UNREAD_ID),
    (b'{"ok":true,"result":{"message_id":-5}}', UNREAD_ID),
    (b'{"ok":true,"result":{}}', UNREAD_ID),
    (b'{"ok":true,"result":[]}', UNREAD_ID),
    (b'{"ok":true,"result":true}', UNREAD_ID),
    (b'{"ok":true,"result":null}', UNREAD_ID),
    (b'{"ok":true}', UNREAD_ID),
    (b'{"ok":true,', UNREAD_ID),
]


@pytest.mark.parametrize(("body", "message_id"), SENT_ODDLY)
async def test_a_message_that_was_sent_is_sent_whatever_else_is_said_of_it(
    bot: PatientBot, server: TelegramServer, body: bytes, message_id: int
) -> None:
    calls = Calls(bot)
    for method in ("sendMessage", "sendPhoto", "sendDocument"):
        server.trouble.answer_oddly(method, body)
    assert await calls.send(ANNA, Screen("a"), silent=False) == message_id
    assert await calls.upload(ANNA, Photo(PNG, "a.png"), Screen("b")) == message_id
    assert await calls.upload(ANNA, Document(b"c", "c.txt"), Screen("c")) == message_id


async def test_a_message_whose_id_cannot_be_read_is_sent_once_and_replaced_by_the_next_edit(
    bot: PatientBot, server: TelegramServer
) -> None:
    server.trouble.answer_oddly("sendMessage", b'{"ok":true}')
    outbox = Outbox(Calls(bot), SystemClock(), FakeReachability())
    message_id = await outbox.send(ANNA, Screen("first"))
    assert message_id is not None
    assert (
        await outbox.edit(ANNA, message_id, Screen("second")) == server.chat(ANNA).last.message_id
    )
    assert [each.text for each in server.chat(ANNA).messages[1:]] == ["first", "second"]
    await outbox.close(1)


DONE_ODDLY = [
    b'{"ok":true,"result":true}',
    b'{"ok":true,"result":{"message_id":7,"story":{}}}',
    b'{"ok":true,"result":{}}',
    b'{"ok":true,"result":[1]}',
    b'{"ok":true,"result":null}',
    b'{"ok":true}',
    b'{"ok":true,"resu',
]
CHANGES: dict[str, Act] = {
    "editMessageText": lambda bot: Calls(bot).edit(ANNA, 2, Screen("x")),
    "deleteMessage": lambda bot: Calls(bot).delete(ANNA, 2),
    "answerCallbackQuery": lambda bot: bot.answer_callback_query("5"),
    "setMyCommands": lambda bot: bot.set_my_commands([BotCommand("start", "s")]),
    "setMyDescription": lambda bot: bot.set_my_description("d"),
    "setMyProfilePhoto": lambda bot: bot.set_my_profile_photo(
        InputProfilePhotoStatic(profile_photo())
    ),
    "setMyShortDescription": lambda bot: bot.set_my_short_description("d"),
    "deleteWebhook": lambda bot: bot.delete_webhook(),
}


@pytest.mark.parametrize("body", DONE_ODDLY)
@pytest.mark.parametrize("method", CHANGES)
async def test_what_was_done_is_done_whatever_is_said_of_it(
    bot: PatientBot, server: TelegramServer, method: str, body: bytes
) -> None:
    sent = await Calls(bot).send(ANNA, Screen("a"), silent=False)
    assert sent == 2
    server.person(ANNA).press_data(2, "x")
    server.world.presses["5"] = server.world.presses.popitem()[1]
    server.trouble.answer_oddly(method, body)
    await CHANGES[method](bot)


WAITS = [
    (b'{"ok":false,"error_code":429,"parameters":{"retry_after":7}}', 7),
    (b'{"ok":false,"error_code":429,"parameters":{"retry_after":"7"}}', 7),
    (b'{"ok":false,"error_code":429,"parameters":{"retry_after":6.2}}', 7),
    (b'{"ok":false,"error_code":429,"parameters":{"retry_after":0}}', 1),
    (b'{"ok":false,"error_code":429,"parameters":{"retry_after":-9}}', 1),
    (b'{"ok":false,"error_code":429,"parameters":{"retry_after":30000}}', 30000),
    (b'{"ok":false,"error_code":429,"parameters":{"retry_after":1000000000}}', LONGEST_WAIT),
    (b'{"ok":false,"error_code":429,"parameters":{"retry_after":1e999}}', LONGEST_WAIT),
    (b'{"ok":false,"error_code":429,"parameters":{"retry_after":"soon"}}', USUAL_WAIT),
    (b'{"ok":false,"error_code":429,"parameters":{"retry_after":NaN}}', USUAL_WAIT),
    (b'{"ok":false,"error_code":429,"parameters":{"retry_after":[1]}}', USUAL_WAIT),
    (b'{"ok":false,"error_code":429,"parameters":{"retry_after":true}}', USUAL_WAIT),
    (b'{"ok":false,"error_code":429,"parameters":{"retry_after":null}}', USUAL_WAIT),
    (b'{"ok":false,"error_code":429,"parameters":{}}', USUAL_WAIT),
    (b'{"ok":false,"error_code":429,"parameters":null}', USUAL_WAIT),
    (b'{"ok":false,"error_code":429,"parameters":"x"}', USUAL_WAIT),
    (b'{"ok":false}', USUAL_WAIT),
    (b"<html>", USUAL_WAIT),
    (b"[]", USUAL_WAIT),
    (b"", USUAL_WAIT),
]


@pytest.mark.parametrize(("body", "seconds"), WAITS)
async def test_a_wait_is_a_number_of_seconds_within_bounds(
    bot: PatientBot, server: TelegramServer, body: bytes, seconds: float
) -> None:
    server.trouble.answer_oddly("sendMessage", body, status=429)
    with pytest.raises(RetryAfter) as told:
        await Calls(bot).send(ANNA, Screen("a"), silent=False)
    assert seconds_of(told.value) == seconds


ODD: list[tuple[int, bytes, type[TelegramError], DeliveryStatus]] = [
    (200, b'{"ok":false}', BadRequest, DeliveryStatus.REFUSED),
    (200, b'{"ok":false,"error_code":"x","description":5}', BadRequest, DeliveryStatus.REFUSED),
    (200, b'{"ok":false,"error_code":403,"description":[]}', Forbidden, DeliveryStatus.REFUSED),
    (200, b'{"ok":false,"error_code":502}', NetworkError, DeliveryStatus.UNKNOWN),
    (200, b'{"error_code":400}', BadRequest, DeliveryStatus.REFUSED),
    (200, b"<html>", NetworkError, DeliveryStatus.UNKNOWN),
    (200, b"", NetworkError, DeliveryStatus.UNKNOWN),
    (200, b"null", NetworkError, DeliveryStatus.UNKNOWN),
    (200, b"[]", NetworkError, DeliveryStatus.UNKNOWN),
    (200, b"{}", NetworkError, DeliveryStatus.UNKNOWN),
    (200, b'{"a":' * 3000, NetworkError, DeliveryStatus.UNKNOWN),
    (400, b'{"ok":false,"parameters":null}', BadRequest, DeliveryStatus.REFUSED),
    (
        400,
        b'{"ok":false,"parameters":{"migrate_to_chat_id":"x"}}',
        BadRequest,
        DeliveryStatus.REFUSED,
    ),
    (
        400,
        b'{"ok":false,"parameters":{"migrate_to_chat_id":-5}}',
        ChatMigrated,
        DeliveryStatus.UNKNOWN,
    ),
    (
        400,
        b'{"ok":false,"parameters":{"migrate_to_chat_id":1002}}',
        BadRequest,
        DeliveryStatus.REFUSED,
    ),
    (400, b'{"ok":false,"parameters":[1],"description":null}', BadRequest, DeliveryStatus.REFUSED),
    (400, b"<html>", BadRequest, DeliveryStatus.REFUSED),
    (403, b"<html>", Forbidden, DeliveryStatus.REFUSED),
    (404, b"<html>", InvalidToken, DeliveryStatus.UNSENT),
    (409, b"[]", TelegramError, DeliveryStatus.UNKNOWN),
    (500, b'"x"', NetworkError, DeliveryStatus.UNKNOWN),
    (599, b"\xff\xfe", NetworkError, DeliveryStatus.UNKNOWN),
    (302, b"", NetworkError, DeliveryStatus.UNKNOWN),
]


@pytest.mark.parametrize(("status", "body", "kind", "delivery"), ODD)
async def test_an_odd_answer_is_an_ordinary_error(
    bot: PatientBot,
    server: TelegramServer,
    status: int,
    body: bytes,
    kind: type[TelegramError],
    delivery: DeliveryStatus,
) -> None:
    server.trouble.answer_oddly("sendMessage", body, status=status)
    with pytest.raises(TelegramError) as raised:
        await Calls(bot).send(ANNA, Screen("a"), silent=False)
    assert isinstance(raised.value, kind)
    if kind not in (Forbidden, ChatMigrated, TelegramError):
        assert status_after(raised.value) is delivery


async def test_a_description_is_cut_and_made_whole(bot: PatientBot, server: TelegramServer) -> None:
    body = b'{"ok":false,"description":"\\ud83d' + b"x" * 5000 + b'"}'
    server.trouble.answer_oddly("sendMessage", body, status=400)
    with pytest.raises(BadRequest) as raised:
        await Calls(bot).send(ANNA, Screen("a"), silent=False)
    assert len(str(raised.value)) < 400
    str(raised.value).encode()


@pytest.mark.parametrize(
    "body",
    [
        b"<html>",
        b'{"ok":true}',
        b'{"ok":true,"result":[]}',
        b'{"ok":true,"result":{"id":"x","username":"b"}}',
        b'{"ok":true,"result":{"id":5,"is_bot":true,"first_name":"b"}}',
        b'{"ok":true,"result":{"id":5,"username":7}}',
    ],
)
@pytest.mark.parametrize("method", ["getMe", "getFile"])
async def test_an_answer_that_is_needed_and_cannot_be_read_is_an_outage(
    bot: PatientBot, server: TelegramServer, method: str, body: bytes
) -> None:
    server.trouble.answer_oddly(method, body)
    server.world.keep_file("a.txt", b"a", "documents")
    with pytest.raises(NetworkError) as raised:
        await (bot.get_me() if method == "getMe" else bot.get_file(next(iter(server.world.files))))
    assert not isinstance(raised.value, BadRequest)


async def test_of_the_own_account_and_of_a_file_odd_fields_are_left_out(
    bot: PatientBot, server: TelegramServer
) -> None:
    me = b'{"ok":true,"result":{"id":5,"username":"b","first_name":[],"is_bot":7,"story":{}}}'
    server.trouble.answer_oddly("getMe", me)
    assert (await bot.get_me()).username == "b"
    stored = server.world.keep_file("a.txt", b"a", "documents")
    file = await bot.get_file(stored.file_id)
    assert bytes(await file.download_as_bytearray()) == b"a"


DESCRIPTIONS: dict[str, Act] = {
    "getMyDescription": lambda bot: bot.get_my_description(),
    "getMyShortDescription": lambda bot: bot.get_my_short_description(),
}


@pytest.mark.parametrize("body", [b"<html>", b'{"ok":true}', b'{"ok":true,"result":[]}'])
@pytest.mark.parametrize("method", DESCRIPTIONS)
async def test_a_description_that_cannot_be_read_is_an_outage(
    bot: PatientBot, server: TelegramServer, method: str, body: bytes
) -> None:
    server.trouble.answer_oddly(method, body)
    with pytest.raises(NetworkError):
        await DESCRIPTIONS[method](bot)
