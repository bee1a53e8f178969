"""The errors of the database file, each in one sentence that an operator can act on.

Only errors of the environment are translated. A broken constraint or faulty SQL is the caller's
mistake and stays a ``sqlite3`` error.
"""

# ruff: noqa: N818 -- the names say what is wrong; the root says that it is an error
import errno
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


class StorageError(Exception):
    """The storage could not do its work; the text says why and what to look at."""


class DatabaseTooNew(StorageError):
    """The file was written by a newer version of the program."""


class DatabaseDamaged(StorageError):
    """The file is no SQLite database, not this program's, or damaged."""


class SchemaChanged(DatabaseDamaged):
    """The file's tables, or what is set in it, are not those of its version."""


class DatabaseBusy(StorageError):
    """Another process holds the file, for longer than the busy timeout."""


class DiskFull(StorageError):
    """There is no room for the change; the file is as it was before."""


class StorageUnavailable(StorageError):
    """The file or its folder cannot be opened, read or written, or the database is closed."""


class MigrationFailed(StorageError):
    """A migration did not apply; the database is whole, at the version before it."""


_DAMAGED = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_FORMAT}
_BUSY = {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}
_UNAVAILABLE = {
    sqlite3.SQLITE_CANTOPEN,
    sqlite3.SQLITE_IOERR,
    sqlite3.SQLITE_NOMEM,
    sqlite3.SQLITE_PERM,
    sqlite3.SQLITE_PROTOCOL,
    sqlite3.SQLITE_READONLY,
}
_FULL_ERRNOS = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}


def translate(error: sqlite3.Error, path: Path) -> StorageError | None:
    """The storage error for ``error`` on ``path``; None for a mistake of the caller."""
    # The low byte is the primary code; errors of the Python module itself carry none.
    extended = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR)
    code = extended & 0xFF
    # The file of the shared memory could not grow.
    if code == sqlite3.SQLITE_FULL or extended == sqlite3.SQLITE_IOERR_SHMSIZE:
        return full(path)
    if code in _DAMAGED:
        return damaged(path, str(error))
    if code in _BUSY:
        return DatabaseBusy(
            f"{path} is held by another process: end the other bot or tool that has it open."
        )
    if code in _UNAVAILABLE:
        return _unavailable(path, error)
    return None


def full(path: Path) -> DiskFull:
    return DiskFull(f"There is no room left for {path}: free some space, nothing was changed.")


def damaged(path: Path, detail: str) -> DatabaseDamaged:
    # SQLite's own checks report in several lines.
    detail = " ".join(detail.split())
    return DatabaseDamaged(f"{path} cannot be used ({detail}): restore it from a backup.")


def _unavailable(path: Path, error: Exception) -> StorageUnavailable:
    return StorageUnavailable(
        f"{path} cannot be read or written ({error}): check its folder, its owner and its rights."
    )


@contextmanager
def translated(path: Path) -> Iterator[None]:
    """Raises the storage error in place of a ``sqlite3.Error`` that the environment caused."""
    try:
        yield
    except sqlite3.Error as error:
        known = translate(error, path)
        if known is None:
            raise
        raise known from error


@contextmanager
def translated_files(path: Path) -> Iterator[None]:
    """Raises the storage error in place of an ``OSError`` around the file ``path``."""
    try:
        yield
    except OSError as error:
        raise (full(path) if error.errno in _FULL_ERRNOS else _unavailable(path, error)) from error
