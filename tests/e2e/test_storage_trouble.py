"""Data that cannot be used: the process says so in one sentence, and leaves it as it is."""

import resource
import signal
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from bot.app import DATABASE_NAME
from tests.support.bot_process import at_work, refused, started
from tests.support.stored_rows import leave_data

pytestmark = pytest.mark.process


@pytest.fixture
async def kept(tmp_path: Path) -> Path:
    await leave_data(tmp_path / "data")
    return tmp_path / "data"


def _files(folder: Path) -> dict[str, bytes]:
    """What is in every file but the lock."""
    found = (file for file in folder.rglob("*") if file.is_file() and file.name != "lock")
    return {str(file.relative_to(folder)): file.read_bytes() for file in found}


def _newer(folder: Path) -> None:
    with closing(sqlite3.connect(folder / DATABASE_NAME)) as conn:
        conn.execute("PRAGMA user_version = 99")


def _no_database(folder: Path) -> None:
    (folder / DATABASE_NAME).write_bytes(b"this is a letter, no database. " * 200)


def _damaged(folder: Path) -> None:
    whole = (folder / DATABASE_NAME).read_bytes()
    (folder / DATABASE_NAME).write_bytes(whole[:4096] + b"\xff" * 8192 + whole[12288:])


def _cut_short(folder: Path) -> None:
    (folder / DATABASE_NAME).write_bytes((folder / DATABASE_NAME).read_bytes()[: 5 * 4096])


def _of_another(folder: Path) -> None:
    (folder / DATABASE_NAME).unlink()
    with closing(sqlite3.connect(folder / DATABASE_NAME)) as conn:
        conn.execute("CREATE TABLE songs (title TEXT)")


def _without_key(folder: Path) -> None:
    (folder / "key").unlink()


def _key_cut(folder: Path) -> None:
    (folder / "key").write_bytes((folder / "key").read_bytes()[:31])


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (_newer, "has version 99"),
        (_no_database, "restore it from a backup"),
        (_damaged, "restore it from a backup"),
        (_cut_short, "restore it from a backup"),
        (_of_another, "tables of another program"),
        (_without_key, "is missing, and cookies are sealed with it"),
        (_key_cut, "holds 31 bytes, and a key has 32"),
    ],
)
async def test_data_that_cannot_be_used_is_told_in_a_sentence_and_left_as_it_is(
    kept: Path, spoil: Callable[[Path], None], words: str
) -> None:
    spoil(kept)
    before = _files(kept)

    assert words in await refused(kept)
    assert _files(kept) == before


async def test_a_database_that_is_held_by_another_process_is_told_in_a_sentence(
    kept: Path,
) -> None:
    before = (kept / DATABASE_NAME).read_bytes()
    with closing(sqlite3.connect(kept / DATABASE_NAME, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")

        assert "is held by another process" in await refused(kept)
    assert (kept / DATABASE_NAME).read_bytes() == before


@pytest.mark.parametrize("room", [0, 4096, 40_000])
async def test_a_disk_without_room_for_the_first_files_is_told_in_a_sentence(
    tmp_path: Path, room: int
) -> None:
    data_dir = tmp_path / "data"
    data_dir.mkdir()
    said = await refused(
        data_dir, before=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (room, room))
    )
    assert "check its folder" in said or "no room" in said

    async with started(data_dir) as process:
        await at_work(process)
        process.send_signal(signal.SIGTERM)
        assert await process.wait() == 0


async def test_a_disk_without_room_is_told_in_a_sentence_and_leaves_the_data_as_it_was(
    kept: Path,
) -> None:
    before = (kept / DATABASE_NAME).read_bytes()

    said = await refused(kept, before=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0)))
    assert "check its folder" in said or "no room" in said
    assert (kept / DATABASE_NAME).read_bytes() == before
