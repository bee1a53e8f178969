"""A restore puts the backup in place whole, keeps what was there, or changes nothing."""

# ruff: noqa: ASYNC240, ASYNC221 -- a test has its event loop to itself
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from storage.backup import back_up, check_copy
from storage.backup_files import backups_of
from storage.database import Database
from storage.errors import (
    DatabaseBusy,
    DatabaseDamaged,
    DatabaseTooNew,
    DiskFull,
    StorageUnavailable,
)
from storage.lock import FolderInUse, FolderLock
from storage.migrate import built_in_migrations, load_migrations
from storage.restore import restore
from storage.rows import rows, run
from tests.storage.test_backup import Usage
from tests.storage.versions import LEFT, load, migrations_up_to
from tests.support.names import ANNA, BORIS
from tests.support.stored_rows import chat_of

NOW = datetime(2021, 3, 10, 12, tzinfo=UTC)
KEPT = "before-restore-20210310T120000Z.sqlite3"
FILES = {"backups", "bot.sqlite3", "bot.sqlite3-closed", "lock", "key.lock"}
PAGE = 4096
ROOT = Path(__file__).parents[2]


@pytest.fixture
def path(data_dir: Path) -> Path:
    return data_dir / "bot.sqlite3"


@pytest.fixture
async def backup(path: Path, tmp_path: Path) -> Path:
    """A backup with Anna in it; the database has Boris, too, since then, and is closed."""
    file = tmp_path / "elsewhere" / "backup.sqlite3"
    async with await Database.open(path) as db:
        await chat_of(db, ANNA)
        back_up(path, file)
        await chat_of(db, BORIS)
    return file


def _snapshot(folder: Path) -> dict[str, bytes]:
    """Every file but the lock's."""
    files = (file for file in folder.rglob("*") if file.is_file() and file.name != "lock")
    return {str(file.relative_to(folder)): file.read_bytes() for file in files}


async def _chats(path: Path) -> set[int]:
    async with await Database.open(path) as db:
        found = await db.read(lambda conn: rows(conn, "SELECT chat_id FROM chats"))
    return {row["chat_id"] for row in found}


def _leave_in_log(path: Path, chat_id: int) -> None:
    """As a killed bot leaves it: the last change is in the log alone."""
    copies = {}
    with closing(sqlite3.connect(path, isolation_level=None)) as conn:
        conn.execute("PRAGMA wal_autocheckpoint = 0")
        conn.execute(
            "INSERT INTO chats (chat_id, user_id, created_at) VALUES (?, 1, '')", (chat_id,)
        )
        for ending in ("", "-wal"):
            file = path.with_name(path.name + ending)
            copies[file] = file.read_bytes()
    for file, data in copies.items():
        file.write_bytes(data)
    assert copies[path.with_name(path.name + "-wal")]


async def test_the_backup_is_in_place_and_what_was_there_is_kept(path: Path, backup: Path) -> None:
    before = backup.read_bytes()

    kept = restore(backup, path, NOW)

    assert kept == path.parent / "backups" / KEPT
    assert check_copy(kept)
    assert await _chats(path) == {ANNA}
    assert backup.read_bytes() == before

    assert restore(kept, path, NOW) == kept.with_stem(kept.stem + "-2")
    assert await _chats(path) == {ANNA, BORIS}


async def test_what_only_the_log_held_is_kept_and_not_taken_for_the_new_files(
    path: Path, backup: Path
) -> None:
    _leave_in_log(path, 3)

    kept = restore(backup, path, NOW)

    assert {file.name for file in path.parent.iterdir()} == FILES
    assert await _chats(path) == {ANNA}
    assert kept is not None
    restore(kept, path, NOW)
    assert await _chats(path) == {ANNA, BORIS, 3}


async def test_the_log_of_a_database_that_is_gone_is_not_taken_for_the_new_files(
    path: Path, backup: Path
) -> None:
    _leave_in_log(path, 3)
    path.unlink()

    assert restore(backup, path, NOW) is None

    assert await _chats(path) == {ANNA}


async def test_what_the_backups_own_log_holds_is_restored(path: Path, backup: Path) -> None:
    _leave_in_log(path, 3)
    folder = backup.parent
    for file in path.parent.glob("bot.sqlite3*"):
        shutil.copy(file, folder)

    restore(folder / "bot.sqlite3", path, NOW)

    assert await _chats(path) == {ANNA, BORIS, 3}


