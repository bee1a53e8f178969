"""A log of changes that a power cut tore costs only what comes after the tear."""

# ruff: noqa: ASYNC240 -- a test has its event loop to itself and may look at files
import random
import signal
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from bot.app import DATABASE_NAME
from storage.database import Database
from storage.rows import run
from tests.support.bot_process import at_work, started
from tests.support.stored_rows import leave_data

pytestmark = pytest.mark.process


async def _add_chat(db: Database, number: int) -> None:
    await db.write(
        lambda conn: run(
            conn,
            "INSERT INTO chats (chat_id, user_id, language, created_at) VALUES (?, 1, ?, '')",
            (number, "x" * 3000),
        )
    )


CHATS = 12


@pytest.fixture
async def with_log(tmp_path: Path) -> Path:
    """A data folder as a power cut left it: a database, and a log of twelve more commits."""
    kept, left = tmp_path / "kept", tmp_path / "left" / "data"
    await leave_data(kept)
    left.mkdir(parents=True)
    async with await Database.open(kept / DATABASE_NAME) as db:
        for number in range(1, CHATS + 1):
            await _add_chat(db, number)
        for name in (DATABASE_NAME, f"{DATABASE_NAME}-wal", "key"):
            (left / name).write_bytes((kept / name).read_bytes())
    return left


def _added(path: Path) -> list[int]:
    with closing(sqlite3.connect(path)) as conn:
        assert conn.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert conn.execute("PRAGMA foreign_key_check").fetchall() == []
        found = conn.execute("SELECT chat_id FROM chats WHERE language IS NOT NULL ORDER BY 1")
        return [int(row[0]) for row in found]


def _cut(log: Path, at: int) -> None:
    log.write_bytes(log.read_bytes()[:at])


def _scribble(log: Path, at: int) -> None:
    """The sector that was being written holds anything."""
    whole = log.read_bytes()
    log.write_bytes(
        whole[:at] + bytes(byte ^ 0x5A for byte in whole[at : at + 512]) + whole[at + 512 :]
    )


@pytest.mark.parametrize("tear", [_cut, _scribble])
async def test_a_torn_log_costs_only_what_comes_after_the_tear(
    with_log: Path, tear: Callable[[Path, int], None], tmp_path: Path
) -> None:
    size = (with_log / f"{DATABASE_NAME}-wal").stat().st_size
    chance = random.Random(size)
    places = [0, 1, 31, 32, 33, size - 1, *(chance.randrange(size) for _ in range(14))]
    kept_chats = set()
    for place in sorted(places):
        torn = tmp_path / f"torn-{place}"
        torn.mkdir(exist_ok=True)
        for file in with_log.iterdir():
            (torn / file.name).write_bytes(file.read_bytes())
        tear(torn / f"{DATABASE_NAME}-wal", place)

        async with await Database.open(torn / DATABASE_NAME) as db:
            await _add_chat(db, CHATS + 1)
        *left, new = _added(torn / DATABASE_NAME)
        assert new == CHATS + 1
        assert left == list(range(1, len(left) + 1)), "the commits before the tear, without a gap"
        kept_chats.add(len(left))
    assert 0 in kept_chats
    assert len(kept_chats) > 4
    assert max(kept_chats) >= CHATS - 1


async def test_the_bot_starts_after_a_power_cut_that_tore_the_log(with_log: Path) -> None:
    log = with_log / f"{DATABASE_NAME}-wal"
    _cut(log, log.stat().st_size * 2 // 3)

    async with started(with_log) as process:
        await at_work(process)
        process.send_signal(signal.SIGTERM)
        assert await process.wait() == 0
    left = _added(with_log / DATABASE_NAME)
    assert 0 < len(left) < CHATS
    assert left == list(range(1, len(left) + 1))
