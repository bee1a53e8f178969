"""Delays a digest while the platform is briefly unavailable, so that it has the day's numbers."""

from collections.abc import Collection
from datetime import timedelta

from bot.clock import Clock
from bot.digest.due import Due
from bot.digest.report import Standing

WAIT = timedelta(minutes=5)
"""Real time until the platform is tried again."""
AT_MOST = timedelta(hours=1)
"""The longest delay for the platform; after it the digest uses the last known numbers."""


class Patience:
    """Remembers which chats wait for the platform. It is not stored: after a restart the platform
    is just tried again."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._until: dict[int, float] = {}

    def lasts(self, chat_id: int) -> bool:
        """Whether the chat still waits."""
        until = self._until.get(chat_id)
        if until is not None and self._clock.monotonic() >= until:
            del self._until[chat_id]
        return chat_id in self._until

    def waits_for_the_platform(
        self, chat_id: int, standings: Collection[Standing], due: Due
    ) -> bool:
        """Whether to read the chat's accounts again in some minutes, within the day."""
        if {Standing.AWAY, Standing.REFUSED}.isdisjoint(standings):
            return False
        now = self._clock.now()
        if not due.at <= now < min(due.at + AT_MOST, due.until - 2 * WAIT):
            return False
        self._until[chat_id] = self._clock.monotonic() + WAIT.total_seconds()
        return True
