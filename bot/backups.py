"""The nightly backup: one good copy of the database for each night; older copies are removed after
it.

The backup folder is the only state: each check reads it to see whether the night has its copy. So a
bot that was off at night makes the copy at its next start, and a failed copy is retried at the next
check.
"""

import asyncio
import threading
from collections.abc import Callable
from datetime import datetime, time, timedelta
from pathlib import Path

from bot.clock import Clock
from bot.logs import get_log
from storage.backup import BackupStopped, back_up, check_copy
from storage.backup_files import (
    Backup,
    BackupKind,
    backups_of,
    new_path,
    remove_abandoned,
    remove_older,
)
from storage.database import Database
from storage.errors import StorageError

NIGHT = time(19)
"""UTC; three in the morning in China, where the students sleep. A night lasts until the next
one."""
LOOK = timedelta(minutes=10)
"""Real time between two checks."""

_log = get_log(__name__)


def night_of(moment: datetime) -> datetime:
    """The start of the night that a moment in UTC belongs to."""
    begun = datetime.combine(moment.date(), NIGHT, moment.tzinfo)
    return begun if begun <= moment else begun - timedelta(days=1)


class NightlyBackups:
    """Keeps copies of ``db`` for ``keep_days`` days; with 0 it makes and removes none.
    ``on_failure`` must not block."""

    def __init__(
        self,
        db: Database,
        clock: Clock,
        *,
        keep_days: int,
        on_failure: Callable[[], None] = lambda: None,
    ) -> None:
        self._on_failure = on_failure
        self._db = db
        self._clock = clock
        self._age = timedelta(days=keep_days)
        self._looking = asyncio.Lock()
        self._stop = threading.Event()
        self._checked: set[Path] = set()

    async def look(self) -> None:
        """Make this night's backup unless there is a good one. An error is logged and left to the
        next check; the bot goes on in any case."""
        if not self._age or self._stop.is_set():
            return
        async with self._looking:
            try:
                made = await asyncio.to_thread(self._back_up_if_due)
                if made is not None:
                    await self._clear_up(made)
            except BackupStopped:
                _log.info("the nightly backup was stopped: the bot shuts down")
            except StorageError as error:
                _log.error("the nightly backup failed; trying again", trouble=str(error))
                self._on_failure()

    def close(self) -> None:
        """Start no further backup, and abandon one that is being made."""
        self._stop.set()

    def _back_up_if_due(self) -> Backup | None:
        now = self._clock.now()
        if any(self._is_good(backup) for backup in self._of_this_night(now)):
            return None
        path = new_path(self._db.path, BackupKind.NIGHTLY, now)
        back_up(self._db.path, path, stopped=self._stop.is_set)
        self._checked.add(path)
        return Backup(path, BackupKind.NIGHTLY, now)

    def _of_this_night(self, now: datetime) -> list[Backup]:
        """The backups of this night. A backup dated in the future comes from a wrong clock: it must
        not prevent today's backup."""
        begun = night_of(now)
        return [
            backup
            for backup in backups_of(self._db.path)
            if backup.kind is BackupKind.NIGHTLY and begun <= backup.made_at <= now
        ]

    def _is_good(self, backup: Backup) -> bool:
        """Whether the backup is intact. The file is checked once in the life of the process; it was
        good when it got its name."""
        if backup.path not in self._checked:
            try:
                check_copy(backup.path, stopped=self._stop.is_set)
            except BackupStopped:
                raise
            except StorageError as error:
                _log.warning("tonight's backup is damaged; making another", trouble=str(error))
                return False
            self._checked.add(backup.path)
        return True

    async def _clear_up(self, made: Backup) -> None:
        """Remove the backups that are too old, after a newer good one was made."""
        try:
            gone = await asyncio.to_thread(remove_older, self._db.path, made, self._age)
            await asyncio.to_thread(remove_abandoned, self._db.path, made.made_at)
        except StorageError as error:
            _log.warning("old backups could not be removed", trouble=str(error))
            gone = []
        removed = [path.name for path in gone]
        _log.info("the nightly backup is made", file=made.path.name, removed=removed)
        try:
            # While the backup was being made, erased rows could not leave the write-ahead log.
            await self._db.checkpoint()
        except StorageError as error:
            _log.warning("the write-ahead log could not be emptied", trouble=str(error))
