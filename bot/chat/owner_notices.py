"""Tells the owner of the bot what they must know: once per cause and local day, over restarts too.

A row is stored first and marked when Telegram took the message. Without an owner who has written to
the bot nothing is stored: there is no chat to send it to.
"""

import asyncio
import json
import shutil
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager
from datetime import timedelta
from functools import partial
from typing import Any

from aiosqlite import Connection

from bot.access.access import Access
from bot.chat.background import Background
from bot.chat.people import People, Person
from bot.chat.views import owner_notices as views
from bot.clock import Clock
from bot.delivery_status import DeliveryStatus
from bot.logs import get_log
from bot.outbox.outbox import Outbox
from bot.outbox.screen import Screen
from bot.version import VERSION
from storage import kept, owner_notices
from storage.database import Database
from storage.enums import OwnerCause
from storage.errors import StorageError
from storage.migrate import version_of
from storage.owner_notices import OwnerNotice

TELEGRAM_LONG, PLATFORM_LONG = 900.0, 1800.0
"""Real seconds after which an outage is told."""
FREE_BYTES = 200 * 1024 * 1024
"""Beside the size of the database, which a backup needs."""
LOOK = timedelta(minutes=10)
"""Real time between two looks at the disk."""
STALE = timedelta(days=2)
"""A notice that could not be sent for so long is dropped."""
KEEP = timedelta(days=30)
AGAIN_AFTER = 60.0
"""Real seconds in which the same cause is not looked up again."""
_VERSION, _SCHEMA = "version", "schema"
_MEGABYTE = 1024 * 1024

_log = get_log(__name__)


class OwnerNotices:
    """Tells nothing before :meth:`open`."""

    def __init__(self, db: Database, clock: Clock, access: Access) -> None:
        self._db = db
        self._clock = clock
        self._access = access
        self._told_at: dict[OwnerCause, float] = {}
        self._sending: set[int] = set()
        self._people: People | None = None
        self._outbox: Outbox | None = None
        self._background: Background | None = None

    def open(self, people: People, outbox: Outbox, background: Background) -> None:
        self._people, self._outbox, self._background = people, outbox, background

    # causes

    def telegram_was_away(self, seconds: float) -> None:
        self._tell(OwnerCause.TELEGRAM_AWAY, seconds=round(seconds))

    def platform_is_away(self, seconds: float) -> None:
        self._tell(OwnerCause.PLATFORM_AWAY, seconds=round(seconds))

    def backup_failed(self) -> None:
        self._tell(OwnerCause.BACKUP)

    def fault(self, reference: str) -> None:
        """A fault of the bot, which the log has under the reference."""
        self._tell(OwnerCause.FAULT, reference=reference)

    async def look_at_disk(self) -> None:
        """Tell if the disk is nearly full."""
        try:
            free = (await asyncio.to_thread(shutil.disk_usage, self._db.path.parent)).free
            needed = FREE_BYTES + self._db.path.stat().st_size
        except OSError as error:
            _log.warning("the room on the disk could not be read", trouble=str(error))
            return
        if free < needed:
            self._tell(OwnerCause.DISK, free_mb=free // _MEGABYTE)

    async def begin(self) -> None:
        """Send what the last process could not, and tell if the version or the schema is another
        than in the last process."""
        now = self._clock.now()

        async def unit(conn: Connection) -> tuple[str | None, str | None, int]:
            before, schema_before = await kept.get(conn, _VERSION), await kept.get(conn, _SCHEMA)
            schema = await version_of(conn)
            await kept.put(conn, _VERSION, VERSION)
            await kept.put(conn, _SCHEMA, str(schema))
            await owner_notices.forget_before(conn, now - KEEP)
            return before, schema_before, schema

        with _storage_trouble_logged():
            before, schema_before, schema = await self._db.write(unit)
            if (before, schema_before) != (VERSION, str(schema)):
                self._tell(OwnerCause.UPGRADE, version=VERSION, before=before, schema=schema)
            self._start(self._send_pending())

    # sending

    def _tell(self, cause: OwnerCause, **facts: object) -> None:
        now, told_at = self._clock.monotonic(), self._told_at.get(cause)
        if told_at is None or now - told_at >= AGAIN_AFTER:
            self._told_at[cause] = now
            self._start(self._store(cause, json.dumps(facts)))

    def _start(self, work: Coroutine[Any, Any, None]) -> None:
        if self._background is None:
            work.close()
        else:
            self._background.start(None, None, work)

    async def _store(self, cause: OwnerCause, payload: str) -> None:
        with _storage_trouble_logged():
            owner = await self._owner()
            if owner is None:
                return
            now = self._clock.now()
            today = now.astimezone(owner.zone).date()
            await self._db.write(
                lambda conn: owner_notices.insert(conn, cause, today, payload, now)
            )
            await self._send_pending()

    async def _owner(self) -> Person | None:
        user_id = self._access.owner
        if user_id is None or self._people is None:
            return None
        return await self._people.of_chat(user_id)

    async def _send_pending(self) -> None:
        with _storage_trouble_logged():
            owner = await self._owner()
            found = await self._db.read(owner_notices.pending) if owner is not None else []
            for notice in found:
                if owner is not None and notice.id not in self._sending:
                    await self._send(owner, notice)

    async def _send(self, owner: Person, notice: OwnerNotice) -> None:
        now = self._clock.now()
        if now - notice.created_at > STALE or self._outbox is None:
            await self._db.write(lambda conn: owner_notices.drop(conn, notice.id, now))
            return
        self._sending.add(notice.id)
        try:
            render = partial(_render, owner, notice)
            status = await self._outbox.say_surely(owner.chat_id, render)
            now = self._clock.now()
            if status is DeliveryStatus.SENT:
                await self._db.write(lambda conn: owner_notices.mark_sent(conn, notice.id, now))
            elif status is DeliveryStatus.REFUSED:
                await self._db.write(lambda conn: owner_notices.drop(conn, notice.id, now))
        finally:
            self._sending.discard(notice.id)


@contextmanager
def _storage_trouble_logged() -> Iterator[None]:
    """Ends the block at an error of the storage, which is logged."""
    try:
        yield
    except StorageError as error:
        _log.warning("the owner could not be told", trouble=str(error))


async def _render(owner: Person, notice: OwnerNotice) -> Screen:
    return views.notice(owner.tr, notice.cause, json.loads(notice.payload))
