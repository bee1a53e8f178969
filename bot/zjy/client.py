"""The platform's API, one method per endpoint. Only the gate calls it.

Only this module sends requests to the platform by httpx, whose errors it translates to the
project's own. It uses httpx's transport without its client: that follows redirects, keeps cookies
and merges settings, of which nothing is wanted here, and costs a third of a request. The cookie
goes into one header of one request, never into a jar, a log line or an error.
"""

import asyncio
import re
from collections.abc import Callable, Mapping
from typing import TypeVar
from urllib.parse import urlencode

import httpx
from pydantic import BaseModel, ValidationError

from bot.metrics import Metrics, ReportResult
from bot.proxies.address import Proxy
from bot.proxies.transport import ProxiedTransport
from bot.version import VERSION
from bot.zjy.answer_labels import GOOD, label_of
from bot.zjy.answers import broken, odd, read_answer
from bot.zjy.bodies import ACCEPTED, BadBody, read_body
from bot.zjy.cells import CellList
from bot.zjy.endpoints import Endpoint
from bot.zjy.errors import AnswerLost, Temporary, Unreachable, ZjyError
from bot.zjy.models import (
    CellView,
    CourseList,
    CourseRef,
    ModuleList,
    OpenCell,
    Report,
    Student,
    TopicList,
)

USER_AGENT = f"zjy-study-bot/{VERSION} (+personal study bot)"
TIMEOUT = 30.0
"""Real seconds for one whole request; connecting has a third of it."""
KEPT_CONNECTIONS = 20

_COOKIE_VALUE = re.compile(r"[!-~]+")
_REDACTED = "[cookie]"
_SHORTEST_SECRET = 16

TRANSLATION: Mapping[type[Exception], type[Temporary]] = {
    # Nothing was sent.
    httpx.ConnectError: Unreachable,
    httpx.ConnectTimeout: Unreachable,
    httpx.PoolTimeout: Unreachable,
    httpx.ProxyError: Unreachable,
    httpx.UnsupportedProtocol: Unreachable,
    httpx.InvalidURL: Unreachable,
    # The request may have been sent: whether it was applied is unknown.
    httpx.HTTPError: AnswerLost,
    httpx.RequestError: AnswerLost,
    httpx.TransportError: AnswerLost,
    httpx.TimeoutException: AnswerLost,
    httpx.ReadTimeout: AnswerLost,
    httpx.WriteTimeout: AnswerLost,
    httpx.NetworkError: AnswerLost,
    httpx.ReadError: AnswerLost,
    httpx.WriteError: AnswerLost,
    httpx.CloseError: AnswerLost,
    httpx.ProtocolError: AnswerLost,
    httpx.LocalProtocolError: AnswerLost,
    httpx.RemoteProtocolError: AnswerLost,
    httpx.DecodingError: AnswerLost,
    httpx.TooManyRedirects: AnswerLost,
    httpx.HTTPStatusError: AnswerLost,
    httpx.StreamError: AnswerLost,
    httpx.StreamConsumed: AnswerLost,
    httpx.StreamClosed: AnswerLost,
    httpx.ResponseNotRead: AnswerLost,
    httpx.RequestNotRead: AnswerLost,
    httpx.CookieConflict: AnswerLost,
    TimeoutError: AnswerLost,
    OSError: AnswerLost,
}

_M = TypeVar("_M", bound=BaseModel)


