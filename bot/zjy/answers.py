"""Interprets an answer of the platform: bytes in, an object or one error of the tree out.

The rules come from ``docs/platform.md``, sections *Transport*, *Session* and *Result codes*. The
content type is ignored, since the platform sends JSON as ``text/html``.
"""

from http import HTTPStatus

from bot.zjy import said
from bot.zjy.endpoints import Endpoint
from bot.zjy.errors import (
    AnswerLost,
    Barred,
    CellLocked,
    OddAnswer,
    OtherCellOpen,
    ReportRefused,
    ServerTrouble,
    SessionExpired,
    SessionInDoubt,
    StepRefused,
    Temporary,
    UnknownAnswer,
    ViewRefused,
    ZjyError,
)
from bot.zjy.json_text import BadJson, parse
from bot.zjy.models import OpenCell

_LOGIN_WORDS = ("login", "登录")
NOT_OPEN_YET = -33


def read_answer(
    endpoint: Endpoint, status: int, location: str | None, body: bytes
) -> dict[str, object]:
    """The object of a successful answer (``code`` 1).

    ``status`` is the HTTP status, ``location`` the header of that name, ``body`` the whole body.
    Raises one of :class:`~bot.zjy.errors.ZjyError`'s kinds for everything else.
    """
    name = endpoint.short
    if 300 <= status < 400:
        raise SessionInDoubt(name, detail=f"HTTP {status} to {location or 'nowhere'}")
    text = body.decode("utf-8-sig", errors="replace").strip()
    if not text:
        kind = ServerTrouble if is_passing(status) else SessionInDoubt
        raise kind(name, detail=f"HTTP {status}, empty body")
    answer: object
    try:
        answer = parse(text)
    except BadJson as bad:
        answer = _not_json(endpoint, status, text, str(bad))
    if isinstance(answer, ZjyError):  # raised here, so that no decoder's error is its context
        raise answer
    if not isinstance(answer, dict):
        what = f"HTTP {status}, a JSON {type(answer).__name__} instead of an object"
        raise ServerTrouble(name, detail=what) if is_passing(status) else odd(endpoint, what)
    trouble = _trouble(endpoint, status, answer)
    if trouble is not None:
        raise trouble
    return answer


def odd(endpoint: Endpoint, detail: str, *, code: int | str | None = None) -> Temporary:
    """The endpoint's error for an unusable answer; ``detail`` is for the log."""
    kind = AnswerLost if endpoint in (Endpoint.SWITCH, Endpoint.REPORT) else OddAnswer
    return kind(endpoint.short, code=code, detail=detail)


def broken(endpoint: Endpoint, detail: str) -> Temporary:
    """The endpoint's error for an incomplete answer; ``detail`` is for the log."""
    kind = AnswerLost if endpoint.changes_state else ServerTrouble
    return kind(endpoint.short, detail=detail)


def is_passing(status: int) -> bool:
    """Whether an HTTP status tells of trouble of the server, or of its gateway, that passes."""
    return status >= HTTPStatus.INTERNAL_SERVER_ERROR or status == HTTPStatus.TOO_MANY_REQUESTS


def _not_json(endpoint: Endpoint, status: int, text: str, why: str) -> ZjyError:
    if text[0] in "{[":
        return broken(endpoint, f"HTTP {status}, JSON that cannot be read: {why}")
    page = text.lower()
    # Scripts can show or open the login page without a form; a firewall's page with the word costs
    # only one request.
    if status in (HTTPStatus.OK, HTTPStatus.UNAUTHORIZED) and any(
        word in page for word in _LOGIN_WORDS
    ):
        return SessionInDoubt(endpoint.short, detail=f"HTTP {status}, a login page")
    return ServerTrouble(endpoint.short, detail=f"HTTP {status}, not JSON")


def _trouble(endpoint: Endpoint, status: int, answer: dict[str, object]) -> ZjyError | None:
    """The error that the answer means, or None. The message takes precedence over the code."""
    name = endpoint.short
    msg, raw = said.message(answer), answer.get("code")
    number = said.number(raw)
    code = None if number is None else said.kept(raw)
    if said.is_of_expiry(msg):
        return SessionExpired(name, msg, code=code)
    if number == 1:
        return None
    if number != NOT_OPEN_YET and said.is_of_bar(msg):
        return Barred(name, msg, code=code, minutes=said.minutes(msg))
    if code == "-1":
        return SessionExpired(name, msg, code=code)
    meaning = None if number is None else _by_code(endpoint, number, msg, answer)
    if said.is_of_login(msg):
        otherwise = None if isinstance(meaning, ViewRefused) else meaning
        return SessionInDoubt(name, msg, code=code, otherwise=otherwise)
    if meaning is not None:
        return meaning
    if is_passing(status):
        return ServerTrouble(name, msg, code=code, detail=f"HTTP {status}")
    if number is None:
        return odd(endpoint, f"HTTP {status}, no readable code")
    return UnknownAnswer(name, msg, code=code)


def _by_code(
    endpoint: Endpoint, number: int, msg: str, answer: dict[str, object]
) -> ZjyError | None:
    name = endpoint.short
    match number, endpoint:
        case -1, Endpoint.VIEW:
            return ViewRefused(name, msg, code=number) if msg else Barred(name, code=number)
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
