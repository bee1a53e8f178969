"""A limit for repeated log lines."""

from collections.abc import Callable

LINES = 5
WINDOW = 60.0
"""Seconds of the monotonic clock."""


class LogLimit:
    """Allows a number of log lines of one kind of trouble within a window; the rest is dropped."""

    def __init__(
        self, monotonic: Callable[[], float], *, lines: int = LINES, window: float = WINDOW
    ) -> None:
        self._monotonic = monotonic
        self._lines = lines
        self._window = window
        self._said: dict[str, tuple[float, int]] = {}

    def allows(self, trouble: str) -> bool:
        """Whether a line of this kind of trouble may be logged now; counts it."""
        now = self._monotonic()
        began, lines = self._said.get(trouble, (now, 0))
        if now - began >= self._window:
            began, lines = now, 0
        self._said[trouble] = (began, lines + 1)
        return lines < self._lines

    def left_out(self) -> dict[str, int]:
        """The kinds of trouble whose window has ended with lines that were not logged, and how many
        these were; each is told once."""
        now = self._monotonic()
        ended = [each for each, (began, _) in self._said.items() if now - began >= self._window]
        counts = {trouble: self._said.pop(trouble)[1] - self._lines for trouble in ended}
        return {trouble: count for trouble, count in counts.items() if count > 0}
