"""Studies cells topic by topic, and returns to cells that could not be opened or read.

Needs neither Telegram nor a database: a session, a clock and a stop flag go in, events come out.
Each topic is studied by ``topic``.
"""

import math
from collections import Counter
from collections.abc import AsyncGenerator, Collection, Mapping, Sequence
from dataclasses import dataclass

from bot.clock import PlatformClock
from bot.platforms import Studying
from bot.study.attempt import Verdict
from bot.study.events import CellEnded, CellPostponed, StudyEvent
from bot.study.refusals import ViewRefusals
from bot.study.stop import StopFlag, Stopped
from bot.study.topic import LAG, TopicLook, TopicStudy
from bot.zjy.errors import Temporary, ZjyError
from bot.zjy.models import CourseRef
from storage.cells import Cell
from storage.enums import Outcome, Pace

LATE_LOOKS = (5.0, 60.0, 300.0)
"""Platform seconds before each further look at topics that could not be read."""


@dataclass(frozen=True, slots=True)
class _Postponed:
    """A cell that is tried again later; ``at`` is when it was postponed, in monotonic seconds."""

    end: CellEnded
    at: float


class Study:
    """Studies the cells of one course for one student.

    ``session`` is gated: one request in flight per student. The study checks ``stop`` before each
    request and during each of its waits; pass it to the session too
    (``Session(stopped=...)``), or a stop waits for all of the gate's attempts. ``refused`` are
    the messages of cells that an earlier run called suspect, by cell id; ``proved`` are messages
    that were found to concern single cells.
    """

    def __init__(
        self,
        session: Studying,
        course: CourseRef,
        clock: PlatformClock,
        *,
        pace: Pace,
        stop: StopFlag,
        refused: Mapping[str, str] | None = None,
        proved: Collection[str] = (),
    ) -> None:
        self._clock = clock
        self._stop = stop
        refusals = ViewRefusals(refused or {}, proved)
        self._topics = TopicStudy(session, course, clock, pace=pace, stop=stop, refusals=refusals)
        self._done_at = -math.inf
        self._postponed: dict[str, _Postponed] = {}

    async def run(
        self, cells: Sequence[Cell], *, look_first: bool
    ) -> AsyncGenerator[StudyEvent, None]:
        """Study ``cells`` in their order, grouped by topic; exactly one :class:`CellEnded` per
        cell. ``look_first`` reads each topic before it is studied: for a job that goes on, or a
        tree that was read a while ago. Cells that were not open or could not be read are tried
        again before the end.

        Ends early, without an event, when the stop flag is raised. Raises SessionExpired and
        Barred, and Temporary or Refused if the whole platform is in trouble and does not even name
        the session's student; cells without a :class:`CellEnded` are still open then.
        """
        try:
            for group in _by_topic(cells):
                async for event in self._topic(group, look_first=look_first):
                    yield event
            async for event in self._look_again():
                yield event
            for postponed in self._postponed.values():
                yield postponed.end
        except Stopped:
            return
        except Temporary:
            # The stop cut the retries short: the trouble might have passed.
            if not self._stop.is_raised:
                raise

    async def look(self, cells: Sequence[Cell]) -> AsyncGenerator[StudyEvent, None]:
        """Find the cells that the platform shows at 100, before a job is given up; topics that
        cannot be read are skipped. Only reads, and raises nothing; ends early when the stop flag is
        raised."""
        away = False
        for group in _by_topic(cells):
            look = TopicLook(unread=Verdict(Outcome.UNREAD))
            if not away:
                try:
                    look = await self._topics.look(group[0].topic_id)
                except Stopped:
                    return
                except ZjyError:
                    away = True
            ended = {end.cell.cell_id: end for end in look.done(group)}
            for cell in group:
                if cell.cell_id in ended:
                    yield ended[cell.cell_id]
                elif (unread := look.unread_of(cell)) is not None:
                    yield CellPostponed(self._topics.ended(cell, unread))

    async def _topic(
        self, cells: Sequence[Cell], *, look_first: bool
    ) -> AsyncGenerator[StudyEvent, None]:
        async for event in self._topics.run(cells, look_first=look_first):
            match event:
                case CellEnded(cell, outcome):
                    self._postponed.pop(cell.cell_id, None)
                    if outcome is Outcome.DONE:
                        self._done_at = self._clock.monotonic()
                case CellPostponed(end):
                    self._postponed[end.cell.cell_id] = _Postponed(end, self._clock.monotonic())
                case _:
                    pass
            yield event

    async def _look_again(self) -> AsyncGenerator[StudyEvent, None]:
        """Try the postponed cells again until no closed cell may have opened since, and each topic
        was read or has used up its further looks."""
        looks: Counter[str] = Counter()
        while True:
            async for event in self._open_by_now():
                yield event
            unread = [
                group
                for group in _by_topic(self._cells(Outcome.UNREAD))
                if looks[group[0].topic_id] < len(LATE_LOOKS)
            ]
            if not unread:
                return
            wait = LATE_LOOKS[min(looks[group[0].topic_id] for group in unread)]
            await self._stop.sleep_until(self._clock, self._clock.monotonic() + wait)
            for group in unread:
                looks[group[0].topic_id] += 1
                async for event in self._topic(group, look_first=True):
                    yield event

    async def _open_by_now(self) -> AsyncGenerator[StudyEvent, None]:
        """Try the cells that were not open, always the first of them: in some courses each cell
        opens only after the one before it is done, and a little later than the list shows that. A
        cell is closed for good if it was still closed twice the lag after the last cell that became
        done."""
        while (closed := self._first_closed()) is not None:
            lag = LAG if closed.at < self._done_at + LAG else 2 * LAG
            await self._stop.sleep_until(self._clock, self._done_at + lag)
            async for event in self._topic([closed.end.cell], look_first=False):
                yield event

    def _first_closed(self) -> _Postponed | None:
        for each in self._postponed.values():
            if each.end.outcome is Outcome.LOCKED and each.at < self._done_at + 2 * LAG:
                return each
        return None

    def _cells(self, outcome: Outcome) -> list[Cell]:
        return [e.end.cell for e in self._postponed.values() if e.end.outcome is outcome]


def _by_topic(cells: Sequence[Cell]) -> list[list[Cell]]:
    groups: dict[str, list[Cell]] = {}
    for cell in cells:
        groups.setdefault(cell.topic_id, []).append(cell)
    return list(groups.values())
