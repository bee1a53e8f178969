"""Screens for a Bot API server of one's own that is older than what they are drawn with: it refuses
moments, folded quotations and buttons that copy."""

import re
from dataclasses import replace

from telegram import InlineKeyboardMarkup
from telegram.error import BadRequest

from bot.outbox.screen import Screen

_NEWER_TAGS = re.compile(r"</?(?:tg-time|blockquote)\b[^>]*>")
_REFUSALS = ("can't parse entities", "can't parse inline keyboard button", "text buttons are")


def says_too_new(error: BadRequest) -> bool:
    """Whether Telegram may have refused what an older server does not know."""
    text = error.message.lower()
    return any(words in text for words in _REFUSALS)


def for_older_server(screen: Screen) -> Screen:
    """The same words and actions, drawn with what every server knows."""
    return replace(
        screen, text=_NEWER_TAGS.sub("", screen.text), keyboard=_without_copying(screen.keyboard)
    )


def _without_copying(keyboard: InlineKeyboardMarkup | None) -> InlineKeyboardMarkup | None:
    if keyboard is None:
        return None
    rows = [[each for each in row if each.copy_text is None] for row in keyboard.inline_keyboard]
    kept = [row for row in rows if row]
    return InlineKeyboardMarkup(kept) if kept else None
