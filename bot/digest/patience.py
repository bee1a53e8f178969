"""A platform that is away for moments at the due time shall not cost a day's numbers."""

from datetime import timedelta

from bot.clock import Clock
from bot.digest.due import Due
from bot.digest.report import DigestReport, Standing

WAIT = timedelta(minutes=5)
"""Real time until the platform is asked again."""
AT_MOST = timedelta(hours=1)
"""So late a digest may come, for the platform's sake; then it says what was known last."""


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

    def waits_for_the_platform(self, report: DigestReport, due: Due) -> bool:
        """Whether a report is better made again in some minutes, within its day."""
        if all(part.standing is not Standing.AWAY for part in report.accounts):
            return False
        now = self._clock.now()
        if not due.at <= now < min(due.at + AT_MOST, due.until - 2 * WAIT):
            return False
        self._until[report.chat_id] = self._clock.monotonic() + WAIT.total_seconds()
        return True
