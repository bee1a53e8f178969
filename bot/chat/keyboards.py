"""Buttons and keyboards, and lines that fit into one message."""

from collections.abc import Sequence

from telegram import InlineKeyboardButton, InlineKeyboardMarkup

from bot.chat.callbacks import Action, Callback
from bot.outbox.screen import MAX_TEXT

MAX_CHOICES = 90
"""Entries of a list that become buttons; Telegram takes 100 buttons in all."""


Row = Sequence[InlineKeyboardButton]


def button(label: str, action: Action, *ids: int, page: int = 0) -> InlineKeyboardButton:
    return InlineKeyboardButton(label, callback_data=Callback(action, ids, page).encode())


def fitting(lines: Sequence[str]) -> str:
    """As many whole lines of HTML as fit into one message, with an ellipsis if some are left out.
    Markup counts as if it were visible, so the text is never too long."""
    kept: list[str] = []
    length = 0
    for line in lines:
        length += len(line.encode("utf-16-le")) // 2 + 1
        if length > MAX_TEXT - 2:
            kept.append("…")
            break
        kept.append(line)
    return "\n".join(kept)


def expandable(lines: Sequence[str]) -> str:
    """The lines of HTML as a quotation that Telegram folds to three lines."""
    return "<blockquote expandable>" + "\n".join(lines) + "</blockquote>"


def keyboard(*rows: Row) -> InlineKeyboardMarkup:
    """A Telegram keyboard of the rows that are not empty."""
    return InlineKeyboardMarkup([list(row) for row in rows if row])
