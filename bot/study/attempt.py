"""One attempt at one cell: opens it, reports at the pace, and views it again after trouble.

The rules for each answer come from ``docs/platform.md``, sections *Studying a cell* and *Result
codes*. Every report starts from the position that the platform itself shows, so a lost answer never
moves a cell twice.
"""

from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, replace
from decimal import Decimal

from bot.clock import PlatformClock
from bot.platforms import Studying
from bot.study.events import CellMoved, CellOpened, CellReported, StudyEvent
from bot.study.methods import CellKind, Step, kind_when_opened, steps
from bot.study.pace import gap_of
from bot.study.stop import StopFlag
from bot.zjy.errors import (
    CellLocked,
    OddAnswer,
    OtherCellOpen,
    Refused,
    ReportRefused,
    StepRefused,
    Temporary,
    UnknownAnswer,
    ViewRefused,
    ZjyError,
)
from bot.zjy.models import CellView, CourseRef, OpenCell
from storage.cells import COMPLETE, Cell
from storage.enums import Outcome, Pace

MAX_IN_A_ROW = 3
"""Consecutive refusals or troubles, without progress on the platform between them, that end a
cell."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """Why an attempt ended without all its reports accepted."""

    outcome: Outcome
    code: str | None = None
    msg: str | None = None
    may_pass: bool = False
    """Whether another attempt may succeed: the answer was undescribed or temporary trouble."""
    refused_view: bool = False
    """Whether the view was refused with a message that is not a bar's."""
    may_count: bool = False
    """Whether reports were sent that a lagging read-back may show later."""

    @classmethod
    def of(cls, outcome: Outcome, error: ZjyError) -> "Verdict":
        # The code of an answer without its required content means nothing.
        is_said = error.code is not None and not isinstance(error, OddAnswer)
        return cls(
            outcome,
            str(error.code) if is_said else None,
            error.msg or None,
            may_pass=isinstance(error, UnknownAnswer | ViewRefused | Temporary),
            refused_view=isinstance(error, ViewRefused),
        )


class _GiveUp(Exception):  # noqa: N818 - carries a verdict out of the attempt
    def __init__(self, verdict: Verdict) -> None:
        super().__init__(verdict)
        self.verdict = verdict


