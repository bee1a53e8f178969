"""How long study takes, computed with the steps that the study itself will take.

A list of cells does not give a video's length; only opening it does. So media of unknown length are
counted separately or, on request, guessed from the others.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from bot.study.methods import CellKind, kind_of, steps
from bot.study.pace import gap_for, gap_of, step_of
from bot.zjy.models import CellView
from storage.cells import Cell
from storage.enums import Pace

REQUEST = 1.0
"""Platform seconds by which a view or a read-back delays the next request."""


@dataclass(frozen=True, slots=True)
class Estimate:
    """``seconds`` are platform seconds for all cells of known or guessed length; ``unknown_media``
    counts the videos and audios left out because their length is unknown."""

    seconds: float
    unknown_media: int


@dataclass(frozen=True, slots=True)
class OpenPosition:
    """The position in the cell that is open now; position and length in seconds or pages."""

    cell_id: str
    kind: CellKind
    position: Decimal
    length: Decimal


def estimate(
    cells: Sequence[Cell],
    pace: Pace,
    *,
    lengths: Mapping[str, Decimal],
    current: OpenPosition | None = None,
    guess: bool = False,
) -> Estimate:
    """The time that ``cells`` take at ``pace``.

    ``lengths`` are the known lengths of media in seconds, by cell id; with ``guess`` an unknown
    length counts as their mean.
    """
    todo = [cell for cell in cells if kind_of(cell.category).can_be_studied]
    seconds = REQUEST * len({cell.topic_id for cell in todo})
    typical = sum(lengths.values(), Decimal(0)) / len(lengths) if guess and lengths else None
    unknown = 0
    for cell in todo:
        seconds += REQUEST
        kind, position = kind_of(cell.category), Decimal(0)
        length = lengths.get(cell.cell_id, typical)
        if current is not None and current.cell_id == cell.cell_id:
            kind, position, length = current.kind, current.position, current.length
        if kind.is_media and length is None:
            unknown += 1
        else:
            seconds += study_seconds(kind, pace, position=position, length=length or Decimal(0))
    return Estimate(seconds, unknown)


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
