"""What an answer of the platform means: bytes in, an object or one error of the tree out.

The rules come from ``docs/platform.md``, sections *Transport*, *Session* and *Result codes*.
The content type is never looked at: the platform sends JSON as ``text/html``.
"""

import json
import re
from http import HTTPStatus

from bot.zjy.endpoints import Endpoint
from bot.zjy.errors import (
    AnswerLost,
    Barred,
    CellLocked,
    Malformed,
    OtherCellOpen,
    ReportRefused,
    ServerTrouble,
    SessionExpired,
    SessionInDoubt,
    StepRefused,
    UnknownAnswer,
    ZjyError,
)
from bot.zjy.models import OpenCell

_MESSAGE_FIELDS = ("msg", "Msg", "message", "Message")
_EXPIRED_TEXT = "用户信息异常"
_BAR_TEXTS = ("异常学习行为", "刷课记录")
_BAR_MINUTES = re.compile(r"(\d{1,5})\s*分钟")
_LOGIN_WORDS = ("login", "登录")
_NO_ANSWER = ("", "null", '""')


def read_answer(
    endpoint: Endpoint, status: int, location: str | None, body: bytes
) -> dict[str, object]:
    """The object of a successful answer (``code`` 1).

    ``status`` is the HTTP status, ``location`` the header of that name, ``body`` the whole body.
    Raises one of :class:`~bot.zjy.errors.ZjyError`'s kinds for everything else.
    """
    if 300 <= status < 400:
        raise SessionInDoubt(endpoint.short, f"HTTP {status} to {location or 'nowhere'}")
    text = body.decode("utf-8-sig", errors="replace").strip()
    if text in _NO_ANSWER:
        kind = ServerTrouble if _server_failed(status) else SessionInDoubt
        raise kind(endpoint.short, f"HTTP {status}, empty body")
    try:
        answer: object = json.loads(text)
    except (ValueError, RecursionError):
        answer = _not_json(endpoint, status, text)
    if isinstance(answer, ZjyError):  # raised here, so that no decoder's error hangs on it
        raise answer
    if not isinstance(answer, dict):
        if _server_failed(status):
            raise ServerTrouble(endpoint.short, f"HTTP {status}")
        raise Malformed(endpoint.short, f"a JSON {type(answer).__name__} instead of an object")
    trouble = _trouble(endpoint, status, answer)
    if trouble is not None:
        raise trouble
    return answer


def _server_failed(status: int) -> bool:
    return status >= HTTPStatus.INTERNAL_SERVER_ERROR or status == HTTPStatus.TOO_MANY_REQUESTS


def _not_json(endpoint: Endpoint, status: int, text: str) -> ZjyError:
    if text[0] in "{[":
        kind = AnswerLost if endpoint.changes_state else ServerTrouble
        return kind(endpoint.short, f"HTTP {status}, the answer broke off")
    page = text.lower()
    # Scripts draw or call the login page without a form; a firewall's page that holds the word by
    # chance costs one question.
    if status in (HTTPStatus.OK, HTTPStatus.UNAUTHORIZED) and any(
        word in page for word in _LOGIN_WORDS
    ):
        return SessionInDoubt(endpoint.short, f"HTTP {status}, a login page")
    return ServerTrouble(endpoint.short, f"HTTP {status}, not JSON")


def _message(answer: dict[str, object]) -> str:
    for field in _MESSAGE_FIELDS:
        value = answer.get(field)
        if isinstance(value, str) and value.strip():
            return value.strip()
    return ""


def _trouble(endpoint: Endpoint, status: int, answer: dict[str, object]) -> ZjyError | None:
    """The error that the answer stands for, or None. The text wins over the code."""
    msg = _message(answer)
    raw = answer.get("code")
    code = _kept(raw)
    if _EXPIRED_TEXT in msg:
        return SessionExpired(endpoint.short, msg, code=code)
    minutes = _BAR_MINUTES.search(msg)
    if minutes or any(text in msg for text in _BAR_TEXTS):
        named = int(minutes.group(1)) if minutes else None
        return Barred(endpoint.short, msg, code=code, minutes=named)
    if isinstance(raw, str) and raw.strip() == "-1":
        return SessionExpired(endpoint.short, msg, code=code)
    number = _number(raw)
    if number == 1:
        return None
    known = None if number is None else _by_code(endpoint, number, msg, answer)
    if known is not None:
        return known
    if _server_failed(status):
        return ServerTrouble(endpoint.short, msg or f"HTTP {status}", code=code)
    return UnknownAnswer(endpoint.short, msg, code=code)


def _by_code(
    endpoint: Endpoint, number: int, msg: str, answer: dict[str, object]
) -> ZjyError | None:
    name = endpoint.short
    match number, endpoint:
        case -1, Endpoint.VIEW:
            return Barred(name, msg, code=number)
        case -1, Endpoint.REPORT:
            return ReportRefused(name, msg, code=number)
        case -100, (Endpoint.VIEW | Endpoint.REPORT):
            return OtherCellOpen(name, msg, code=number, open_cell=OpenCell.from_answer(answer))
        case -2, Endpoint.REPORT:
            return StepRefused(name, msg, code=number)
        case -33, Endpoint.VIEW:
            return CellLocked(name, msg, code=number)
        case -500, _:
            return ServerTrouble(name, msg, code=number)
        case _:
            return None


def _number(raw: object) -> int | None:
    """A code as a number: ints, whole floats and strings of either."""
    if isinstance(raw, bool) or not isinstance(raw, int | float | str):
        return None
    try:
        number = float(raw)
    except (ValueError, OverflowError):
        return None
    return int(number) if number.is_integer() else None


def _kept(raw: object) -> int | str | None:
    """A code as the person is shown it, whatever the platform put there."""
    if raw is None or (isinstance(raw, int) and not isinstance(raw, bool)):
        return raw
    return str(raw)[:100]
