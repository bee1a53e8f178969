"""The study engine with its real client and gate before the stand-in, without sockets.

Run it on a loop whose time is virtual: the stand-in, which judges every gap, tells the same time.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Self

from bot.clock import PlatformClock, SystemClock
from bot.study.events import CellEnded, StudyEvent
from bot.study.outline import read_outline
from bot.study.progress import Counts, Snapshot
from bot.study.run import Study
from bot.study.stop import StopFlag
from bot.zjy.client import Client
from bot.zjy.gate import Gate, Priority, Session
from bot.zjy.models import CourseRef
from demo.platform import (
    STUDENT,
    Endpoint,
    Fault,
    PlatformServer,
    School,
    school_of,
)
from demo.platform import (
    Cell as SchoolCell,
)
from storage.cells import Cell
from storage.enums import Outcome, Pace
from tests.support.in_process_transport import PlatformTransport
from tests.support.platform_view import PlatformView


@dataclass
class Ending:
    """What a run gave: all its events, and how each cell ended."""

    events: list[StudyEvent] = field(default_factory=list)
    seconds: float = 0.0

    @property
    def ended(self) -> list[CellEnded]:
        return [event for event in self.events if isinstance(event, CellEnded)]

    @property
    def outcomes(self) -> list[Outcome]:
        return [event.outcome for event in self.ended]

    def of(self, cell_id: str) -> CellEnded:
        (found,) = [event for event in self.ended if event.cell.cell_id == cell_id]
        return found

    def kinds(self) -> list[str]:
        return [type(event).__name__ for event in self.events]


class StudyHarness(PlatformView):
    """One student before the stand-in. Make it with :func:`open_study`."""

    def __init__(
        self, server: PlatformServer, transport: PlatformTransport, gate: Gate, clock: PlatformClock
    ) -> None:
        self.platform = server
        self.transport = transport
        self.clock = clock
        self.gate = gate
        self.auth = server.cookie_for(STUDENT.stu_id)
        self.stop = StopFlag()
        first = server.school.courses[0]
        self.course = CourseRef(first.course_open_id, first.open_class_id)

    @property
    def session(self) -> Session:
        return Session(self.gate, self.auth, stu_id=STUDENT.stu_id, priority=Priority.JOB)

    def says(self, endpoint: Endpoint, code: object, msg: str = "", *, times: int = 1) -> Self:
        """Let the next answers of an endpoint be this code and text."""
        return self.fault(endpoint, Fault.json({"code": code, "msg": msg}), times=times)

    async def plan(self) -> tuple[Cell, ...]:
        """The course as the platform's tree tells it."""
        modules = (await self.session.modules(self.course)).modules
        cells: tuple[Cell, ...] = ()
        async for read in read_outline(self.session, self.course, modules):
            cells = read.cells or cells
        return cells

    def new_study(
        self, pace: Pace = Pace.NORMAL, refused: Mapping[str, str] | None = None
    ) -> Study:
        return Study(
            self.session, self.course, self.clock, pace=pace, stop=self.stop, refused=refused
        )

    async def study(
        self,
        cells: Sequence[Cell] | None = None,
        *,
        pace: Pace = Pace.NORMAL,
        look_first: bool = False,
        into: Ending | None = None,
        then: Callable[[], None] | None = None,
        refused: Mapping[str, str] | None = None,
    ) -> Ending:
        """Study ``cells``, or what is unfinished of the course, to the end.

        Events are added to ``into``, which is there also if the run raises; ``then`` is called
        after each.
        """
        ending = into or Ending()
        if cells is None:
            cells = [cell for cell in await self.plan() if not cell.is_complete]
        study = self.new_study(pace, refused)
        began = self.clock.monotonic()
        async for event in study.run(cells, look_first=look_first):
            ending.events.append(event)
            if then is not None:
                then()
        ending.seconds = self.clock.monotonic() - began
        return ending

    def at(self, reports: int, act: Callable[[], object]) -> Callable[[], None]:
        """A ``then`` for :meth:`study`: once so many reports were sent, act, one time."""
        acted = False

        def then() -> None:
            nonlocal acted
            if not acted and len(self.sent(Endpoint.REPORT)) == reports:
                acted = True
                act()

        return then

    async def until(self, condition: Callable[[], object]) -> None:
        """Wait until the condition holds, looked at often in virtual time."""
        while not condition():  # noqa: ASYNC110 - it is the stand-in's log that changes
            await asyncio.sleep(0.01)

    def shown(self, cell_id: str) -> float:
        return self.platform.shown(STUDENT.stu_id, cell_id)

    def positions(self, cell_id: str = "cell-1") -> list[float]:
        return [float(r.form["studyNewlyTime"]) for r in self.sent(Endpoint.REPORT, cell=cell_id)]

    def pages(self, cell_id: str = "cell-1") -> list[int]:
        return [int(r.form["picNum"]) for r in self.sent(Endpoint.REPORT, cell=cell_id)]

    def gaps(self) -> list[float]:
        """Platform seconds before each report, from the answer to the view or report before."""
        study = [
            r for r in self.platform.requests if r.endpoint in (Endpoint.VIEW, Endpoint.REPORT)
        ]
        return [
            later.at - (earlier.answered_at or earlier.at)
            for earlier, later in pairwise(study)
            if later.endpoint is Endpoint.REPORT
        ]

    def assert_no_violations(self) -> None:
        assert self.platform.violations == []


@asynccontextmanager
async def open_study(
    cells: Iterable[SchoolCell] | None = None,
    *,
    school: School | None = None,
    lag: float = 0.0,
    seed: int = 0,
) -> AsyncIterator[StudyHarness]:
    """Open the engine before these cells or a whole school; ``lag`` and ``seed`` are its own."""
    loop = asyncio.get_running_loop()
    server = PlatformServer(school or school_of(cells), monotonic=loop.time, lag=lag, seed=seed)
    transport = PlatformTransport(server)
    client = Client("http://127.0.0.1", transport=transport)
    clock = PlatformClock(SystemClock())
    try:
        yield StudyHarness(server, transport, Gate(client, clock, requests_per_second=1000), clock)
    finally:
        await client.aclose()


def counts(ending: Ending) -> Counts:
    return Counts.of(ending.outcomes)


def folded(cells: Sequence[Cell], events: Sequence[StudyEvent]) -> Snapshot:
    """The snapshot that a listener has after these events."""
    snapshot = Snapshot(open_cells=tuple(cells), counts=Counts(total=len(cells)))
    for event in events:
        snapshot = snapshot.after(event)
    return snapshot
