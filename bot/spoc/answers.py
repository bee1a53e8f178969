"""Interprets an answer of the site since 2023: bytes in, its content or one error of the tree out.

The rules come from ``docs/platform.md``, section *The site since 2023*. The content type is
ignored.
"""

from http import HTTPStatus

from bot.spoc.endpoints import Endpoint
from bot.zjy import said
from bot.zjy.answers import is_passing
from bot.zjy.errors import OddAnswer, PageInstead, ServerTrouble, SessionExpired, ZjyError
from bot.zjy.json_text import BadJson, parse

GOOD = 200
EXPIRED = 401


def read_answer(endpoint: Endpoint, status: int, body: bytes) -> object:
    """The JSON of a successful answer.

    ``status`` is the HTTP status, ``body`` the whole body. Raises SessionExpired for a token that
    no longer works, PageInstead for a page, and kinds of Temporary for any other trouble.
    """
    name = endpoint.short
    if status == EXPIRED:
        raise SessionExpired(name, detail="HTTP 401")
    text = body.decode("utf-8-sig", errors="replace").strip()
    if not text or 300 <= status < 400:
        raise ServerTrouble(name, detail=f"HTTP {status}, no content")
    answer: object
    try:
        answer = parse(text)
    except BadJson as bad:
        answer = _not_json(name, status, text, str(bad))
    if isinstance(answer, ZjyError):  # raised here, so that no decoder's error is its context
        raise answer
    if isinstance(answer, dict) and "code" in answer:
        trouble = _by_code(name, answer)
        if trouble is not None:
            raise trouble
    if status != HTTPStatus.OK:
        raise ServerTrouble(name, detail=f"HTTP {status}")
    return answer


def rows_of(endpoint: Endpoint, answer: object) -> list[object]:
    """The list that an answer brings: itself, or its ``rows``, ``data``, ``data.rows`` or
    ``data.list``. Null there is an empty folder, and no courses if the answer counts none.
    Raises OddAnswer."""
    places = [answer]
    if isinstance(answer, dict):
        within = _data_of(answer)
        found = ((answer, "rows"), (answer, "data"), (within, "rows"), (within, "list"))
        places = [holder[name] for holder, name in found if name in holder]
    for place in places:
        if isinstance(place, list):
            return place
    if isinstance(answer, dict) and None in places:
        counted = said.number(answer.get("total", _data_of(answer).get("total")))
        if counted == 0 or endpoint is Endpoint.FOLDER:
            return []
    raise OddAnswer(endpoint.short, code=GOOD, detail="no list")


def total_of(answer: object) -> int:
    """How many entries the whole list has, as the answer says; 0 if it does not."""
    if not isinstance(answer, dict):
        return 0
    told = (said.number(holder.get("total")) for holder in (answer, _data_of(answer)))
    return max(total or 0 for total in told)


def user_of(endpoint: Endpoint, answer: object) -> object:
    """The object that describes the student. Raises OddAnswer."""
    if isinstance(answer, dict):
        data = _data_of(answer)
        for place in (answer.get("user"), data.get("user"), data or answer):
            if isinstance(place, dict) and (place is not answer or "userId" in place):
                return place
    raise OddAnswer(endpoint.short, code=GOOD, detail="no user")


def _data_of(answer: dict[str, object]) -> dict[str, object]:
    data = answer.get("data")
    return data if isinstance(data, dict) else {}


def _by_code(name: str, answer: dict[str, object]) -> ZjyError | None:
    number, msg = said.number(answer["code"]), said.message(answer)
    if number == GOOD:
        return None
    if number == EXPIRED:
        return SessionExpired(name, msg, code=EXPIRED)
    if number is None:
        return OddAnswer(name, msg, detail="no readable code")
    return ServerTrouble(name, msg, code=said.kept(answer["code"]))


def _not_json(name: str, status: int, text: str, why: str) -> ZjyError:
    if text[0] in "{[":
        return ServerTrouble(name, detail=f"HTTP {status}, JSON that cannot be read: {why}")
    kind = ServerTrouble if is_passing(status) else PageInstead
    return kind(name, detail=f"HTTP {status}, not JSON")
