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
