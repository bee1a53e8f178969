"""Migrations: in order, each whole, with a copy before the first of them."""

# ruff: noqa: S608 -- whole scripts of migrations are put together here
import asyncio
import shutil
import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from storage.database import Database
from storage.errors import DatabaseBusy, MigrationFailed
from storage.migrate import built_in_migrations, load_migrations, split_statements
from storage.rows import rows, run

FIRST = (
    "CREATE TABLE people (id INTEGER PRIMARY KEY, name TEXT); INSERT INTO people VALUES (1, 'A');"
)
SECOND = "ALTER TABLE people ADD COLUMN age INTEGER; UPDATE people SET age = 7;"
STAMP = "20210301T073000Z"


def _clock() -> datetime:
    return datetime(2021, 3, 1, 7, 30, tzinfo=UTC)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "migrations"
    made.mkdir()
    (made / "schema_0001.sql").write_text(FIRST)
    return made


@pytest.fixture
def path(data_dir: Path) -> Path:
    return data_dir / "bot.sqlite3"


async def _open_and_close(path: Path, folder: Path) -> None:
    await (await Database.open(path, migrations=folder, clock=_clock)).close()


def _read(path: Path, sql: str) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(path)) as conn:
        return list(conn.execute(sql))


def _backups(path: Path) -> list[str]:
    backups = path.parent / "backups"
    return sorted(file.name for file in backups.iterdir()) if backups.exists() else []


async def test_a_new_file_gets_all_migrations_and_no_backup(path: Path, folder: Path) -> None:
    (folder / "0002_ages.sql").write_text(SECOND)
    await _open_and_close(path, folder)
    assert _read(path, "SELECT name, age FROM people") == [("A", 7)]
    assert _read(path, "PRAGMA user_version") == [(2,)]
    assert _backups(path) == []


async def test_opening_again_applies_nothing_again(path: Path, folder: Path) -> None:
    await _open_and_close(path, folder)
    await _open_and_close(path, folder)
    assert _read(path, "SELECT count(*) FROM people") == [(1,)]
    assert _backups(path) == []


async def test_before_a_migration_the_old_database_is_copied(path: Path, folder: Path) -> None:
    await _open_and_close(path, folder)
    (folder / "0002_ages.sql").write_text(SECOND)
    await _open_and_close(path, folder)
    name = f"before-migration-0002-{STAMP}.sqlite3"
    assert _backups(path) == [name]
    copy = path.parent / "backups" / name
    assert _read(copy, "PRAGMA user_version") == [(1,)]
    assert _read(copy, "SELECT * FROM people") == [(1, "A")]
    assert copy.stat().st_mode & 0o777 == 0o600
    assert copy.parent.stat().st_mode & 0o777 == 0o700


async def test_a_start_in_the_second_of_one_that_was_killed_makes_a_copy_of_its_own(
    path: Path, folder: Path
) -> None:
    await _open_and_close(path, folder)
    (folder / "0002_ages.sql").write_text(SECOND)
    left = path.parent / "backups" / f"before-migration-0002-{STAMP}.sqlite3"
    left.parent.mkdir()
    shutil.copy(path, left)
    await _open_and_close(path, folder)
    assert _read(path, "SELECT age FROM people") == [(7,)]
    assert _backups(path) == [f"before-migration-0002-{STAMP}-2.sqlite3", left.name]


async def test_a_migration_that_fails_half_way_leaves_the_old_version_whole(
    path: Path, folder: Path
) -> None:
    await _open_and_close(path, folder)
    (folder / "0002_ages.sql").write_text(SECOND + "INSERT INTO nowhere VALUES (1);")
    with pytest.raises(MigrationFailed, match="0002_ages"):
        await _open_and_close(path, folder)
    assert _read(path, "PRAGMA user_version") == [(1,)]
    assert _read(path, "SELECT * FROM people") == [(1, "A")]
    assert _backups(path) == [], "nothing was changed, so nothing is kept"

    (folder / "0002_ages.sql").write_text(SECOND)
    await _open_and_close(path, folder)
    assert _read(path, "SELECT age FROM people") == [(7,)]


async def test_migrations_before_the_one_that_fails_stay_and_the_copy_too(
    path: Path, folder: Path
) -> None:
    await _open_and_close(path, folder)
    (folder / "0002_ages.sql").write_text(SECOND)
    (folder / "0003_broken.sql").write_text("DELETE FROM people; SELECT * FROM nowhere;")
    with pytest.raises(MigrationFailed, match="version 2"):
        await _open_and_close(path, folder)
    assert _read(path, "PRAGMA user_version") == [(2,)]
    assert _read(path, "SELECT age FROM people") == [(7,)]
    assert _backups(path) == [f"before-migration-0002-{STAMP}.sqlite3"]


async def test_a_first_migration_that_fails_leaves_an_empty_file(path: Path, folder: Path) -> None:
    (folder / "schema_0001.sql").write_text(FIRST + "SELECT * FROM nowhere;")
    with pytest.raises(MigrationFailed):
        await _open_and_close(path, folder)
    assert _read(path, "SELECT * FROM sqlite_master") == []


