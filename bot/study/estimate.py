"""How long study takes, computed with the steps that the study itself will take.

A list of cells does not give a video's length; only opening it does. The length of the others is
estimated as a range; ``docs/design.md``, section *How long a job takes*, states the rule.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from math import exp, log, sqrt

from bot.study.methods import CellKind, kind_of, steps
from bot.study.pace import gap_for, gap_of, step_of
from bot.zjy.models import CellView
from storage.cells import Cell
from storage.enums import Pace

REQUEST = 1.0
"""Platform seconds by which a view or a read-back delays the next request."""

DEFAULT_RANGE = (Decimal(5 * 60), Decimal(15 * 60))
"""The mean length of a course's media while none is known: an assumption, that the recorded lessons
of vocational courses take 5 to 15 minutes."""

SPREAD = 0.6
"""The assumed standard deviation of the logarithms of one course's lengths: two of three videos are
between half and twice as long as the typical one."""
SPREAD_COUNT = 3

SURE = 1.28
"""Standard deviations on each side that hold four fifths of a normal distribution."""

OTHERS_COUNT = 2
"""Lengths of other courses count as so many at most, and with a spread of at least :data:`SPREAD`:
courses differ, too."""


@dataclass(frozen=True, slots=True)
class Estimate:
    """Platform seconds; both are the same where every length is known."""

    low: float
    high: float

    @property
    def is_exact(self) -> bool:
        return self.low == self.high

    @property
    def likely(self) -> float:
        """The middle of the range."""
        return (self.low + self.high) / 2

    def __add__(self, other: "Estimate") -> "Estimate":
        """The time of both, one after the other."""
        return Estimate(self.low + other.low, self.high + other.high)


@dataclass(frozen=True, slots=True)
class CurrentCell:
    """The cell that is open now; position and length in seconds of media or in pages."""

    cell: Cell
    kind: CellKind
    position: Decimal
    length: Decimal


def estimate(
    cells: Sequence[Cell],
    pace: Pace,
    *,
    lengths: Mapping[str, Decimal],
    others: Collection[Decimal] = (),
    current: CurrentCell | None = None,
) -> Estimate:
    """The time that ``cells`` take at ``pace``.

    ``lengths`` are the known lengths of the course's media in seconds, by cell id; ``others`` those
    of other courses. An unknown length is estimated from them (:func:`typical_range`).
    """
    todo = [cell for cell in cells if kind_of(cell.category).can_be_studied]
    seconds = REQUEST * len({cell.topic_id for cell in todo})
    unknown: list[CellKind] = []
    for cell in todo:
        seconds += REQUEST
        kind, position = kind_of(cell.category), Decimal(0)
        length = lengths.get(cell.cell_id)
        if current is not None and current.cell.cell_id == cell.cell_id:
            kind, position, length = current.kind, current.position, current.length
        if kind.is_media and length is None:
            unknown.append(kind)
        else:
            seconds += study_seconds(kind, pace, position=position, length=length or Decimal(0))
    if not unknown:
        return Estimate(seconds, seconds)
    low, high = (
        sum(study_seconds(kind, pace, length=length) for kind in unknown)
        for length in typical_range(len(unknown), tuple(lengths.values()), others)
    )
    return Estimate(seconds + low, seconds + high)


def typical_range(
    count: int, course: Collection[Decimal], others: Collection[Decimal] = ()
) -> tuple[Decimal, Decimal]:
    """Seconds between which the mean of ``count`` unknown lengths lies, in four of five cases.

    ``course`` are known lengths of the same course, ``others`` those of other courses: they
    count only where ``course`` is empty.
    """
    known = course or others
    if not known:
        return DEFAULT_RANGE
    mean = max(sum(known, Decimal(0)) / len(known), Decimal(1))
    weight, spread = len(known), _spread(known)
    if not course:
        weight, spread = min(weight, OTHERS_COUNT), max(spread, SPREAD)
    factor = Decimal(exp(SURE * spread * sqrt(1 / count + 1 / weight)))
    return mean / factor, mean * factor


def _spread(known: Collection[Decimal]) -> float:
    """The standard deviation of the lengths' logarithms; :data:`SPREAD` weighs as many lengths as
    :data:`SPREAD_COUNT`, because a few lengths tell little of it."""
    logs = [log(max(float(length), 1.0)) for length in known]
    middle = sum(logs) / len(logs)
    squares = sum((each - middle) ** 2 for each in logs) + SPREAD_COUNT * SPREAD**2
    return sqrt(squares / (len(logs) - 1 + SPREAD_COUNT))


def study_seconds(
    kind: CellKind, pace: Pace, *, position: Decimal = Decimal(0), length: Decimal = Decimal(0)
) -> float:
    """Platform seconds from the view's answer to the last report."""
    left = length - max(position, Decimal(0))
    if kind.is_media and left > 0:
        # The sum over the steps, without building them: a long film has thousands.
        full, rest = divmod(left, step_of(pace))
        return float(full) * gap_of(pace) + (gap_for(pace, rest) if rest else 0.0)
    at = 0.0
    for step in steps(kind, _ANY_DOCUMENT, pace):
        at = max(at + step.gap, step.after_view)
    return at


_ANY_DOCUMENT = CellView(page_count=2)
"""The time of a document is the same for any number of pages above one, and a view of media
without a length takes one report."""
