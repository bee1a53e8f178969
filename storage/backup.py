"""Makes whole copies of a database while it is in use, and checks them before they get their name.

A copy is one compact file, 0600, in a folder of 0700. Its cookies are sealed as in the database,
and it does not contain the key.
"""

import asyncio
import secrets
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from aiosqlite import Connection

from storage.errors import (
    DatabaseDamaged,
    StorageError,
    StorageUnavailable,
    full,
    translate,
    translated,
    translated_files,
)
from storage.files import make_file_private, make_folder_private, sync_file, sync_folder
from storage.rows import run

PARTIAL = ".partial"
"""Marks the name of a copy that is not whole yet; a killed process leaves it."""
RESERVE_BYTES = 16 * 1024 * 1024
"""Free bytes on the disk that a copy leaves to the running bot."""
BUSY_SECONDS = 5.0

_STEPS_BETWEEN_LOOKS = 10_000


class BackupStopped(StorageError):  # noqa: N818 -- it says what is so
    """The program is shutting down; no copy was kept."""


def _never() -> bool:
    return False


async def copy_database(conn: Connection, target: Path) -> None:
    """Writes the database as ``conn`` sees it now to ``target``.

    ``conn`` is in no transaction and may write (``query_only`` forbids ``VACUUM INTO``). The name
    ``target`` appears only when the copy is whole, checked and on the disk. Raises FileExistsError
    if it is taken, DatabaseDamaged if the copy did not pass, other OSErrors and ``sqlite3.Error``
    if there is no room or no right to write.
    """
    partial = _make_room(target)
    try:
        await run(conn, "VACUUM INTO ?", (str(partial),))
        await asyncio.to_thread(_finish, partial, target)
    finally:
        partial.unlink(missing_ok=True)


def back_up(database: Path, target: Path, *, stopped: Callable[[], bool] = _never) -> None:
    """Copies ``database`` to ``target`` on a connection of its own; writers are not blocked.

    Blocks until it is done, so a running bot calls it in a thread; ``stopped`` is called there
    periodically and ends it with BackupStopped. The name ``target`` appears as in
    :func:`copy_database`. Raises StorageError and then leaves no file.
    """
    if not database.is_file():
        raise StorageUnavailable(
            f"There is no database {database} yet: start the bot once, or set DATA_DIR to the "
            "folder that holds it."
        )
    with translated(database), closing(open_existing(database, "mode=rw")) as conn:
        copy_through(conn, database, target, stopped=stopped)


def copy_through(
    conn: sqlite3.Connection,
    source: Path,
    target: Path,
    *,
    stopped: Callable[[], bool] = _never,
) -> None:
    """As :func:`back_up`, on an open connection to ``source``. Also raises ``sqlite3.Error``."""
    with translated_files(target):
        partial = _make_room(target)
        try:
            refuse_without_room(source, target)
            with _ended_when(stopped, conn, source):
                _vacuum_into(conn, partial, target)
            _finish(partial, target, stopped)
        finally:
            partial.unlink(missing_ok=True)


def check_copy(file: Path, *, stopped: Callable[[], bool] = _never) -> int:
    """Checks every page and reference of a copy without writers; returns the schema's version.

    Changes nothing. Raises DatabaseDamaged, or StorageUnavailable if it cannot be read.
    """
    try:
        with (
            closing(open_existing(file, "mode=ro&immutable=1")) as conn,
            _ended_when(stopped, conn, file),
        ):
            return check_through(conn, file)
    except sqlite3.Error as error:
        raise translated_copy(error, file) from error


def check_through(conn: sqlite3.Connection, file: Path) -> int:
    """As :func:`check_copy`, on an open connection. Also raises ``sqlite3.Error``."""
    answer = conn.execute("PRAGMA integrity_check(1)").fetchone()
    if answer is None or answer[0] != "ok":
        raise _not_whole(file, str(answer[0]) if answer else "its check gave no answer")
    if conn.execute("PRAGMA foreign_key_check").fetchone() is not None:
        raise _not_whole(file, "some of its references point nowhere")
    return int(conn.execute("PRAGMA user_version").fetchone()[0])


def open_existing(file: Path, query: str) -> sqlite3.Connection:
    """A connection to an existing file; ``query`` is the query of SQLite's file URI."""
    address = f"{file.resolve().as_uri()}?{query}"
    return sqlite3.connect(address, uri=True, isolation_level=None, timeout=BUSY_SECONDS)


def translated_copy(error: sqlite3.Error, file: Path) -> Exception:
    """The storage error for an error in reading a copy, else the error itself."""
    known = translate(error, file)
    return _not_whole(file, str(error)) if isinstance(known, DatabaseDamaged) else known or error


def _not_whole(file: Path, detail: str) -> DatabaseDamaged:
    said = " ".join(detail.split())
    return DatabaseDamaged(f"The copy {file} is damaged ({said}): use another one.")


def refuse_without_room(source: Path, target: Path) -> None:
    """Raises DiskFull if the copy would leave too little room on the disk for the running bot's own
    writes."""
    log = source.with_name(source.name + "-wal")
    needed = source.stat().st_size + (log.stat().st_size if log.exists() else 0)
    if shutil.disk_usage(target.parent).free < needed + RESERVE_BYTES:
        raise full(target)


def _make_room(target: Path) -> Path:
    """Makes an empty private file for the copy, to which no other process writes."""
    make_folder_private(target.parent)
    if target.exists():
        raise FileExistsError(f"{target} is there already")
    partial = target.with_name(f"{target.name}.{secrets.token_hex(4)}{PARTIAL}")
    make_file_private(partial)
    return partial


def _vacuum_into(conn: sqlite3.Connection, partial: Path, target: Path) -> None:
    try:
        conn.execute("VACUUM INTO ?", (str(partial),))
    except sqlite3.Error as error:
        if getattr(error, "sqlite_errorcode", 0) & 0xFF == sqlite3.SQLITE_FULL:
            raise full(target) from error
        raise


def _finish(partial: Path, target: Path, stopped: Callable[[], bool] = _never) -> None:
    try:
        check_copy(partial, stopped=stopped)
    except DatabaseDamaged as error:
        raise DatabaseDamaged(
            f"No good copy could be made: look at the database and at the disk. {error}"
        ) from error
    sync_file(partial)
    partial.rename(target)
    sync_folder(target.parent)


@contextmanager
def _ended_when(
    stopped: Callable[[], bool], conn: sqlite3.Connection, file: Path
) -> Iterator[None]:
    """Raises BackupStopped out of a long statement of ``conn`` soon after ``stopped`` holds."""
    conn.set_progress_handler(stopped, _STEPS_BETWEEN_LOOKS)
    try:
        yield
    except sqlite3.Error as error:
        if getattr(error, "sqlite_errorcode", 0) & 0xFF != sqlite3.SQLITE_INTERRUPT:
            raise
        raise BackupStopped(f"{file} was not copied: the program is about to end.") from error
    finally:
        conn.set_progress_handler(None, 0)
