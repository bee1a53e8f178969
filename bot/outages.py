"""Finds out that Telegram or the platform was away for long, by the answers that came."""

import math
from collections.abc import Callable

Tell = Callable[[float], None]
"""Called with the seconds of an outage."""


class PollGap:
    """The outages of what is asked all the time: Telegram. Told when it answers again."""

    def __init__(self, monotonic: Callable[[], float], longest: float, tell: Tell) -> None:
        self._monotonic = monotonic
        self._longest = longest
        self._tell = tell
        self._answered_at = monotonic()

    def answered(self) -> None:
        now = self._monotonic()
        gap, self._answered_at = now - self._answered_at, now
        if gap >= self._longest:
            self._tell(gap)


class Outage:
    """The outages of what is asked now and then: the platform. Told while they last. Failures with
    more than ``longest`` real seconds between them, in which nothing was asked, are not one
    outage."""

    def __init__(self, monotonic: Callable[[], float], longest: float, tell: Tell) -> None:
        self._monotonic = monotonic
        self._longest = longest
        self._tell = tell
        self._failing_since: float | None = None
        self._failed_at = -math.inf

    def answered(self, is_there: bool) -> None:
        """An answer came, or ``is_there`` is False: none that makes sense."""
        if is_there:
            self._failing_since = None
            return
        now = self._monotonic()
        gap, self._failed_at = now - self._failed_at, now
        if self._failing_since is None or gap > self._longest:
            self._failing_since = now
        elif now - self._failing_since >= self._longest:
            self._tell(now - self._failing_since)
