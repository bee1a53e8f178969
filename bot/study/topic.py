"""Studies cells of one topic; the platform's own read-back decides which are done.

See ``docs/platform.md``, sections *Studying a cell* and *Two more habits of the server*.
"""

from collections.abc import AsyncGenerator, Mapping, Sequence
from dataclasses import dataclass, field

from bot.clock import PlatformClock
from bot.platforms import Studying
from bot.study.attempt import Attempt, Verdict
from bot.study.events import BarMet, CellEnded, CellPostponed, StudyEvent
from bot.study.methods import CellKind, kind_of
from bot.study.refusals import ViewRefusals
from bot.study.stop import StopFlag, Stopped
from bot.zjy.endpoints import Endpoint
from bot.zjy.errors import Barred, OddAnswer, Refused, ServerTrouble, ZjyError
from bot.zjy.models import CourseRef
from storage.cells import COMPLETE, Cell
from storage.enums import Outcome, Pace

LAG = 5.0
"""Platform seconds between two readings of a read-back that lags."""
LAG_READS = 3
"""The most such readings."""
ATTEMPTS = 2
"""The most attempts at a cell that fail in the same of two ways: without effect, or interrupted."""


@dataclass(frozen=True, slots=True)
class TopicLook:
    """What the platform shows of a topic, in percent by cell id. ``unread`` is why the topic alone
    cannot be read; ``is_whole`` is False if the answer lacks some of its cells."""

    shown: Mapping[str, float] = field(default_factory=dict)
    unread: Verdict | None = None
    is_whole: bool = True

    def unread_of(self, cell: Cell) -> Verdict | None:
        """Why this cell's percent is unknown; None if it is known or the cell was removed."""
        if self.is_whole or cell.cell_id in self.shown:
            return self.unread
        return Verdict(Outcome.UNREAD)

    def done(self, cells: Sequence[Cell]) -> list[CellEnded]:
        """The end events of those cells that the platform shows at 100."""
        return [
            CellEnded(cell, Outcome.DONE, self.shown[cell.cell_id])
            for cell in cells
            if self.shown.get(cell.cell_id, 0.0) >= COMPLETE
        ]


@dataclass(slots=True)
class _Tries:
    """The attempts at one cell: ``verdict`` is the last one's, ``uncounted`` is how many had no
    effect although every report was accepted, ``broken`` how many were interrupted."""

    verdict: Verdict | None = None
    uncounted: int = 0
    broken: int = 0

    def add(self, verdict: Verdict | None) -> None:
        self.verdict = verdict
        if verdict is None:
            self.uncounted += 1
        else:
            self.broken += 1

    @property
    def is_another_due(self) -> bool:
        if self.verdict is None:
            return self.uncounted < ATTEMPTS
        return self.verdict.may_pass and self.broken < ATTEMPTS

    @property
    def may_count(self) -> bool:
        return self.verdict is None or self.verdict.may_count

    @property
    def is_locked(self) -> bool:
        return self.verdict is not None and self.verdict.outcome is Outcome.LOCKED


