"""What stands in one message: text as Telegram's HTML and the buttons below it."""

from collections.abc import Sequence
from dataclasses import dataclass

from telegram import InlineKeyboardButton, InlineKeyboardMarkup

from bot.chat.callbacks import Action, Callback

MAX_TEXT = 4096


@dataclass(frozen=True, slots=True)
class Screen:
    text: str
    keyboard: InlineKeyboardMarkup | None = None


Row = Sequence[InlineKeyboardButton]


def button(label: str, action: Action, *ids: int, page: int = 0) -> InlineKeyboardButton:
    return InlineKeyboardButton(label, callback_data=Callback(action, ids, page).encode())


def keyboard(*rows: Row) -> InlineKeyboardMarkup:
    """The rows that are not empty, as Telegram takes them."""
    return InlineKeyboardMarkup([list(row) for row in rows if row])
