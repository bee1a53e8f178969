"""The stand-in of the platform: its eight calls over HTTP on the loopback, and a judge.

Routes, sessions, faults and the log of requests; what an answer says is in `service`.
"""

import asyncio
import math
import time
from collections.abc import Awaitable, Callable, Iterable, Mapping
from functools import partial
from random import Random
from typing import Protocol

from aiohttp import web

from demo.platform import answers, connections, control, pages
from demo.platform.answers import Answer
from demo.platform.connections import NoAnswer
from demo.platform.endpoints import TREE_READS, Endpoint
from demo.platform.faults import EXPIRED_FORMS, Fault, FaultKind, Faults
from demo.platform.requests import Hook, Phase, Request
from demo.platform.school import School
from demo.platform.service import Service
from demo.platform.sessions import Sessions
from demo.platform.violations import Violation, ViolationKind

READ_PAUSE = 0.9
SESSION_LIFETIME = 36_000.0
"""Platform seconds: a cookie expires 10 hours after it was issued."""


Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Site(Protocol):
    """Another site of the platform at the same address."""

    def add_routes(self, app: web.Application) -> None:
        """Put its routes before those that take every path."""


class PlatformServer:
    """The platform on 127.0.0.1. Platform seconds are `monotonic()` times `speed`.

    `lag` is how many platform seconds the trees' percents are behind; `beside` are further sites
    at the same address; `seed` draws the forms of percents, passing fields and expiry.
    Nothing of the state is lost by `stop` and `start` again on the same port: in between,
    connections are refused.
    """

    def __init__(
        self,
        school: School,
        *,
        speed: float = 1.0,
        monotonic: Callable[[], float] = time.monotonic,
        lag: float = 0.0,
        seed: int = 0,
        beside: Iterable[Site] = (),
    ) -> None:
        self.school = school
        self.url = ""
        self.violations: list[Violation] = []
        self.requests: list[Request] = []
        self.faults = Faults(Endpoint)
        self.on_request: Hook | None = None
        self._speed = speed
        self._monotonic = monotonic
        self._beside = tuple(beside)
        self._rng = Random(seed)
        self._sessions = Sessions(self._rng)
        self._service = Service(school, self._note, self._rng, lag)
        self._in_flight: dict[object, tuple[str, Callable[[], bool]]] = {}
        self._read_answered: dict[str, float] = {}
        self._runner: web.AppRunner | None = None

    async def start(self, port: int = 0) -> str:
        """Listen on 127.0.0.1 (port 0: a free one) and return the base URL."""
        app = web.Application()
        for endpoint in Endpoint:
            app.router.add_post(endpoint, self._handler(endpoint))
        app.router.add_get(pages.LOGIN_PATH, self._login_page)
        for site in self._beside:
            site.add_routes(app)
        app.router.add_route("*", "/{path:(?!__stand-in__/).*}", self._no_such_page)
        control.add_routes(app, self)
        app.on_response_prepare.append(self._set_balancer_cookie)
        runner = web.AppRunner(
            app, access_log=None, handler_cancellation=True, shutdown_timeout=0.1
        )
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", port).start()
        self._runner = runner
        host, bound = runner.addresses[0][:2]
        self.url = f"http://{host}:{bound}"
        return self.url

    async def stop(self) -> None:
        """Stop listening and end all connections. Harmless when it does not run."""
        if self._runner is not None:
            runner, self._runner = self._runner, None
            await runner.cleanup()

    def now(self) -> float:
        """The platform's time in its own seconds."""
        return self._monotonic() * self._speed

    def cookie_for(self, stu_id: str, *, lifetime: float = SESSION_LIFETIME) -> str:
        """Log the student in: a new `auth` value that lives `lifetime` platform seconds.

        Raises KeyError for an unknown student.
        """
        self.school.student(stu_id)
        return self._sessions.issue(stu_id, self.now() + lifetime)

    def session_left(self, stu_id: str) -> float | None:
        """Platform seconds until the student's last cookie expires, 0 if it has; None if there
        never was one."""
        return self._sessions.left(stu_id, self.now())

    def expire(self, stu_id: str) -> None:
        """End all sessions of the student now."""
        self._sessions.expire(stu_id)

    def shown(self, stu_id: str, cell_id: str) -> float:
        """The percent of a cell that the platform has now, without lag. Raises KeyError."""
        return self.school.progress(stu_id, cell_id).percent

    def bar(self, stu_id: str, minutes: int | None = 20) -> None:
        """Bar the student now; the next view or report tells."""
        self._service.study(stu_id).bar(minutes, self.now())

    def _note(self, student: str, kind: ViolationKind, detail: str) -> None:
        self.violations.append(Violation(self.now(), student, kind, detail))

    async def handle(
        self,
        endpoint: Endpoint,
        form: Mapping[str, str],
        auth: str,
        *,
        is_held: Callable[[], bool] = lambda: True,
    ) -> Answer:
        """Answer one request with the cookie's `auth` value, as over HTTP but without it.

        `is_held` tells whether the client still waits. Raises NoAnswer.
        """
        at = self.now()
        student = self._sessions.owner(auth, at)
        answer: Answer | None = None
        place = object()
        self._enter(student, endpoint, place, is_held)
        try:
            answer = await self._answer(endpoint, student, form, at)
        finally:
            self._in_flight.pop(place, None)
            self._log(at, endpoint, student, form, answer)
        return answer

    def _handler(self, endpoint: Endpoint) -> Handler:
        async def handle(request: web.Request) -> web.StreamResponse:
            posted = await request.post()
            self._judge_token(request)
            form = {name: value for name, value in posted.items() if isinstance(value, str)}
            auth = request.cookies.get("auth", "")
            try:
                held = partial(connections.is_held, request)
                answer = await self.handle(endpoint, form, auth, is_held=held)
            except NoAnswer as end:
                connections.end(request, reset=end.reset)
                return web.Response()
            return await connections.send(request, answer)

        return handle

    def _enter(
        self, student: str | None, endpoint: Endpoint, place: object, is_held: Callable[[], bool]
    ) -> None:
        """Take a place among the requests in flight; one whose client left does not count."""
        if student is None:
            return
        for other, other_is_held in self._in_flight.values():
            if other == student and other_is_held():
                self._note(student, ViolationKind.CONCURRENT, endpoint)
                break
        self._in_flight[place] = (student, is_held)

    def _log(
        self,
        at: float,
        endpoint: Endpoint,
        student: str | None,
        form: Mapping[str, str],
        answer: Answer | None,
    ) -> None:
        if answer is None:
            self.requests.append(Request(at, endpoint, student, form, None, None, None))
            return
        now = self.now()
        if student is not None and endpoint in TREE_READS:
            self._read_answered[student] = now
        seen = Request(at, endpoint, student, form, answer.status, answer.code, now)
        self.requests.append(seen)

    async def _answer(
        self,
        endpoint: Endpoint,
        student: str | None,
        form: Mapping[str, str],
        at: float,
    ) -> Answer:
        if self.on_request is not None:
            await self.on_request(endpoint, Phase.BEFORE)
        too_soon = student is not None and self._reads_too_soon(student, endpoint, at)
        fault = self.faults.take(endpoint, form)
        if fault is not None:
            instead = await self._suffer(fault, endpoint, student)
            if instead is not None:
                return instead
        if student is None:
            return self._session_over()
        if too_soon:
            return answers.nginx_answer(504)
        answer = self._service.apply(
            endpoint, student, form, at, count=not _is(fault, FaultKind.NO_COUNT)
        )
        if self.on_request is not None:
            await self.on_request(endpoint, Phase.APPLIED)
        lost = _is(fault, FaultKind.LOST_AFTER)
        self._service.answered(endpoint, student, answer.code, self.now(), lost=lost)
        if lost:
            raise NoAnswer
        return answers.changed(fault, answer)

    def _reads_too_soon(self, student: str, endpoint: Endpoint, at: float) -> bool:
        since = at - self._read_answered.get(student, -math.inf)
        if endpoint not in TREE_READS or since >= READ_PAUSE:
            return False
        self._note(student, ViolationKind.READ_TOO_SOON, f"{endpoint} after {since:.3f} s")
        return True

    async def _suffer(self, fault: Fault, endpoint: Endpoint, student: str | None) -> Answer | None:
        """What a fault does before the request is applied; None lets it go on."""
        match fault.kind:
            case FaultKind.RESET | FaultKind.AWAY:
                raise NoAnswer(reset=fault.kind is FaultKind.RESET)
            case FaultKind.HANG:
                await asyncio.sleep(fault.seconds)
                return None
            case FaultKind.BAR if student is not None:
                answer = self._service.bar(student, fault.minutes, self.now())
            case _:
                instead = answers.page_instead(fault, self._rng)
                if instead is None:
                    return None
                answer = instead
        if student is not None and endpoint is Endpoint.REPORT:
            self._service.study(student).reported_at = self.now()
        return answer

    def _session_over(self) -> Answer:
        form = self.faults.expired_form or self._rng.choice(EXPIRED_FORMS)
        answer = answers.page_instead(form, self._rng)
        if answer is None:
            raise ValueError(f"{form.kind} is no form of an expired session")
        return answer

    async def _login_page(self, _request: web.Request) -> web.Response:
        return web.Response(text=pages.LOGIN_PAGE, content_type="text/html")

    def _judge_token(self, request: web.Request) -> None:
        if "Authorization" in request.headers:
            self._note("", ViolationKind.STRAY_TOKEN, request.path)

    async def _no_such_page(self, request: web.Request) -> web.Response:
        self._judge_token(request)
        status = 405 if request.path in set(Endpoint) else 404
        return web.Response(status=status, text=pages.nginx_page(status), content_type="text/html")

    async def _set_balancer_cookie(
        self, _request: web.BaseRequest, response: web.StreamResponse
    ) -> None:
        value = f"{self._rng.getrandbits(248):062x}"
        cookie = f"acw_tc={value};path=/;HttpOnly;Max-Age=1800"
        response.headers.add("Set-Cookie", cookie)


def _is(fault: Fault | None, kind: FaultKind) -> bool:
    return fault is not None and fault.kind is kind
