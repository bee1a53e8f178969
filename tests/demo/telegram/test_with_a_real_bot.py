"""python-telegram-bot against the stand-in: what it sends is understood, and the reverse."""

import io
from collections.abc import AsyncIterator

import pytest
from telegram import (
    Bot,
    BotCommand,
    BotCommandScopeAllPrivateChats,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InputMediaDocument,
    InputMediaPhoto,
    MenuButtonCommands,
    ReactionTypeEmoji,
    ReplyParameters,
    Update,
)
from telegram.constants import ChatAction, ChatType, ParseMode, ReactionEmoji
from telegram.error import BadRequest, Conflict, Forbidden, InvalidToken, NetworkError, RetryAfter
from telegram.ext import (
    Application,
    CallbackQueryHandler,
    CommandHandler,
    ContextTypes,
    MessageHandler,
    filters,
)
from telegram.request import HTTPXRequest

from demo.telegram import Person, TelegramServer
from demo.telegram.methods_chat import REACTIONS
from tests.support.bot_api_client import PNG
from tests.support.telegram_bots import bot_before


@pytest.fixture
async def bot(server: TelegramServer) -> AsyncIterator[Bot]:
    async with bot_before(server.url, HTTPXRequest) as running:
        yield running


def markup(*labels: str) -> InlineKeyboardMarkup:
    return InlineKeyboardMarkup([[InlineKeyboardButton(x, callback_data=x) for x in labels]])


async def test_messages_round_trip(bot: Bot, student: Person) -> None:
    sent = await bot.send_message(
        1001,
        "<b>你好</b>",
        parse_mode=ParseMode.HTML,
        reply_markup=markup("开始", "取消"),
        reply_parameters=ReplyParameters(student.chat.last.message_id),
    )
    assert sent.text_html == "<b>你好</b>"
    assert sent.reply_to_message is not None
    assert sent.reply_to_message.text == "/start"
    edited = await bot.edit_message_text("done", 1001, sent.message_id)
    assert not isinstance(edited, bool)
    assert (edited.text, edited.reply_markup) == ("done", None)
    assert edited.edit_date is not None
    await bot.edit_message_reply_markup(1001, sent.message_id, reply_markup=markup("x"))
    await bot.send_chat_action(1001, ChatAction.TYPING)
    await bot.pin_chat_message(1001, sent.message_id)
    chat = await bot.get_chat(1001)
    assert (chat.type, chat.pinned_message) == (ChatType.PRIVATE, sent)
    await bot.unpin_chat_message(1001, sent.message_id)
    await bot.set_message_reaction(1001, sent.message_id, ReactionTypeEmoji("👍"))
    copied = await bot.copy_message(1001, 1001, sent.message_id)
    forwarded = await bot.forward_message(1001, 1001, sent.message_id)
    assert forwarded.forward_origin is not None
    assert await bot.delete_messages(1001, [copied.message_id, forwarded.message_id])
    assert await bot.delete_message(1001, sent.message_id)
    assert [message.text for message in student.chat.messages] == ["/start"]


async def test_every_kind_of_update_is_understood(bot: Bot, student: Person) -> None:
    sent = await bot.send_message(1001, "?", reply_markup=markup("go"))
    student.press("go")
    student.delete(sent.message_id)
    student.press_data(sent.message_id, "old")
    said = student.send("a")
    student.edit(said.message_id, "b")
    student.send_sticker()
    student.send_voice()
    student.send_photo(b"p")
    student.forward("f")
    student.block()
    updates = await bot.get_updates(allowed_updates=Update.ALL_TYPES)
    assert [update.update_id for update in updates] == sorted(u.update_id for u in updates)
    presses = [u.callback_query for u in updates if u.callback_query is not None]
    assert [p.message.is_accessible for p in presses if p.message] == [True, False]
    assert presses[0].from_user.id == 1001
    assert [u.edited_message.text for u in updates if u.edited_message] == ["b"]
    assert [u.my_chat_member.new_chat_member.status for u in updates if u.my_chat_member] == [
        "kicked"
    ]
    kinds = [filters.Sticker.ALL, filters.VOICE, filters.PHOTO, filters.FORWARDED, filters.COMMAND]
    assert [sum(bool(kind.check_update(u)) for u in updates) for kind in kinds] == [1] * 5


