"""How late the event loop runs what is due: the sign that this process has no time left."""

HALF_LIFE = 2.0
"""Real seconds after which an old measurement counts half."""
SHARE = 0.25
"""The weight of a new measurement: one pause, as of a garbage collection, is no full loop."""


class LoopLag:
    """The smoothed lateness of timers; times are real seconds of a monotonic clock."""

    def __init__(self) -> None:
        self._seconds = 0.0
        self._noted_at = 0.0

    def note(self, late: float, now: float) -> None:
        """Record that a timer fired ``late`` seconds after its moment."""
        self._seconds = self.seconds(now) * (1 - SHARE) + max(late, 0.0) * SHARE
        self._noted_at = now

    def seconds(self, now: float) -> float:
        """By how many seconds the loop is late."""
        age = max(now - self._noted_at, 0.0)
        return float(self._seconds * 0.5 ** (age / HALF_LIFE))
