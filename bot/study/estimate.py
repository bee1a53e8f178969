"""How long study takes, computed with the steps that the study itself will take.

A list of cells does not say how long a video is; only opening it does. So an estimate counts
media whose length is not known apart, and guesses them from those that were seen.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from bot.study.methods import Kind, kind_of, steps
from bot.study.outline import PlannedCell
from bot.study.pace import Pace
from bot.zjy.models import CellView

REQUEST = 1.0
"""Platform seconds that a view, or a read-back, keeps the next request waiting."""


@dataclass(frozen=True, slots=True)
class Estimate:
    """``seconds`` are platform seconds for all that is known or can be guessed;
    ``unknown_media`` counts videos and audios left out because nothing tells their length."""

    seconds: float
    unknown_media: int


def estimate(
    cells: Sequence[PlannedCell],
    pace: Pace,
    *,
    seen_lengths: Sequence[Decimal] = (),
    current: tuple[str, Kind, Decimal, Decimal] | None = None,
) -> Estimate:
    """The time that ``cells`` take at ``pace``.

    ``seen_lengths`` are lengths in seconds of media already opened; ``current`` is the id, kind,
    position and length of the cell that is open now.
    """
    seconds = REQUEST * len({cell.topic_id for cell in cells})
    unknown = 0
    typical = sum(seen_lengths, Decimal(0)) / len(seen_lengths) if seen_lengths else None
    for cell in cells:
        kind = kind_of(cell.category)
        position, length = Decimal(0), typical
        if current is not None and current[0] == cell.cell_id:
            _, kind, position, length = current
        if not kind.can_be_studied:
            continue
        seconds += REQUEST
        if kind.is_media and length is None:
            unknown += 1
            continue
        seconds += study_seconds(kind, pace, position=position, length=length or Decimal(0))
    return Estimate(seconds, unknown)


def study_seconds(
    kind: Kind, pace: Pace, *, position: Decimal = Decimal(0), length: Decimal = Decimal(0)
) -> float:
    """Platform seconds from the view's answer to the last report."""
    left = length - max(position, Decimal(0))
    if kind.is_media and left > 0:
        # The sum over its steps, without making them: a long film has thousands.
        full, rest = divmod(left, pace.step)
        return float(full) * pace.gap + (pace.gap_for(rest) if rest else 0.0)
    at = 0.0
    for step in steps(kind, _ANY_DOCUMENT, pace):
        at = max(at + step.gap, step.after_view)
    return at


_ANY_DOCUMENT = CellView(page_count=2)
"""The time of a document is the same for any number of pages above one, and a view of media
without a length takes one report."""
