"""A file is restored, and opened, only if its schema is the one that the program made."""

# ruff: noqa: ASYNC240 -- a test has its event loop to itself; its SQL is put together here
import os
import shutil
import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from storage.backup import back_up, copy_through
from storage.database import Database
from storage.errors import DatabaseDamaged, DiskFull, SchemaChanged, StorageUnavailable
from storage.migrate import built_in_migrations, load_migrations
from storage.restore import restore
from storage.rows import rows
from storage.schema import ENTRIES, difference
from tests.storage.schema_changes import CHANGES
from tests.storage.test_backup import Usage
from tests.storage.versions import LEFT, load
from tests.support.names import ANNA

NOW = datetime(2021, 3, 10, 12, tzinfo=UTC)
MIGRATIONS = load_migrations(built_in_migrations())
NEWEST = MIGRATIONS.newest


@pytest.fixture
def path(data_dir: Path) -> Path:
    return data_dir / "bot.sqlite3"


def _change(file: Path, *statements: str) -> None:
    with closing(sqlite3.connect(file, isolation_level=None)) as conn:
        for statement in statements:
            conn.execute(statement)
        conn.execute("PRAGMA wal_checkpoint(TRUNCATE)")


async def _made(version: int, tmp_path: Path) -> Path:
    file = tmp_path / "elsewhere" / "backup.sqlite3"
    load(min(version, max(LEFT)), file)
    if version > max(LEFT):
        await (await Database.open(file)).close()
    return file


@pytest.mark.parametrize("what", CHANGES)
@pytest.mark.parametrize("version", [1, NEWEST])
async def test_a_file_whose_schema_differs_is_refused_and_the_old_file_stays(
    path: Path, tmp_path: Path, what: str, version: int
) -> None:
    file = await _made(version, tmp_path)
    statements, said = CHANGES[what]
    if "statistics" in what:
        _change(file, "ANALYZE")
    _change(file, *statements)
    await (await Database.open(path)).close()
    before, given = path.read_bytes(), file.read_bytes()

    with pytest.raises(SchemaChanged, match="no backup of this bot's database") as refused:
        restore(file, path, NOW)

    assert said in str(refused.value) or version == 1
    assert str(refused.value).isprintable()
    assert len(str(refused.value)) < 500
    assert path.read_bytes() == before
    assert file.read_bytes() == given
    assert sorted(each.name for each in path.parent.iterdir()) == [
        "bot.sqlite3",
        "bot.sqlite3-closed",
        "lock",
    ]


@pytest.mark.parametrize("what", CHANGES)
async def test_a_database_whose_schema_differs_is_not_opened_and_not_changed(
    path: Path, what: str
) -> None:
    await (await Database.open(path)).close()
    statements, said = CHANGES[what]
    if "statistics" in what:
        _change(path, "ANALYZE")
    _change(path, *statements)
    before = path.read_bytes()
    with pytest.raises(SchemaChanged) as refused:
        await (await Database.open(path)).close()
    assert said in str(refused.value)
    assert str(path) in str(refused.value)
    assert path.read_bytes() == before


async def test_the_early_files_of_version_8_are_held_to_their_own_schema(
    path: Path, tmp_path: Path
) -> None:
    file = tmp_path / "early.sqlite3"
    load(7, file)
    later = ("told_percent", "DROP COLUMN percent", "percent_at", "RENAME COLUMN wanted")
    eighth = MIGRATIONS.steps[6].statements
    _change(
        file,
        *(each for each in eighth if not any(mark in each for mark in later)),
        "PRAGMA user_version = 8",
    )
    restore(file, path, NOW)
    _change(file, "CREATE TRIGGER eraser AFTER INSERT ON jobs BEGIN DELETE FROM accounts; END")
    with pytest.raises(SchemaChanged, match="trigger «eraser»"):
        restore(file, path, NOW)


def test_a_file_of_another_encoding_is_refused(path: Path, tmp_path: Path) -> None:
    file = tmp_path / "wide.sqlite3"
    _change(
        file,
        "PRAGMA encoding = 'UTF-16le'",
        *MIGRATIONS.schema.statements,
        f"PRAGMA user_version = {NEWEST}",
    )
    with pytest.raises(SchemaChanged, match="encoding «UTF-16le» instead of UTF-8"):
        restore(file, path, NOW)


@pytest.mark.parametrize(
    "statements",
    [
        ("ANALYZE",),
        (
            "CREATE TABLE _litestream_seq (id INTEGER PRIMARY KEY, seq INTEGER)",
            "CREATE TABLE _litestream_lock (id INTEGER)",
        ),
        ("PRAGMA journal_mode = DELETE", "PRAGMA page_size = 8192", "VACUUM"),
    ],
    ids=["statistics", "replicated", "pages of another size"],
)
async def test_what_tools_leave_in_a_database_is_no_obstacle(
    path: Path, tmp_path: Path, statements: tuple[str, ...]
) -> None:
    await (await Database.open(path)).close()
    _change(path, *statements)
    await (await Database.open(path)).close()
    copy = tmp_path / "copy.sqlite3"
    back_up(path, copy)
    restore(copy, path, NOW)
    async with await Database.open(path) as db:
        assert await db.read(lambda conn: rows(conn, "SELECT * FROM chats")) == []


