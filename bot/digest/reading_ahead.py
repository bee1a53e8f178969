"""Reads ahead while no digest is due, so that a digest can say what is left in each module and name
its new cells, however many modules a course has. A cookie lives only for hours: the numbers read by
day are there when the digest is due in the evening.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from bot.clock import Clock
from bot.digest.collect import Collector
from bot.tracking.backfill import Allowance
from storage import unknown_modules
from storage.database import Database
from storage.digest_settings import DigestSettings

SCAN_EVERY = timedelta(minutes=5)
"""Real time between two searches for chats with unknown modules."""
AGAIN_AFTER = timedelta(hours=1)
"""Real time from one reading of a chat to the next."""
AT_ONCE = 4
"""Chats that are read at the same time; each has one request in flight."""
ALLOWANCE = 80
"""Requests of one reading, except those that list courses and modules."""


class ReadAhead:
    """Which chats are read ahead, and when."""

    def __init__(self, db: Database, clock: Clock, collector: Collector) -> None:
        self._db = db
        self._clock = clock
        self._collector = collector
        self._scanned_at: datetime | None = None
        self._unknown: set[int] = set()
        self._read_at: dict[int, datetime] = {}
        self._running: dict[int, Allowance] = {}

    async def choose(self, idle: Sequence[DigestSettings]) -> list[DigestSettings]:
        """The chats to read now, out of the ``idle`` ones, for which nothing is due."""
        await self._scan()
        places = max(0, AT_ONCE - len(self._running))
        chosen = [each for each in idle if each.chat_id in self._unknown][:places]
        for each in chosen:
            # Chosen once: the reading may wait for the chat's lock over several ticks.
            self._unknown.discard(each.chat_id)
            self._running[each.chat_id] = Allowance(ALLOWANCE)
        return chosen

    async def read(self, settings: DigestSettings) -> None:
        """Read the unknown cells of the courses of a chat that was chosen."""
        chat_id = settings.chat_id
        self._read_at[chat_id] = self._clock.now()
        allowance = self._running[chat_id] = Allowance(ALLOWANCE)
        await self._collector.read_ahead(settings, allowance)

    def ended(self, chat_id: int) -> None:
        """The reading of a chosen chat has ended, or was never begun."""
        self._running.pop(chat_id, None)

    def make_room(self) -> None:
        """A digest is due: begin no further module."""
        for allowance in self._running.values():
            allowance.end()

    async def _scan(self) -> None:
        now = self._clock.now()
        if self._scanned_at is not None and _is_within(self._scanned_at, now, SCAN_EVERY):
            return
        self._scanned_at = now
        self._read_at = {
            chat: at for chat, at in self._read_at.items() if _is_within(at, now, AGAIN_AFTER)
        }
        self._unknown = await self._db.read(unknown_modules.chats) - self._read_at.keys()


def _is_within(since: datetime, now: datetime, span: timedelta) -> bool:
    """Whether less than ``span`` has passed. A moment in the future comes from a wrong clock."""
    return timedelta() <= now - since < span