async def test_a_new_folder_gets_the_backup_and_everything_is_private(
    tmp_path: Path, backup: Path
) -> None:
    backup.chmod(0o644)
    path = tmp_path / "new" / "bot.sqlite3"

    assert restore(backup, path, NOW) is None

    assert path.stat().st_mode & 0o777 == 0o600
    assert path.parent.stat().st_mode & 0o777 == 0o700
    assert await _chats(path) == {ANNA}


def test_what_is_kept_is_private(path: Path, backup: Path) -> None:
    kept = restore(backup, path, NOW)

    assert kept is not None
    assert kept.stat().st_mode & 0o777 == 0o600
    assert kept.parent.stat().st_mode & 0o777 == 0o700


def test_a_backup_in_a_folder_nobody_may_write_to_gets_no_files_beside_it(
    path: Path, backup: Path
) -> None:
    with closing(sqlite3.connect(backup)) as conn:
        conn.execute("PRAGMA journal_mode = WAL")

    restore(backup, path, NOW)

    assert [file.name for file in backup.parent.iterdir()] == [backup.name]


@pytest.mark.parametrize("version", LEFT)
async def test_a_backup_of_every_version_is_taken(tmp_path: Path, path: Path, version: int) -> None:
    load(version, tmp_path / "old.sqlite3")

    restore(tmp_path / "old.sqlite3", path, NOW)

    assert check_copy(path) == version
    assert ANNA in await _chats(path)


async def test_an_older_schema_is_taken_and_brought_up_by_the_next_start(
    tmp_path: Path, path: Path, backup: Path
) -> None:
    migrations = migrations_up_to(1, tmp_path)
    old = tmp_path / "old" / "bot.sqlite3"
    async with await Database.open(old, migrations=migrations) as db:
        insert = "INSERT INTO chats (chat_id, user_id, created_at) VALUES (5, 5, '2021')"
        await db.write(lambda conn: run(conn, insert))

    restore(old, path, NOW)

    assert check_copy(path) == 1
    assert await _chats(path) == {5}
    assert check_copy(path) == load_migrations(built_in_migrations()).newest


def _foreign(file: Path, version: int) -> None:
    file.unlink()
    with closing(sqlite3.connect(file)) as conn:
        conn.execute("CREATE TABLE chats (title TEXT)")
        conn.execute(f"PRAGMA user_version = {version}")


def _short_of(column: str, table: str, version: int) -> Callable[[Path], object]:
    """A file as that version left it, but for one column."""

    def spoil(file: Path) -> None:
        file.unlink()
        load(version, file)
        with closing(sqlite3.connect(file)) as conn:
            conn.execute(f"ALTER TABLE {table} DROP COLUMN {column}")

    return spoil


def _newer(file: Path) -> None:
    with closing(sqlite3.connect(file)) as conn:
        conn.execute("PRAGMA user_version = 99")


def _broken_reference(file: Path) -> None:
    with closing(sqlite3.connect(file)) as conn:
        conn.execute("UPDATE chats SET active_account = 77")
        conn.commit()


def _overwritten(file: Path) -> None:
    whole = file.read_bytes()
    file.write_bytes(whole[:PAGE] + b"\xff" * 2 * PAGE + whole[3 * PAGE :])


REFUSED: dict[str, tuple[Callable[[Path], object], type[Exception], str]] = {
    "missing": (Path.unlink, StorageUnavailable, "There is no backup"),
    "empty": (lambda file: file.write_bytes(b""), DatabaseDamaged, "no backup of this bot"),
    "a letter": (lambda file: file.write_text("a letter " * 999), DatabaseDamaged, "damaged"),
    "overwritten": (_overwritten, DatabaseDamaged, "damaged"),
    "cut": (lambda f: f.write_bytes(f.read_bytes()[: 5 * PAGE]), DatabaseDamaged, "damaged"),
    "broken reference": (_broken_reference, DatabaseDamaged, "point nowhere"),
    "foreign": (lambda file: _foreign(file, 0), DatabaseDamaged, "no backup of this bot"),
    "foreign with a version": (
        lambda file: _foreign(file, 1),
        DatabaseDamaged,
        "no backup of this bot",
    ),
    "old, without a column": (
        _short_of("teacher", "courses", 1),
        DatabaseDamaged,
        "no backup of this bot",
    ),
    "old, without a column that a migration reads": (
        _short_of("shown_in", "pasted_messages", 7),
        DatabaseDamaged,
        "no backup of this bot",
    ),
    "newer": (_newer, DatabaseTooNew, "version 99"),
}


