"""Brings a database to the newest schema: numbered SQL files, counted in ``PRAGMA user_version``.

Each migration runs in one transaction together with its version number, so that a kill or an error
half-way leaves the version before it, whole.
"""

import re
import sqlite3
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

from aiosqlite import Connection

from storage.backup import copy_database
from storage.errors import DatabaseTooNew, MigrationFailed, damaged
from storage.rows import first_row, rows, run

_NAME = re.compile(r"(?P<version>\d{4})_[a-z0-9_]+\.sql")


@dataclass(frozen=True)
class Migration:
    """One numbered file: ``version`` is what ``user_version`` says once it is applied."""

    version: int
    name: str
    statements: tuple[str, ...]


def built_in_migrations() -> Traversable:
    """The folder of the migrations that come with this program."""
    return files("storage") / "migrations"


def load_migrations(folder: Traversable) -> tuple[Migration, ...]:
    """The folder's ``NNNN_name.sql`` files, from 1 upwards. Raises ValueError on a gap or twin."""
    found = []
    for file in folder.iterdir():
        if match := _NAME.fullmatch(file.name):
            sql = file.read_text(encoding="utf-8")
            found.append(Migration(int(match["version"]), file.name, split_statements(sql)))
    found.sort(key=lambda migration: migration.version)
    if [migration.version for migration in found] != list(range(1, len(found) + 1)):
        raise ValueError("migrations must be numbered 0001, 0002, … without gaps")
    return tuple(found)


def split_statements(sql: str) -> tuple[str, ...]:
    """The single statements of a script, triggers and quoted semicolons kept whole.

    ``executescript`` would commit the transaction first. Raises ValueError if the script ends in
    the middle of a statement.
    """
    found: list[str] = []
    pending = ""
    for piece in sql.split(";")[:-1]:
        pending += piece + ";"
        if sqlite3.complete_statement(pending):
            found.append(pending.strip())
            pending = ""
    rest = pending + sql.rpartition(";")[2]
    if any(line.strip() and not line.strip().startswith("--") for line in rest.splitlines()):
        raise ValueError("the script ends in the middle of a statement")
    return tuple(found)


async def version_of(conn: Connection) -> int:
    """The schema's version; 0 in a new file."""
    row = await first_row(conn, "PRAGMA user_version")
    return int(row[0]) if row else 0


async def refuse_unknown(conn: Connection, migrations: tuple[Migration, ...], path: Path) -> None:
    """Raises DatabaseTooNew or DatabaseDamaged for a file that this program must not touch."""
    # One statement, one view: another process may be making the tables right now.
    row = await first_row(
        conn,
        "SELECT user_version, EXISTS (SELECT 1 FROM sqlite_master) AS holds_tables"
        " FROM pragma_user_version",
    )
    version = int(row["user_version"]) if row else 0
    if version > len(migrations):
        raise DatabaseTooNew(
            f"{path} has version {version}, and this program knows up to {len(migrations)}: "
            "use the newer program, or restore a backup from before it."
        )
    if version == 0 and row is not None and row["holds_tables"]:
        raise damaged(path, "it holds tables of another program")


async def migrate(
    conn: Connection,
    migrations: tuple[Migration, ...],
    path: Path,
    clock: Callable[[], datetime],
) -> None:
    """Applies what is missing, after a copy into ``backups/`` beside ``path`` if there is a schema.

    ``conn`` is the only writer and in no transaction. Raises MigrationFailed, the database then
    being at the last version that applied, or the ``sqlite3`` error of full or damaged storage.
    """
    version = await version_of(conn)
    if version == len(migrations):
        return
    stamp = clock().strftime("%Y%m%dT%H%M%SZ")
    copy = path.parent / "backups" / f"before-migration-{version + 1:04}-{stamp}.sqlite3"
    if version > 0:
        await copy_database(conn, copy)
    # A table that is rebuilt is dropped for a moment: its references must not act on that, and
    # the switch does nothing inside a transaction.
    await run(conn, "PRAGMA foreign_keys = OFF")
    try:
        for migration in migrations[version:]:
            await _apply(conn, migration, path)
    except BaseException:
        if await version_of(conn) == version:
            # Nothing was changed, and a service that is started again and again must not fill
            # the disk with copies.
            copy.unlink(missing_ok=True)
        raise
    finally:
        await run(conn, "PRAGMA foreign_keys = ON")


async def _apply(conn: Connection, migration: Migration, path: Path) -> None:
    try:
        await run(conn, "BEGIN IMMEDIATE")
        if await version_of(conn) >= migration.version:
            # Another process that opened the same file was first.
            await conn.rollback()
            return
        for statement in migration.statements:
            await run(conn, statement)
        if broken := await rows(conn, "PRAGMA foreign_key_check"):
            raise _failed(migration, path, f"{len(broken)} references would point nowhere")
        await run(conn, f"PRAGMA user_version = {migration.version}")
        await run(conn, "COMMIT")
    except BaseException as error:
        await conn.rollback()
        if isinstance(error, sqlite3.Error) and _is_faulty_sql(error):
            raise _failed(migration, path, str(error)) from error
        raise


def _is_faulty_sql(error: sqlite3.Error) -> bool:
    code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR) & 0xFF
    return code in {sqlite3.SQLITE_ERROR, sqlite3.SQLITE_CONSTRAINT, sqlite3.SQLITE_MISMATCH}


def _failed(migration: Migration, path: Path, detail: str) -> MigrationFailed:
    return MigrationFailed(
        f"{path} could not be brought to {migration.name} ({detail}): "
        f"it stays whole at version {migration.version - 1}."
    )
