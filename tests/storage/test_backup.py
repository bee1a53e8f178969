"""Copies of a database in use: whole, checked, private, and nothing where they fail."""

# ruff: noqa: ASYNC240 -- a test has its event loop to itself and may look at files
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import NamedTuple

import pytest

from storage.backup import BackupStopped, back_up, check_copy
from storage.database import Database
from storage.errors import DatabaseDamaged, DiskFull, StorageUnavailable
from storage.rows import run, run_many
from storage.vault import Vault
from tests.support.names import ANNA
from tests.support.stored_rows import COOKIE, account_of, chat_of, count

PAGE = 4096


class Usage(NamedTuple):
    total: int
    used: int
    free: int


@pytest.fixture
def target(data_dir: Path) -> Path:
    return data_dir / "backups" / "by-hand-20210301T073000Z.sqlite3"


def _ids(file: Path) -> list[int]:
    with closing(sqlite3.connect(f"{file.as_uri()}?immutable=1", uri=True)) as conn:
        return [row[0] for row in conn.execute("SELECT chat_id FROM chats ORDER BY chat_id")]


def _left(target: Path) -> list[str]:
    return [file.name for file in target.parent.iterdir()] if target.parent.exists() else []


async def _fill(db: Database, chats: int = 3000) -> None:
    text = "x" * 500
    await db.write(
        lambda conn: run_many(
            conn,
            "INSERT INTO chats (chat_id, user_id, language, created_at) VALUES (?, 1, ?, '')",
            [(number, text) for number in range(1, chats + 1)],
        )
    )


async def test_a_copy_holds_what_is_only_in_the_log_yet(db: Database, target: Path) -> None:
    await chat_of(db)
    assert (db.path.with_name(db.path.name + "-wal")).stat().st_size > 0

    back_up(db.path, target)

    assert _ids(target) == [ANNA]
    assert check_copy(target) > 0
    assert _left(target) == [target.name]


async def test_a_copy_and_its_folder_are_private(db: Database, target: Path) -> None:
    target.parent.mkdir(mode=0o755)

    back_up(db.path, target)

    assert target.stat().st_mode & 0o777 == 0o600
    assert target.parent.stat().st_mode & 0o777 == 0o700


async def test_an_open_unit_neither_waits_nor_is_in_the_copy(db: Database, target: Path) -> None:
    await chat_of(db)

    async def unit(conn: object) -> None:
        await run(db._writer, "INSERT INTO chats (chat_id, user_id, created_at) VALUES (7, 1, '')")
        back_up(db.path, target)

    await db.write(unit)

    assert _ids(target) == [ANNA]
    assert await count(db, "chats") == 2


async def test_others_write_while_a_copy_is_made(db: Database, target: Path) -> None:
    await _fill(db)
    written: list[int] = []
    with closing(sqlite3.connect(db.path, timeout=0, isolation_level=None)) as other:

        def write() -> bool:
            assert not target.exists(), "not checked yet"
            other.execute(
                "INSERT INTO chats (chat_id, user_id, created_at) VALUES (?, 1, '')",
                (10_000 + len(written),),
            )
            written.append(len(written))
            return False

        back_up(db.path, target, stopped=write)

    assert written
    assert len(_ids(target)) == 3000, "what was there when it began"
    assert await count(db, "chats") == 3000 + len(written)


async def test_a_copy_of_a_bot_that_is_off_leaves_its_folder_as_it_was(
    db: Database, target: Path
) -> None:
    await chat_of(db)
    await db.close()
    before = {file.name for file in target.parent.parent.iterdir()}

    back_up(db.path, target)

    assert {file.name for file in target.parent.parent.iterdir()} == before | {"backups"}
    assert _ids(target) == [ANNA]


async def test_no_cookie_and_no_key_is_in_a_copy(
    db: Database, vault: Vault, data_dir: Path, target: Path
) -> None:
    account = await account_of(db, vault)

    back_up(db.path, target)

    held = target.read_bytes()
    assert account.name.encode() in held, "the search can find"
    assert COOKIE.encode() not in held
    assert (data_dir / "bot.key").read_bytes() not in held
    assert _left(target) == [target.name]


