"""The folder ``backups/`` beside a database: names its copies and removes old ones.

A name gives the reason and the moment of a copy: ``nightly-20210301T190000Z.sqlite3``.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from pathlib import Path

from storage.backup import PARTIAL
from storage.errors import translated_files
from storage.files import sync_folder

FOLDER_NAME = "backups"
ABANDONED_AFTER = timedelta(hours=1)
"""A partial copy that has not grown for this long was abandoned."""

_STAMP = "%Y%m%dT%H%M%SZ"


class BackupKind(StrEnum):
    """Why a copy was made."""

    NIGHTLY = "nightly"
    BY_HAND = "by-hand"
    BEFORE_MIGRATION = "before-migration"
    BEFORE_RESTORE = "before-restore"


_UNASKED = (BackupKind.NIGHTLY, BackupKind.BEFORE_MIGRATION, BackupKind.BEFORE_RESTORE)
_NAME = re.compile(
    rf"(?P<kind>{'|'.join(BackupKind)})(?:-\d{{4}})?-(?P<stamp>\d{{8}}T\d{{6}}Z)(?:-\d+)?\.sqlite3"
)


@dataclass(frozen=True, slots=True)
class Backup:
    """One copy in the folder, from its name."""

    path: Path
    kind: BackupKind
    made_at: datetime


def new_path(
    database: Path, kind: BackupKind, now: datetime, *, version: int | None = None
) -> Path:
    """A free path for a copy of ``database`` that is made now; before a migration ``version`` is
    that of the first one."""
    folder = _folder_of(database)
    reason = kind.value if version is None else f"{kind.value}-{version:04}"
    stem = f"{reason}-{now.astimezone(UTC).strftime(_STAMP)}"
    path, number = folder / f"{stem}.sqlite3", 2
    while path.exists():
        path, number = folder / f"{stem}-{number}.sqlite3", number + 1
    return path


def backups_of(database: Path) -> list[Backup]:
    """The copies of ``database``, oldest first; other files are left out. Raises StorageError."""
    folder = _folder_of(database)
    with translated_files(folder):
        found = [*_read(folder)] if folder.is_dir() else []
    return sorted(found, key=lambda backup: (backup.made_at, backup.path.name))


def remove_older(database: Path, good: Backup, age: timedelta) -> list[Path]:
    """Removes the automatic copies made longer than ``age`` before ``good``, a copy known to be
    whole; returns their paths. A copy made by hand stays. Raises StorageError."""
    gone = [
        backup.path
        for backup in backups_of(database)
        if backup.kind in _UNASKED and backup.made_at < good.made_at - age
    ]
    with translated_files(good.path):
        for path in gone:
            path.unlink(missing_ok=True)
            # A damaged database was kept as it was, with its log beside it.
            path.with_name(path.name + "-wal").unlink(missing_ok=True)
        if gone:
            sync_folder(good.path.parent)
    return gone


def remove_abandoned(database: Path, now: datetime) -> None:
    """Removes partial copies that a killed process left. Raises StorageError."""
    folder = _folder_of(database)
    with translated_files(folder):
        for file in [*folder.glob(f"*{PARTIAL}*")]:
            if datetime.fromtimestamp(file.stat().st_mtime, UTC) < now - ABANDONED_AFTER:
                file.unlink(missing_ok=True)


def _folder_of(database: Path) -> Path:
    return database.parent / FOLDER_NAME


def _read(folder: Path) -> Iterator[Backup]:
    for file in folder.iterdir():
        match = _NAME.fullmatch(file.name)
        if match is None:
            continue
        try:
            made_at = datetime.strptime(match["stamp"], _STAMP).replace(tzinfo=UTC)
        except ValueError:
            # An invalid month or hour: the file is not one of the program's.
            continue
        yield Backup(file, BackupKind(match["kind"]), made_at)
