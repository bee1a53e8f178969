"""The content of one message: text as Telegram's HTML, and the keyboard below it."""

from dataclasses import dataclass

from telegram import InlineKeyboardMarkup

MAX_TEXT = 4096
"""The most UTF-16 code units that Telegram takes in one message."""


@dataclass(frozen=True, slots=True)
class Screen:
    text: str
    keyboard: InlineKeyboardMarkup | None = None