class TopicStudy:
    """Studies topics of one course for one student, one after the other."""

    def __init__(
        self,
        session: Studying,
        course: CourseRef,
        clock: PlatformClock,
        *,
        pace: Pace,
        stop: StopFlag,
        refusals: ViewRefusals,
    ) -> None:
        self._session = session
        self._course = course
        self._clock = clock
        self._pace = pace
        self._stop = stop
        self._refusals = refusals
        self._sent: set[str] = set()
        """The ids of cells whose reports were all accepted."""
        self._shown: dict[str, float] = {}
        """The last percent that was read of each cell, by its id."""

    async def run(
        self, cells: Sequence[Cell], *, look_first: bool
    ) -> AsyncGenerator[StudyEvent, None]:
        """Study cells of one topic. Each cell ends or is postponed, once. A cell is postponed if it
        is not open yet or cannot be read, or if its view was refused, which may turn out to be a
        bar.

        Raises what :meth:`bot.study.run.Study.run` raises.
        """
        topic_id = cells[0].topic_id
        look = await self.look(topic_id) if look_first else TopicLook()
        unstudied = self._unstudied(cells, look)
        settled = {said.cell.cell_id for said in unstudied}
        left = [cell for cell in cells if cell.cell_id not in settled]
        # The read-back may show that the student has done these meanwhile.
        untouched = [s.cell for s in unstudied if left and kind_of(s.cell.category) in UNTOUCHED]
        for said in unstudied:
            if said.cell not in untouched:
                yield said
        closed: list[Cell] = []
        tries = {cell.cell_id: _Tries() for cell in left}
        due = left
        while due:
            async for event in self._attempt_each(due, left, tries):
                yield event
            closed += [cell for cell in left if tries[cell.cell_id].is_locked]
            left = [cell for cell in left if not tries[cell.cell_id].is_locked]
            look = TopicLook()
            async for look in self._read_back(topic_id, left, tries):
                for ended in look.done([*left, *closed, *untouched]):
                    yield ended
                left, closed, untouched = (
                    [cell for cell in each if self._percent(cell) < COMPLETE]
                    for each in (left, closed, untouched)
                )
            due = [] if look.unread else [c for c in left if tries[c.cell_id].is_another_due]
        for cell in untouched:
            outcome = UNTOUCHED[kind_of(cell.category)]
            yield CellEnded(cell, outcome, self._percent(cell))
        for cell in left:
            yield self._not_done(cell, tries[cell.cell_id].verdict, look)

    def _unstudied(self, cells: Sequence[Cell], look: TopicLook) -> list[CellEnded | CellPostponed]:
        """The events of the cells for which no request may be sent; the others are to be
        studied."""
        said: list[CellEnded | CellPostponed] = []
        for cell in cells:
            percent = self._percent(cell)
            untouched = UNTOUCHED.get(kind_of(cell.category))
            unread = look.unread_of(cell)
            if percent >= COMPLETE:
                said.append(CellEnded(cell, Outcome.DONE, percent))
            elif untouched is not None:
                said.append(CellEnded(cell, untouched, percent))
            elif unread is not None and (look.unread is not None or cell.cell_id in self._sent):
                said.append(CellPostponed(self.ended(cell, unread)))
        return said

    async def _attempt_each(
        self,
        due: Sequence[Cell],
        left: Sequence[Cell],
        tries: Mapping[str, _Tries],
    ) -> AsyncGenerator[StudyEvent, None]:
        for cell in due:
            attempt = Attempt(
                self._session,
                self._course,
                self._clock,
                self._stop,
                cell,
                self._pace,
                second_try=tries[cell.cell_id].uncounted > 0,
            )
            try:
                async for event in attempt.run():
                    yield event
                for suspect in (suspects := self._refusals.bar(cell, attempt.verdict)):
                    yield suspect
                if suspects:
                    raise Barred(Endpoint.VIEW.short, suspects[0].msg, code=suspects[0].code)
            except Barred as bar:
                yield BarMet(bar)
                for ended in await self._done_before_the_bar(cell.topic_id, left):
                    yield ended
                raise
            tries[cell.cell_id].add(attempt.verdict)
            if attempt.verdict is None:
                self._sent.add(cell.cell_id)
            if attempt.verdict is not None and attempt.verdict.outcome is Outcome.LOCKED:
                yield CellPostponed(self.ended(cell, attempt.verdict))

    async def _read_back(
        self, topic_id: str, cells: Sequence[Cell], tries: Mapping[str, _Tries]
    ) -> AsyncGenerator[TopicLook, None]:
        """Read the topic until the platform shows every reported cell as done or cannot be read;
        yields each look. The platform can lag, so reported cells get a few more looks."""
        verdicts = [tries[cell.cell_id].verdict for cell in cells]
        if all(v is not None and v.outcome is Outcome.BY_HAND for v in verdicts):
            return
        waiting = [cell for cell in cells if tries[cell.cell_id].may_count]
        for looks_left in range(LAG_READS, -1, -1):
            look = await self.look(topic_id)
            yield look
            waiting = [cell for cell in waiting if look.shown.get(cell.cell_id, 0.0) < COMPLETE]
            if look.unread is not None or not waiting:
                return
            if looks_left:
                await self._stop.sleep_until(self._clock, self._clock.monotonic() + LAG)

    async def _done_before_the_bar(self, topic_id: str, cells: Sequence[Cell]) -> list[CellEnded]:
        """The cells that are done although a bar came before their read-back. A bar allows reading.
        Other errors here are ignored, since the caller must raise the bar."""
        try:
            return (await self._read(topic_id)).done(cells)
        except (ZjyError, Stopped):
            return []

    async def look(self, topic_id: str) -> TopicLook:
        """What the platform shows of a topic. A topic that cannot be read may have been removed and
        must not stop the others. Raises errors that concern the platform as a whole."""
        try:
            return await self._read(topic_id)
        except Refused as error:
            return TopicLook(unread=Verdict.of(Outcome.UNREAD, error))
        except (OddAnswer, ServerTrouble) as error:
            if isinstance(error, ServerTrouble) and error.code is None:
                raise
            self._stop.check()
            await self._session.me()
            return TopicLook(unread=Verdict.of(Outcome.UNREAD, error))

    async def _read(self, topic_id: str) -> TopicLook:
        self._stop.check()
        listed = await self._session.cells(self._course, topic_id)
        shown = {leaf.id: leaf.percent for leaf in listed.leaves if leaf.percent is not None}
        self._shown |= shown
        # A topic that was studied has cells: an empty list is incomplete.
        is_whole = 0 < len(shown) == len(listed.leaves) and not listed.unreadable
        return TopicLook(shown, is_whole=is_whole)

    def _not_done(
        self, cell: Cell, verdict: Verdict | None, look: TopicLook
    ) -> CellEnded | CellPostponed:
        """The event of a cell that the last look does not show at 100."""
        uncounted = Outcome.NOT_COUNTED if cell.cell_id in look.shown else Outcome.UNREAD
        why = verdict or Verdict(uncounted)
        unread = look.unread_of(cell)
        if unread is not None and why.outcome is not Outcome.BY_HAND:
            return CellPostponed(self.ended(cell, unread))
        end = self.ended(cell, why)
        return CellPostponed(end) if why.refused_view else end

    def ended(self, cell: Cell, verdict: Verdict) -> CellEnded:
        """The end of a cell with its last percent that was read, or else that of its plan."""
        return CellEnded(cell, verdict.outcome, self._percent(cell), verdict.code, verdict.msg)

    def _percent(self, cell: Cell) -> float:
        return self._shown.get(cell.cell_id, cell.percent or 0.0)


UNTOUCHED = {CellKind.BY_HAND: Outcome.BY_HAND, CellKind.UNSUPPORTED: Outcome.UNSUPPORTED}
