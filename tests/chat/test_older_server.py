"""A Bot API server that is older than the screens shows them with what it knows."""

from dataclasses import dataclass, field
from typing import cast

import pytest
from telegram import Bot, CopyTextButton, InlineKeyboardButton, InlineKeyboardMarkup
from telegram.error import BadRequest

from bot.outbox.older_server import for_older_server
from bot.outbox.screen import Screen
from bot.outbox.telegram_calls import Calls
from tests.support.names import ANNA

COPY = InlineKeyboardButton("编号", copy_text=CopyTextButton("A1"))
BACK = InlineKeyboardButton("返回", callback_data="v1:home")
NEWER = Screen(
    '<b>到</b> <tg-time unix="1" format="t">14:38</tg-time>\n'
    "<blockquote expandable>一</blockquote>",
    InlineKeyboardMarkup([[COPY], [BACK]]),
)


@dataclass
class OlderBot:
    """Refuses what the given words stand in, as that server does."""

    refused: str
    says: str
    texts: list[str] = field(default_factory=list)
    buttons: list[str] = field(default_factory=list)

    async def edit_message_text(self, text: str, **fields: object) -> None:
        self.texts.append(text)
        keyboard = cast("InlineKeyboardMarkup", fields["reply_markup"])
        self.buttons = [each.text for row in keyboard.inline_keyboard for each in row]
        if self.refused in text or self.refused in self.buttons:
            raise BadRequest(self.says)


@pytest.mark.parametrize(
    ("refused", "says"),
    [
        ("<tg-time", 'can\'t parse entities: unsupported start tag "tg-time" at byte offset 13'),
        ("<blockquote", 'can\'t parse entities: unsupported start tag "blockquote"'),
        ("编号", "can't parse inline keyboard button: text buttons are unallowed"),
    ],
)
async def test_what_an_older_server_refuses_is_shown_with_what_it_knows(
    refused: str, says: str
) -> None:
    bot = OlderBot(refused, f"Bad Request: {says}")
    calls = Calls(cast("Bot", bot))
    await calls.edit(ANNA, 5, NEWER)
    assert bot.texts[-1] == "<b>到</b> 14:38\n一"
    assert bot.buttons == ["返回"]

    await calls.edit(ANNA, 5, NEWER)
    assert len(bot.texts) == 3  # the second time at once


async def test_another_refusal_is_not_tried_again() -> None:
    bot = OlderBot("<tg-time", "Bad Request: message is too long")
    with pytest.raises(BadRequest):
        await Calls(cast("Bot", bot)).edit(ANNA, 5, NEWER)
    assert len(bot.texts) == 1


def test_a_screen_that_every_server_knows_stays_as_it_is() -> None:
    plain = Screen("<b>一</b>", InlineKeyboardMarkup([[BACK]]))
    assert for_older_server(plain) == plain
