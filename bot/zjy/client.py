"""The platform's API, one method per endpoint. Only the gate calls it.

The cookie goes into one header of one request, never into a jar, a log line or an error.
"""

import re
from collections.abc import Callable
from typing import TypeVar
from urllib.parse import urlencode

import httpx
from pydantic import BaseModel, ValidationError

from bot.metrics import Metrics, ReportResult
from bot.proxies.address import Proxy
from bot.zjy.answers import broken, odd, read_answer
from bot.zjy.bodies import BadBody
from bot.zjy.cells import CellList
from bot.zjy.endpoints import Endpoint
from bot.zjy.errors import Temporary, ZjyError
from bot.zjy.exchange import TIMEOUT, Answer, Exchange
from bot.zjy.fields import places
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
from bot.zjy.said import label_of

_COOKIE_VALUE = re.compile(r"[!-~]+")
_GOOD = "1"
_CONTENT_TYPE = ("Content-Type", "application/x-www-form-urlencoded")

_M = TypeVar("_M", bound=BaseModel)


class Client:
    """The bare API at ``base_url`` (scheme and host). The methods are those of
    :class:`~bot.platforms.Studying`: each takes the cookie's ``auth`` value first and raises kinds
    of :class:`~bot.zjy.errors.ZjyError`.

    ``proxy``, ``transport``, ``timeout`` and ``boundary`` are as for
    :class:`~bot.zjy.exchange.Exchange`. Close the client with :meth:`aclose`.
    """

    def __init__(
        self,
        base_url: str,
        *,
        proxy: Proxy | None = None,
        transport: httpx.AsyncBaseTransport | None = None,
        timeout: float = TIMEOUT,
        boundary: Callable[[str, str], None] | None = None,
        metrics: Metrics | None = None,
        on_answer: Callable[[bool], None] = lambda _: None,
    ) -> None:
        self._on_answer = on_answer
        self._metrics = metrics or Metrics()
        self.exchange = Exchange(
            base_url, proxy=proxy, transport=transport, timeout=timeout, boundary=boundary
        )
        base = self.exchange.base_url
        self._urls = {endpoint: httpx.URL(base + endpoint.value) for endpoint in Endpoint}

    async def aclose(self) -> None:
        """Close all connections."""
        await self.exchange.aclose()

    async def me(self, auth: str) -> Student:
        return await self._ask(auth, Endpoint.ME, {}, Student)

    async def courses(self, auth: str) -> CourseList:
        return await self._ask(auth, Endpoint.COURSES, {}, CourseList)

    async def modules(self, auth: str, course: CourseRef) -> ModuleList:
        return await self._ask(auth, Endpoint.MODULES, _course(course), ModuleList)

    async def topics(self, auth: str, course: CourseRef, module_id: str) -> TopicList:
        form = {"courseOpenId": course.course_open_id, "moduleId": module_id}
        return await self._ask(auth, Endpoint.TOPICS, form, TopicList)

    async def cells(self, auth: str, course: CourseRef, topic_id: str) -> CellList:
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
            problem = places(error)
        # Raised outside the handler, because pydantic's own message quotes the answer.
        raise odd(endpoint, problem, code=1)

    async def _answer(
        self, auth: str, endpoint: Endpoint, form: dict[str, str]
    ) -> dict[str, object]:
        try:
            status, location, body = await self._send(auth, endpoint, form)
            answer = read_answer(endpoint, status, location, body)
        except ZjyError as trouble:
            self._metrics.platform_answer(endpoint.short, label_of(trouble))
            is_lost = isinstance(trouble, Temporary)
            self._on_answer(not is_lost)
            if endpoint is Endpoint.REPORT:
                self._metrics.report(ReportResult.LOST if is_lost else ReportResult.REFUSED)
            raise
        self._metrics.platform_answer(endpoint.short, _GOOD)
        self._on_answer(True)
        if endpoint is Endpoint.REPORT:
            self._metrics.report(ReportResult.ACCEPTED)
        return answer

    async def _send(self, auth: str, endpoint: Endpoint, form: dict[str, str]) -> Answer:
        if not _COOKIE_VALUE.fullmatch(auth) or ";" in auth:
            raise ValueError("the auth value cannot stand in a Cookie header")
        try:
            return await self.exchange.send(
                endpoint.short,
                "POST",
                self._urls[endpoint],
                (_CONTENT_TYPE, ("Cookie", f"auth={auth}")),
                auth,
                urlencode(form).encode("ascii"),
            )
        except BadBody as bad:
            problem = str(bad)
        raise broken(endpoint, problem)


def _course(course: CourseRef) -> dict[str, str]:
    return {"courseOpenId": course.course_open_id, "openClassId": course.open_class_id}
