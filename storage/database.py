"""The SQLite file: a writing connection, a reading connection, and units of work.

How the storage is used, everywhere: a table file (``chats``, ``accounts``, …) has functions that
take a ``Connection`` first, and do not begin or commit anything. The caller hands a *unit* of one
or several of them to the database, which makes it all or nothing::

    chat = await db.write(lambda conn: chats.ensure(conn, chat_id, user_id, now))

    async def start(conn: Connection) -> int: ...several calls, each awaited with conn...
    job_id = await db.write(start)

A unit awaits nothing but the connection: never the network, a lock or another unit. It runs as a
whole in the connection's thread, so it changes nothing that the event loop's thread works with.
"""

import asyncio
import logging
import sqlite3
from collections.abc import Awaitable, Callable, Coroutine
from contextvars import ContextVar
from datetime import datetime
from functools import partial
from importlib.resources.abc import Traversable
from pathlib import Path
from types import TracebackType
from typing import Any, Self, TypeVar

from aiosqlite import Connection

from storage.connections import UnitConnection, check_quickly, connect, use_wal
from storage.errors import (
    StorageUnavailable,
    translated,
    translated_files,
)
from storage.files import make_file_private, make_folder_private
from storage.migrate import built_in_migrations, load_migrations, migrate, refuse_unknown
from storage.moments import utc_now
from storage.orderly_end import forget_orderly_end, is_as_closed, note_orderly_end
from storage.rows import run
from storage.schema import refuse_changed

T = TypeVar("T")
Unit = Callable[[Connection], Awaitable[T]]
Boundary = Callable[[str, str], None]
"""Called right before and right after each commit of a unit, with which of the two and the unit's
name."""

BUSY_SECONDS = 5.0
CHECKPOINT_MILLISECONDS = 100
_STRICT_TABLES_SINCE = (3, 37, 0)

_inside_unit: ContextVar[bool] = ContextVar("inside_unit", default=False)

_log = logging.getLogger(__name__)


