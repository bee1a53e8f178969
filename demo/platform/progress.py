"""How far one student is in one cell, now and a few seconds ago."""

from dataclasses import dataclass, field

FULL = 100.0
STUCK = 99.99
"""What a media cell shows whose last report did not hit the end exactly."""

SAME_POSITION = 1e-6
"""Seconds within which a reported position is the length."""


def media_percent(position: float, length: float) -> float:
    """Percent (0-100) that a position in seconds is worth.

    Only the exact end is worth 100 (docs/platform.md, section Studying a cell).
    """
    if length > 0 and abs(position - length) < SAME_POSITION:
        return FULL
    if length <= 0 or position <= 0:
        return 0.0
    return min(STUCK, round(position / length * 100, 2))


def pages_percent(pages_read: int, pages: int) -> float:
    """Percent (0-100) that so many read pages of so many are worth."""
    if pages <= 0 or pages_read <= 0:
        return 0.0
    return FULL if pages_read >= pages else min(STUCK, round(pages_read / pages * 100, 2))


@dataclass(slots=True)
class Progress:
    """The platform's record of one student's study of one cell.

    `position` is seconds, `pages_read` pages, `percent` 0-100 and never falls. Times are platform
    seconds.
    """

    position: float = 0.0
    pages_read: int = 0
    percent: float = 0.0
    shown_full: bool = False
    """Whether any answer has shown the student 100 for this cell."""
    _before: list[tuple[float, float]] = field(default_factory=list, repr=False)

    @classmethod
    def at_start(
        cls, *, length: float, position: float, pages: int, pages_read: int, finished: bool
    ) -> "Progress":
        """The record before the first request."""
        if finished:
            return cls(position=length, pages_read=pages, percent=FULL)
        percent = max(media_percent(position, length), pages_percent(pages_read, pages))
        return cls(position=position, pages_read=pages_read, percent=percent)

    @property
    def is_full(self) -> bool:
        """Whether the cell is at 100."""
        return self.percent >= FULL

    def raise_to(self, percent: float, now: float) -> None:
        """Record a percent reached at `now`; a lower one than before changes nothing."""
        if percent > self.percent:
            self._before.append((now, self.percent))
            self.percent = percent

    def percent_at(self, moment: float) -> float:
        """The percent as it was at that moment."""
        for changed, before in self._before:
            if changed > moment:
                return before
        return self.percent
