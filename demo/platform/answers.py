"""One answer on its way out: status, headers and body, whatever became of the request."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from random import Random

from demo.platform import odd_bodies, pages
from demo.platform.faults import Fault, FaultKind

HTML = "text/html; charset=utf-8"
_HALF = re.compile("[\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Answer:
    """What is sent; `code` is the JSON's own, None for anything else.

    `body` is bytes where a test says it byte by byte; `announced` is a `Content-Length` that lies.
    """

    status: int = 200
    body: str | bytes = ""
    code: object = None
    headers: Mapping[str, str] = field(default_factory=dict)
    announced: int | None = None

    @property
    def content(self) -> bytes:
        """The body as it is sent."""
        return self.body if isinstance(self.body, bytes) else self.body.encode()


def json_answer(body: Mapping[str, object] | list[object]) -> Answer:
    """JSON, which the platform sends under the content type of a page. Half a character, in a name
    that was cut, comes as its escape."""
    text = json.dumps(body, ensure_ascii=False)
    escaped = _HALF.sub(lambda half: f"\\u{ord(half[0]):04x}", text)
    return Answer(body=escaped, code=body.get("code") if isinstance(body, Mapping) else None)


def changed(fault: Fault | None, answer: Answer) -> Answer:
    """What the fault makes of the answer to a request that was applied."""
    match fault:
        case Fault(kind=FaultKind.HALF_JSON):
            return cut_in_half(answer)
        case Fault(kind=FaultKind.ODD_ROWS):
            odd = odd_bodies.with_odd_rows(json.loads(answer.body))
            return replace(json_answer(odd), status=answer.status)
        case Fault(kind=FaultKind.WITHOUT_ID):
            odd = odd_bodies.without_id(json.loads(answer.body), fault.id)
            return replace(json_answer(odd), status=answer.status)
        case Fault(kind=FaultKind.PERCENTS):
            odd = odd_bodies.with_percents(json.loads(answer.body), fault.value)
            return replace(json_answer(odd), status=answer.status)
        case Fault(kind=FaultKind.RAW):
            return raw_answer(fault)
        case _:
            return answer


def raw_answer(fault: Fault) -> Answer:
    """Exactly what the fault names."""
    return Answer(fault.status, fault.raw, headers=fault.headers, announced=fault.announced)


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
        case FaultKind.JSON:
            return json_answer(fault.body)
        case FaultKind.RAW if not fault.applied:
            return raw_answer(fault)
        case FaultKind.PACKED:
            body = odd_bodies.packed(fault.unpacked)
            return Answer(body=body, headers={"Content-Encoding": "gzip"})
        case _:
            return _session_over(fault.kind, rng)


def _session_over(kind: FaultKind, rng: Random) -> Answer | None:
    match kind:
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
        case FaultKind.EXPIRED_WORDS:
            code = rng.choice((-1, 0, -500))
            return json_answer({"code": code, "msg": "您的账号已在其他地方登录，请重新登录"})
        case _:
            return None