@pytest.mark.parametrize("name", REFUSED)
async def test_a_file_that_is_no_good_backup_is_refused_and_nothing_changes(
    path: Path, backup: Path, name: str
) -> None:
    spoil, error, words = REFUSED[name]
    spoil(backup)
    _leave_in_log(path, 3)
    before, given = _snapshot(path.parent), _snapshot(backup.parent)

    with pytest.raises(error, match=words) as raised:
        restore(backup, path, NOW)

    assert _snapshot(path.parent) == before
    assert _snapshot(backup.parent) == given
    assert str(backup) in str(raised.value)
    assert "\n" not in str(raised.value)
    FolderLock.take(path.parent).release()


def test_a_folder_is_no_backup(path: Path, backup: Path) -> None:
    with pytest.raises(StorageUnavailable, match="There is no backup"):
        restore(backup.parent, path, NOW)


def test_a_running_bot_is_not_restored_over(path: Path, backup: Path) -> None:
    before = _snapshot(path.parent)
    running = FolderLock.take(path.parent)

    with pytest.raises(FolderInUse, match="stop it first"):
        restore(backup, path, NOW)

    assert _snapshot(path.parent) == before
    running.release()
    restore(backup, path, NOW)


async def test_a_database_that_a_tool_has_open_is_not_restored_over(
    path: Path, backup: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("storage.backup.BUSY_SECONDS", 0.05)
    async with await Database.open(path) as db:
        with pytest.raises(DatabaseBusy, match="held by another process"):
            restore(backup, path, NOW)
        await db.write(lambda conn: run(conn, "DELETE FROM chats WHERE chat_id = ?", (ANNA,)))

    assert await _chats(path) == {BORIS}
    assert not (path.parent / "backups").exists()


@pytest.mark.parametrize("log", [True, False])
async def test_a_damaged_database_is_kept_as_it_is_and_replaced(
    path: Path, backup: Path, *, log: bool
) -> None:
    if log:
        _leave_in_log(path, 3)
    damaged = b"\xff" * PAGE + path.read_bytes()[PAGE:]
    path.write_bytes(damaged)
    beside = path.with_name("bot.sqlite3-wal")
    in_log = beside.read_bytes() if log else None

    kept = restore(backup, path, NOW)

    assert await _chats(path) == {ANNA}
    assert kept is not None
    held = {KEPT: damaged} | ({f"{KEPT}-wal": in_log} if in_log is not None else {})
    assert _snapshot(kept.parent) == held
    assert all(file.stat().st_mode & 0o777 == 0o600 for file in kept.parent.iterdir())


async def test_a_full_disk_changes_nothing(
    path: Path, backup: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = _snapshot(path.parent)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: Usage(1, 1, 0))

    with pytest.raises(DiskFull):
        restore(backup, path, NOW)

    assert _snapshot(path.parent) == before


async def test_what_a_killed_restore_left_is_no_obstacle(path: Path, backup: Path) -> None:
    for ending in ("", ".0a1b2c3d.partial"):
        path.with_name(f"bot.sqlite3.restored{ending}").write_text("half a file")

    restore(backup, path, NOW)

    assert await _chats(path) == {ANNA}
    assert {file.name for file in path.parent.iterdir()} == FILES


@pytest.mark.process
async def test_a_power_cut_at_any_step_leaves_the_old_or_the_new_database_whole(
    tmp_path: Path, path: Path, backup: Path
) -> None:
    _leave_in_log(path, 3)
    cases = tmp_path / "cases"
    cases.mkdir()
    made = subprocess.run(
        [sys.executable, "-m", "tests.storage.power_cut", path.parent, backup, cases],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert made.returncode == 0, made.stderr

    found = {}
    for case in sorted(cases.iterdir(), key=lambda each: int(each.name)):
        assert (case / "bot.sqlite3").exists(), made.stdout
        found[int(case.name)] = await _chats(case / "bot.sqlite3")
        for kept in backups_of(case / "bot.sqlite3"):
            assert check_copy(kept.path), made.stdout

    old, new = {ANNA, BORIS, 3}, {ANNA}
    turned = min(number for number, chats in found.items() if chats == new)
    assert all(chats == (old if number < turned else new) for number, chats in found.items()), (
        found,
        made.stdout,
    )
    assert len(found) > 12
    assert turned > 10
