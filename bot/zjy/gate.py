"""The gate: every request to the platform, from any part of the bot, passes here.

It allows one request in flight per student, with a pause before each except a report, bounds the
whole bot's requests, with people before jobs, retries reads and views briefly in temporary trouble,
and verifies whether a session that looks expired has expired (``docs/platform.md``, sections
*Session*, *Reading the course tree* and *Two more habits of the server*).
"""

import hashlib
from collections import OrderedDict
from collections.abc import Callable
from typing import TypeVar

from bot.clock import PlatformClock
from bot.loop_lag import LoopLag
from bot.zjy.cells import CellList
from bot.zjy.client import Client
from bot.zjy.endpoints import Endpoint
from bot.zjy.errors import (
    AnswerLost,
    ServerTrouble,
    SessionExpired,
    SessionInDoubt,
    Temporary,
    UnknownAnswer,
    ZjyError,
)
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
from bot.zjy.priority import Priority
from bot.zjy.request_bound import ReportCounts, RequestBound
from bot.zjy.retries import Request, never, retried
from bot.zjy.session_evidence import SessionEvidence
from bot.zjy.student_queue import PAUSE
from bot.zjy.student_queues import StudentQueues

__all__ = ["Gate", "Priority", "Session"]

GIVE_WAY_FROM, GIVE_WAY_MOST = 0.25, 1.0
"""Real seconds: a report gives way to people while the event loop is late by so many, and waits as
long as the loop is late, but no longer than this."""
KNOWN_COOKIES = 4096
"""The most cookies whose students are remembered; a forgotten one gets a queue of its own."""

_T = TypeVar("_T")


class Gate:
    """Shared by all parts of the bot that need the platform. ``requests_per_second`` bounds the
    whole bot in real time, without bursts; ``lag`` tells how late the event loop is."""

    def __init__(
        self,
        client: Client,
        clock: PlatformClock,
        *,
        requests_per_second: float,
        lag: LoopLag | None = None,
    ) -> None:
        self.client = client
        self.clock = clock
        self._lag = lag or LoopLag()
        self._bound = RequestBound(clock.clock, 1 / requests_per_second)
        self.queues = StudentQueues(clock, self._bound)
        self.reports = ReportCounts()
        self._students: OrderedDict[str, str] = OrderedDict()

    @property
    def waiting(self) -> int:
        """How many requests wait for their student's turn, or for the bound."""
        return self.queues.waiting

    def queue_key(self, cookie_key: str, stu_id: str | None) -> str:
        """The key of the queue: the student named by the platform, else by the caller, else the
        cookie."""
        return self._students.get(cookie_key) or stu_id or cookie_key

    def bind(self, cookie_key: str, stu_id: str) -> None:
        """Remember a cookie's student, and start the pause of this answer in that student's
        queue."""
        self._students[cookie_key] = stu_id
        self._students.move_to_end(cookie_key)
        if len(self._students) > KNOWN_COOKIES:
            self._students.popitem(last=False)
        self.queues.answered_now(stu_id)

    async def pass_one(
        self, key: str, priority: Priority, request: Request[_T], *, is_report: bool = False
    ) -> _T:
        """Send one request when the student's queue and the bot's bound allow it. A report has no
        pause before it."""
        if is_report:
            await self._give_way()
        turn = await self.queues.enter(key, priority, 0.0 if is_report else PAUSE)
        if is_report:
            self.reports.add(turn.waited)
        try:
            return await request()
        finally:
            self.queues.leave(turn)

    async def _give_way(self) -> None:
        """Wait while the event loop is full: what people wait for runs meanwhile. The student's
        queue is free for them."""
        real = self.clock.clock
        late = self._lag.seconds(real.monotonic())
        if late >= GIVE_WAY_FROM:
            await real.sleep(min(late, GIVE_WAY_MOST))


