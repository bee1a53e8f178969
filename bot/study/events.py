"""The events of a study, in order, as frozen dataclasses."""

from dataclasses import dataclass
from decimal import Decimal

from bot.study.methods import CellKind
from bot.zjy.errors import Barred
from storage.cells import Cell
from storage.enums import Outcome


@dataclass(frozen=True, slots=True)
class CellOpened:
    """A cell was opened. ``length`` is its seconds or pages, ``position`` the one that the platform
    shows."""

    cell: Cell
    kind: CellKind
    position: Decimal
    length: Decimal


@dataclass(frozen=True, slots=True)
class CellMoved:
    """The platform accepted a report; only the read-back proves that it counts."""

    cell: Cell
    position: Decimal
    length: Decimal


@dataclass(frozen=True, slots=True)
class CellReported:
    """All reports of a cell were accepted; the read-back of its topic decides the outcome."""

    cell: Cell


@dataclass(frozen=True, slots=True)
class CellEnded:
    """The cell's outcome. ``percent`` is the last one read from the platform; ``code`` and ``msg``
    are the platform's own, if it refused."""

    cell: Cell
    outcome: Outcome
    percent: float
    code: str | None = None
    msg: str | None = None


@dataclass(frozen=True, slots=True)
class CellPostponed:
    """The cell is tried again before the study ends; ``end`` is its outcome if it ended now."""

    end: CellEnded

    @property
    def cell(self) -> Cell:
        return self.end.cell


@dataclass(frozen=True, slots=True)
class CellSuspect:
    """The cell's view was refused with the same message as that of the next or previous cell, which
    counts as a bar. If it is refused with ``msg`` again after the bar, that is the cell's own
    trouble."""

    cell: Cell
    code: str | None
    msg: str


@dataclass(frozen=True, slots=True)
class BarMet:
    """The platform barred the student; yielded before any further request."""

    bar: Barred


StudyEvent = (
    CellOpened | CellMoved | CellReported | CellEnded | CellPostponed | CellSuspect | BarMet
)
