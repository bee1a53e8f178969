"""What a picture of progress shows, as plain values; ``bot.chat.cards`` draws it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class ModuleBar:
    """One module: ``percent`` now, 0–100, None where it is not known; ``gained`` of them since the
    last digest, in points."""

    name: str
    percent: float | None
    gained: float = 0.0


@dataclass(frozen=True, slots=True)
class CourseCard:
    """A course at one moment, with what it gained since ``since`` (None: nothing to compare)."""

    course: str
    percent: float | None
    """Now, 0–100; None where it is not known."""
    gained: float
    """Points of percent since ``since``; below 0 where new lessons made the percent fall."""
    cells_done: int | None
    cells_total: int | None
    """None where nobody has counted the cells yet: then no cells are named."""
    modules: Sequence[ModuleBar]
    """All of them, in the platform's order; the card chooses those that there is room for."""
    student: str
    today: date
    """The chat's local date."""
    since: date | None = None
    """The local date of the snapshot that the gain counts from."""
    of_courses: bool = False
    """Whether ``modules`` are courses, and the card is of all of them."""


@dataclass(frozen=True, slots=True)
class ChartLine:
    """One course over time: a percent, 0–100, for each local date that has a snapshot. Days
    without one are left out, never filled in. Order and dates outside the window are no matter;
    of two points of one date the last counts."""

    name: str
    points: Sequence[tuple[date, float]]


@dataclass(frozen=True, slots=True)
class HistoryCard:
    """The courses' last 30 days, up to and with ``today``."""

    courses: Sequence[ChartLine]
    today: date
    """The chat's local date."""
    student: str = ""
    kept_since: date | None = None
    """The local date of the first snapshot ever kept; None where there is none yet."""