class Attempt:
    """Studies one cell once. After :meth:`run`, ``verdict`` is None if the cell was opened and each
    of its reports was accepted."""

    def __init__(
        self,
        session: Studying,
        course: CourseRef,
        clock: PlatformClock,
        stop: StopFlag,
        cell: Cell,
        pace: Pace,
        *,
        second_try: bool,
    ) -> None:
        self._session = session
        self._course = course
        self._clock = clock
        self._stop = stop
        self._cell = cell
        self._pace = pace
        self._second_try = second_try
        self._answered_at = 0.0
        self._viewed_at = 0.0
        self._halvings = 0
        self._in_a_row = 0
        self._trouble: ZjyError | None = None
        self._accepted = False
        self._has_reported = False
        self._where: tuple[Decimal, int] | None = None
        self._switches = 0
        self.verdict: Verdict | None = None

    async def run(self) -> AsyncIterator[StudyEvent]:
        """Run the attempt and yield its events. Raises SessionExpired, Barred and Stopped, and
        Temporary or Refused if the whole platform is in trouble and does not even name the
        session's student."""
        try:
            async for event in self._study():
                yield event
        except _GiveUp as end:
            may_count = self._has_reported or end.verdict.outcome is Outcome.TEMPORARY
            self.verdict = replace(end.verdict, may_count=may_count)

    async def _study(self) -> AsyncIterator[StudyEvent]:
        view = await self._open()
        kind = self._kind(view)
        yield CellOpened(self._cell, kind, *_where(kind, view))
        pending = self._steps(kind, view)
        while (step := next(pending, None)) is not None:
            await self._wait(step)
            trouble = await self._report(view, step)
            if trouble is not None:
                await self._take(trouble)
                view = await self._open()
                kind = self._kind(view)
                pending = self._steps(kind, view)
                continue
            yield CellMoved(self._cell, *_reached(kind, view, step))
            if self._halvings and kind.is_media and step.report.position < view.length:
                # After an accepted report the steps have full length again.
                self._halvings = 0
                view = view.model_copy(update={"position": step.report.position})
                pending = self._steps(kind, view)
        yield CellReported(self._cell)

    def _steps(self, kind: CellKind, view: CellView) -> Iterator[Step]:
        """The reports left to send; none for a cell that the platform shows as finished."""
        if view.percent >= COMPLETE:
            return iter(())
        return steps(kind, view, self._pace, halvings=self._halvings, second_try=self._second_try)

    def _kind(self, view: CellView) -> CellKind:
        kind = kind_when_opened(self._cell.category, view.category)
        if kind is CellKind.BY_HAND:
            raise _GiveUp(Verdict(Outcome.BY_HAND))
        return kind

    async def _open(self) -> CellView:
        """View the cell; if another cell is open, close that once and view again."""
        while True:
            self._stop.check()
            try:
                view = await self._session.view(
                    self._course, self._cell.cell_id, self._cell.module_id
                )
            except OtherCellOpen as error:
                await self._switch(error)
            except CellLocked as error:
                raise _GiveUp(Verdict.of(Outcome.LOCKED, error)) from error
            except Refused as error:
                raise _GiveUp(Verdict.of(Outcome.REFUSED, error)) from error
            except Temporary as error:
                raise await self._blame(error) from error
            else:
                self._viewed_at = self._answered_at = self._clock.monotonic()
                self._compare(view)
                return view

    def _compare(self, view: CellView) -> None:
        """Reset the counts of troubles and switches only if the platform's own position moved: else
        a platform that accepts every report without moving would be asked for ever."""
        where = (view.position, view.page)
        if self._where is not None and where > self._where:
            self._in_a_row = self._switches = 0
        elif self._in_a_row >= MAX_IN_A_ROW or self._switches > 1:
            # An answer that was lost is no sign that the platform does not count.
            if isinstance(self._trouble, Temporary):
                raise _GiveUp(Verdict.of(Outcome.TEMPORARY, self._trouble))
            raise _GiveUp(Verdict(Outcome.NOT_COUNTED))
        self._where = where
        self._accepted = False

    async def _switch(self, error: OtherCellOpen) -> None:
        """Close the other open cell: once, and again only after this cell was studied in between or
        an answer was lost. Programs that switched on every request looped for ever."""
        # If a report was accepted since the last view, the next view shows whether it counts.
        if self._switches and not self._accepted:
            raise _GiveUp(Verdict.of(Outcome.REFUSED, error)) from error
        self._switches += 1
        self._accepted = False
        target = error.open_cell or OpenCell(
            course_open_id=self._course.course_open_id,
            open_class_id=self._course.open_class_id,
            module_id=self._cell.module_id,
            cell_id=self._cell.cell_id,
            cell_name=self._cell.name,
        )
        self._stop.check()
        try:
            await self._session.switch_cell(target)
        except Refused as refusal:
            raise _GiveUp(Verdict.of(Outcome.REFUSED, refusal)) from refusal
        except Temporary as trouble:
            # The switch may have been applied: the next view shows it.
            self._switches -= 1
            self._in_a_row += 1
            if self._in_a_row >= MAX_IN_A_ROW:
                raise await self._blame(trouble) from trouble
            await self._stop.sleep_until(self._clock, self._clock.monotonic() + gap_of(self._pace))

    async def _wait(self, step: Step) -> None:
        moment = max(self._answered_at + step.gap, self._viewed_at + step.after_view)
        await self._stop.sleep_until(self._clock, moment)

    async def _report(self, view: CellView, step: Step) -> ZjyError | None:
        """Send one report. Returns the trouble that requires another view, None if accepted."""
        self._has_reported = True
        try:
            await self._session.report(
                self._course, self._cell.module_id, self._cell.cell_id, view, step.report
            )
        except (OtherCellOpen, StepRefused, ReportRefused, Temporary) as error:
            return error
        except Refused as error:
            raise _GiveUp(Verdict.of(Outcome.REFUSED, error)) from error
        else:
            self._accepted = True
            return None
        finally:
            self._answered_at = self._clock.monotonic()

    async def _take(self, trouble: ZjyError) -> None:
        """Wait as the trouble requires before the cell is viewed again; give up after a few
        troubles."""
        self._trouble = trouble
        if isinstance(trouble, OtherCellOpen):
            await self._switch(trouble)
            return
        self._in_a_row += 1
        if isinstance(trouble, StepRefused):
            self._halvings += 1
        # If a report was accepted since the last view, the next view shows whether it counts.
        if self._in_a_row >= MAX_IN_A_ROW and not self._accepted:
            if isinstance(trouble, Temporary):
                raise await self._blame(trouble) from trouble
            raise _GiveUp(Verdict.of(Outcome.REFUSED, trouble)) from trouble
        await self._stop.sleep_until(self._clock, self._answered_at + gap_of(self._pace))

    async def _blame(self, trouble: ZjyError) -> Exception:
        """Whether the platform or this cell has the trouble: the platform if it does not even name
        the session's student. Returns the exception to raise."""
        self._stop.check()
        try:
            await self._session.me()
        except Temporary as away:
            return away
        return _GiveUp(Verdict.of(Outcome.TEMPORARY, trouble))


def _where(kind: CellKind, view: CellView) -> tuple[Decimal, Decimal]:
    if kind.is_media:
        return view.position, view.length
    return Decimal(view.page), Decimal(view.pages if kind is CellKind.DOCUMENT else 1)


def _reached(kind: CellKind, view: CellView, step: Step) -> tuple[Decimal, Decimal]:
    at = step.report.position if kind.is_media else Decimal(step.report.page)
    return at, _where(kind, view)[1]
