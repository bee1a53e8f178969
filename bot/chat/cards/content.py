"""The content of a picture of progress, as plain values; ``bot.chat.cards`` draws it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class ModuleBar:
    """One module: ``percent`` is the present one, 0–100, None if unknown; ``gained`` is its change
    since the last digest, in points; ``done_by`` is the day on which it is complete at its present
    rate, None if that is not known."""

    name: str
    percent: float | None
    gained: float = 0.0
    done_by: date | None = None


@dataclass(frozen=True, slots=True)
class CourseCard:
    """A course at one moment, with what it gained since ``since`` (None: nothing to compare)."""

    course: str
    percent: float | None
    """The present percent, 0–100; None if unknown."""
    gained: float
    """Points of percent since ``since``; below 0 if new lessons lowered the percent."""
    cells_done: int | None
    cells_total: int | None
    """None if the cells are not counted yet: then the card shows no count."""
    modules: Sequence[ModuleBar]
    """All modules, in the platform's order; the card selects those that fit."""
    student: str
    today: date
    """The chat's local date."""
    since: date | None = None
    """The local date of the snapshot that the gain is counted from."""
    of_courses: bool = False
    """Whether ``modules`` are courses, and the card shows all of them."""
    done_by: date | None = None
    """The day on which the course is complete at its present rate; None if that is not known."""


@dataclass(frozen=True, slots=True)
class ChartLine:
    """One course over time: a percent, 0–100, for each local date that has a snapshot. Days without
    a snapshot are left out, never interpolated. The points may be in any order, and dates outside
    the window are ignored; of two points of one date the last counts."""

    name: str
    points: Sequence[tuple[date, float]]


@dataclass(frozen=True, slots=True)
class HistoryCard:
    """The courses' last 30 days, up to and including ``today``."""

    courses: Sequence[ChartLine]
    today: date
    """The chat's local date."""
    student: str = ""
    kept_since: date | None = None
    """The local date of the first snapshot ever stored; None if there is none yet."""