async def test_what_was_erased_is_not_in_a_copy(db: Database, target: Path) -> None:
    name = "王小明的名字很特别"
    await chat_of(db)
    await db.write(lambda conn: run(conn, "UPDATE chats SET language = ?", (name,)))
    await db.write(lambda conn: run(conn, "DELETE FROM chats"))

    back_up(db.path, target)

    assert name.encode() not in target.read_bytes()


async def test_a_copy_that_is_stopped_leaves_nothing(db: Database, target: Path) -> None:
    await _fill(db)

    with pytest.raises(BackupStopped):
        back_up(db.path, target, stopped=lambda: True)

    assert _left(target) == []


async def test_a_disk_without_room_is_not_filled(
    db: Database, target: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    await _fill(db)
    size = db.path.stat().st_size
    monkeypatch.setattr(shutil, "disk_usage", lambda _: Usage(size, 0, size))

    with pytest.raises(DiskFull, match="free some space"):
        back_up(db.path, target)

    assert _left(target) == []


async def test_a_taken_name_is_refused_and_what_has_it_stays(db: Database, target: Path) -> None:
    target.parent.mkdir()
    target.write_text("something")

    with pytest.raises(StorageUnavailable, match="there already"):
        back_up(db.path, target)

    assert target.read_text() == "something"
    assert _left(target) == [target.name]


@pytest.mark.parametrize("folder", [True, False])
def test_without_a_database_nothing_is_made(tmp_path: Path, *, folder: bool) -> None:
    data = tmp_path / "data"
    if folder:
        data.mkdir()

    with pytest.raises(StorageUnavailable, match="There is no database"):
        back_up(data / "bot.sqlite3", data / "backups" / "copy.sqlite3")

    assert [path.name for path in tmp_path.rglob("*")] == (["data"] if folder else [])


async def test_a_copy_that_does_not_pass_its_check_is_not_kept(db: Database, target: Path) -> None:
    with closing(sqlite3.connect(db.path)) as conn:
        conn.execute(
            "INSERT INTO notices (chat_id, kind, once, created_at) VALUES (99, 'barred', 'a', '')"
        )
        conn.commit()

    with pytest.raises(DatabaseDamaged, match="point nowhere"):
        back_up(db.path, target)

    assert _left(target) == []


def _cut(whole: bytes) -> bytes:
    return whole[: len(whole) // 2 // PAGE * PAGE]


def _overwrite(whole: bytes) -> bytes:
    return whole[:PAGE] + b"\xff" * 2 * PAGE + whole[3 * PAGE :]


@pytest.mark.parametrize("damage", [_cut, _overwrite, lambda _: b"a letter " * 999])
async def test_a_damaged_copy_is_found_and_left_as_it_is(
    db: Database, target: Path, damage: Callable[[bytes], bytes]
) -> None:
    await _fill(db, 200)
    back_up(db.path, target)
    check_copy(target)
    broken = damage(target.read_bytes())
    target.write_bytes(broken)

    with pytest.raises(DatabaseDamaged, match="use another one"):
        check_copy(target)

    assert target.read_bytes() == broken
    assert _left(target) == [target.name]


async def test_damage_that_no_query_meets_is_found(db: Database, target: Path) -> None:
    back_up(db.path, target)
    with closing(sqlite3.connect(target)) as conn:
        conn.execute("PRAGMA writable_schema = ON")
        conn.execute("DELETE FROM sqlite_master WHERE name = 'jobs_by_state'")
        conn.commit()

    with pytest.raises(DatabaseDamaged, match="never used"):
        check_copy(target)


async def test_a_damaged_database_is_told(db: Database, target: Path) -> None:
    await _fill(db, 200)
    await db.close()
    whole = db.path.read_bytes()
    db.path.write_bytes(_overwrite(whole))

    with pytest.raises(DatabaseDamaged):
        back_up(db.path, target)

    assert _left(target) == []


async def test_a_folder_without_rights_is_told(plain_users_dir: Path) -> None:
    path = plain_users_dir / "bot.sqlite3"
    async with await Database.open(path) as db:
        await chat_of(db)
        backups = plain_users_dir / "backups"
        backups.mkdir(mode=0o500)

        with pytest.raises(StorageUnavailable, match="rights"):
            back_up(path, backups / "copy.sqlite3")

        assert list(backups.iterdir()) == []
