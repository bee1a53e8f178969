"""A platform inside the process: httpx's transport that answers by script, in the loop's time."""

import asyncio
import json
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise
from urllib.parse import parse_qs

import httpx

from bot.zjy.endpoints import Endpoint
from bot.zjy.models import CellView, CourseRef

COURSE = CourseRef("course-open-id", "open-class-id")
VIEW = CellView(cell_id="cell", token="token-of-the-view", cell_log_id="log")
GOOD: dict[Endpoint, dict[str, object]] = {
    Endpoint.ME: {"code": 1, "stuId": "stu-1", "disPlayName": "张三"},
    Endpoint.COURSES: {"code": 1, "courseList": [], "termList": []},
    Endpoint.MODULES: {"code": 1, "progress": {"moduleList": []}},
    Endpoint.TOPICS: {"code": 1, "topicList": []},
    Endpoint.CELLS: {"code": 1, "cellList": []},
    Endpoint.VIEW: {"code": 1, "guIdToken": "token", "cellId": ""},
    Endpoint.SWITCH: {"code": 1},
    Endpoint.REPORT: {"code": 1, "msg": "操作成功！"},
}
EMPTY = httpx.Response(200, content=b"")
GATEWAY = httpx.Response(502, text="<html>502 Bad Gateway</html>")
Step = httpx.Response | Exception | dict[str, object]


def auth_of(letter: str) -> str:
    """A cookie of the right shape that tests can tell apart."""
    return letter * 64


@dataclass
class Seen:
    """One request: the cookie, its form, and when it came and was answered, in loop seconds."""

    endpoint: Endpoint
    auth: str
    form: dict[str, str]
    started: float
    ended: float | None = None


class ScriptedPlatform(httpx.AsyncBaseTransport):
    """Answers by ``script`` (each step once, in order), then well. ``latency`` in seconds."""

    def __init__(self, latency: float = 0.1) -> None:
        self.latency = latency
        self.seen: list[Seen] = []
        self.first_request = asyncio.Event()
        self.script: dict[Endpoint, list[Step]] = defaultdict(list)
        self.most_in_flight: dict[str, int] = defaultdict(int)
        self.stu_id: Callable[[str], str] = lambda auth: f"stu-{auth[0]}"
        self._in_flight: dict[str, int] = defaultdict(int)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        form = {key: value[0] for key, value in parse_qs((await request.aread()).decode()).items()}
        auth = request.headers["cookie"].removeprefix("auth=")
        loop = asyncio.get_running_loop()
        seen = Seen(Endpoint(request.url.path), auth, form, loop.time())
        self.seen.append(seen)
        self.first_request.set()
        self._in_flight[auth] += 1
        self.most_in_flight[auth] = max(self.most_in_flight[auth], self._in_flight[auth])
        try:
            await asyncio.sleep(self.latency)
        finally:
            self._in_flight[auth] -= 1
            seen.ended = loop.time()
        return self._next_answer(seen)

    def _next_answer(self, seen: Seen) -> httpx.Response:
        steps = self.script[seen.endpoint]
        step = steps.pop(0) if steps else dict(GOOD[seen.endpoint])
        if isinstance(step, Exception):
            raise step
        if isinstance(step, httpx.Response):
            return httpx.Response(step.status_code, content=step.content, headers=step.headers)
        if seen.endpoint is Endpoint.ME and "stuId" in step:
            step["stuId"] = self.stu_id(seen.auth)
        if seen.endpoint is Endpoint.VIEW and step.get("cellId") == "":
            step["cellId"] = seen.form["cellId"]
        return httpx.Response(200, content=json.dumps(step).encode())

    @property
    def order(self) -> list[Endpoint]:
        return [each.endpoint for each in self.seen]

    def gaps(self) -> list[float]:
        """Seconds from each answer to the next request."""
        return [later.started - (earlier.ended or 0) for earlier, later in pairwise(self.seen)]
