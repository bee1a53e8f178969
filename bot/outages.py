"""Finds out that Telegram or the platform was away for long, by the answers that came."""

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
    """The outages of what is asked now and then: the platform. Told while they last."""

    def __init__(self, monotonic: Callable[[], float], longest: float, tell: Tell) -> None:
        self._monotonic = monotonic
        self._longest = longest
        self._tell = tell
        self._failing_since: float | None = None

    def answered(self, is_there: bool) -> None:
        """An answer came, or ``is_there`` is False: none that makes sense."""
        if is_there:
            self._failing_since = None
            return
        now = self._monotonic()
        if self._failing_since is None:
            self._failing_since = now
        elif now - self._failing_since >= self._longest:
            self._tell(now - self._failing_since)
