"""Folds the events of a study into one frozen snapshot that can be shown."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal

from bot.study.estimate import CurrentCell, Estimate, estimate
from bot.study.events import (
    BarMet,
    CellEnded,
    CellMoved,
    CellOpened,
    CellPostponed,
    CellReported,
    CellSuspect,
    StudyEvent,
)
from storage.cells import Cell
from storage.enums import Outcome, OutcomeGroup, Pace


@dataclass(frozen=True, slots=True)
class Counts:
    """The outcomes so far; ``done + failed + skipped + open == total``."""

    total: int
    done: int = 0
    failed: int = 0
    skipped: int = 0

    @property
    def open(self) -> int:
        return self.total - self.done - self.failed - self.skipped

    @classmethod
    def of(cls, outcomes: Sequence[Outcome | None]) -> "Counts":
        groups = [outcome.group for outcome in outcomes if outcome is not None]
        return cls(
            total=len(outcomes),
            done=groups.count(OutcomeGroup.DONE),
            failed=groups.count(OutcomeGroup.FAILED),
            skipped=groups.count(OutcomeGroup.SKIPPED),
        )


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A job's study at one moment. ``reported`` are the ids of cells whose reports were all
    accepted and which the platform has not confirmed yet."""

    open_cells: tuple[Cell, ...]
    counts: Counts
    reported: frozenset[str] = frozenset()
    current: CurrentCell | None = None
    lengths: Mapping[str, Decimal] = field(default_factory=dict)
    """The known lengths of the course's media in seconds, by cell id."""
    others: Sequence[Decimal] = ()
    """Known lengths of media of other courses in seconds."""
    postponed: Mapping[str, CellEnded] = field(default_factory=dict)
    """The outcomes that the postponed cells would have now, by cell id."""

    def after(self, event: StudyEvent) -> "Snapshot":
        """This snapshot with one more event in it."""
        match event:
            case CellOpened(cell, kind, position, length):
                known = {cell.cell_id: length} if kind.is_media else {}
                now = CurrentCell(cell, kind, position, length)
                # A second attempt takes the full time again.
                return replace(
                    self,
                    current=now,
                    lengths={**self.lengths, **known},
                    reported=self.reported - {cell.cell_id},
                    postponed=_without(self.postponed, cell),
                )
            case CellMoved(_, position, length):
                if self.current is None:
                    return self
                moved = replace(self.current, position=position, length=length)
                return replace(self, current=moved)
            case CellReported(cell):
                return replace(self, reported=self.reported | {cell.cell_id}, current=None)
            case CellPostponed(end):
                return replace(
                    self,
                    reported=self.reported - {end.cell.cell_id},
                    current=self._unless_of(end.cell),
                    postponed={**self.postponed, end.cell.cell_id: end},
                )
            case CellSuspect(cell):
                return replace(self, postponed=_without(self.postponed, cell))
            case CellEnded(cell, outcome):
                return self._without(cell, outcome)
            case BarMet():
                return self

    def before_a_look(self) -> "Snapshot":
        """This snapshot before all open cells are read: which of them cannot be is found anew."""
        known = {id_: end for id_, end in self.postponed.items() if end.outcome != Outcome.UNREAD}
        return replace(self, postponed=known)

    def _without(self, cell: Cell, outcome: Outcome) -> "Snapshot":
        still_open = tuple(each for each in self.open_cells if each.cell_id != cell.cell_id)
        group = outcome.group.value
        counts = replace(self.counts, **{group: getattr(self.counts, group) + 1})
        return replace(
            self,
            open_cells=still_open,
            counts=counts,
            reported=self.reported - {cell.cell_id},
            current=self._unless_of(cell),
            postponed=_without(self.postponed, cell),
        )

    def _unless_of(self, cell: Cell) -> CurrentCell | None:
        """The current cell, unless it is this one."""
        if self.current is not None and self.current.cell.cell_id == cell.cell_id:
            return None
        return self.current

    def left(self, pace: Pace) -> Estimate:
        """The time left, by the same rules that the study follows."""
        put_off = self.reported | self.postponed.keys()
        waiting = [cell for cell in self.open_cells if cell.cell_id not in put_off]
        return estimate(
            waiting, pace, lengths=self.lengths, others=self.others, current=self.current
        )


def _without(ends: Mapping[str, CellEnded], cell: Cell) -> Mapping[str, CellEnded]:
    return {cell_id: end for cell_id, end in ends.items() if cell_id != cell.cell_id}
