"""Opens a connection to the SQLite file, and looks at the file through it."""

import asyncio
import sqlite3
import threading
from collections.abc import Callable, Coroutine
from contextvars import copy_context
from pathlib import Path
from typing import Any, TypeVar

from aiosqlite import Connection

from storage.errors import StorageUnavailable, damaged
from storage.rows import first_row, run

T = TypeVar("T")


class UnitConnection(Connection):
    """A connection that runs a whole unit of work in one trip to its thread.

    Its end can be awaited when opening fails: its thread then ends by itself, and the event loop
    must not be closed before.
    """

    stopped: asyncio.Future[Any] | None = None
    _unit_thread: int | None = None
    """The thread that a unit runs in now."""

    def stop(self) -> asyncio.Future[Any] | None:
        self.stopped = super().stop()
        return self.stopped

    async def in_one_trip(self, work: Callable[[], Coroutine[Any, Any, T]]) -> T:
        """The result of ``work``, which runs in the connection's thread and must await nothing but
        this connection: each of its statements then runs at once. Raises what it raises, and
        RuntimeError if it waits for something else."""
        result: T = await super()._execute(  # type: ignore[no-untyped-call]
            copy_context().run, self._drive, work
        )
        return result

    def _drive(self, work: Callable[[], Coroutine[Any, Any, T]]) -> T:
        self._unit_thread = threading.get_ident()
        running = work()
        try:
            running.send(None)
        except StopIteration as end:
            result: T = end.value
            return result
        finally:
            running.close()
            self._unit_thread = None
        raise RuntimeError("a unit of work must not wait for anything but its connection")

    async def _execute(self, fn: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:  # noqa: ANN401
        if self._unit_thread == threading.get_ident():
            return fn(*args, **kwargs)
        return await super()._execute(fn, *args, **kwargs)  # type: ignore[no-untyped-call]


async def connect(path: Path, busy_seconds: float) -> UnitConnection:
    """A connection with the settings of this program, which the caller closes; ``busy_seconds`` is
    how long another process's lock is waited for. Raises ``sqlite3.Error``."""
    conn = UnitConnection(
        lambda: sqlite3.connect(path, isolation_level=None, timeout=busy_seconds),
        iter_chunk_size=64,
    )
    try:
        await conn
    except BaseException:
        if conn.stopped is not None:
            await conn.stopped
        raise
    try:
        conn.row_factory = sqlite3.Row
        await run(conn, f"PRAGMA busy_timeout = {round(busy_seconds * 1000)}")
        await run(conn, "PRAGMA foreign_keys = ON")
        await run(conn, "PRAGMA secure_delete = ON")
        await run(conn, "PRAGMA synchronous = FULL")
    except BaseException:
        await conn.close()
        raise
    return conn


async def use_wal(conn: Connection, path: Path) -> None:
    """Raises StorageUnavailable where the write-ahead log cannot be used."""
    row = await first_row(conn, "PRAGMA journal_mode = WAL")
    if row is None or row[0] != "wal":
        raise StorageUnavailable(
            f"{path} lies on a file system without shared memory: move it to a local disk."
        )


async def check_quickly(conn: Connection, path: Path) -> None:
    """Raises DatabaseDamaged for a file whose pages are damaged."""
    row = await first_row(conn, "PRAGMA quick_check(1)")
    if row is None or row[0] != "ok":
        raise damaged(path, str(row[0]) if row else "its check gave no answer")