@pytest.mark.parametrize("version", [*LEFT, NEWEST])
async def test_a_copy_of_every_version_is_taken(tmp_path: Path, path: Path, version: int) -> None:
    file, copy = await _made(version, tmp_path), tmp_path / "copy.sqlite3"
    back_up(file, copy)
    restore(copy, path, NOW)
    async with await Database.open(path) as db:
        found = await db.read(lambda conn: rows(conn, "SELECT chat_id FROM chats"))
        assert ANNA in {row["chat_id"] for row in found}


ODD: dict[str, tuple[str, str]] = {
    "a state that a CHECK refuses": ("UPDATE jobs SET state = 'odd'", "CHECK constraint failed"),
    "a reason that is not known": ("UPDATE jobs SET reason = 'odd' WHERE id = 2", "row 2 of jobs"),
    "a reason of the history": (
        "UPDATE job_history SET reason = 'odd' WHERE id = 3",
        "row 3 of job_history has a reason",
    ),
}


@pytest.mark.parametrize("what", ODD)
async def test_values_that_the_program_does_not_know_are_refused(
    path: Path, tmp_path: Path, what: str
) -> None:
    statement, said = ODD[what]
    file = await _made(NEWEST, tmp_path)
    _change(file, "PRAGMA ignore_check_constraints = ON", statement)
    with pytest.raises(DatabaseDamaged, match=said):
        restore(file, path, NOW)
    assert not path.exists()


async def test_what_is_no_file_is_refused_without_waiting_for_it(
    path: Path, tmp_path: Path
) -> None:
    file = await _made(NEWEST, tmp_path)
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    for each, said in {
        pipe: "it is a pipe or a device",
        Path("/dev/zero"): "it is a pipe or a device",
        tmp_path: "it is a folder",
        tmp_path / "nowhere": "There is no backup",
        tmp_path / "x" / ".." / "nowhere": "There is no backup",
    }.items():
        with pytest.raises(StorageUnavailable, match=said):
            restore(each, path, NOW)
    for ending in ("-wal", "-journal"):
        beside = file.with_name(file.name + ending)
        os.mkfifo(beside)
        with pytest.raises(StorageUnavailable, match=f"Beside the backup .*{ending}"):
            restore(file, path, NOW)
        beside.unlink()
    shm = file.with_name(file.name + "-shm")
    shm.symlink_to("/dev/zero")
    with pytest.raises(StorageUnavailable, match="Beside the backup"):
        restore(file, path, NOW)
    shm.unlink()
    link = tmp_path / "link.sqlite3"
    link.symlink_to(file)
    restore(link, path, NOW)
    assert not path.is_symlink()


async def test_a_database_that_is_a_link_is_replaced_and_its_target_stays(
    path: Path, tmp_path: Path
) -> None:
    file, elsewhere = await _made(NEWEST, tmp_path), tmp_path / "target.sqlite3"
    await (await Database.open(elsewhere)).close()
    path.parent.mkdir()
    path.symlink_to(elsewhere)
    restore(file, path, NOW)
    assert not path.is_symlink()
    async with await Database.open(elsewhere) as db:
        assert await db.read(lambda conn: rows(conn, "SELECT * FROM chats")) == []


async def test_a_huge_file_is_refused_before_its_pages_are_read(
    path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = await _made(NEWEST, tmp_path)
    os.truncate(file, 1 << 40)  # sparse: it takes no room
    monkeypatch.setattr(shutil, "disk_usage", lambda _: Usage(1, 1, 1 << 39))
    monkeypatch.setattr("storage.restore.check_through", lambda *_: pytest.fail("read all of it"))
    with pytest.raises(DiskFull):
        restore(file, path, NOW)


async def test_a_file_that_changes_while_it_is_copied_is_looked_at_again(
    path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = await _made(NEWEST, tmp_path)
    await (await Database.open(path)).close()
    before = path.read_bytes()

    def change_and_copy(conn: sqlite3.Connection, source: Path, target: Path) -> None:
        _change(source, CHANGES["a trigger that deletes all accounts"][0][0])
        conn.close()
        with closing(sqlite3.connect(source)) as again:
            copy_through(again, source, target)

    monkeypatch.setattr("storage.restore.copy_through", change_and_copy)
    with pytest.raises(SchemaChanged, match="trigger «eraser»"):
        restore(file, path, NOW)
    assert path.read_bytes() == before


def test_the_difference_of_a_whole_schema_is_none() -> None:
    for version in range(1, NEWEST + 1):
        with closing(sqlite3.connect(":memory:", isolation_level=None)) as conn:
            for migration in MIGRATIONS.made(version):
                for statement in migration.statements:
                    conn.execute(statement)
            conn.execute(f"PRAGMA user_version = {version}")
            assert difference(conn.execute(ENTRIES).fetchall(), MIGRATIONS) is None
            conn.execute("CREATE VIEW v AS SELECT 1")
            assert difference(conn.execute(ENTRIES).fetchall(), MIGRATIONS) is not None
