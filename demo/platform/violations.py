"""The violations of the platform's rules that the stand-in records."""

from dataclasses import dataclass
from enum import StrEnum


class ViolationKind(StrEnum):
    """A rule of the platform that a request broke (docs/platform.md, section Studying a cell)."""

    NO_TOKEN = "no_token"  # noqa: S105
    STALE_TOKEN = "stale_token"  # noqa: S105
    WRONG_CELL = "wrong_cell"
    STEP_TOO_LARGE = "step_too_large"
    """20 s or more of video in one report."""
    STEP_OVER_18 = "step_over_18"
    """More than 18 s of video in one report; accepted, but too near to the bound."""
    TOO_SOON = "too_soon"
    """A report of a position less than 5 s after the view or the report before it."""
    TOO_FAST = "too_fast"
    """More than twice the player's speed since the answer before."""
    CONCURRENT = "concurrent"
    """Two requests of one student at once."""
    ALREADY_DONE = "already_done"
    """A report on a cell that the student could know to be at 100."""
    BY_HAND = "by_hand"
    """A view of, or report on, a test, homework or discussion."""
    FOLDER = "folder"
    LOOP = "loop"
    """More than three switches in a row to the same cell."""
    READ_TOO_SOON = "read_too_soon"
    """Less than 0.9 s between the answer to one read of the tree and the next read."""
    DURING_BAR = "during_bar"
    """A view or report after the student was told of a bar that still lasts."""
    FORBIDDEN = "forbidden"
    """A request to the site of today that is none of its three reads."""
    STRAY_COOKIE = "stray_cookie"
    """A cookie that went to the site of today, which needs a token alone."""
    STRAY_TOKEN = "stray_token"  # noqa: S105
    """A token of the site of today that went to the old API."""


@dataclass(frozen=True, slots=True)
class Violation:
    """One broken rule: when (platform seconds), by whom (`stuId`), which, and the numbers."""

    at: float
    student: str
    kind: ViolationKind
    detail: str