class Database:
    """An open database file. Made by :meth:`open`; must be closed, or the process hangs at exit."""

    def __init__(
        self,
        path: Path,
        writer: UnitConnection,
        reader: UnitConnection,
        boundary: Boundary | None = None,
        busy_seconds: float = BUSY_SECONDS,
    ) -> None:
        self.path = path
        self._busy_seconds = busy_seconds
        self._boundary = boundary
        self._writer = writer
        self._reader = reader
        self._writing = asyncio.Lock()
        self._reading = asyncio.Lock()
        self._units: set[asyncio.Task[Any]] = set()
        self._closing: asyncio.Task[None] | None = None

    @classmethod
    async def open(
        cls,
        path: Path,
        *,
        migrations: Traversable | None = None,
        clock: Callable[[], datetime] = utc_now,
        busy_seconds: float = BUSY_SECONDS,
        boundary: Boundary | None = None,
    ) -> Self:
        """Opens ``path``, made with its folder if it is missing, and migrates it. The file is
        checked unless it is as an orderly end left it.

        ``migrations`` is the folder of numbered SQL files (by default the program's own), ``clock``
        names the backup before a migration, ``busy_seconds`` is how long another process's lock is
        waited for, ``boundary`` is for tests that end the process there. Raises StorageError;
        nothing is left open then, nor after a cancellation.
        """
        opening = asyncio.create_task(cls._open(path, migrations, clock, busy_seconds, boundary))
        try:
            await asyncio.wait({opening})
        except asyncio.CancelledError:
            # A connection that is still opening must not be abandoned: it would hang the exit.
            await asyncio.wait({opening})
            if opening.exception() is None:
                await opening.result().close()
            raise
        return opening.result()

    @classmethod
    async def _open(
        cls,
        path: Path,
        migrations: Traversable | None,
        clock: Callable[[], datetime],
        busy_seconds: float,
        boundary: Boundary | None,
    ) -> Self:
        if sqlite3.sqlite_version_info < _STRICT_TABLES_SINCE:
            raise StorageUnavailable(
                f"SQLite {sqlite3.sqlite_version} is too old: this program needs 3.37 or newer."
            )
        opened: list[UnitConnection] = []
        try:
            with translated(path), translated_files(path):
                known = load_migrations(migrations or built_in_migrations())
                make_folder_private(path.parent)
                make_file_private(path)
                # Before the first statement, which may change the file.
                is_sound = is_as_closed(path)
                opened.append(await connect(path, busy_seconds))
                await refuse_unknown(opened[0], known, path)
                await refuse_changed(opened[0], known, path)
                await use_wal(opened[0], path)
                if not is_sound:
                    await check_quickly(opened[0], path)
                forget_orderly_end(path)
                await migrate(opened[0], known, path, clock)
                opened.append(await connect(path, busy_seconds))
                await run(opened[1], "PRAGMA query_only = ON")
        except BaseException:
            for connection in reversed(opened):
                await connection.close()
            raise
        return cls(path, opened[0], opened[1], boundary, busy_seconds)

    async def write(self, unit: Unit[T]) -> T:
        """Runs ``unit`` in one ``BEGIN IMMEDIATE … COMMIT``, one unit at a time, and returns its
        result.

        Any error rolls all of it back. A cancelled caller returns at once, and its unit still runs
        to its end. Raises what the unit raises, with errors of the file as a StorageError.
        """
        return await self._shielded(self._run(self._writer, self._writing, "BEGIN IMMEDIATE", unit))

    async def read(self, unit: Unit[T]) -> T:
        """Runs ``unit``, which changes nothing, on one consistent view, also during a write, and
        returns its result. Otherwise as :meth:`write`."""
        return await self._shielded(self._run(self._reader, self._reading, "BEGIN", unit))

    async def checkpoint(self) -> None:
        """Moves the write-ahead log into the file, so that erased data leaves the log too. Waits
        for earlier units; does less, without an error, if other processes read: a replicator such
        as Litestream does so all the time, and empties the log itself."""
        await self._shielded(self._checkpoint())

    async def close(self) -> None:
        """Closes both connections after the units that were begun. May be called again."""
        self._refuse_inside_unit()
        if self._closing is None:
            self._closing = asyncio.create_task(self._close())
        await asyncio.wait({self._closing})
        self._closing.result()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.close()

    async def _shielded(self, work: Coroutine[Any, Any, T]) -> T:
        if self._closing is not None or _inside_unit.get():
            work.close()
            self._refuse_inside_unit()
            raise StorageUnavailable(f"{self.path} is closed: the program is about to end.")
        task = asyncio.create_task(work)
        self._units.add(task)
        task.add_done_callback(self._units.discard)
        try:
            # Unlike awaiting the task itself, this does not cancel it when the caller is cancelled.
            await asyncio.wait({task})
        except asyncio.CancelledError:
            task.add_done_callback(_log_failure)
            raise
        return task.result()

    def _refuse_inside_unit(self) -> None:
        if _inside_unit.get():
            raise RuntimeError("a unit of work must not wait for another one")

    async def _run(self, conn: UnitConnection, lock: asyncio.Lock, begin: str, unit: Unit[T]) -> T:
        async with lock:
            with translated(self.path):
                return await conn.in_one_trip(partial(self._transaction, conn, begin, unit))

    async def _transaction(self, conn: Connection, begin: str, unit: Unit[T]) -> T:
        _inside_unit.set(True)
        try:
            await run(conn, begin)
            result = await unit(conn)
            await self._commit(conn, unit)
        except BaseException:
            await conn.rollback()
            raise
        return result

    async def _commit(self, conn: Connection, unit: Unit[Any]) -> None:
        told = self._boundary if conn is self._writer else None
        if told is None:
            await run(conn, "COMMIT")
            return
        whose = getattr(unit, "__qualname__", "")
        told("before commit", whose)
        await run(conn, "COMMIT")
        told("after commit", whose)

    async def _checkpoint(self) -> None:
        async with self._writing, self._reading:
            with translated(self.path):
                # No unit runs meanwhile, so that a reader elsewhere is hardly waited for.
                await run(self._writer, f"PRAGMA busy_timeout = {CHECKPOINT_MILLISECONDS}")
                try:
                    await run(self._writer, "PRAGMA wal_checkpoint(TRUNCATE)")
                finally:
                    milliseconds = round(self._busy_seconds * 1000)
                    await run(self._writer, f"PRAGMA busy_timeout = {milliseconds}")

    async def _close(self) -> None:
        while self._units:
            await asyncio.wait(self._units)
        with translated(self.path):
            try:
                await self._reader.close()
            finally:
                # Closing the last connection moves the write-ahead log into the file.
                await self._writer.close()
        note_orderly_end(self.path)


def _log_failure(task: asyncio.Task[Any]) -> None:
    error = None if task.cancelled() else task.exception()
    if error is not None:
        _log.error("a unit of work failed after its caller had left", exc_info=error)
