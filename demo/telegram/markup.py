"""Keyboards below messages: what a bot may send, and the limits of it."""

import re
from urllib.parse import urlsplit

from demo.telegram.errors import bad_request
from demo.telegram.links import checked_url
from demo.telegram.messages import Button, Json, Keyboard
from demo.telegram.request import Params

MAX_BUTTONS = 100
MAX_IN_ROW = 8
MAX_DATA_BYTES = 64
_OTHER_ACTIONS = (
    "web_app",
    "login_url",
    "switch_inline_query",
    "switch_inline_query_current_chat",
    "switch_inline_query_chosen_chat",
    "callback_game",
    "pay",
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


def _button(button: object) -> Button:
    if not isinstance(button, dict):
        raise _unreadable("InlineKeyboardButton must be an Object")
    text = _field(button, "text")
    if text is None:
        raise _unreadable('Can\'t find field "text"')
    url, data = _field(button, "url"), _field(button, "callback_data")
    result = _action(button, text, url, data)
    if not text.strip():
        raise bad_request("inline keyboard button text must be non-empty")
    return result


def _action(button: Json, text: str, url: str | None, data: str | None) -> Button:
    if url:
        return Button(text, url=_checked_button_url(url))
    if data:
        if len(data.encode()) > MAX_DATA_BYTES:
            raise bad_request("BUTTON_DATA_INVALID")
        return Button(text, data=data)
    copied = button.get("copy_text")
    if isinstance(copied, dict):
        return Button(text, copy_text=_field(copied, "text") or "")
    if any(name in button for name in _OTHER_ACTIONS):
        return Button(text)
    raise _unreadable("Text buttons are unallowed in the inline keyboard")


def _field(button: Json, name: str) -> str | None:
    value = button.get(name)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, (str, int, float)):
        raise _unreadable(f'Field "{name}" must be of type String')
    return str(value)


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
