"""Brings a database to the newest schema: numbered SQL files, counted in ``PRAGMA user_version``.

A new file gets ``schema_NNNN.sql``, which is version NNNN, and the migrations after it; an older
file gets the migrations after its own version. Each runs in one transaction together with its
version number, so that a kill or an error leaves the previous version whole.
"""

import re
import sqlite3
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

from aiosqlite import Connection

from storage.backup import copy_database
from storage.backup_files import BackupKind, new_path
from storage.connections import UnitConnection
from storage.early_files import VERSION, missing_of_version_8
from storage.errors import DatabaseTooNew, MigrationFailed, damaged
from storage.rows import first_number, first_row, rows, run

COLUMNS = (
    "SELECT tables.name, columns.name FROM sqlite_master AS tables"
    " JOIN pragma_table_info(tables.name) AS columns WHERE tables.type = 'table'"
)
"""The columns of all tables, each with its table."""
_FIRST = re.compile(r"first_(?P<version>0001)\.sql")
_SCHEMA = re.compile(r"schema_(?P<version>\d{4})\.sql")
_MIGRATION = re.compile(r"(?P<version>\d{4})_[a-z0-9_]+\.sql")


@dataclass(frozen=True)
class Migration:
    """One numbered file: ``version`` is the ``user_version`` after it is applied."""

    version: int
    name: str
    statements: tuple[str, ...]


@dataclass(frozen=True)
class Migrations:
    """The schema that a new file begins with, the migrations from version 1 to the newest, and the
    schema of version 1."""

    schema: Migration
    steps: tuple[Migration, ...]
    first: Migration

    @property
    def newest(self) -> int:
        """The version of a file after all migrations."""
        return len(self.steps) + 1

    def missing(self, version: int) -> tuple[Migration, ...]:
        """The migrations that a file of this version lacks, in order; 0 is a new file."""
        if version == 0:
            return (self.schema, *self.missing(self.schema.version))
        return self.steps[version - 1 :]

    def made(self, version: int) -> tuple[Migration, ...]:
        """The migrations that make a file of this version, from 1 to the newest, of an empty
        one."""
        begin = self.schema if version >= self.schema.version else self.first
        return (begin, *self.steps[begin.version - 1 : version - 1])


def built_in_migrations() -> Traversable:
    """The folder of the schema and the migrations that come with this program."""
    return files("storage") / "migrations"


def load_migrations(folder: Traversable) -> Migrations:
    """The folder's ``schema_NNNN.sql``, its ``NNNN_name.sql`` from 2 upwards, and
    ``first_0001.sql`` unless the schema is of version 1.

    Raises ValueError for a missing or duplicate version, and unless there is exactly one schema
    with a version among them.
    """
    schemas: list[Migration] = []
    steps: list[Migration] = []
    firsts: list[Migration] = []
    for file in folder.iterdir():
        for pattern, found in ((_SCHEMA, schemas), (_MIGRATION, steps), (_FIRST, firsts)):
            if match := pattern.fullmatch(file.name):
                sql = file.read_text(encoding="utf-8")
                found.append(Migration(int(match["version"]), file.name, split_statements(sql)))
    steps.sort(key=lambda migration: migration.version)
    if [migration.version for migration in steps] != list(range(2, len(steps) + 2)):
        raise ValueError("migrations must be numbered 0002, 0003, … without gaps")
    if len(schemas) != 1 or schemas[0].version not in range(1, len(steps) + 2):
        raise ValueError("there must be one schema, of version 1 or of a migration's")
    if schemas[0].version == 1:
        firsts = schemas
    if not firsts:
        raise ValueError("there must be a schema of version 1")
    return Migrations(schemas[0], tuple(steps), firsts[0])


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
    return await first_number(conn, "PRAGMA user_version")


async def refuse_unknown(conn: Connection, migrations: Migrations, path: Path) -> None:
    """Raises DatabaseTooNew or DatabaseDamaged for a file that this program must not touch."""
    # One statement for a consistent view: another process may be making the tables right now.
    row = await first_row(
        conn,
        "SELECT user_version, EXISTS (SELECT 1 FROM sqlite_master) AS holds_tables"
        " FROM pragma_user_version",
    )
    version = int(row["user_version"]) if row else 0
    if version > migrations.newest:
        raise DatabaseTooNew(
            f"{path} has version {version}, and this program knows up to {migrations.newest}: "
            "use the newer program, or restore a backup from before it."
        )
    if version == 0 and row is not None and row["holds_tables"]:
        raise damaged(path, "it holds tables of another program")


async def migrate(
    conn: UnitConnection,
    migrations: Migrations,
    path: Path,
    clock: Callable[[], datetime],
) -> None:
    """Applies the missing migrations, after a copy to ``backups/`` beside ``path`` if there is a
    schema.

    ``conn`` is the only writer and in no transaction. Raises MigrationFailed, the database then
    being at the last version that applied, or the ``sqlite3`` error of full or damaged storage.
    """
    version = await version_of(conn)
    if version == migrations.newest:
        return
    copy = new_path(path, BackupKind.BEFORE_MIGRATION, clock(), version=version + 1)
    if version > 0:
        await copy_database(conn, copy)
    # A rebuilt table is dropped for a moment: its references must not react to that, and the switch
    # has no effect inside a transaction.
    await run(conn, "PRAGMA foreign_keys = OFF")
    try:
        for migration in migrations.missing(version):
            await conn.in_one_trip(partial(_apply, conn, migration, path))
    except BaseException:
        if await version_of(conn) == version:
            # Nothing was changed, and a service that restarts repeatedly must not fill the disk
            # with copies.
            copy.unlink(missing_ok=True)
        raise
    finally:
        await run(conn, "PRAGMA foreign_keys = ON")


async def _apply(conn: Connection, migration: Migration, path: Path) -> None:
    try:
        await run(conn, "BEGIN IMMEDIATE")
        version = await version_of(conn)
        if version >= migration.version:
            # Another process that opened the same file applied it first.
            await conn.rollback()
            return
        missing = missing_of_version_8(await _columns(conn)) if version == VERSION else ()
        for statement in (*missing, *migration.statements):
            await run(conn, statement)
        if broken := await rows(conn, "PRAGMA foreign_key_check"):
            detail = f"{len(broken)} references would point nowhere"
            raise await _failed(conn, migration, path, detail)
        await run(conn, f"PRAGMA user_version = {migration.version}")
        await run(conn, "COMMIT")
    except BaseException as error:
        await conn.rollback()
        if isinstance(error, sqlite3.Error) and _is_faulty_sql(error):
            raise await _failed(conn, migration, path, str(error)) from error
        raise


async def _columns(conn: Connection) -> set[tuple[str, str]]:
    found = await rows(conn, COLUMNS)
    return {(str(table), str(column)) for table, column in found}


def _is_faulty_sql(error: sqlite3.Error) -> bool:
    code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR) & 0xFF
    return code in {sqlite3.SQLITE_ERROR, sqlite3.SQLITE_CONSTRAINT, sqlite3.SQLITE_MISMATCH}


async def _failed(
    conn: Connection, migration: Migration, path: Path, detail: str
) -> MigrationFailed:
    return MigrationFailed(
        f"{path} could not be brought to {migration.name} ({detail}): "
        f"it stays whole at version {await version_of(conn)}."
    )
