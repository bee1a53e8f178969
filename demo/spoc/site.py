"""The site of today, which is only read: three requests, its tokens, and a judge.

It stands at the address of the old API, under its own paths. Whatever is asked beside the three
reads is recorded as a violation. What an answer says is in `wire`.
"""

import asyncio
import math
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from random import Random

from aiohttp import web

from demo.platform import answers, connections
from demo.platform.answers import Answer, json_answer
from demo.platform.connections import NoAnswer
from demo.platform.faults import Fault, FaultKind, Faults
from demo.platform.violations import Violation, ViolationKind
from demo.spoc.incomplete import Incomplete
from demo.spoc.reads import METHOD, PREFIX, Read, harm_of
from demo.spoc.school import Node, SpocCourse, SpocSchool
from demo.spoc.tokens import DAY, Tokens
from demo.spoc.trouble import EXPIRED_FORMS
from demo.spoc.wire import SUCCESS, Dialect, Wire

PACE = 0.99
"""Platform seconds from the answer to one request until the student's next."""
PAGE_SIZE = 10
BEARER = "Bearer "

Look = Callable[[str], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Asked:
    """A request that came: times are platform seconds, `status` is None without an answer.
    `is_cut` tells that rows were left out of a list."""

    at: float
    method: str
    path: str
    query: Mapping[str, str]
    student: str | None
    has_bearer: bool
    status: int | None
    is_cut: bool


class SpocSite:
    """The site of one school. Platform seconds are `monotonic()` times `speed`.

    `lag` is how many platform seconds percents are behind, `lifetime` how many a token lives,
    `incomplete` the share of lists that come without some of their rows;
    `wall` gives the moment that it writes as Beijing's; `seed` draws the forms that `dialect`
    leaves open.
    """

    def __init__(
        self,
        school: SpocSchool,
        *,
        speed: float = 1.0,
        monotonic: Callable[[], float] = time.monotonic,
        wall: Callable[[], datetime] = lambda: datetime.now(UTC),
        lag: float = 0.0,
        lifetime: float = DAY,
        incomplete: float = 0.0,
        dialect: Dialect | None = None,
        seed: int = 0,
    ) -> None:
        self.school = school
        self.dialect = dialect or Dialect()
        self.lag = lag
        self.lifetime = lifetime
        self.violations: list[Violation] = []
        self.requests: list[Asked] = []
        self.faults = Faults(Read)
        self.on_request: Look | None = None
        self._speed = speed
        self._monotonic = monotonic
        self._wall = wall
        self._rng = Random(seed)
        self.incomplete = Incomplete(self._rng, incomplete)
        self.tokens = Tokens(self._rng)
        self._wire = Wire(school, self.dialect, self._rng)
        self._in_flight: dict[object, tuple[str, Callable[[], bool]]] = {}
        self._free_from: dict[str, float] = {}

    def add_routes(self, app: web.Application) -> None:
        """Take every path of the site."""
        app.router.add_route("*", f"{PREFIX}/{{path:.*}}", self._over_http)

    def now(self) -> float:
        """The platform's time in its own seconds."""
        return self._monotonic() * self._speed

    def token_for(self, user_id: str, *, lifetime: float | None = None) -> str:
        """Log the student in: a new token. Raises KeyError for an unknown student."""
        self.school.pupil(user_id)
        return self.tokens.issue(user_id, self.now(), lifetime or self.lifetime)

    def token_left(self, user_id: str) -> float | None:
        """Platform seconds until the student's last token ends, 0 if it has; None if there never
        was one."""
        return self.tokens.left(user_id, self.now())

    def expire(self, user_id: str) -> None:
        """End all tokens of the student now."""
        self.tokens.expire(user_id)

    def asked(self) -> set[tuple[str, str]]:
        """Every method and path that ever came."""
        return {(each.method, each.path) for each in self.requests}

    async def handle(
        self,
        method: str,
        path: str,
        query: Mapping[str, str],
        headers: Mapping[str, str],
        *,
        is_held: Callable[[], bool] = lambda: True,
    ) -> Answer:
        """Answer one request, as over HTTP but without it; `headers` by lower-case name.

        `is_held` tells whether the client still waits. Raises NoAnswer.
        """
        at = self.now()
        given = headers.get("authorization", "")
        student = self.tokens.owner(given.removeprefix(BEARER), at)
        answer: Answer | None = None
        place = object()
        cuts = self.incomplete.cuts
        self._judge(at, method, path, student, headers, is_held)
        if student is not None:
            self._in_flight[place] = (student, is_held)
        try:
            answer = await self._answer(method, path, query, student)
        finally:
            self._in_flight.pop(place, None)
            if student is not None:
                self._free_from[student] = PACE + (at if answer is None else self.now())
            status = None if answer is None else answer.status
            bearer = given.startswith(BEARER)
            is_cut = self.incomplete.cuts > cuts
            asked = Asked(at, method, path, dict(query), student, bearer, status, is_cut)
            self.requests.append(asked)
        return answer

    async def _over_http(self, request: web.Request) -> web.StreamResponse:
        headers = {name.lower(): value for name, value in request.headers.items()}
        held = partial(connections.is_held, request)
        asked = request.method, request.path, dict(request.query), headers
        try:
            answer = await self.handle(*asked, is_held=held)
        except NoAnswer as end:
            connections.end(request, reset=end.reset)
            return web.Response()
        return await connections.send(request, answer)

    def _judge(
        self,
        at: float,
        method: str,
        path: str,
        student: str | None,
        headers: Mapping[str, str],
        is_held: Callable[[], bool],
    ) -> None:
        if method != METHOD or path not in set(Read):
            harm = harm_of(path) or "is none of the three reads"
            self._note(student, ViolationKind.FORBIDDEN, f"{method} {path} {harm}")
        if "cookie" in headers:
            self._note(student, ViolationKind.STRAY_COOKIE, path)
        if student is None:
            return
        others = self._in_flight.values()
        if any(other == student and held() for other, held in others):
            self._note(student, ViolationKind.CONCURRENT, path)
        elif at < (free := self._free_from.get(student, -math.inf)):
            self._note(student, ViolationKind.READ_TOO_SOON, f"{path} {free - at:.3f} s early")

    def _note(self, student: str | None, kind: ViolationKind, detail: str) -> None:
        self.violations.append(Violation(self.now(), student or "", kind, detail))

    async def _answer(
        self, method: str, path: str, query: Mapping[str, str], student: str | None
    ) -> Answer:
        if self.on_request is not None:
            await self.on_request(path)
        if method != METHOD or path not in set(Read):
            return self._forbidden(path)
        read = Read(path)
        fault = self.faults.take(read, query)
        if fault is not None:
            instead = await self._suffer(fault)
            if instead is not None:
                return instead
        if student is None:
            return self._instead(self.faults.expired_form or self._rng.choice(EXPIRED_FORMS))
        body = self._body(read, student, query, fault)
        return answers.changed(fault, json_answer(body))

    def _forbidden(self, path: str) -> Answer:
        """A path with effects is answered as if it had them; any other is not there."""
        found = harm_of(path) is not None
        code, msg = (SUCCESS, "操作成功") if found else (404, "资源不存在")
        return json_answer({"code": code, "msg": msg})

    async def _suffer(self, fault: Fault) -> Answer | None:
        """What a fault does before the request is answered; None lets it go on."""
        if fault.kind in (FaultKind.RESET, FaultKind.AWAY, FaultKind.LOST_AFTER):
            raise NoAnswer(reset=fault.kind is FaultKind.RESET)
        if fault.kind is FaultKind.HANG:
            await asyncio.sleep(fault.seconds)
            return None
        return answers.page_instead(fault, self._rng)

    def _instead(self, fault: Fault) -> Answer:
        answer = answers.page_instead(fault, self._rng)
        if answer is None:
            raise ValueError(f"{fault.kind} is no form of a token that is over")
        return answer

    def _body(
        self, read: Read, student: str, query: Mapping[str, str], fault: Fault | None
    ) -> dict[str, object] | list[object]:
        moment = self.now() - self.lag
        cut = fault is not None and fault.kind is FaultKind.INCOMPLETE
        match read:
            case Read.ME:
                return self._wire.me(self.school.pupil(student), self._wall())
            case Read.COURSES:
                courses = self.school.courses_of(student)
                total = len(courses)
                courses = self._page(query, courses)
                rows = self._wire.courses(courses, student, moment)
                ids = [[course.course_id] for course in courses]
                some = self.incomplete.some(student, rows, ids, cut=cut)
                return self._wire.enveloped(some, self.dialect.courses, total)
            case Read.RECORD:
                nodes = self._nodes(student, query)
                if nodes is None:
                    return {"code": 500, "msg": "课程不存在或参数错误"}
                rows = self._wire.nodes(nodes, query.get("parentId", ""), student, moment)
                ids = [[each.id for each in node.nodes()] for node in nodes]
                some = self.incomplete.some(student, rows, ids, cut=cut)
                return self._wire.enveloped(some, self.dialect.record, len(rows))

    def _nodes(self, student: str, query: Mapping[str, str]) -> tuple[Node, ...] | None:
        """What is in a folder; nothing for a folder whose children came inline, for another level
        and for what is no folder, None where no such course is taken."""
        ids = query.get("courseId"), query.get("courseInfoId"), query.get("classId")
        for course in self.school.courses_of(student):
            if (course.course_id, course.course_info_id, course.class_id) == ids:
                parent = query.get("parentId", "")
                level, nodes = self.school.level_of(course, parent) or (0, ())
                is_inline = any(n.inline for n in course.nodes() if n.id == parent)
                if str(level) != query.get("level") or is_inline:
                    return ()
                return nodes
        return None

    def _page(self, query: Mapping[str, str], courses: list[SpocCourse]) -> list[SpocCourse]:
        size = int(query.get("pageSize", PAGE_SIZE))
        begin = (int(query.get("pageNum", 1)) - 1) * size
        return courses[begin : begin + size]
