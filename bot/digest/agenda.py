"""Decides what is due for a chat at a moment. Pure functions, and a cache of chats with nothing
due."""

from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from bot.digest.due import LOOK_BACK, Due, Look, Schedule, look, may_watch
from bot.zones import local_date, zone_of
from storage.digest_settings import DigestSettings
from storage.digests import DigestRow
from storage.enums import Days


@dataclass(frozen=True, slots=True)
class Rows:
    """The chat's rows of the last weeks."""

    digests: tuple[DigestRow, ...] = ()
    starts: tuple[DigestRow, ...] = ()


@dataclass(frozen=True, slots=True)
class Todo:
    """What is due now; ``missed`` are dates whose digest is too late. Unless something changes,
    nothing more is due before ``again_at``."""

    digest: Due | None
    start: Due | None
    watch: bool
    missed: tuple[date, ...]
    again_at: datetime

    @property
    def is_for_later(self) -> bool:
        """Whether a look for new lessons is all that is due; no student waits for it."""
        return not (self.digest or self.start or self.missed)

    @property
    def is_empty(self) -> bool:
        return not (self.digest or self.start or self.watch or self.missed)


def first_date(settings: DigestSettings, now: datetime) -> date:
    """The first local date whose row can matter."""
    return local_date(now, zone_of(settings.time_zone)) - timedelta(days=LOOK_BACK + 1)


def in_this_zone(settings: DigestSettings, now: datetime) -> DigestSettings:
    """The settings with the chat's current zone, which may have just changed."""
    if settings.zone == settings.time_zone:
        return settings
    return replace(settings, zone=settings.time_zone, zone_since=now)


def todo(settings: DigestSettings, rows: Rows, now: datetime) -> Todo:
    """What the settings and rows say at ``now``. The zone's change must be noted before."""
    if settings.has_account_since is None:
        return Todo(None, None, False, (), now + timedelta(days=1))
    digest = start = None
    missed: tuple[date, ...] = ()
    again = [now + timedelta(days=1)]
    if (schedule := digest_schedule(settings)) is not None:
        found = _look(schedule, now, rows.digests)
        digest, missed = found.due, found.missed
        again.append(found.again_at)
    if (schedule := _start_schedule(settings)) is not None:
        found = _look(schedule, now, rows.starts)
        start = found.due
        again.append(found.again_at)
    watch = may_watch(settings.watch_times, settings.watched_at, now)
    if settings.watch_times and settings.watched_at is not None:
        again.append(settings.watched_at + timedelta(days=1) / settings.watch_times)
    return Todo(digest, start, watch and settings.blocked_at is None, missed, min(again))


def digest_schedule(settings: DigestSettings) -> Schedule | None:
    """None if the chat's digest is off or has no account."""
    if not settings.is_on or settings.has_account_since is None:
        return None
    return Schedule(
        at=settings.at,
        days=settings.days,
        weekday=settings.weekday,
        zone=zone_of(settings.time_zone),
        armed_at=max(settings.armed_at, settings.has_account_since),
        zone_since=settings.zone_since,
    )


def _start_schedule(settings: DigestSettings) -> Schedule | None:
    if settings.start_hour is None or settings.has_account_since is None:
        return None
    return Schedule(
        at=time(settings.start_hour),
        days=Days.DAILY,
        weekday=0,
        zone=zone_of(settings.time_zone),
        armed_at=max(settings.start_armed_at or settings.armed_at, settings.has_account_since),
        zone_since=settings.zone_since,
    )


def _look(schedule: Schedule, now: datetime, rows: tuple[DigestRow, ...]) -> Look:
    taken = {row.local_date for row in rows if not row.is_open}
    return look(schedule, now, taken, {row.local_date for row in rows})


class NotDueCache:
    """Remembers the chats with nothing due for a while, so that checking thousands of chats every
    few seconds stays cheap."""

    def __init__(self) -> None:
        self._until: dict[int, tuple[DigestSettings, datetime, datetime]] = {}
        self._ended = 0

    @property
    def mark(self) -> int:
        """For :meth:`begin`: take it before the rows are read."""
        return self._ended

    def lasts(self, settings: DigestSettings, now: datetime) -> bool:
        """Whether nothing can be due for the chat yet. Changed settings or a clock that went back
        end this."""
        settings_then, since, until = self._until.get(settings.chat_id, (None, now, now))
        return settings_then == settings and since <= now < until

    def ends_within(self, chat_id: int, now: datetime, span: timedelta) -> bool:
        """Whether something may be due for the chat within that time."""
        known = self._until.get(chat_id)
        return known is None or known[2] - now <= span

    def begin(self, settings: DigestSettings, now: datetime, until: datetime, mark: int) -> None:
        """Remember that nothing is due, unless :meth:`end` was called since ``mark`` was taken: the
        rows may have been read before they changed."""
        if mark == self._ended:
            self._until[settings.chat_id] = (settings, now, until)

    def end(self, chat_id: int) -> None:
        """The chat's rows changed: something may be due."""
        self._ended += 1
        self._until.pop(chat_id, None)
