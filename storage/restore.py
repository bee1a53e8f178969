"""Replaces the database with a backup, so that at any moment one of the two is whole in its place.

The order allows a crash after any step: the backup is copied beside the database and checked; the
database's write-ahead log is moved into it and removed; the database is copied to ``backups/``; the
new file gets the database's name in one step. The old file's log is never beside the new file.
"""

import shutil
import sqlite3
from contextlib import closing, suppress
from datetime import datetime
from pathlib import Path

from storage.backup import (
    PARTIAL,
    back_up,
    check_through,
    copy_through,
    open_existing,
    refuse_without_room,
    translated_copy,
)
from storage.backup_files import BackupKind, new_path
from storage.errors import DatabaseBusy, DatabaseDamaged, translated, translated_files
from storage.files import (
    LOG,
    SIDECARS,
    make_file_private,
    make_folder_private,
    sync_file,
    sync_folder,
)
from storage.foreign_files import refuse_foreign, refuse_odd_content, refuse_other_than_files
from storage.lock import FolderLock, LockName
from storage.migrate import built_in_migrations, load_migrations


def restore(file: Path, database: Path, now: datetime) -> Path | None:
    """Replaces ``database`` with a copy of the backup ``file``. Returns where the previous database
    is kept, ``now`` in its name; None if there was none.

    An older schema is accepted: the next start migrates it. Raises StorageError, with one sentence
    for the operator, and then changes nothing: FolderInUse while a bot runs or keys are rotated,
    DatabaseDamaged for a file that is broken or another program's, DatabaseTooNew, and errors of
    the disk.
    """
    refuse_other_than_files(file)
    lock = FolderLock.take(database.parent)
    try:
        return _restore(file, database, now)
    finally:
        lock.release()


def _restore(file: Path, database: Path, now: datetime) -> Path | None:
    draft = database.with_name(f"{database.name}.restored")
    with translated_files(database):
        # Left by a killed restore: no other process makes one while this one holds the folder.
        for left in [*database.parent.glob(f"{draft.name}*")]:
            left.unlink()
        try:
            _take_out(file, draft)
            # A rotation would go on in the file that is replaced.
            keys = FolderLock.take(database.parent, LockName.KEYS)
            try:
                kept = _keep_present(database, now)
                _let_go_of_logs(database)
                draft.rename(database)
                sync_folder(database.parent)
            finally:
                keys.release()
        finally:
            draft.unlink(missing_ok=True)
    return kept


def _take_out(file: Path, draft: Path) -> None:
    """Makes a checked copy of the backup, including a write-ahead log beside it.

    The copy is checked like the file: the file may change while it is copied.
    """
    beside = any(file.with_name(file.name + each).exists() for each in SIDECARS)
    migrations = load_migrations(built_in_migrations())
    try:
        # Immutable: SQLite makes no file beside a backup, whose folder may be read-only.
        with closing(open_existing(file, "mode=ro" if beside else "mode=ro&immutable=1")) as conn:
            refuse_foreign(conn, migrations, file)
            refuse_without_room(file, draft)
            check_through(conn, file)
            copy_through(conn, file, draft)
        # Where a file is opened for reading alone, SQLite's check leaves the CHECKs out.
        with closing(open_existing(draft, "mode=rw")) as conn:
            refuse_foreign(conn, migrations, file)
            check_through(conn, file)
            refuse_odd_content(conn, file)
    except sqlite3.Error as error:
        raise translated_copy(error, file) from error


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
