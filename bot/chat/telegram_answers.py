"""Converts Telegram's answers into a shape that the library can read.

The library trusts the shape of an answer: it raises TypeError or KeyError for a malformed one, and
one unknown field makes a sent message look unsent. So an answer is reduced here to the fields that
the bot uses.
"""

import json
import math
import re
from collections.abc import Callable, Mapping
from http import HTTPStatus
from typing import Any

from telegram.error import NetworkError

from bot.chat.whole_text import whole

Json = dict[str, Any]

UNREAD_ID = 2**31 - 1
"""The id for a sent message whose id cannot be read. No message has it: an edit gets the answer
«message to edit not found», and the screen is sent as a new message."""

LEAST_WAIT, USUAL_WAIT, LONGEST_WAIT = 1, 5, 300
"""Seconds: the bounds of a 429's ``retry_after``, and the wait if it names none."""
LONGEST_SEND_WAIT = 7 * 24 * 3600
"""Seconds: a message waits as long as Telegram asks, which is hours after a flood. A longer
``retry_after`` is invalid and counts as :data:`LONGEST_WAIT`."""

LONGEST_DESCRIPTION = 300
LARGEST_ID = 2**52
"""The Bot API: ids have at most 52 significant bits."""

_SENDS = frozenset({"sendMessage", "sendPhoto", "sendDocument"})
_CHANGES = frozenset(
    {
        "editMessageText",
        "deleteMessage",
        "answerCallbackQuery",
        "setMyCommands",
        "deleteMyCommands",
        "setMyDescription",
        "setMyProfilePhoto",
        "setMyShortDescription",
        "deleteWebhook",
        "setWebhook",
    }
)
_BEGINS_OK = re.compile(r'\s*\{\s*"ok"\s*:\s*true\b')
_MESSAGE_ID = re.compile(r'"message_id"\s*:\s*(\d{1,10})\b')


def readable(method: str, status: int, body: bytes) -> tuple[int, bytes]:
    """The status and body in a form that the library reads without an error.

    Raises NetworkError if they do not tell whether the call succeeded.
    """
    text = body.decode("utf-8", "replace")
    answer = parsed(text)
    if not HTTPStatus.OK <= status < HTTPStatus.MULTIPLE_CHOICES:
        return _refusal(method, status, answer if isinstance(answer, dict) else {})
    if not isinstance(answer, dict):
        return _accepted(_of_torn(method, text))
    if is_refusal(answer):
        return _refusal(method, _code(answer), answer)
    if answer.get("ok") is not True and "result" not in answer:
        raise unreadable(method)
    return _accepted(_result(method, answer.get("result")))


def is_refusal(answer: object) -> bool:
    """Whether an answer, whatever its status, says that the call failed."""
    return isinstance(answer, dict) and (
        answer.get("ok") is False or ("error_code" in answer and "result" not in answer)
    )


def parsed(text: str) -> object:
    """The JSON value in ``text``; None if it is invalid or nested too deeply."""
    try:
        value: object = DECODER.decode(text)
    except (ValueError, RecursionError):
        return None
    return value


def _integer(digits: str) -> float:
    """Parse an integer. Python refuses to parse thousands of digits; here hundreds are invalid,
    too."""
    return int(digits) if len(digits) < _MOST_DIGITS else math.inf


_MOST_DIGITS = 100
DECODER = json.JSONDecoder(strict=False, parse_int=_integer)
"""Also decodes line breaks within strings and numbers of any length."""


def unreadable(method: str) -> NetworkError:
    """A temporary error: the body is no answer of the Bot API."""
    return NetworkError(f"the answer to {method} cannot be read")


def whole_number(value: object, least: int, most: int) -> int | None:
    """The value if it is an integer within the bounds, else None; ``True`` is no integer."""
    fits = isinstance(value, int) and not isinstance(value, bool) and least <= value <= most
    return value if fits and isinstance(value, int) else None


def _accepted(result: object) -> tuple[int, bytes]:
    return HTTPStatus.OK, json.dumps({"ok": True, "result": result}).encode()


def _code(answer: Json) -> int:
    """The status code for a refusal that came with a status of success."""
    code = whole_number(answer.get("error_code"), 400, 599)
    return HTTPStatus.BAD_REQUEST if code is None else code


def _refusal(method: str, status: int, answer: Json) -> tuple[int, bytes]:
    refusal: Json = {"ok": False, "error_code": status}
    description = answer.get("description")
    if isinstance(description, str) and description:
        refusal["description"] = whole(description[:LONGEST_DESCRIPTION])
    given = answer.get("parameters")
    parameters = _parameters(method, status, given if isinstance(given, dict) else {})
    if parameters:
        refusal["parameters"] = parameters
    return status, json.dumps(refusal).encode()


