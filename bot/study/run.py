"""Studies cells topic by topic, and lets the platform's own read-back decide what is done.

Runs without Telegram and without a database: a session, a clock and a stop flag go in, events
come out. See ``docs/platform.md``, sections *Studying a cell* and *Two more habits of the
server*.
"""

from collections.abc import AsyncGenerator, Sequence
from itertools import groupby

from bot.clock import PlatformClock
from bot.study.attempt import Attempt, Verdict
from bot.study.events import CellEnded, StudyEvent
from bot.study.methods import Kind, kind_of
from bot.study.outcome import Outcome
from bot.study.outline import COMPLETE, PlannedCell
from bot.study.pace import Pace
from bot.study.stop import StopFlag, Stopped
from bot.zjy.errors import Barred, OddAnswer, Refused, ServerTrouble, Temporary, ZjyError
from bot.zjy.gate import StudySession
from bot.zjy.models import CourseRef

LAG = 5.0
"""Platform seconds after which a read-back that lags is read again."""
LAG_READS = 3
"""So often at most."""
ATTEMPTS = 2


class Study:
    """Studies the cells of one course for one student.

    ``session`` is gated: one request in flight per student. ``stop`` is looked at before every
    request and during every wait of the study's own; give it to the session too
    (``Gate.session(stopped=...)``), or the gate's attempts are all made first.
    """

    def __init__(
        self,
        session: StudySession,
        course: CourseRef,
        clock: PlatformClock,
        *,
        pace: Pace,
        stop: StopFlag,
    ) -> None:
        self._session = session
        self._course = course
        self._clock = clock
        self._pace = pace
        self._stop = stop

    async def run(
        self, cells: Sequence[PlannedCell], *, look_first: bool
    ) -> AsyncGenerator[StudyEvent, None]:
        """Study ``cells`` in their order, grouped by topic; exactly one :class:`CellEnded` per
        cell. ``look_first`` reads each topic before it is studied: for a job that goes on, or a
        tree that was read a while ago.

        Ends early, without an event, when the stop flag is raised. Raises SessionExpired,
        Barred, and Temporary or Refused where the platform as a whole is in trouble,
        so that it does not tell whose session this is; cells without a :class:`CellEnded` are
        still open then.
        """
        try:
            for topic_id, group in groupby(cells, key=lambda cell: cell.topic_id):
                async for event in self._topic(topic_id, list(group), look_first=look_first):
                    yield event
        except Stopped:
            return
        except Temporary:
            # Told at once because of the stop: perhaps it would have passed.
            if not self._stop.is_raised:
                raise

    async def _topic(
        self, topic_id: str, cells: list[PlannedCell], *, look_first: bool
    ) -> AsyncGenerator[StudyEvent, None]:
        shown = {cell.cell_id: cell.percent for cell in cells}
        refusal: Verdict | None = None
        if look_first:
            read, refusal = await self._look(topic_id)
            shown |= read
        unstudied = _ended_unstudied(cells, shown, refusal)
        for ended in unstudied:
            yield ended
        settled = {ended.cell.cell_id for ended in unstudied}
        to_do = [cell for cell in cells if cell.cell_id not in settled]

        verdicts: dict[str, Verdict | None] = {}
        for second_try in range(ATTEMPTS):
            if not to_do:
                return
            again = [cell for cell in to_do if verdicts.get(cell.cell_id) is None]
            async for event in self._attempt_each(again, verdicts, second_try=bool(second_try)):
                yield event
            async for read in self._read_back(topic_id, to_do, verdicts):
                shown |= read
                for ended in _done(to_do, read):
                    yield ended
                to_do = [cell for cell in to_do if shown[cell.cell_id] < COMPLETE]
            if all(verdicts[cell.cell_id] is not None for cell in to_do):
                break
        for cell in to_do:
            yield _not_done(cell, verdicts[cell.cell_id], shown[cell.cell_id])

    async def _attempt_each(
        self,
        cells: Sequence[PlannedCell],
        verdicts: dict[str, Verdict | None],
        *,
        second_try: bool,
    ) -> AsyncGenerator[StudyEvent, None]:
        for cell in cells:
            attempt = Attempt(
                self._session,
                self._course,
                self._clock,
                self._stop,
                cell,
                self._pace,
                second_try=second_try,
            )
            try:
                async for event in attempt.run():
                    yield event
            except Barred:
                for ended in await self._done_before_the_bar(cell.topic_id, cells):
                    yield ended
                raise
            verdicts[cell.cell_id] = attempt.verdict

    async def _read_back(
        self,
        topic_id: str,
        cells: Sequence[PlannedCell],
        verdicts: dict[str, Verdict | None],
    ) -> AsyncGenerator[dict[str, float], None]:
        """What the platform shows, look by look. It can lag: cells whose reports were all
        accepted get a few more looks before they count as not counted. Where the platform
        refuses every look while it works, nothing more can be called done."""
        if all(v is not None and v.outcome in _SURE for v in verdicts.values()):
            return
        waiting = cells
        refusal: Verdict | None = None
        for looks_left in range(LAG_READS, -1, -1):
            try:
                shown = await self._read(topic_id)
            except (Refused, OddAnswer) as error:
                passing = isinstance(error, OddAnswer)
                if passing and refusal is None:
                    await self._know_that_it_works()
                refusal = Verdict.of(Outcome.TEMPORARY if passing else Outcome.REFUSED, error)
            else:
                refusal = None
                yield shown
                waiting = [
                    cell
                    for cell in waiting
                    if verdicts[cell.cell_id] is None and shown.get(cell.cell_id, 0.0) < COMPLETE
                ]
                if not waiting:
                    return
            if looks_left:
                await self._stop.sleep_until(self._clock, self._clock.monotonic() + LAG)
        if refusal is not None:
            verdicts |= {each.cell_id: verdicts[each.cell_id] or refusal for each in cells}

    async def _done_before_the_bar(
        self, topic_id: str, cells: Sequence[PlannedCell]
    ) -> list[CellEnded]:
        """The cells that are done although a bar came before their read-back: it may be the
        second one, after which nobody looks again. A bar is on study, not on reading; whatever
        else goes wrong here, the bar is what must be told."""
        try:
            shown = await self._read(topic_id)
        except (ZjyError, Stopped):
            return []
        return _done(cells, shown)

    async def _look(self, topic_id: str) -> tuple[dict[str, float], Verdict | None]:
        """What the platform shows before a topic is studied, or why it cannot be read while the
        platform works: it may be gone from the course, and must not hold up the others. Raises
        what concerns the platform as a whole."""
        try:
            return await self._read(topic_id), None
        except Refused as error:
            return {}, Verdict.of(Outcome.REFUSED, error)
        except OddAnswer as error:
            await self._know_that_it_works()
            return {}, Verdict.of(Outcome.TEMPORARY, error)
        except ServerTrouble as error:
            if error.code is None:
                raise
            await self._know_that_it_works()
            return {}, Verdict.of(Outcome.TEMPORARY, error)

    async def _know_that_it_works(self) -> None:
        """Raises what is wrong if the platform does not even tell whose session this is."""
        self._stop.check()
        await self._session.me()

    async def _read(self, topic_id: str) -> dict[str, float]:
        self._stop.check()
        cells = await self._session.cells(self._course, topic_id)
        return {leaf.id: leaf.percent for leaf in cells.leaves}


