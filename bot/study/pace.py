"""How fast a cell is studied. These bounds are defined only here; no setting changes them.

All numbers are platform seconds; sources in ``docs/platform.md``, section *Studying a cell*.
"""

from decimal import Decimal

from storage.enums import Pace

MAX_STEP = Decimal(18)
"""The most seconds by which one report may move a video; the platform refuses 20."""

MIN_GAP = 5.0
"""From the answer to a view or a report to the next report."""

LAST_PAGE_AFTER = 10.0
"""From the answer to the view to the report of a document's last page."""


def step_of(pace: Pace) -> Decimal:
    """Seconds of video per report."""
    return _RULES[pace][0]


def gap_of(pace: Pace) -> float:
    """Seconds between the answer to one report and the next."""
    return _RULES[pace][1]


def gap_for(pace: Pace, advance: Decimal) -> float:
    """The wait before a report that moves a video by ``advance`` seconds: the time that a player at
    this pace takes for them, but never under :data:`MIN_GAP`."""
    share = float(max(advance, Decimal(0)) / step_of(pace))
    return max(MIN_GAP, gap_of(pace) * share)


_RULES = {
    Pace.NORMAL: (Decimal(10), 10.0),
    Pace.FAST: (Decimal(15), 10.0),
    Pace.DOUBLE: (Decimal(10), 5.0),
}
