"""The bot's periodic tasks, apart from the dispatcher's own checks for jobs."""

from datetime import timedelta

from bot.backups import LOOK, NightlyBackups
from bot.chat.owner_notices import LOOK as LOOK_AT_DISK
from bot.chat.owner_notices import OwnerNotices
from bot.clock import Clock
from bot.digest.service import TICK, Digests
from bot.jobs.queue import WorkQueue
from bot.jobs.recovery import forget_old_drafts
from bot.login.expiry import ExpiryWatch
from bot.tracking.history import KEEP_SEEN, History
from storage.database import Database

DAILY = timedelta(days=1)


class Scheduler:
    def __init__(
        self,
        queue: WorkQueue,
        db: Database,
        clock: Clock,
        *,
        expiry: ExpiryWatch,
        backups: NightlyBackups,
        digests: Digests,
        history: History,
        owner_notices: OwnerNotices,
    ) -> None:
        self._owner_notices = owner_notices
        self._queue = queue
        self._db = db
        self._clock = clock
        self._expiry = expiry
        self._backups = backups
        self._digests = digests
        self._history = history

    def begin(self) -> None:
        """Start all periodic tasks; they end when the queue is closed."""
        every = self._queue.every
        every(self._expiry.interval, "cookies: those that end", self._expiry.look)
        every(LOOK, "the nightly backup", self._backups.look, at_once=True)
        every(LOOK_AT_DISK, "the disk", self._owner_notices.look_at_disk, at_once=True)
        every(DAILY, "drafts: the old ones", self._forget_old_drafts, at_once=True)
        every(TICK, "digests: those that are due", self._digests.tick, at_once=True)
        every(KEEP_SEEN, "progress: what was seen", self._history.keep_seen, at_once=True)
        every(DAILY, "progress: the old days", self._history.forget, at_once=True)

    async def _forget_old_drafts(self) -> None:
        await forget_old_drafts(self._db, self._clock.now())
