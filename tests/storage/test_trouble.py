"""A file or folder that cannot be used gives one clear sentence, and stays as it was."""

# ruff: noqa: ASYNC240 -- a test has its event loop to itself and may look at files
import asyncio
import errno
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from aiosqlite import Connection

from storage.database import Database
from storage.errors import (
    DatabaseBusy,
    DatabaseDamaged,
    DatabaseTooNew,
    DiskFull,
    StorageError,
    StorageUnavailable,
    translated,
    translated_files,
)
from storage.rows import rows, run
from tests.support.names import ANNA
from tests.support.stored_rows import chat_of, count


@pytest.fixture(autouse=True)
def no_thread_is_left() -> Iterator[None]:
    """A connection that stays open keeps a thread, and that the process from ending."""
    before = set(threading.enumerate())
    yield
    for thread in set(threading.enumerate()) - before:
        # A closed connection's thread is on its last lines.
        thread.join(timeout=5)
        assert not thread.is_alive()


async def _make(path: Path) -> None:
    async with await Database.open(path) as db:
        await chat_of(db)


async def test_a_newer_database_is_refused_and_untouched(data_dir: Path) -> None:
    path = data_dir / "bot.sqlite3"
    await _make(path)
    with closing(sqlite3.connect(path)) as conn:
        conn.execute("PRAGMA user_version = 99")
    before = path.read_bytes()
    with pytest.raises(DatabaseTooNew, match="99"):
        await Database.open(path)
    assert path.read_bytes() == before
    assert not (data_dir / "backups").exists()


async def test_a_database_of_another_program_is_refused_and_untouched(tmp_path: Path) -> None:
    path = tmp_path / "other.sqlite3"
    with closing(sqlite3.connect(path)) as conn:
        conn.execute("CREATE TABLE songs (title TEXT)")
    before = path.read_bytes()
    with pytest.raises(DatabaseDamaged, match="another program"):
        await Database.open(path)
    assert path.read_bytes() == before


async def test_a_file_that_is_no_database_is_refused_and_untouched(tmp_path: Path) -> None:
    path = tmp_path / "bot.sqlite3"
    path.write_bytes(b"this is a letter, no database. " * 200)
    with pytest.raises(DatabaseDamaged, match=r"bot\.sqlite3"):
        await Database.open(path)
    assert path.read_bytes() == b"this is a letter, no database. " * 200


async def test_a_database_damaged_in_the_middle_is_refused(data_dir: Path) -> None:
    path = data_dir / "bot.sqlite3"
    await _make(path)
    whole = path.read_bytes()
    path.write_bytes(whole[:4096] + b"\xff" * 8192 + whole[12288:])
    with pytest.raises(DatabaseDamaged, match="backup"):
        await Database.open(path)


async def test_a_database_cut_short_is_refused(data_dir: Path) -> None:
    path = data_dir / "bot.sqlite3"
    await _make(path)
    path.write_bytes(path.read_bytes()[: 5 * 4096])
    with pytest.raises(DatabaseDamaged):
        await Database.open(path)


