"""Buttons and keyboards, long lists in pages, and lines that fit into one message."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import TypeVar

from telegram import CopyTextButton, InlineKeyboardButton, InlineKeyboardMarkup
from telegram.constants import KeyboardButtonStyle

from bot.chat.callbacks import Action, Callback
from bot.chat.i18n import Translator
from bot.chat.labels import display_width
from bot.outbox.screen import MAX_TEXT, units

MOST_LINES = 12
"""Lines that a phone shows together with a keyboard."""
KEYBOARD, GAP, MARGINS, COLUMN = 325.0, 4.0, 18.0, 7.25
"""Pixels of a keyboard on a phone 390 wide, between two buttons of it, beside a label, and of a
column of text: a Chinese character takes two."""

MAX_CHOICES = 90
"""Entries of a list that become buttons; Telegram takes 100 buttons in all."""
PAGE = 8
"""The number of entries that a phone shows without scrolling."""

_T = TypeVar("_T")
Row = Sequence[InlineKeyboardButton]

_STYLES: Mapping[Action, str] = MappingProxyType(
    {
        **dict.fromkeys(
            (Action.START, Action.START_ALL, Action.START_NEW, Action.RESUME),
            KeyboardButtonStyle.SUCCESS,
        ),
        **dict.fromkeys(
            (Action.CANCEL_YES, Action.LOGOUT, Action.ERASE, Action.REMOVE),
            KeyboardButtonStyle.DANGER,
        ),
    }
)
"""The colours of actions that begin work, and of those that cannot be undone; older apps show
none."""


def button(label: str, action: Action, *ids: int, page: int = 0) -> InlineKeyboardButton:
    data = Callback(action, ids, page).encode()
    return InlineKeyboardButton(label, callback_data=data, style=_STYLES.get(action))


def choice_button(label: str, action: Action, *ids: int, used: bool) -> InlineKeyboardButton:
    """One of several choices; the one in use has a tick."""
    return button(f"✓ {label}" if used else label, action, *ids)


def back_row(tr: Translator, action: Action, *ids: int, page: int = 0) -> Row:
    """The row that leads back to another screen."""
    return [button(tr("Back"), action, *ids, page=page)]


def copy_button(label: str, text: str) -> InlineKeyboardButton:
    """A button that copies ``text``, of 1-256 characters, in the app; the bot is not asked."""
    return InlineKeyboardButton(label, copy_text=CopyTextButton(text))


def fitting(lines: Sequence[str], limit: int = MAX_TEXT) -> str:
    """As many whole lines of HTML as fit into ``limit`` units, with an ellipsis if some are left
    out. Markup counts as if it were visible, so the text is never too long."""
    kept: list[str] = []
    length = 0
    for line in lines:
        length += units(line) + 1
        if length > limit - 2:
            kept.append("…")
            break
        kept.append(line)
    return "\n".join(kept)


def expandable(lines: Sequence[str]) -> str:
    """The lines of HTML as a quotation that Telegram folds to three lines."""
    return "<blockquote expandable>" + "\n".join(lines) + "</blockquote>"


def with_expandable(head: Sequence[str], folded: Sequence[str], limit: int = MAX_TEXT) -> str:
    """A message of lines of HTML, with the folded ones, which must not hold a quotation, in one
    that apps fold. Lines that do not fit into ``limit`` units are left out, with an ellipsis."""
    text = fitting(head, limit)
    room = limit - units(text) - units("\n" + expandable([]))
    if not folded or room <= units("…") + 2:
        return text
    return f"{text}\n{expandable([fitting(folded, room)])}"


def folding(lines: Sequence[str]) -> str:
    """Lines of HTML as one message; what is over :data:`MOST_LINES` is folded, from a blank line
    on if there is one in the second half before."""
    if len(lines) <= MOST_LINES:
        return fitting(lines)
    blanks = (at for at in range(MOST_LINES, MOST_LINES // 2, -1) if not lines[at])
    at = next(blanks, MOST_LINES)
    return with_expandable(lines[:at], lines[at + (not lines[at]) :])


def rows_of(buttons: Row, most: int = 2) -> list[Row]:
    """Rows of up to ``most`` buttons, in their order; fewer where a label would be cut."""
    rows: list[list[InlineKeyboardButton]] = []
    for each in buttons:
        longer = [*rows[-1], each] if rows else []
        room = button_width(len(longer)) if longer else 0
        if longer and len(longer) <= most and all(display_width(b.text) <= room for b in longer):
            rows[-1] = longer
        else:
            rows.append([each])
    return list(rows)


def button_width(of: int) -> int:
    """The columns of a label that a phone shows whole on one of ``of`` buttons in a row."""
    return int(((KEYBOARD - GAP * (of - 1)) / of - MARGINS) / COLUMN)


def keyboard(*rows: Row) -> InlineKeyboardMarkup:
    """A Telegram keyboard of the rows that are not empty."""
    return InlineKeyboardMarkup([list(row) for row in rows if row])


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