def _ended_unstudied(
    cells: Sequence[PlannedCell], shown: dict[str, float], refusal: Verdict | None
) -> list[CellEnded]:
    """The ends of those cells for which nothing may be sent; the others are to be studied."""
    ended: list[CellEnded] = []
    for cell in cells:
        percent = shown[cell.cell_id]
        untouched = UNTOUCHED.get(kind_of(cell.category))
        if percent >= COMPLETE:
            untouched = Outcome.DONE
        if untouched is not None:
            ended.append(CellEnded(cell, untouched, percent))
        elif refusal is not None:
            ended.append(_not_done(cell, refusal, percent))
    return ended


def _done(cells: Sequence[PlannedCell], shown: dict[str, float]) -> list[CellEnded]:
    """The ends of those cells that the platform shows at 100."""
    return [
        CellEnded(cell, Outcome.DONE, shown[cell.cell_id])
        for cell in cells
        if shown.get(cell.cell_id, 0.0) >= COMPLETE
    ]


def _not_done(cell: PlannedCell, verdict: Verdict | None, percent: float) -> CellEnded:
    why = verdict or Verdict(Outcome.NOT_COUNTED)
    return CellEnded(cell, why.outcome, percent, why.code, why.msg)


UNTOUCHED = {Kind.BY_HAND: Outcome.BY_HAND, Kind.UNSUPPORTED: Outcome.UNSUPPORTED}
_SURE = frozenset({Outcome.LOCKED, Outcome.BY_HAND})
"""Nothing was sent for these that a read-back could show."""
