"""Long lists in pages: the entries of one page, and the row of buttons that turns pages."""

from collections.abc import Sequence
from typing import TypeVar

from telegram import InlineKeyboardButton

from bot.chat.callbacks import Action
from bot.chat.i18n import Translator
from bot.chat.keyboards import button

_T = TypeVar("_T")

PAGE = 8
"""The number of entries that a phone shows without scrolling."""


def page_of(entries: Sequence[_T], page: int, size: int = PAGE) -> tuple[Sequence[_T], int]:
    """The entries of a page, and its number: the nearest page that exists."""
    last = max(0, (len(entries) - 1) // size)
    page = min(max(page, 0), last)
    return entries[page * size : (page + 1) * size], page


def turning(
    tr: Translator, count: int, page: int, action: Action, *ids: int, size: int = PAGE
) -> list[InlineKeyboardButton]:
    """The row ‹ Page 2/3 ›, without arrows past the ends; empty if one page holds all."""
    last = (count - 1) // size
    if last <= 0:
        return []
    where = tr("Page {page}/{pages}", page=page + 1, pages=last + 1)
    row = [button(where, Action.NOTHING)]
    if page > 0:
        row.insert(0, button("‹", action, *ids, page=page - 1))
    if page < last:
        row.append(button("›", action, *ids, page=page + 1))
    return row