async def test_files_round_trip(bot: Bot, student: Person) -> None:
    photo = await bot.send_photo(1001, io.BytesIO(PNG), caption="<i>c</i>", parse_mode="HTML")
    assert (photo.caption_html, photo.photo[0].width) == ("<i>c</i>", 40)
    document = await bot.send_document(1001, b"a,b", filename="a.csv")
    assert document.document is not None
    file = await document.document.get_file()
    assert await file.download_as_bytearray() == b"a,b"
    album = await bot.send_media_group(
        1001, [InputMediaPhoto(PNG, caption="1"), InputMediaPhoto(PNG)]
    )
    assert [message.caption for message in album] == ["1", None]
    changed = await bot.edit_message_media(
        InputMediaDocument(b"x", filename="x.txt"), 1001, photo.message_id
    )
    assert not isinstance(changed, bool)
    assert changed.document is not None
    assert changed.document.file_name == "x.txt"
    await bot.edit_message_caption(1001, photo.message_id, caption="new")
    assert student.chat.find(photo.message_id).text == "new"  # type: ignore[union-attr]


async def test_the_profile_round_trips(bot: Bot, server: TelegramServer) -> None:
    await bot.set_my_commands(
        [BotCommand("start", "开始"), ("help", "帮助")],
        scope=BotCommandScopeAllPrivateChats(),
        language_code="zh",
    )
    assert [command.command for command in server.menu("zh-hans")] == ["start", "help"]
    await bot.set_my_description("d")
    await bot.set_my_short_description("s", language_code="en")
    await bot.set_my_name("n")
    assert (await bot.get_my_description()).description == "d"
    assert (await bot.get_my_short_description("en")).short_description == "s"
    assert (await bot.get_my_name()).name == "n"
    await bot.set_chat_menu_button(menu_button=MenuButtonCommands())
    assert isinstance(await bot.get_chat_menu_button(), MenuButtonCommands)
    assert (await bot.get_webhook_info()).url == ""


async def test_refusals_become_the_librarys_errors(
    bot: Bot, server: TelegramServer, student: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PTB_TIMEDELTA", "true")
    with pytest.raises(BadRequest, match="Chat not found"):
        await bot.send_message(7, "a")
    student.block()
    with pytest.raises(Forbidden, match="bot was blocked by the user"):
        await bot.send_message(1001, "a")
    student.unblock()
    server.fail("sendMessage", 429, "Too Many Requests: retry after 5", retry_after=5)
    with pytest.raises(RetryAfter):
        await bot.send_message(1001, "a")
    server.lose_answer("sendMessage")
    with pytest.raises(NetworkError):
        await bot.send_message(1001, "a")
    await bot.set_webhook("https://bot.example.org")
    with pytest.raises(Conflict):
        await bot.get_updates()
    server.revoke_token()
    with pytest.raises(InvalidToken):
        await bot.get_me()


def test_reactions_are_those_that_the_library_knows() -> None:
    assert {emoji.value.replace("\ufe0f", "") for emoji in ReactionEmoji} == REACTIONS


async def echo(update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
    assert update.effective_message is not None
    text = f"<b>{update.effective_message.text}</b>"
    await update.effective_message.reply_html(text, reply_markup=markup("好"))


async def press(update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
    assert update.callback_query is not None
    await update.callback_query.answer("收到")
    await update.callback_query.edit_message_text("完成")


async def test_a_whole_application_polls_answers_and_survives_an_absence(
    server: TelegramServer, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("CRITICAL")
    application = Application.builder().bot(bot_before(server.url)).build()
    application.add_handler(CommandHandler("start", echo))
    application.add_handler(MessageHandler(filters.TEXT, echo))
    application.add_handler(CallbackQueryHandler(press))
    person = server.person(1001)
    async with application:
        await application.start()
        assert application.updater is not None
        await application.updater.start_polling(timeout=5)
        person.send("/start")
        pressed = await server.wait_for(lambda: person.press("好"))
        assert (await pressed.answered()).text == "收到"
        await server.wait_for(lambda: server.chat(1001).last.text == "完成")
        await server.wait_for(lambda: server.world.updates.waiting == 1)
        server.away()
        server.back()
        for text in ("还在吗", "在"):
            person.send(text)
            await server.wait_for(lambda: person.chat.last.from_bot)
        await application.updater.stop()
        await application.stop()
    assert [m.text for m in person.chat.messages if m.from_bot] == ["完成", "还在吗", "在"]