class Client:
    """The bare API at ``base_url`` (scheme and host). Each method takes the cookie's ``auth``
    value first and raises kinds of :class:`~bot.zjy.errors.ZjyError`.

    ``proxy`` is used for all requests; without it none is, even if the environment names one.
    ``transport`` is httpx's own kind of transport, for tests; ``timeout`` bounds one request in
    real seconds; ``boundary`` is called right before each send and right after each answer, for
    tests that end the process there. Close the client with :meth:`aclose`.
    """

    def __init__(
        self,
        base_url: str,
        *,
        proxy: Proxy | None = None,
        transport: httpx.AsyncBaseTransport | None = None,
        user_agent: str = USER_AGENT,
        timeout: float = TIMEOUT,
        boundary: Callable[[str, str], None] | None = None,
        metrics: Metrics | None = None,
        on_answer: Callable[[bool], None] = lambda _: None,
    ) -> None:
        self._on_answer = on_answer
        self._metrics = metrics or Metrics()
        self._timeout = timeout
        self._boundary = boundary
        # The gate bounds the requests, one per student. With a bound here, hanging requests would
        # block all other students.
        if transport is None and proxy is not None:
            transport = ProxiedTransport(proxy, connections=None, kept=KEPT_CONNECTIONS)
        self._transport = transport or httpx.AsyncHTTPTransport(
            limits=httpx.Limits(max_connections=None, max_keepalive_connections=KEPT_CONNECTIONS),
            trust_env=False,
        )
        base = base_url.rstrip("/")
        self._urls = {endpoint: httpx.URL(base + endpoint.value) for endpoint in Endpoint}
        self._headers = [
            ("Host", httpx.URL(base).netloc.decode("ascii")),
            ("User-Agent", user_agent),
            ("Accept", "application/json, */*"),
            ("Accept-Encoding", ACCEPTED),
            ("Connection", "keep-alive"),
            ("Content-Type", "application/x-www-form-urlencoded"),
        ]
        # Only connecting has a bound of its own: what comes after is part of the whole request's.
        self._extensions = {"timeout": {"connect": timeout / 3}}

    async def aclose(self) -> None:
        """Close all connections."""
        await self._transport.aclose()

    async def me(self, auth: str) -> Student:
        """The student whose session this is."""
        return await self._ask(auth, Endpoint.ME, {}, Student)

    async def courses(self, auth: str) -> CourseList:
        """The student's courses and terms."""
        return await self._ask(auth, Endpoint.COURSES, {}, CourseList)

    async def modules(self, auth: str, course: CourseRef) -> ModuleList:
        """A course's modules with their percents."""
        return await self._ask(auth, Endpoint.MODULES, _course(course), ModuleList)

    async def topics(self, auth: str, course: CourseRef, module_id: str) -> TopicList:
        """A module's topics."""
        form = {"courseOpenId": course.course_open_id, "moduleId": module_id}
        return await self._ask(auth, Endpoint.TOPICS, form, TopicList)

    async def cells(self, auth: str, course: CourseRef, topic_id: str) -> CellList:
        """A topic's cells."""
        form = {**_course(course), "topicId": topic_id}
        return await self._ask(auth, Endpoint.CELLS, form, CellList)

    async def view(self, auth: str, course: CourseRef, cell_id: str, module_id: str) -> CellView:
        """Open a cell; ``module_id`` is its module's id, also for a folder's child."""
        form = {**_course(course), "cellId": cell_id, "flag": "s", "moduleId": module_id}
        view = await self._ask(auth, Endpoint.VIEW, form, CellView)
        if view.cell_id != cell_id or not view.token:
            raise odd(Endpoint.VIEW, "not a view of the cell that was asked for", code=1)
        return view

    async def switch_cell(self, auth: str, open_cell: OpenCell) -> None:
        """Close the cell that a -100 answer named."""
        form = {
            "courseOpenId": open_cell.course_open_id,
            "openClassId": open_cell.open_class_id,
            "moduleId": open_cell.module_id,
            "cellId": open_cell.cell_id,
            "cellName": open_cell.cell_name,
        }
        await self._answer(auth, Endpoint.SWITCH, form)

    async def report(
        self,
        auth: str,
        course: CourseRef,
        module_id: str,
        cell_id: str,
        view: CellView,
        report: Report,
    ) -> None:
        """Report study of a cell under the token of its ``view``."""
        form = {
            **_course(course),
            "moduleId": module_id,
            "cellId": cell_id,
            "cellLogId": view.cell_log_id,
            **report.form(),
            "token": view.token,
        }
        await self._answer(auth, Endpoint.REPORT, form)

    async def _ask(
        self, auth: str, endpoint: Endpoint, form: dict[str, str], model: type[_M]
    ) -> _M:
        answer = await self._answer(auth, endpoint, form)
        try:
            return model.model_validate(answer)
        except ValidationError as error:
            problem = _places(error)
        # Raised outside the handler, because pydantic's own message quotes the answer.
        raise odd(endpoint, problem, code=1)

    async def _answer(
        self, auth: str, endpoint: Endpoint, form: dict[str, str]
    ) -> dict[str, object]:
        try:
            answer = await self._answered(auth, endpoint, form)
        except ZjyError as trouble:
            self._metrics.platform_answer(endpoint.short, label_of(trouble))
            self._on_answer(not isinstance(trouble, Temporary))
            if endpoint is Endpoint.REPORT:
                is_lost = isinstance(trouble, Temporary)
                self._metrics.report(ReportResult.LOST if is_lost else ReportResult.REFUSED)
            raise
        self._metrics.platform_answer(endpoint.short, GOOD)
        self._on_answer(True)
        if endpoint is Endpoint.REPORT:
            self._metrics.report(ReportResult.ACCEPTED)
        return answer

    async def _answered(
        self, auth: str, endpoint: Endpoint, form: dict[str, str]
    ) -> dict[str, object]:
        status, location, body = await self._send(auth, endpoint, form)
        if len(auth) >= _SHORTEST_SECRET:
            # An echoed cookie must not get into an error's text.
            location = location and location.replace(auth, _REDACTED)
            body = body.replace(auth.encode(), _REDACTED.encode())
        return read_answer(endpoint, status, location, body)

    async def _send(
        self, auth: str, endpoint: Endpoint, form: dict[str, str]
    ) -> tuple[int, str | None, bytes]:
        """The status, the header ``location`` and the body of the answer."""
        if not _COOKIE_VALUE.fullmatch(auth) or ";" in auth:
            raise ValueError("the auth value cannot stand in a Cookie header")
        request = httpx.Request(
            "POST",
            self._urls[endpoint],
            headers=[*self._headers, ("Cookie", f"auth={auth}")],
            content=urlencode(form).encode("ascii"),
            extensions=self._extensions,
        )
        trouble: Temporary
        try:
            # httpx bounds single reads only: a slow body would hold the student's queue for ever.
            async with asyncio.timeout(self._timeout):
                if self._boundary is not None:
                    self._boundary("before send", f"platform {endpoint.short}")
                response = await self._transport.handle_async_request(request)
                try:
                    coding: str = response.headers.get("content-encoding", "")
                    # The transport's stream: the bytes as they were sent.
                    body = await read_body(coding, _stream_of(response))
                finally:
                    await response.aclose()
                if self._boundary is not None:
                    self._boundary("after answer", f"platform {endpoint.short}")
                return response.status_code, response.headers.get("location"), body
        except BadBody as bad:
            trouble = broken(endpoint, str(bad))
        except tuple(TRANSLATION) as error:
            trouble = _translate(endpoint, error)
        # Raised outside the handler, because a protocol error's message can quote the header.
        raise trouble


def _stream_of(response: httpx.Response) -> httpx.AsyncByteStream:
    if not isinstance(response.stream, httpx.AsyncByteStream):
        raise TypeError("not the answer of an asynchronous transport")
    return response.stream


def _course(course: CourseRef) -> dict[str, str]:
    return {"courseOpenId": course.course_open_id, "openClassId": course.open_class_id}


def _translate(endpoint: Endpoint, error: Exception) -> Temporary:
    for kind in type(error).__mro__:
        if kind in TRANSLATION:
            return TRANSLATION[kind](endpoint.short, detail=type(error).__name__)
    raise AssertionError("only listed errors are caught")


def _places(error: ValidationError) -> str:
    """The fields where the answer does not match the model, without any of their values."""
    places = (
        ".".join(map(str, each["loc"])) + ": " + each["type"]
        for each in error.errors(include_input=False, include_url=False, include_context=False)
    )
    return "; ".join(places)[:300]