async def test_a_migration_may_rebuild_a_table_that_others_refer_to(
    path: Path, folder: Path
) -> None:
    (folder / "schema_0001.sql").write_text(
        FIRST + "CREATE TABLE pets (owner INTEGER REFERENCES people ON DELETE CASCADE);"
        "INSERT INTO pets VALUES (1);"
    )
    await _open_and_close(path, folder)
    (folder / "0002_rebuild.sql").write_text(
        "CREATE TABLE people2 (id INTEGER PRIMARY KEY, name TEXT NOT NULL);"
        "INSERT INTO people2 SELECT * FROM people; DROP TABLE people;"
        "ALTER TABLE people2 RENAME TO people;"
    )
    async with await Database.open(path, migrations=folder, clock=_clock) as db:
        assert len(await db.read(lambda conn: rows(conn, "SELECT * FROM pets"))) == 1
        await db.write(lambda conn: run(conn, "DELETE FROM people"))
        assert await db.read(lambda conn: rows(conn, "SELECT * FROM pets")) == []


async def test_a_migration_that_breaks_references_is_refused(path: Path, folder: Path) -> None:
    (folder / "schema_0001.sql").write_text(
        FIRST + "CREATE TABLE pets (owner INTEGER REFERENCES people); INSERT INTO pets VALUES (1);"
    )
    await _open_and_close(path, folder)
    (folder / "0002_away.sql").write_text("DELETE FROM people;")
    with pytest.raises(MigrationFailed, match="references"):
        await _open_and_close(path, folder)
    assert _read(path, "SELECT count(*) FROM people") == [(1,)]


async def test_two_programs_that_open_a_new_file_at_once_agree(path: Path) -> None:
    opened = await asyncio.gather(*(Database.open(path) for _ in range(3)), return_exceptions=True)
    databases = [each for each in opened if isinstance(each, Database)]
    for database in databases:
        await database.close()
    assert databases
    # SQLite does not always wait for another's switch to the write-ahead log.
    assert all(isinstance(each, Database | DatabaseBusy) for each in opened), opened
    assert _read(path, "PRAGMA user_version") == [(load_migrations(built_in_migrations()).newest,)]


def test_the_programs_own_migrations_can_be_loaded() -> None:
    loaded = load_migrations(built_in_migrations())
    assert loaded.schema.name == f"schema_{loaded.schema.version:04}.sql"
    assert len(loaded.schema.statements) > 10


async def test_a_new_file_begins_at_the_schemas_number_and_gets_what_comes_after(
    path: Path, folder: Path
) -> None:
    await _open_and_close(path, folder)
    (folder / "0002_ages.sql").write_text(SECOND)
    (folder / "schema_0001.sql").rename(folder / "first_0001.sql")
    (folder / "schema_0002.sql").write_text(FIRST + SECOND)
    (folder / "0003_pets.sql").write_text("CREATE TABLE pets (id INTEGER);")
    new = path.with_name("new.sqlite3")
    for each in (path, new):
        await _open_and_close(each, folder)
        assert _read(each, "SELECT name, age FROM people") == [("A", 7)]
        assert _read(each, "SELECT * FROM pets") == []
        assert _read(each, "PRAGMA user_version") == [(3,)]


async def test_a_schema_that_fails_leaves_the_new_file_at_version_0(
    path: Path, folder: Path
) -> None:
    (folder / "0002_ages.sql").write_text(SECOND)
    (folder / "schema_0001.sql").rename(folder / "first_0001.sql")
    (folder / "schema_0002.sql").write_text(FIRST + "SELECT * FROM nowhere;")
    with pytest.raises(MigrationFailed, match=r"schema_0002.*at version 0\."):
        await _open_and_close(path, folder)


@pytest.mark.parametrize("numbers", [[], [1, 2], [0], [3]])
def test_a_folder_has_one_schema_that_is_of_one_of_its_versions(
    folder: Path, numbers: list[int]
) -> None:
    (folder / "0002_ages.sql").write_text(SECOND)
    (folder / "schema_0001.sql").unlink()
    for number in numbers:
        (folder / f"schema_{number:04}.sql").write_text(FIRST)
    with pytest.raises(ValueError, match="one schema"):
        load_migrations(folder)


def test_a_later_schema_stands_beside_the_first(folder: Path) -> None:
    (folder / "0002_ages.sql").write_text(SECOND)
    (folder / "schema_0001.sql").rename(folder / "schema_0002.sql")
    with pytest.raises(ValueError, match="schema of version 1"):
        load_migrations(folder)
    (folder / "first_0001.sql").write_text(FIRST)
    found = load_migrations(folder)
    assert [step.name for step in found.made(1)] == ["first_0001.sql"]
    assert [step.name for step in found.made(2)] == ["schema_0002.sql"]


@pytest.mark.parametrize("name", ["0003_gap.sql", "0001_first.sql", "0000_zero.sql"])
def test_wrong_numbers_are_refused(folder: Path, name: str) -> None:
    (folder / name).write_text("SELECT 1;")
    with pytest.raises(ValueError, match="without gaps"):
        load_migrations(folder)


def test_other_files_in_the_folder_are_left_alone(folder: Path) -> None:
    (folder / "README.md").write_text("no SQL")
    (folder / "0002_draft.sql~").write_text("no SQL")
    assert load_migrations(folder).newest == 1


def test_statements_are_split_where_they_end() -> None:
    trigger = "CREATE TRIGGER t AFTER INSERT ON a BEGIN SELECT 1; SELECT ';'; END;"
    script = f"-- first; one\nINSERT INTO a VALUES ('x;y');\n{trigger}\n-- the end; really\n"
    assert split_statements(script) == (
        "-- first; one\nINSERT INTO a VALUES ('x;y');",
        trigger,
    )


@pytest.mark.parametrize("script", ["SELECT 1; SELECT 2", "SELECT 'a;", "SELECT 1; 'a; b"])
def test_a_script_that_ends_inside_a_statement_is_refused(script: str) -> None:
    with pytest.raises(ValueError, match="middle"):
        split_statements(script)
