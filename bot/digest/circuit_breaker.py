"""Tells whether a platform is unavailable to all students, so that not every digest has to
try."""

from bot.clock import Clock

SURE_AFTER = 3
"""Consecutive accounts with trouble that open the breaker."""
BELIEVED_FOR = 60.0
"""Real seconds until one more account is tried."""


class CircuitBreaker:
    """Receives each account's trouble and each good answer."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._in_row = 0
        self._until = float("-inf")

    @property
    def is_open(self) -> bool:
        """Whether the breaker is open: no account should be read now."""
        return self._in_row >= SURE_AFTER and self._clock.monotonic() < self._until

    @property
    def is_likely(self) -> bool:
        """Whether the account before was in trouble: then a request is not retried."""
        return self._in_row > 0

    def trouble(self) -> None:
        self._in_row += 1
        self._until = self._clock.monotonic() + BELIEVED_FOR

    def answered(self) -> None:
        self._in_row = 0
