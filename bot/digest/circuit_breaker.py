"""Whether the platform is away for everybody: a thousand digests need not each find it out."""

from bot.clock import Clock

SURE_AFTER = 3
"""Accounts in trouble one after the other."""
BELIEVED_FOR = 60.0
"""Real seconds; then one more is asked for."""


class CircuitBreaker:
    """Told of each account's trouble and of each good answer."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._in_row = 0
        self._until = float("-inf")

    @property
    def is_on(self) -> bool:
        """Whether there is no use in asking now."""
        return self._in_row >= SURE_AFTER and self._clock.monotonic() < self._until

    @property
    def is_likely(self) -> bool:
        """Whether the one before was in trouble: then nobody tries several times."""
        return self._in_row > 0

    def trouble(self) -> None:
        self._in_row += 1
        self._until = self._clock.monotonic() + BELIEVED_FOR

    def answered(self) -> None:
        self._in_row = 0
