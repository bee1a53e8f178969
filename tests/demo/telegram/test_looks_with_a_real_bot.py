"""How messages and the bot look, as python-telegram-bot sends and reads it."""

import io
from collections.abc import AsyncIterator
from datetime import UTC, datetime

import pytest
from PIL import Image
from telegram import (
    Bot,
    CopyTextButton,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InputProfilePhotoStatic,
    LinkPreviewOptions,
    MessageEntity,
)
from telegram.constants import (
    BotDescriptionLimit,
    BotNameLimit,
    ChatAction,
    InlineKeyboardButtonLimit,
    KeyboardButtonStyle,
    MessageEntityDateTimeFormats,
    MessageEntityType,
)
from telegram.request import HTTPXRequest

from demo.telegram import Person, TelegramServer
from demo.telegram.date_times import checked_format
from demo.telegram.markup import MAX_COPIED, STYLES
from demo.telegram.methods_profile import LIMITS
from demo.telegram.methods_send import ACTIONS
from tests.support.telegram_bots import bot_before

AT = datetime(2026, 11, 28, 14, 45, tzinfo=UTC)
PARTY = "5046509860389126442"


@pytest.fixture
async def bot(server: TelegramServer) -> AsyncIterator[Bot]:
    async with bot_before(server.url, HTTPXRequest) as running:
        yield running


async def test_styles_and_texts_to_copy_round_trip(bot: Bot, student: Person) -> None:
    rows = [
        [InlineKeyboardButton(style, callback_data="x", style=style)]
        for style in KeyboardButtonStyle
    ]
    rows.append([InlineKeyboardButton("复制编号", copy_text=CopyTextButton("1001"))])
    sent = await bot.send_message(1001, "?", reply_markup=InlineKeyboardMarkup(rows))
    assert sent.reply_markup == InlineKeyboardMarkup(rows)


async def test_moments_quotes_and_effects_round_trip(bot: Bot, student: Person) -> None:
    moment = f'<tg-time unix="{int(AT.timestamp())}" format="wDT">22:45</tg-time>'
    html = f"<blockquote expandable>一\n二</blockquote>约 {moment} 学完"
    sent = await bot.send_message(
        1001,
        html,
        parse_mode="HTML",
        message_effect_id=PARTY,
        link_preview_options=LinkPreviewOptions(is_disabled=True),
    )
    assert (sent.text_html, sent.effect_id) == (html, PARTY)
    kinds = {entity.type: entity for entity in sent.entities}
    assert set(kinds) == {MessageEntityType.EXPANDABLE_BLOCKQUOTE, MessageEntityType.DATE_TIME}
    assert kinds[MessageEntityType.DATE_TIME].unix_time == AT
    given = [MessageEntity("date_time", 0, 5, unix_time=AT, date_time_format="t")]
    again = await bot.send_message(1001, "22:45", entities=given)
    assert again.entities == tuple(given)


async def test_a_profile_photo_is_uploaded_and_removed(bot: Bot) -> None:
    content = io.BytesIO()
    Image.new("RGB", (320, 320), "navy").save(content, "JPEG")
    assert await bot.set_my_profile_photo(InputProfilePhotoStatic(content.getvalue()))
    found = await bot.get_user_profile_photos(bot.id)
    assert found is not None
    assert (found.total_count, found.photos[0][0].width) == (1, 320)
    assert await bot.remove_my_profile_photo()


def test_the_stand_in_takes_what_the_library_names() -> None:
    assert {style.value for style in KeyboardButtonStyle} == STYLES
    assert {action.value for action in ChatAction} <= ACTIONS
    formats = [shown.value for shown in MessageEntityDateTimeFormats]
    assert [checked_format(shown) for shown in formats] == formats
    assert InlineKeyboardButtonLimit.MAX_COPY_TEXT == MAX_COPIED
    assert LIMITS == {
        "name": BotNameLimit.MAX_NAME_LENGTH,
        "description": BotDescriptionLimit.MAX_DESCRIPTION_LENGTH,
        "short_description": BotDescriptionLimit.MAX_SHORT_DESCRIPTION_LENGTH,
    }