async def test_a_write_locked_out_says_so_and_works_afterwards(db: Database) -> None:
    with closing(sqlite3.connect(db.path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(DatabaseBusy, match="another process"):
            await chat_of(db)
        assert await count(db, "chats") == 0, "reading goes on"
        other.execute("ROLLBACK")
    await chat_of(db)
    assert await count(db, "chats") == 1


async def test_opening_a_locked_file_says_so(data_dir: Path) -> None:
    data_dir.mkdir()
    path = data_dir / "bot.sqlite3"
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        with pytest.raises(DatabaseBusy):
            await Database.open(path, busy_seconds=0.05)


async def test_a_full_disk_undoes_the_unit_and_leaves_the_file_whole(db: Database) -> None:
    await chat_of(db)

    async def fill(conn: Connection) -> None:
        pages = (await rows(conn, "PRAGMA page_count"))[0][0]
        await run(conn, f"PRAGMA max_page_count = {pages + 3}")
        for number in range(1000):
            await run(
                conn,
                "INSERT INTO chats (chat_id, user_id, language, created_at) VALUES (?, 1, ?, '')",
                (number + ANNA + 1, "x" * 2000),
            )

    with pytest.raises(DiskFull, match="free some space"):
        await db.write(fill)
    assert await count(db, "chats") == 1
    check = await db.read(lambda conn: rows(conn, "PRAGMA integrity_check"))
    assert [row[0] for row in check] == ["ok"]
    await chat_of(db, ANNA + 1)
    assert await count(db, "chats") == 2


async def test_a_folder_without_rights_says_so(plain_users_dir: Path) -> None:
    plain_users_dir.chmod(0o500)
    with pytest.raises(StorageUnavailable, match="rights"):
        await Database.open(plain_users_dir / "data" / "bot.sqlite3")


async def test_a_file_without_rights_says_so_and_is_untouched(plain_users_dir: Path) -> None:
    path = plain_users_dir / "bot.sqlite3"
    await _make(path)
    before = path.read_bytes()
    path.chmod(0o400)
    plain_users_dir.chmod(0o500)
    with pytest.raises(StorageUnavailable):
        await Database.open(path)
    plain_users_dir.chmod(0o700)
    assert path.read_bytes() == before


async def test_a_file_where_the_folder_should_be_says_so(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("not a folder")
    with pytest.raises(StorageUnavailable):
        await Database.open(tmp_path / "data" / "bot.sqlite3")


async def test_a_folder_where_the_file_should_be_says_so(tmp_path: Path) -> None:
    (tmp_path / "bot.sqlite3").mkdir()
    with pytest.raises(StorageUnavailable):
        await Database.open(tmp_path / "bot.sqlite3")


async def test_an_opening_that_is_cancelled_leaves_nothing_open(data_dir: Path) -> None:
    for turns in range(0, 60, 3):
        opening = asyncio.create_task(Database.open(data_dir / "bot.sqlite3"))
        for _ in range(turns):
            await asyncio.sleep(0)
        opening.cancel()
        await asyncio.wait({opening})
        if not opening.cancelled():
            await opening.result().close()
    await _make(data_dir / "bot.sqlite3")


async def test_files_and_folders_are_private_whatever_they_were(data_dir: Path) -> None:
    data_dir.mkdir(mode=0o755)
    path = data_dir / "bot.sqlite3"
    path.touch(mode=0o644)
    async with await Database.open(path) as db:
        await chat_of(db)
        modes = {file.name: file.stat().st_mode & 0o777 for file in data_dir.iterdir()}
    assert modes == {
        "bot.sqlite3": 0o600,
        "bot.sqlite3-wal": 0o600,
        "bot.sqlite3-shm": 0o600,
    }
    assert data_dir.stat().st_mode & 0o777 == 0o700


async def test_a_new_folder_and_file_are_private(tmp_path: Path) -> None:
    await _make(tmp_path / "deep" / "data" / "bot.sqlite3")
    assert (tmp_path / "deep" / "data").stat().st_mode & 0o777 == 0o700
    assert (tmp_path / "deep" / "data" / "bot.sqlite3").stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize(
    ("number", "expected"),
    [(errno.ENOSPC, DiskFull), (errno.EDQUOT, DiskFull), (errno.EROFS, StorageUnavailable)],
)
def test_an_error_of_the_system_is_named(number: int, expected: type[StorageError]) -> None:
    with pytest.raises(expected), translated_files(Path("bot.sqlite3")):
        raise OSError(number, "from the system")


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        (sqlite3.SQLITE_BUSY_SNAPSHOT, DatabaseBusy),
        (sqlite3.SQLITE_LOCKED, DatabaseBusy),
        (sqlite3.SQLITE_CORRUPT_VTAB, DatabaseDamaged),
        (sqlite3.SQLITE_IOERR_FSYNC, StorageUnavailable),
        (sqlite3.SQLITE_FULL, DiskFull),
        (sqlite3.SQLITE_IOERR_SHMSIZE, DiskFull),
        (sqlite3.SQLITE_CONSTRAINT_CHECK, sqlite3.DatabaseError),
    ],
)
def test_an_error_of_sqlite_is_named_by_its_primary_code(
    code: int, expected: type[Exception]
) -> None:
    error = sqlite3.DatabaseError("from SQLite")
    error.sqlite_errorcode = code
    with pytest.raises(expected), translated(Path("bot.sqlite3")):
        raise error
