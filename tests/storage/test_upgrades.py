"""A database of every earlier version is brought to the newest schema, with all that is in it."""

import logging
import re
import sqlite3
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path

import pytest

from bot.chat.callbacks import Action, Callback, decode
from storage import accounts, job_changes, jobs, loading_screens
from storage.database import Database
from storage.enums import JobState
from storage.migrate import built_in_migrations, load_migrations
from storage.moments import utc_now
from storage.restore import restore
from storage.vault import Vault
from tests.storage.versions import KEY, LEFT, load, migrations_up_to

NEWEST = load_migrations(built_in_migrations()).newest
TABLES = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
OF_THE_FILE = (
    "user_version", "application_id", "encoding", "page_size", "auto_vacuum", "journal_mode"
)  # fmt: skip
MOVED = {
    "pasted_messages": {"shown_in"},
    "batch_readings": {"chat_id", "account_id", "message_id"},
    "course_snapshots": {"course_id", "local_date", "percent", "cell_count", "studied_count"},
    "module_snapshots": {"module_row", "local_date", "percent"},
}
"""Columns that a migration put into another table, or dropped because nothing read them."""
RENAMED = {"jobs": {"wanted": "requested"}, "digest_settings": {"wanted": "is_on"}}
"""Columns that a migration gave another name, by the old one."""
NAMED_NOWHERE = {"notices"}
"""Tables whose numbers stand in no message and no button: one may come again."""


def _rows(conn: sqlite3.Connection, sql: str) -> list[tuple[object, ...]]:
    return list(conn.execute(sql))


def _tables(conn: sqlite3.Connection) -> list[str]:
    return sorted(str(row[0]) for row in _rows(conn, TABLES))


def _columns(conn: sqlite3.Connection, table: str) -> list[str]:
    return [str(row[1]) for row in _rows(conn, f"PRAGMA table_info({table})")]


def _schema(path: Path) -> dict[str, object]:
    """Everything that the file says of its tables, each text byte for byte, and of itself."""
    found: dict[str, object] = {}
    with closing(sqlite3.connect(path)) as conn:
        for pragma in OF_THE_FILE:
            found[pragma] = _rows(conn, f"PRAGMA {pragma}")
        for kind, name, table, sql in _rows(
            conn, "SELECT type, name, tbl_name, sql FROM sqlite_master"
        ):
            found[f"{kind} {name}"] = (table, sql)
        for (table,) in _rows(conn, TABLES):
            for pragma in ("table_xinfo", "foreign_key_list"):
                found[f"{pragma} {table}"] = _rows(conn, f"PRAGMA {pragma}({table})")
            for _, name, *rest in _rows(conn, f"PRAGMA index_list({table})"):
                found[f"index {name} of {table}"] = (
                    rest,
                    _rows(conn, f"PRAGMA index_xinfo({name})"),
                )
    return found


def _content(path: Path, like: dict[str, list[str]] | None = None) -> dict[str, list[str]]:
    """The rows of each table, of the columns of ``like`` or all of them."""
    with closing(sqlite3.connect(path)) as conn:
        columns = like or {table: _columns(conn, table) for table in _tables(conn)}
        return {
            table: sorted(map(repr, _rows(conn, f"SELECT {', '.join(names)} FROM {table}")))  # noqa: S608
            for table, names in columns.items()
        }


def _all_columns(path: Path) -> dict[str, list[str]]:
    with closing(sqlite3.connect(path)) as conn:
        return {table: _columns(conn, table) for table in _tables(conn)}


def _highest(path: Path) -> dict[str, int]:
    """The highest number that each table ever gave."""
    with closing(sqlite3.connect(path)) as conn:
        found = _rows(conn, "SELECT name, seq FROM sqlite_sequence")
    return {str(name): int(str(seq)) for name, seq in found if name not in NAMED_NOWHERE}


async def _bring_up(path: Path) -> None:
    await (await Database.open(path)).close()


@pytest.fixture
async def fresh(tmp_path: Path) -> Path:
    path = tmp_path / "fresh" / "bot.sqlite3"
    await _bring_up(path)
    return path


def test_every_version_before_the_newest_has_left_a_database() -> None:
    assert {*range(1, NEWEST)} <= {*LEFT}