def _parameters(method: str, status: int, given: Json) -> Json:
    parameters: Json = {}
    moved = whole_number(given.get("migrate_to_chat_id"), -LARGEST_ID, -1)
    if moved is not None:
        parameters["migrate_to_chat_id"] = moved
    if status == HTTPStatus.TOO_MANY_REQUESTS or _seconds(given.get("retry_after")) is not None:
        seconds = _seconds(given.get("retry_after"))
        wait = USUAL_WAIT if seconds is None else math.ceil(_bounded(method, seconds))
        parameters["retry_after"] = max(wait, LEAST_WAIT)
    return parameters


def _bounded(method: str, seconds: float) -> float:
    is_message = method in _SENDS or method in _CHANGES
    is_kept = is_message and seconds <= LONGEST_SEND_WAIT
    return seconds if is_kept else min(seconds, LONGEST_WAIT)


def _seconds(value: object) -> float | None:
    """Seconds that are given as a number or as a string."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        seconds = float(value)
    except (ValueError, OverflowError):
        return None
    return None if math.isnan(seconds) else seconds


def _result(method: str, result: object) -> object:
    if method in _SENDS:
        return _message(_message_id(result))
    if method in _CHANGES:
        return True
    read = _READ.get(method)
    return whole(result) if read is None else read(result)


def _of_torn(method: str, text: str) -> object:
    """The result of a call whose answer is not valid JSON: the answer must begin with «ok», as the
    Bot API writes it, else the call counts as unanswered."""
    if not _BEGINS_OK.match(text):
        raise unreadable(method)
    if method in _SENDS:
        found = _MESSAGE_ID.search(text)
        return _message(_message_id({"message_id": int(found[1])} if found else None))
    if method in _CHANGES:
        return True
    raise unreadable(method)


def _message_id(result: object) -> int:
    named = result.get("message_id") if isinstance(result, dict) else None
    return whole_number(named, 1, UNREAD_ID) or UNREAD_ID


def _message(message_id: int) -> Json:
    """A Message with only its id: the outbox uses no other field."""
    return {"message_id": message_id, "date": 0, "chat": {"id": 0, "type": "private"}}


def _user(result: object) -> Json:
    """The bot's own account. Its username tells whether a command in a group is for it."""
    user = result if isinstance(result, dict) else {}
    user_id, username = whole_number(user.get("id"), 1, LARGEST_ID), user.get("username")
    first_name = user.get("first_name")
    if user_id is None or not isinstance(username, str) or not username:
        raise unreadable("getMe")
    name = first_name if isinstance(first_name, str) else username
    return {
        "id": user_id,
        "is_bot": True,
        "first_name": whole(name),
        "username": whole(username),
    }


def _file(result: object) -> Json:
    """The path for downloading a file, and its size in bytes."""
    file = result if isinstance(result, dict) else {}
    found: Json = {}
    for name in ("file_id", "file_unique_id", "file_path"):
        value = file.get(name)
        if not isinstance(value, str) or not value:
            raise unreadable("getFile")
        found[name] = whole(value)
    size = whole_number(file.get("file_size"), 0, 2**52)
    return found if size is None else {**found, "file_size": size}


def _webhook(result: object) -> Json:
    """The address that updates are sent to, how many wait, and the last trouble with sending."""
    given = result if isinstance(result, dict) else {}
    url = given.get("url")
    if not isinstance(url, str):
        raise unreadable("getWebhookInfo")
    waiting = whole_number(given.get("pending_update_count"), 0, 2**52)
    found: Json = {
        "url": whole(url),
        "has_custom_certificate": False,
        "pending_update_count": waiting or 0,
    }
    at = whole_number(given.get("last_error_date"), 1, 2**33)
    trouble = given.get("last_error_message")
    if at is not None and isinstance(trouble, str):
        found |= {"last_error_date": at, "last_error_message": whole(trouble[:LONGEST_DESCRIPTION])}
    return found


def _description(field: str, method: str) -> Callable[[object], Json]:
    """A reader of the one text in the answer to ``method``."""

    def read(result: object) -> Json:
        text = result.get(field) if isinstance(result, dict) else None
        if not isinstance(text, str):
            raise unreadable(method)
        return {field: whole(text)}

    return read


_READ: Mapping[str, Callable[[object], Json]] = {
    "getMe": _user,
    "getFile": _file,
    "getWebhookInfo": _webhook,
    "getMyDescription": _description("description", "getMyDescription"),
    "getMyShortDescription": _description("short_description", "getMyShortDescription"),
}
