"""One answer on its way out: status, headers and body, whatever became of the request."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from random import Random

from bot.demo.platform import pages
from bot.demo.platform.faults import Fault, FaultKind

HTML = "text/html; charset=utf-8"


@dataclass(frozen=True, slots=True)
class Answer:
    """What is sent; `code` is the JSON's own, None for anything else."""

    status: int = 200
    body: str = ""
    code: object = None
    headers: Mapping[str, str] = field(default_factory=dict)


def json_answer(body: Mapping[str, object]) -> Answer:
    """JSON, which the platform sends under the content type of a page."""
    return Answer(body=json.dumps(body, ensure_ascii=False), code=body.get("code"))


def cut_in_half(answer: Answer) -> Answer:
    """The first half of that answer's body."""
    return Answer(answer.status, answer.body[: len(answer.body) // 2])


def nginx_answer(status: int) -> Answer:
    """A gateway's error page."""
    return Answer(status, pages.nginx_page(status))


def page_instead(fault: Fault, rng: Random) -> Answer | None:
    """The ready answer of a fault that replaces the request altogether; None for the others.

    `rng` draws the code beside the text of an expired session, which can be any.
    """
    match fault.kind:
        case FaultKind.HTTP_502 | FaultKind.HTTP_503 | FaultKind.HTTP_504:
            return nginx_answer(int(fault.kind[-3:]))
        case FaultKind.FIREWALL_200:
            return Answer(body=pages.FIREWALL_PAGE)
        case FaultKind.EMPTY:
            return Answer()
        case FaultKind.LOGIN_PAGE:
            return Answer(body=pages.LOGIN_PAGE)
        case FaultKind.REDIRECT_LOGIN:
            return Answer(302, headers={"Location": pages.LOGIN_PATH})
        case FaultKind.EXPIRED_STRING:
            return json_answer({"code": "-1", "msg": "请先登录"})
        case FaultKind.EXPIRED_TEXT:
            code = rng.choice((-1, 1, -500))
            return json_answer({"code": code, "msg": "用户信息异常，请重新登录"})
        case FaultKind.JSON:
            return json_answer(fault.body)
        case _:
            return None
