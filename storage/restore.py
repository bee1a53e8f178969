"""Replaces the database with a backup, so that at any moment one of the two is whole in its place.

The order allows a crash after any step: the backup is copied beside the database and checked; the
database's write-ahead log is moved into it and removed; the database is copied to ``backups/``; the
new file gets the database's name in one step. The old file's log is never beside the new file.
"""

import shutil
import sqlite3
from collections.abc import Iterable
from contextlib import closing, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from storage.backup import (
    PARTIAL,
    back_up,
    check_through,
    copy_through,
    open_existing,
    translated_copy,
)
from storage.backup_files import BackupKind, new_path
from storage.early_files import VERSION, missing_of_version_8
from storage.errors import (
    DatabaseBusy,
    DatabaseDamaged,
    DatabaseTooNew,
    StorageUnavailable,
    translated,
    translated_files,
)
from storage.files import make_file_private, make_folder_private, sync_file, sync_folder
from storage.lock import FolderLock
from storage.migrate import COLUMNS, Migration, Migrations, built_in_migrations, load_migrations

LOG = "-wal"
SIDECARS = (LOG, "-shm", "-journal")


@dataclass(frozen=True, slots=True)
class Restored:
    """The result: where the previous database is kept, None if there was none."""

    kept: Path | None


def restore(file: Path, database: Path, now: datetime) -> Restored:
    """Replaces ``database`` with a copy of the backup ``file``; ``now`` is in the name of the kept
    copy.

    An older schema is accepted: the next start migrates it. Raises StorageError, with one sentence
    for the operator, and then changes nothing: FolderInUse while a bot runs, DatabaseDamaged for a
    file that is broken or another program's, DatabaseTooNew, and errors of the disk.
    """
    if not file.is_file():
        raise StorageUnavailable(f"There is no backup {file}.")
    with translated_files(database.parent):
        lock = FolderLock.take(database.parent)
    try:
        return _restore(file, database, now)
    finally:
        lock.release()


def _restore(file: Path, database: Path, now: datetime) -> Restored:
    draft = database.with_name(f"{database.name}.restored")
    with translated_files(database):
        # Left by a killed restore: no other process makes one while this one holds the folder.
        for left in [*database.parent.glob(f"{draft.name}*")]:
            left.unlink()
        try:
            _take_out(file, draft)
            kept = _keep_present(database, now)
            _let_go_of_logs(database)
            draft.rename(database)
            sync_folder(database.parent)
        finally:
            draft.unlink(missing_ok=True)
    return Restored(kept)


def _take_out(file: Path, draft: Path) -> None:
    """Makes a checked copy of the backup, including a write-ahead log beside it."""
    beside = any(file.with_name(file.name + each).exists() for each in SIDECARS)
    try:
        # Immutable: SQLite makes no file beside a backup, whose folder may be read-only.
        with closing(open_existing(file, "mode=ro" if beside else "mode=ro&immutable=1")) as conn:
            _refuse_unknown(check_through(conn, file), conn, file)
            copy_through(conn, file, draft)
    except sqlite3.Error as error:
        raise translated_copy(error, file) from error


def _refuse_unknown(version: int, conn: sqlite3.Connection, file: Path) -> None:
    migrations = load_migrations(built_in_migrations())
    if version > migrations.newest:
        raise DatabaseTooNew(
            f"The backup {file} has version {version}, and this program knows up to "
            f"{migrations.newest}: use the newer program."
        )
    if version < 1 or not _can_be_brought_up(version, conn, migrations):
        raise DatabaseDamaged(f"The file {file} is no backup of this bot's database.")


def _can_be_brought_up(version: int, conn: sqlite3.Connection, migrations: Migrations) -> bool:
    """Whether migrating the file's tables, without their rows, gives those of a new database."""
    texts = conn.execute(
        "SELECT sql FROM sqlite_master WHERE type IN ('table', 'index')"
        " AND sql NOT NULL AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY type DESC"
    )
    present = [str(text) for (text,) in texts]
    try:
        early = missing_of_version_8(_columns(conn)) if version == VERSION else ()
        missing = _statements(migrations.missing(version))
        brought_up = _columns_after([*present, *early, *missing])
    except sqlite3.Error:
        return False
    return _columns_after(_statements(migrations.missing(0))) <= brought_up


def _statements(found: Iterable[Migration]) -> list[str]:
    return [statement for migration in found for statement in migration.statements]


def _columns_after(statements: Iterable[str]) -> set[tuple[str, str]]:
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as conn:
        for statement in statements:
            conn.execute(statement)
        return _columns(conn)


def _columns(conn: sqlite3.Connection) -> set[tuple[str, str]]:
    """The columns of all tables."""
    return {(str(table), str(column)) for table, column in conn.execute(COLUMNS)}


def _keep_present(database: Path, now: datetime) -> Path | None:
    """Copies the database to ``backups/``, with the changes in its log; a damaged one is copied as
    it is. Raises StorageError; the database is then whole in its place."""
    if not database.exists():
        return None
    kept = new_path(database, BackupKind.BEFORE_RESTORE, now)
    if _is_whole(database):
        _settle(database)
        back_up(database, kept)
    else:
        _copy_bytes(database, kept)
    return kept


def _is_whole(database: Path) -> bool:
    """Whether the database is whole. Opened read-only: SQLite would write the log of a damaged file
    into it."""
    try:
        with translated(database), closing(open_existing(database, "mode=ro")) as conn:
            check_through(conn, database)
    except DatabaseDamaged:
        return False
    return True


def _settle(database: Path) -> None:
    """Moves the log into the file and removes it, which SQLite does only if no other connection has
    the file open: another connection would go on under the names of the new file."""
    with translated(database), closing(open_existing(database, "mode=rw")) as conn:
        if conn.execute("PRAGMA journal_mode = DELETE").fetchone()[0] != "delete":
            raise DatabaseBusy(
                f"{database} is held by another process: end the tool that has it open."
            )


def _copy_bytes(database: Path, kept: Path) -> None:
    make_folder_private(kept.parent)
    for ending in (LOG, ""):
        source = database.with_name(database.name + ending)
        if source.exists():
            target = kept.with_name(kept.name + ending)
            partial = target.with_name(target.name + PARTIAL)
            try:
                make_file_private(partial)
                shutil.copyfile(source, partial)
                sync_file(partial)
                partial.rename(target)
            finally:
                partial.unlink(missing_ok=True)
    sync_folder(kept.parent)


def _let_go_of_logs(database: Path) -> None:
    """Removes the logs of a damaged or missing database durably before the new file appears: SQLite
    would apply them to the new file."""
    for ending in SIDECARS:
        with suppress(FileNotFoundError):
            database.with_name(database.name + ending).unlink()
    sync_folder(database.parent)
