"""What lies in the data folder, opened: the database, its keys, and who may use the bot."""

from dataclasses import dataclass
from typing import Self

from bot.access.access import Access
from bot.app import DATABASE_NAME, KEY_NAME
from bot.clock import Clock
from bot.fault_point import Boundary, FaultPoint
from bot.health.state_file import forget_state
from bot.logs import get_log
from bot.settings import Settings
from bot.settings_reading import die_at
from storage import sealed
from storage.database import Database
from storage.key_file import open_vault
from storage.lock import FolderLock
from storage.vault import Vault

_log = get_log(__name__)


@dataclass(frozen=True, slots=True)
class Stored:
    """``boundary`` is only set in tests that kill the process."""

    lock: FolderLock
    db: Database
    vault: Vault
    access: Access
    boundary: Boundary | None

    @classmethod
    async def open(cls, settings: Settings, real: Clock) -> Self:
        """Open it all. Raises StorageError or VaultError, each with one sentence for the operator;
        everything opened so far is closed before that."""
        boundary = FaultPoint(text) if (text := die_at(settings)) is not None else None
        lock = FolderLock.take(settings.data_dir)
        forget_state(settings.data_dir)
        try:
            db = await Database.open(settings.data_dir / DATABASE_NAME, boundary=boundary)
        except BaseException:
            lock.release()
            raise
        try:
            expected = await db.read(sealed.holds_cookies)
            vault = open_vault(
                settings.data_dir / KEY_NAME, given=settings.bot_keys, expect_existing=expected
            )
            for key in await db.read(lambda conn: sealed.other_keys(conn, vault)):
                _log.error(
                    "cookies are sealed with a key that is not here, so the jobs of their students "
                    "wait: put that key back",
                    sealed_with=key,
                )
            access = Access(db, real, settings.allowed_users)
            await access.load()
        except BaseException:
            # An open connection would keep the process from ending.
            await db.close()
            lock.release()
            raise
        return cls(lock, db, vault, access, boundary)

    async def close(self) -> None:
        await self.db.close()
        self.lock.release()
