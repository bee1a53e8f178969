"""What becomes of each odd answer at each endpoint: played behind the gate, and written down.

``ODD_ANSWERS=write`` writes the table of ``docs/platform.md`` anew.
"""

import json
import os
from collections.abc import Awaitable, Callable
from pathlib import Path

import httpx
import pytest

from bot.clock import PlatformClock, SystemClock
from bot.zjy.bodies import MOST_BYTES
from bot.zjy.client import Client
from bot.zjy.endpoints import Endpoint
from bot.zjy.errors import (
    AnswerLost,
    OddAnswer,
    Refused,
    SessionExpired,
    SessionInDoubt,
    Temporary,
    ZjyError,
)
from bot.zjy.gate import Gate, Priority, Session
from bot.zjy.json_text import MOST_DEPTH, MOST_PARTS
from bot.zjy.models import OpenCell, Report
from tests.support.scripted_platform import COURSE, VIEW, ScriptedPlatform, Step, auth_of

pytestmark = pytest.mark.looptime(start=0)

PAGE = Path(__file__).resolve().parents[2] / "docs" / "platform.md"
BEGIN, END = "<!-- odd answers -->\n", "<!-- end of odd answers -->\n"
OPEN = OpenCell(course_open_id="a", open_class_id="b", cell_id="c")
CALLS: dict[Endpoint, Callable[[Session], Awaitable[object]]] = {
    Endpoint.COURSES: lambda s: s.courses(),
    Endpoint.MODULES: lambda s: s.modules(COURSE),
    Endpoint.TOPICS: lambda s: s.topics(COURSE, "m"),
    Endpoint.CELLS: lambda s: s.cells(COURSE, "t"),
    Endpoint.ME: lambda s: s.me(),
    Endpoint.VIEW: lambda s: s.view(COURSE, "c", "m"),
    Endpoint.SWITCH: lambda s: s.switch_cell(OPEN),
    Endpoint.REPORT: lambda s: s.report(COURSE, "m", "c", VIEW, Report(page=1)),
}
READS = (Endpoint.COURSES, Endpoint.MODULES, Endpoint.TOPICS, Endpoint.CELLS)
COLUMNS: dict[str, tuple[Endpoint, ...]] = {
    "lists": READS,
    "`index`": (Endpoint.ME,),
    "view": (Endpoint.VIEW,),
    "switch": (Endpoint.SWITCH,),
    "report": (Endpoint.REPORT,),
}
AGAIN = "again"


def raw(body: str, status: int = 200, headers: dict[str, str] | None = None) -> httpx.Response:
    return httpx.Response(status, content=body.encode(), headers=headers)


def said(code: object, msg: str = "") -> dict[str, object]:
    return {"code": code, "msg": msg} if msg else {"code": code}


ODD: dict[str, Step] = {
    "`[]`": raw("[]"),
    '`[{"code": 1}]`': raw('[{"code": 1}]'),
    "`3`": raw("3"),
    '`"text"`': raw('"text"'),
    '`""`': raw('""'),
    "`true`": raw("true"),
    "`null`": raw("null"),
    "`{}`": {},
    "`code` null": said(None, "系统繁忙"),
    "`code` text": said("error", "系统繁忙"),
    "`code` true": said(True),
    "`code` a list": said([1]),
    "`code` 1.5": said(1.5),
    "`code` NaN": raw('{"code": NaN}'),
    "`code` of 5,000 digits": raw('{"code": ' + "9" * 5000 + "}"),
    "two values of `code`": raw('{"code": 1, "code": -1}'),
}
"""By the rule of odd answers; a row of the table, how it is written → what the platform sends."""
OTHERS: dict[str, Step] = {
    "`code` 1 alone": said(1),
    "an unknown `code`, `系统繁忙，请稍后再试`": said(0, "系统繁忙，请稍后再试"),
    "int -1, `该课件不存在或已被删除`": said(-1, "该课件不存在或已被删除"),
    "int -1, `建议学习45分钟`": said(-1, "建议学习45分钟"),
    "int -1 without words": said(-1),
    "int -1, `操作频繁，请10分钟后再试`": said(-1, "操作频繁，请10分钟后再试"),
    "int -1, `您的账号已在其他地方登录`, the session lives": said(-1, "您的账号已在其他地方登录"),
    'string "-1"': said("-1"),
    "`用户信息异常` with any `code`": said(7, "用户信息异常"),
    "-33, `限制30分钟后开放`": said(-33, "限制30分钟后开放"),
    "-500": said(-500),
    "an empty body, the session lives": raw(""),
    "a login page, the session lives": raw("<form>登录</form>"),
    "a redirect, the session lives": raw("", 302, {"Location": "/login"}),
    "half a JSON": raw('{"code": 1, "x'),
    "JSON with something behind it": raw('{"code": 1} x'),
    f"nested deeper than {MOST_DEPTH}": raw('{"code": 1, "x": ' + "[" * 200 + "]" * 200 + "}"),
    f"more than {MOST_PARTS:,} values": raw("[" + "1," * MOST_PARTS + "1]"),
    f"longer than {MOST_BYTES // 2**20} MiB": raw('{"code": 1, "x": "' + "x" * MOST_BYTES + '"}'),
    "packed in a way that was not asked for": raw("x", 200, {"Content-Encoding": "br"}),
    "HTML with HTTP 502": raw("<html>502</html>", 502),
    "a firewall's HTML with HTTP 200": raw("<html>blocked</html>"),
}
ROWS = ODD | OTHERS