@pytest.mark.parametrize("version", LEFT)
async def test_an_upgrade_gives_the_schema_of_a_fresh_database(
    tmp_path: Path, fresh: Path, version: int
) -> None:
    path = tmp_path / "bot.sqlite3"
    load(version, path)
    await _bring_up(path)
    assert _schema(path) == _schema(fresh)


async def test_the_schema_of_a_new_file_is_what_all_migrations_make_of_the_first(
    tmp_path: Path,
) -> None:
    migrations = load_migrations(built_in_migrations())
    number = migrations.schema.version
    at_once, step_by_step = tmp_path / "at-once.sqlite3", tmp_path / "step-by-step.sqlite3"
    with closing(sqlite3.connect(at_once, isolation_level=None)) as conn:
        conn.execute("PRAGMA journal_mode = WAL")
        for statement in migrations.schema.statements:
            conn.execute(statement)
        conn.execute(f"PRAGMA user_version = {number}")
    folder = migrations_up_to(number, tmp_path)
    await (await Database.open(step_by_step, migrations=folder)).close()
    assert _schema(at_once) == _schema(step_by_step)


async def test_a_new_file_takes_no_step_that_its_schema_has_taken(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG, "aiosqlite"):
        await _bring_up(tmp_path / "bot.sqlite3")
    assert "CREATE TABLE chats" in caplog.text.replace('"', "")
    assert "_new RENAME TO" not in caplog.text


@pytest.mark.parametrize("version", LEFT)
async def test_an_upgrade_keeps_every_row_and_gives_no_number_twice(
    tmp_path: Path, version: int
) -> None:
    path = tmp_path / "bot.sqlite3"
    load(version, path)
    columns = {
        table: kept
        for table, names in _all_columns(path).items()
        if (kept := [name for name in names if name not in MOVED.get(table, ())])
    }
    before, highest = _content(path, columns), _highest(path)
    await _bring_up(path)
    now = {
        table: [RENAMED.get(table, {}).get(name, name) for name in names]
        for table, names in columns.items()
    }
    assert _content(path, now) == before
    assert _highest(path) == highest
    with closing(sqlite3.connect(path)) as conn:
        assert _rows(conn, "PRAGMA foreign_key_check") == []
        assert _rows(conn, "PRAGMA integrity_check") == [("ok",)]


async def test_a_reading_of_all_courses_that_an_upgrade_cut_off_goes_on_in_its_message(
    tmp_path: Path,
) -> None:
    path = tmp_path / "bot.sqlite3"
    load(9, path)
    async with await Database.open(path) as db:
        found = await db.read(loading_screens.left_over)
    assert [(each.chat_id, each.message_id, decode(each.data)) for each in found] == [
        (1001, 720, Callback(Action.OTHER_ALL_COURSES, (1,))),
        (1002, 510, Callback(Action.OTHER_ALL_COURSES, (3,))),
    ]


async def test_a_check_of_a_cookie_that_an_upgrade_cut_off_is_told_of_in_its_message(
    tmp_path: Path,
) -> None:
    path = tmp_path / "bot.sqlite3"
    load(6, path)
    await _bring_up(path)
    with closing(sqlite3.connect(path)) as conn:
        assert _rows(conn, "SELECT chat_id, shown_in FROM pending_logins") == [(1001, 701)]
        assert _rows(conn, "SELECT message_id, is_read FROM pasted_messages") == [(700, 1)]


@pytest.mark.parametrize("version", LEFT)
async def test_the_program_works_with_what_an_earlier_version_left(
    tmp_path: Path, version: int
) -> None:
    path, vault = tmp_path / "bot.sqlite3", Vault(KEY)
    load(version, path)
    async with await Database.open(path) as db:
        found = await db.read(lambda c: jobs.in_states(c, [*JobState]))
        assert {job.state for job in found} == {*JobState}
        for job in found:
            assert await db.read(lambda c, i=job.id: jobs.items(c, i))  # type: ignore[misc]
            assert await db.read(lambda c, i=job.id: jobs.history(c, i))  # type: ignore[misc]
        cookie = await db.read(lambda conn: accounts.cookie(conn, vault, 1))
        assert cookie == "5EC4E7C00C1E1"
        await db.write(lambda conn: job_changes.recover(conn, utc_now()))
        claimed = await db.write(lambda conn: job_changes.claim_next(conn, utc_now(), 5))
        assert claimed is not None