class Session:
    """A :class:`~bot.platforms.Studying`: the platform as the session of a cookie's ``auth`` value
    shows it. Give ``stu_id`` if it is known: it names the student queue, which all cookies of one
    student share. Once ``stopped()`` is true, temporary trouble is raised instead of retried. Each
    method raises kinds of :class:`~bot.zjy.errors.ZjyError`, never ``SessionInDoubt``."""

    def __init__(
        self,
        gate: Gate,
        auth: str,
        *,
        stu_id: str | None,
        priority: Priority,
        stopped: Callable[[], bool] = never,
    ) -> None:
        self._gate = gate
        self._client = gate.client
        self._auth = auth
        self._cookie_key = "cookie:" + hashlib.sha256(auth.encode()).hexdigest()
        self._stu_id = stu_id
        self._priority = priority
        self._stopped = stopped
        self.requests = 0

    async def me(self) -> Student:
        """The student whose session this is; binds the cookie to that student's queue. Raises
        ``SessionExpired`` for a session of no student."""
        evidence = SessionEvidence()
        return await self._retried(lambda: self._who(evidence), unknown_too=True)

    async def courses(self) -> CourseList:
        return await self._read(Endpoint.COURSES, lambda: self._client.courses(self._auth))

    async def modules(self, course: CourseRef) -> ModuleList:
        return await self._read(Endpoint.MODULES, lambda: self._client.modules(self._auth, course))

    async def topics(self, course: CourseRef, module_id: str) -> TopicList:
        """A module's topics, one with the id ``"0"`` (an empty chapter) included."""
        return await self._read(
            Endpoint.TOPICS, lambda: self._client.topics(self._auth, course, module_id)
        )

    async def cells(self, course: CourseRef, topic_id: str) -> CellList:
        return await self._read(
            Endpoint.CELLS, lambda: self._client.cells(self._auth, course, topic_id)
        )

    async def view(self, course: CourseRef, cell_id: str, module_id: str) -> CellView:
        """Open a cell. ``module_id`` is its module's id, also for a folder's child."""
        return await self._read(
            Endpoint.VIEW, lambda: self._client.view(self._auth, course, cell_id, module_id)
        )

    async def switch_cell(self, open_cell: OpenCell) -> None:
        """Close the unfinished cell that a -100 answer named. Sent once: after a lost answer only
        another view shows whether it is still needed."""
        await self._send_once(
            Endpoint.SWITCH, lambda: self._client.switch_cell(self._auth, open_cell)
        )

    async def report(
        self, course: CourseRef, module_id: str, cell_id: str, view: CellView, report: Report
    ) -> None:
        """Report study of an opened cell: sent once, without a pause by the gate.

        Raises ``AnswerLost`` if the session lives but the answer was empty: the report may have
        been applied.
        """
        await self._send_once(
            Endpoint.REPORT,
            lambda: self._client.report(self._auth, course, module_id, cell_id, view, report),
        )

    async def _send_once(self, endpoint: Endpoint, request: Request[None]) -> None:
        try:
            await self._pass(endpoint, request)
        except SessionInDoubt as doubt:
            raise await self._settled(doubt) from None

    async def _settled(self, doubt: SessionInDoubt) -> ZjyError:
        """The error that a doubtful answer to a request sent once means; raises ``SessionExpired``
        for a session of no student."""
        evidence = SessionEvidence(in_doubt=True)
        lost = AnswerLost(doubt.endpoint, doubt.msg, code=doubt.code, detail=doubt.detail)
        try:
            await self._retried(lambda: self._who(evidence))
        except Temporary:
            return lost
        return doubt.otherwise or lost

    async def _read(self, endpoint: Endpoint, request: Request[_T]) -> _T:
        evidence = SessionEvidence()

        async def once() -> _T:
            try:
                return await self._pass(endpoint, request)
            except SessionInDoubt as doubt:
                evidence.in_doubt = True
                await self._who(evidence)
                raise doubt.otherwise or _passing(doubt) from None

        # The engine itself retries a view with an unknown code.
        return await self._retried(once, unknown_too=endpoint is not Endpoint.VIEW)

    async def _who(self, evidence: SessionEvidence) -> Student:
        """Request the session's student once. Raises ``SessionExpired`` if the evidence shows a
        session of no student, and ``SessionInDoubt`` if it does not decide yet; a bar and temporary
        trouble decide nothing."""
        try:
            student = await self._pass(Endpoint.ME, lambda: self._client.me(self._auth))
        except (SessionInDoubt, UnknownAnswer) as nameless:
            if evidence.nameless(nameless):
                raise SessionExpired(nameless.endpoint, nameless.msg, code=nameless.code) from None
            if evidence.in_doubt:
                raise SessionInDoubt(
                    nameless.endpoint, nameless.msg, code=nameless.code, detail=nameless.detail
                ) from None
            raise
        except Temporary:
            evidence.undecided()
            raise
        evidence.undecided()
        self._gate.bind(self._cookie_key, student.stu_id)
        return student

    async def _pass(self, endpoint: Endpoint, request: Request[_T]) -> _T:
        self.requests += 1
        key = self._gate.queue_key(self._cookie_key, self._stu_id)
        is_report = endpoint is Endpoint.REPORT
        return await self._gate.pass_one(key, self._priority, request, is_report=is_report)

    async def _retried(self, once: Request[_T], *, unknown_too: bool = False) -> _T:
        """Retry temporary trouble, and an unknown code if ``unknown_too``."""
        kinds = (Temporary, UnknownAnswer) if unknown_too else (Temporary,)
        try:
            return await retried(once, kinds, self._gate.clock, self._stopped)
        except SessionInDoubt as undecided:
            raise _passing(undecided) from None


def _passing(doubt: SessionInDoubt) -> ServerTrouble:
    """The error for a doubtful answer of a session that is not known to have ended."""
    return ServerTrouble(doubt.endpoint, doubt.msg, code=doubt.code, detail=doubt.detail)