async def trouble_of(endpoint: Endpoint, step: Step, times: int) -> ZjyError | None:
    """The error that the caller of the gate meets; None where it gets what it asked for."""
    platform = ScriptedPlatform(latency=0.01)
    platform.script[endpoint] = [step] * times
    client = Client("http://127.0.0.1", transport=platform)
    gate = Gate(client, PlatformClock(SystemClock()), requests_per_second=1000)
    session = Session(gate, auth_of("a"), stu_id="stu-a", priority=Priority.JOB)
    try:
        await CALLS[endpoint](session)
    except ZjyError as trouble:
        return trouble
    finally:
        await client.aclose()
    return None


async def outcome(endpoint: Endpoint, step: Step, times: int) -> type[ZjyError] | None:
    trouble = await trouble_of(endpoint, step, times)
    if trouble is None:
        return None
    sent = json.dumps(step, ensure_ascii=False) if isinstance(step, dict) else ""
    assert trouble.msg in sent, "an error speaks in the platform's own words alone"
    assert not isinstance(trouble, SessionInDoubt), "the gate settles every doubt"
    return type(trouble)


async def cell_of(endpoint: Endpoint, step: Step) -> str:
    once = await outcome(endpoint, step, 1)
    lasting = await outcome(endpoint, step, 99)
    if lasting is None:
        return "done"
    if once is lasting:
        return f"`{lasting.__name__}`"
    assert once is None
    return f"{AGAIN}, `{lasting.__name__}`"


async def table() -> str:
    lines = [
        f"| the platform answers | {' | '.join(COLUMNS)} |",
        "|---" * (len(COLUMNS) + 1) + "|",
    ]
    for name, step in ROWS.items():
        cells = []
        for endpoints in COLUMNS.values():
            (cell,) = {await cell_of(each, step) for each in endpoints}
            cells.append(cell)
        lines.append(f"| {name} | {' | '.join(cells)} |")
    return "\n".join(lines) + "\n"


async def test_the_page_says_what_becomes_of_each_odd_answer() -> None:
    page = PAGE.read_text(encoding="utf-8")
    head, _, rest = page.partition(BEGIN)
    written, _, tail = rest.partition(END)
    played = await table()
    if os.environ.get("ODD_ANSWERS") == "write":
        PAGE.write_text(head + BEGIN + played + END + tail, encoding="utf-8")
        return
    assert written == played


@pytest.mark.parametrize("endpoint", list(CALLS))
async def test_an_answer_that_is_odd_is_never_a_refusal_and_never_an_expired_session(
    endpoint: Endpoint,
) -> None:
    once_only = endpoint in (Endpoint.SWITCH, Endpoint.REPORT)
    for name, step in ODD.items():
        lasting = await outcome(endpoint, step, 99)
        assert lasting is (AnswerLost if once_only else OddAnswer), name
        assert await outcome(endpoint, step, 1) is (AnswerLost if once_only else None), name


async def test_what_passes_is_never_told_as_a_refusal() -> None:
    passing = [name for name in OTHERS if "HTML" in name or "JSON" in name or "than" in name]
    for endpoint in CALLS:
        for name in passing:
            kind = await outcome(endpoint, OTHERS[name], 99)
            assert kind is not None
            assert issubclass(kind, Temporary), name
            assert not issubclass(kind, Refused | SessionExpired), name
