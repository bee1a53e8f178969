"""Seals every cookie anew with the vault's current key, beside a running bot.

Each unit is small, so that the bot's own writes wait for milliseconds, and whole, so that a kill
leaves each cookie sealed with one key or the other. What is left is found anew each time, so that a
repeated run goes on where the last one ended.
"""

import json
import sqlite3
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from storage.backup import open_existing
from storage.errors import StorageUnavailable, translated
from storage.key_file import Boundary
from storage.migrate import built_in_migrations, load_migrations
from storage.sealed import KEY_OF, TABLES, place_of, shown
from storage.vault import Vault, VaultError

UNIT_ROWS = 50


@dataclass(frozen=True, slots=True)
class Resealed:
    """``cookies`` were sealed anew. ``locked`` ones stay as they are, because the vault has no key
    for them or they are damaged."""

    cookies: int
    locked: int


def unwatched(sort: str, what: str) -> None:
    """The boundary of a process that no test ends."""


def reseal(database: Path, vault: Vault, *, boundary: Boundary = unwatched) -> Resealed:
    """Seals with the current key each cookie that another key of the vault sealed.

    ``boundary`` is called before and after each commit. At the end no row was sealed with an older
    key, if the writers beside this one seal with the current one by now. Raises StorageError.
    """
    if not database.is_file():
        return Resealed(0, 0)
    with translated(database), closing(open_existing(database, "mode=rw")) as conn:
        if not _is_of_this_version(conn, database):
            return Resealed(0, 0)
        conn.execute("PRAGMA secure_delete = ON")
        conn.execute("PRAGMA synchronous = FULL")
        done = sum(_reseal_table(conn, table, vault, boundary) for table in TABLES)
        locked = sum(_count_others(conn, table, vault) for table in TABLES)
        # The log still holds what the older keys open. If the bot reads just now, it stays.
        conn.execute("PRAGMA busy_timeout = 100")
        conn.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return Resealed(done, locked)


def _is_of_this_version(conn: sqlite3.Connection, database: Path) -> bool:
    """False for an empty file. Raises StorageUnavailable for another version."""
    newest = load_migrations(built_in_migrations()).newest
    version = int(conn.execute("PRAGMA user_version").fetchone()[0])
    if version not in (0, newest):
        raise StorageUnavailable(
            f"{database} has version {version} instead of {newest}: start the bot of this version "
            "once, and then rotate its keys."
        )
    return version == newest


def _reseal_table(conn: sqlite3.Connection, table: str, vault: Vault, boundary: Boundary) -> int:
    """In the order of ids: a row that is written meanwhile is sealed with the current key."""
    done, last = 0, 0
    while True:
        conn.execute("BEGIN IMMEDIATE")
        try:
            found = _next_rows(conn, table, vault, last)
            done += sum(_reseal_row(conn, table, vault, *row) for row in found)
            if found:
                boundary("before commit", f"reseal {table}")
            conn.execute("COMMIT")
        except BaseException:
            conn.rollback()
            raise
        if not found:
            return done
        boundary("after commit", f"reseal {table}")
        last = found[-1][0]


def _next_rows(
    conn: sqlite3.Connection, table: str, vault: Vault, last: int
) -> list[tuple[int, bytes]]:
    current = vault.current
    older = shown(vault.key_ids() - {current})
    return conn.execute(
        f"SELECT id, sealed_cookie FROM {table} WHERE sealed_cookie IS NOT NULL AND id > ?"  # noqa: S608
        f" AND ({KEY_OF}) IN (SELECT value FROM json_each(?)) ORDER BY id LIMIT ?",
        (last, json.dumps(older), UNIT_ROWS),
    ).fetchall()


def _reseal_row(
    conn: sqlite3.Connection, table: str, vault: Vault, row_id: int, blob: bytes
) -> bool:
    """False for a damaged cookie, which stays as it is."""
    place = place_of(table, row_id)
    try:
        sealed = vault.seal(vault.unseal(blob, place), place)
    except VaultError:
        return False
    conn.execute(f"UPDATE {table} SET sealed_cookie = ? WHERE id = ?", (sealed, row_id))  # noqa: S608
    return True


def _count_others(conn: sqlite3.Connection, table: str, vault: Vault) -> int:
    (number,) = conn.execute(
        f"SELECT count(*) FROM {table} WHERE sealed_cookie IS NOT NULL"  # noqa: S608
        f" AND ({KEY_OF}) IS NOT ?",
        shown({vault.current}),
    ).fetchone()
    return int(number)
