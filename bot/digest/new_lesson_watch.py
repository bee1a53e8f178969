"""Looks for new lessons between digests and starts jobs of them, if the student wants it."""

from collections.abc import Callable, Collection, Mapping
from datetime import timedelta

from bot.clock import Clock
from bot.digest.collect import Collector
from bot.digest.due import Due
from bot.digest.patience import Patience
from bot.digest.report import Standing
from bot.digest.starting import Starting
from bot.digest.store import DigestStore
from bot.logs import get_log, new_reference
from bot.tracking.backfill import Allowance
from bot.zjy.gate import Priority
from storage import digest_settings
from storage.database import Database
from storage.digest_settings import DigestSettings
from storage.enums import DigestKind, SkipReason
from storage.errors import StorageError

READ_LATELY = timedelta(hours=1)
"""Real time after a look during which jobs start without another look."""

_log = get_log(__name__)


class NewLessonWatch:
    """``tell`` reports new notices and must not block."""

    def __init__(
        self,
        db: Database,
        clock: Clock,
        collector: Collector,
        starting: Starting,
        store: DigestStore,
        patience: Patience,
        tell: Callable[[], None],
    ) -> None:
        self._db = db
        self._clock = clock
        self._collector = collector
        self._starting = starting
        self._store = store
        self._patience = patience
        self._tell = tell
        self._unread: set[int] = set()
        """Chats whose last look did not reach the platform."""

    async def watch(self, settings: DigestSettings, *, tell: bool = True) -> Collection[Standing]:
        """Look for new lessons; returns the accounts' standings. With ``tell`` new lessons leave a
        notice, and so does an expired cookie that no digest would report."""
        found: Mapping[int, Standing] = {}
        now = self._clock.now()
        await self._db.write(lambda c: digest_settings.set_watched(c, settings.chat_id, now))
        try:
            found = await self._collector.read(settings, Priority.DIGEST, Allowance(0), tell=tell)
            if not settings.is_on:
                expired = [account for account, at in found.items() if at is Standing.EXPIRED]
                await self._store.ask_for_cookies(settings.chat_id, expired)
        except StorageError:
            raise
        except Exception:  # noqa: BLE001 - logged with its reference
            _log.exception("a look for new lessons broke off", reference=new_reference())
        self._tell()
        standings = found.values()
        if {Standing.READ, Standing.EXPIRED}.issuperset(standings):
            self._unread.discard(settings.chat_id)
        else:
            self._unread.add(settings.chat_id)
        return standings

    async def start(self, settings: DigestSettings, due: Due, *, is_read: bool) -> None:
        """Start jobs of the new lessons, at most once a day."""
        watched_at, now = settings.watched_at, self._clock.now()
        was_read = watched_at is not None and now - READ_LATELY < watched_at <= now
        if not (is_read or (was_read and settings.chat_id not in self._unread)):
            # The started job's own message names them.
            standings = await self.watch(settings, tell=False)
            if self._patience.waits_for_the_platform(settings.chat_id, standings, due):
                return
        row = await self._store.claim(settings.chat_id, due, DigestKind.START)
        if row is None:
            return
        if await self._starting.start_new(settings):
            await self._store.sent(row)
        else:
            await self._store.unsent(row, SkipReason.NOTHING_TO_START, told=True)
