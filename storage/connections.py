"""Opens a connection to the SQLite file, and looks at the file through it."""

import asyncio
import sqlite3
from pathlib import Path
from typing import Any

from aiosqlite import Connection

from storage.errors import StorageUnavailable, damaged
from storage.rows import first_row, run


class _Connecting(Connection):
    """A connection whose end can be awaited when opening fails: its thread then ends by itself, and
    the event loop must not be closed before."""

    stopped: asyncio.Future[Any] | None = None

    def stop(self) -> asyncio.Future[Any] | None:
        self.stopped = super().stop()
        return self.stopped


async def connect(path: Path, busy_seconds: float) -> Connection:
    """A connection with the settings of this program, which the caller closes; ``busy_seconds`` is
    how long another process's lock is waited for. Raises ``sqlite3.Error``."""
    conn = _Connecting(
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
