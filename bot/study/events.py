"""What happens while cells are studied, in order, as frozen events."""

from dataclasses import dataclass
from decimal import Decimal

from bot.study.methods import CellKind
from bot.zjy.errors import Barred
from storage.cells import Cell
from storage.enums import Outcome


@dataclass(frozen=True, slots=True)
class CellOpened:
    """A cell was opened. ``length`` is the seconds or pages that it has, ``position`` where the
    platform says it stands."""

    cell: Cell
    kind: CellKind
    position: Decimal
    length: Decimal


@dataclass(frozen=True, slots=True)
class CellMoved:
    """The platform accepted a report; that is no proof yet that it counts."""

    cell: Cell
    position: Decimal
    length: Decimal


@dataclass(frozen=True, slots=True)
class CellReported:
    """All reports of a cell were accepted; the read-back of its topic will tell."""

    cell: Cell


@dataclass(frozen=True, slots=True)
class CellEnded:
    """The cell's outcome. ``percent`` is what the platform shows, as far as it was read;
    ``code`` and ``msg`` are the platform's own words where it refused."""

    cell: Cell
    outcome: Outcome
    percent: float
    code: str | None = None
    msg: str | None = None


@dataclass(frozen=True, slots=True)
class CellPostponed:
    """The cell is looked at again before the study ends; ``end`` is its outcome if it ended now."""

    end: CellEnded

    @property
    def cell(self) -> Cell:
        return self.end.cell


@dataclass(frozen=True, slots=True)
class CellSuspect:
    """The cell's view was refused in the same words as that of the cell beside it, which counts
    as a bar. If it says ``msg`` again once the bar is over, that is the cell's own trouble."""

    cell: Cell
    code: str | None
    msg: str


@dataclass(frozen=True, slots=True)
class BarMet:
    """The platform barred the student; told before anything else is asked of it."""

    bar: Barred


StudyEvent = (
    CellOpened | CellMoved | CellReported | CellEnded | CellPostponed | CellSuspect | BarMet
)
