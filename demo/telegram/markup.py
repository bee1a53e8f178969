"""Keyboards below messages: what a bot may send, and the limits of it."""

import re
from dataclasses import replace
from urllib.parse import urlsplit

from demo.telegram.errors import bad_request
from demo.telegram.fields import (
    optional_integer,
    optional_text,
    required_object,
    required_text,
)
from demo.telegram.html_text import utf16_length
from demo.telegram.links import checked_url
from demo.telegram.messages import Button, Json, Keyboard
from demo.telegram.request import Params

MAX_BUTTONS = 100
MAX_IN_ROW = 8
MAX_DATA_BYTES = 64
MAX_COPIED = 256
"""UTF-16 code units that a button may put on the clipboard."""
STYLES = frozenset({"primary", "success", "danger"})
_OTHER_ACTIONS = (
    "callback_game",
    "pay",
    "switch_inline_query",
    "switch_inline_query_chosen_chat",
    "switch_inline_query_current_chat",
    "login_url",
    "web_app",
)


def read_markup(params: Params, *, inline_only: bool = False) -> Keyboard:
    """The inline keyboard of ``reply_markup``, without empty rows; other kinds give none.

    Raises ``ApiError`` 400. With ``inline_only`` (edits) another kind is refused.
    """
    markup = params.nested("reply_markup", "reply keyboard markup")
    if markup is None:
        return []
    if not isinstance(markup, dict):
        raise bad_request("object expected as reply markup")
    if "inline_keyboard" not in markup:
        if inline_only and markup:
            raise bad_request("inline keyboard expected")
        return []
    rows = markup["inline_keyboard"]
    if not isinstance(rows, list) or not all(isinstance(row, list) for row in rows):
        raise bad_request(
            'field "inline_keyboard" of the InlineKeyboardMarkup must be an Array of Arrays'
        )
    keyboard = [[_button(button) for button in row] for row in rows if row]
    too_wide = any(len(row) > MAX_IN_ROW for row in keyboard)
    if too_wide or sum(len(row) for row in keyboard) > MAX_BUTTONS:
        raise bad_request("reply markup is too long")
    return keyboard


def _button(given: object) -> Button:
    if not isinstance(given, dict):
        raise _unreadable("InlineKeyboardButton must be an Object")
    try:
        text = required_text(given, "text")
        icon = optional_integer(given, "icon_custom_emoji_id")
        style = _style(optional_text(given, "style"))
        button = _action(given, Button(text, style=style))
    except ValueError as error:
        raise _unreadable(str(error)) from None
    if not text.strip():
        raise bad_request("inline keyboard button text must be non-empty")
    if icon:
        raise _unreadable("the stand-in's bot has no right to use custom emoji as icons")
    return button


def _style(given: str) -> str | None:
    style = given.lower()
    if style in {"", "default"}:
        return None
    if style not in STYLES:
        raise ValueError("invalid button style specified")
    return style


def _action(given: Json, button: Button) -> Button:
    """The button with its action.

    Of several actions the real server takes the first without a word. Its documentation demands
    exactly one, and so does the stand-in, or a mistake would stay unseen.
    """
    url, data = optional_text(given, "url"), optional_text(given, "callback_data")
    others = [name for name in (*_OTHER_ACTIONS, "copy_text") if given.get(name) is not None]
    if bool(url) + bool(data) + len(others) > 1:
        raise ValueError("the stand-in takes exactly one action of a button")
    if url:
        return replace(button, url=_checked_button_url(url))
    if data:
        if len(data.encode()) > MAX_DATA_BYTES:
            raise bad_request("BUTTON_DATA_INVALID")
        return replace(button, data=data)
    if others == ["copy_text"]:
        copied = required_text(required_object(given, "copy_text"), "text")
        if not 1 <= utf16_length(copied) <= MAX_COPIED:
            raise bad_request("BUTTON_COPY_TEXT_INVALID")
        return replace(button, copy_text=copied)
    if others:
        return button
    raise ValueError("Text buttons are unallowed in the inline keyboard")


def _checked_button_url(url: str) -> str:
    if re.fullmatch(r"tg://user\?id=\d+", url):
        return url
    checked = checked_url(url)
    if checked is not None:
        return checked
    if "://" in url and urlsplit(url).scheme.lower() not in {"http", "https"}:
        reason = "Unsupported URL protocol"
    else:
        reason = "Wrong HTTP URL"
    raise bad_request(f"inline keyboard button URL '{url}' is invalid: {reason}")


def _unreadable(reason: str) -> Exception:
    return bad_request(f"can't parse inline keyboard button: {reason}")
