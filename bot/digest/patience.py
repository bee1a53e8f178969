"""A platform that is away for moments at the due time shall not cost a day's numbers."""

from collections.abc import Collection
from datetime import timedelta

from bot.clock import Clock
from bot.digest.due import Due
from bot.digest.report import Standing

WAIT = timedelta(minutes=5)
"""Real time until the platform is asked again."""
AT_MOST = timedelta(hours=1)
"""So late something due may come, for the platform's sake; then what was known last must do."""


class Patience:
    """Remembers which chats wait for the platform. Memory is enough: what forgets it asks again."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._until: dict[int, float] = {}

    def lasts(self, chat_id: int) -> bool:
        """Whether the chat is not to be served yet."""
        until = self._until.get(chat_id)
        if until is not None and self._clock.monotonic() >= until:
            del self._until[chat_id]
        return chat_id in self._until

    def waits_for_the_platform(
        self, chat_id: int, standings: Collection[Standing], due: Due
    ) -> bool:
        """Whether the chat's accounts are better read again in some minutes, within the day."""
        if Standing.AWAY not in standings:
            return False
        now = self._clock.now()
        if not due.at <= now < min(due.at + AT_MOST, due.until - 2 * WAIT):
            return False
        self._until[chat_id] = self._clock.monotonic() + WAIT.total_seconds()
        return True
