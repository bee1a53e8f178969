"""Refuses to restore what is no backup of this program's database, with a sentence that says why.

The schema of a file that came from elsewhere is read before anything else: until it is known to be
the program's own, no statement runs that could run a trigger, a view or an expression of the file.
"""

import sqlite3
from pathlib import Path
from stat import S_ISDIR, S_ISREG

from storage.enums import JobReason
from storage.errors import DatabaseDamaged, DatabaseTooNew, SchemaChanged, StorageUnavailable
from storage.files import SIDECARS
from storage.migrate import Migrations
from storage.schema import ENTRIES, difference

_LISTED = {("jobs", "reason"): JobReason, ("job_history", "reason"): JobReason}
"""Columns of fixed values that no CHECK lists."""


def refuse_other_than_files(file: Path) -> None:
    """Raises StorageUnavailable unless ``file``, and what lies beside it under the names of
    SQLite's logs, are files: reading a pipe would wait for its writer."""
    try:
        mode = file.stat().st_mode
    except OSError:
        raise StorageUnavailable(f"There is no backup {file}.") from None
    if not S_ISREG(mode):
        what = "a folder" if S_ISDIR(mode) else "a pipe or a device"
        raise StorageUnavailable(f"There is no backup {file}: it is {what}.")
    for ending in SIDECARS:
        beside = file.with_name(file.name + ending)
        if beside.is_symlink() or (beside.exists() and not beside.is_file()):
            raise StorageUnavailable(
                f"Beside the backup {file} lies {beside.name}, which is no file: move it away."
            )


def refuse_foreign(conn: sqlite3.Connection, migrations: Migrations, file: Path) -> None:
    """Raises DatabaseTooNew, or DatabaseDamaged for a file whose schema is not that of its version.
    Also raises ``sqlite3.Error``."""
    conn.execute("PRAGMA cell_size_check = ON")
    found = conn.execute(ENTRIES).fetchall()
    version = int(found[0][4])
    if version > migrations.newest:
        raise DatabaseTooNew(
            f"The backup {file} has version {version}, and this program knows up to "
            f"{migrations.newest}: use the newer program."
        )
    if version < 1:
        raise DatabaseDamaged(f"The file {file} is no backup of this bot's database.")
    if differing := difference(found, migrations):
        raise SchemaChanged(
            f"The file {file} is no backup of this bot's database: unlike one of version "
            f"{version} it {differing}."
        )


def refuse_odd_content(conn: sqlite3.Connection, file: Path) -> None:
    """Raises DatabaseDamaged for a value that the program does not know, where the tables
    themselves take any. Also raises ``sqlite3.Error``."""
    for (table, column), known in _LISTED.items():
        marks = ", ".join("?" * len(known))
        odd = conn.execute(
            f"SELECT rowid FROM {table}"  # noqa: S608 - named above
            f" WHERE {column} NOT NULL AND {column} NOT IN ({marks}) LIMIT 1",
            [*known],
        ).fetchone()
        if odd is not None:
            raise DatabaseDamaged(
                f"The file {file} is no backup of this bot's database: its row {odd[0]} of {table} "
                f"has a {column} that this program does not know."
            )
