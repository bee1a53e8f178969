"""Reads a crowd of chats in the half hour before their digests are due, spread evenly.

Hundreds of digests that are due in the same minute would ask the platform for minutes, beside the
reports of running jobs. A few are read when they are due, so that their numbers are of that moment.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.clock import Clock
from bot.digest.agenda import NotDueCache, digest_schedule
from bot.digest.collect import Collector
from bot.digest.due import next_due
from storage.digest_settings import DigestSettings

BEFORE = timedelta(minutes=30)
"""Real time before a digest is due in which its chat is read early."""
DONE_BEFORE = timedelta(minutes=1)
"""Real time before a digest is due in which no early reading begins, if it could be earlier."""
CROWD = 24
"""With no more digests than these in that time, each is read when it is due."""
AT_ONCE = 8
"""Chats that are read early at the same time; each has one request in flight."""


@dataclass(frozen=True, slots=True)
class Upcoming:
    """A chat whose digest is due at ``due_at``, in UTC."""

    settings: DigestSettings
    due_at: datetime


class EarlyReading:
    """Which chats are read early, and when. ``tick`` is the real time between two choices."""

    def __init__(self, clock: Clock, collector: Collector, tick: timedelta) -> None:
        self._clock = clock
        self._collector = collector
        self._tick = tick
        self._places = asyncio.Semaphore(AT_ONCE)
        self._due: dict[int, Upcoming | DigestSettings] = {}
        """What was found of each chat that was looked at: a digest, or none."""
        self._owed = 0.0
        self._begun: dict[int, datetime] = {}
        """The digests, by chat, whose early reading was begun."""

    def choose(self, idle: Sequence[DigestSettings], not_due: NotDueCache) -> list[Upcoming]:
        """The chats to begin with now, out of the ``idle`` ones, for which nothing is due: so many
        that all are read until they are due."""
        now = self._clock.now()
        found = [
            each
            for settings in idle
            if not_due.ends_within(settings.chat_id, now, BEFORE)
            and (each := self._upcoming(settings, now)) is not None
        ]
        self._begun = {chat: at for chat, at in self._begun.items() if at > now}
        if len(found) <= CROWD:
            return []
        left = [each for each in found if self._begun.get(each.settings.chat_id) != each.due_at]
        left.sort(key=lambda each: each.due_at)
        chosen = left[: self._how_many([each.due_at - now for each in left])]
        self._begun |= {each.settings.chat_id: each.due_at for each in chosen}
        return chosen

    def _how_many(self, spans: Sequence[timedelta]) -> int:
        """How many of the chats with so much time left to begin with in this tick."""
        self._owed += sum(self._tick / max(span - DONE_BEFORE, self._tick) for span in spans)
        whole, self._owed = divmod(self._owed, 1)
        return int(whole)

    async def read(self, upcoming: Upcoming, alone: asyncio.Lock) -> None:
        """Read a chosen chat under its lock, unless its digest is due by then."""
        async with self._places, alone:
            if self._clock.now() < upcoming.due_at:
                await self._collector.read_early(upcoming.settings)

    def _upcoming(self, settings: DigestSettings, now: datetime) -> Upcoming | None:
        """The chat's digest, if one is due within :data:`BEFORE`."""
        known = self._due.get(settings.chat_id)
        if known is None or not _is_of(known, settings, now):
            schedule = digest_schedule(settings)
            at = None if schedule is None or settings.blocked_at else next_due(schedule, now)
            known = settings if at is None else Upcoming(settings, at)
            self._due[settings.chat_id] = known
        if isinstance(known, DigestSettings) or known.due_at - now > BEFORE:
            return None
        return known


def _is_of(known: Upcoming | DigestSettings, settings: DigestSettings, now: datetime) -> bool:
    """Whether what was found is of these settings, and lies ahead."""
    if isinstance(known, DigestSettings):
        return known == settings
    return known.settings == settings and known.due_at > now