@pytest.mark.parametrize("version", LEFT)
def test_what_a_version_left_holds_something_of_every_sort(tmp_path: Path, version: int) -> None:
    path = tmp_path / "bot.sqlite3"
    load(version, path)
    with closing(sqlite3.connect(path)) as conn:
        assert _rows(conn, "PRAGMA user_version") == [(version,)]
        assert _rows(conn, "PRAGMA foreign_key_check") == []
        for table in _tables(conn):
            for column in _columns(conn, table):
                values = {
                    row[0]
                    for row in _rows(conn, f"SELECT {column} FROM {table} WHERE {column} NOTNULL")  # noqa: S608
                }
                assert values, f"{table}.{column} is always empty"
                assert _listed(conn, table, column) <= {str(value) for value in values}


def _listed(conn: sqlite3.Connection, table: str, column: str) -> set[str]:
    """The values that a CHECK of the column lists."""
    sql = str(_rows(conn, f"SELECT sql FROM sqlite_master WHERE name = '{table}'")[0][0])  # noqa: S608
    found: Iterable[str] = re.findall(rf"CHECK\s*\(\s*{column}\s+IN\s*\(([^)]*)\)", sql)
    return {value.strip(" '\n") for listed in found for value in listed.split(",")}


@pytest.mark.parametrize("version", LEFT)
async def test_no_migration_was_changed_after_a_version_went_through_it(
    tmp_path: Path, version: int
) -> None:
    """It would part the databases that are from before from those that come after."""
    left, made = tmp_path / "left" / "bot.sqlite3", tmp_path / "made" / "bot.sqlite3"
    load(version, left)
    folder = migrations_up_to(version, tmp_path)
    await (await Database.open(made, migrations=folder)).close()
    assert _schema(left) == _schema(made)


async def test_the_percents_of_before_are_of_when_their_courses_were_read(tmp_path: Path) -> None:
    path = tmp_path / "bot.sqlite3"
    load(7, path)
    await (await Database.open(path)).close()
    with closing(sqlite3.connect(path)) as conn:
        moments = _rows(conn, "SELECT percent_at, seen_at FROM courses WHERE percent IS NOT NULL")
        assert moments
        assert all(told == seen for told, seen in moments)


RENAMES = ("RENAME COLUMN wanted",)
LATER_IN_VERSION_8 = ("told_percent", "DROP COLUMN percent", "percent_at", *RENAMES)
"""Marks the statements that came into migration 8 when files had gone through it."""


@pytest.mark.parametrize("lacks", [LATER_IN_VERSION_8, RENAMES], ids=["all", "names"])
async def test_a_file_from_before_the_last_changes_of_version_8_is_brought_up_whole(
    tmp_path: Path, fresh: Path, lacks: tuple[str, ...]
) -> None:
    path, backup = tmp_path / "bot.sqlite3", tmp_path / "backup.sqlite3"
    load(7, path)
    eighth = load_migrations(built_in_migrations()).steps[6]
    with closing(sqlite3.connect(path)) as conn:
        for statement in eighth.statements:
            if not any(mark in statement for mark in lacks):
                conn.execute(statement)
        conn.execute("PRAGMA user_version = 8")
        conn.commit()
        percents = _rows(conn, "SELECT id, percent FROM courses ORDER BY id")
        conn.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    backup.write_bytes(path.read_bytes())
    await _bring_up(path)
    assert _schema(path) == _schema(fresh)
    restore(backup, tmp_path / "restored" / "bot.sqlite3", utc_now())
    await _bring_up(tmp_path / "restored" / "bot.sqlite3")
    with closing(sqlite3.connect(tmp_path / "restored" / "bot.sqlite3")) as conn:
        assert _rows(conn, "SELECT id, percent FROM courses ORDER BY id") == percents
        assert _rows(conn, "SELECT 1 FROM courses WHERE percent_at IS NOT seen_at") == []
