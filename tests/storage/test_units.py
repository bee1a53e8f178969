"""Units of work: whole or not at all, one at a time, whatever happens to who asked for them."""

import asyncio
import logging
import random
import sqlite3
import threading
import time
from contextlib import closing
from pathlib import Path
from typing import Any

import aiosqlite
import pytest
from aiosqlite import Connection

from storage.database import Database
from storage.errors import StorageUnavailable
from storage.rows import first_row, rows, run
from tests.support.names import ANNA, BORIS
from tests.support.stored_rows import chat_of, count

HANG = 10.0
INSERT_CHAT = "INSERT INTO chats (chat_id, user_id, created_at) VALUES (?, 1, '')"


class Signal(asyncio.Event):
    """An event of the loop that a unit sets, from the thread of its connection."""

    def __init__(self) -> None:
        super().__init__()
        self._loop_of_test = asyncio.get_running_loop()

    def set(self) -> None:
        self._loop_of_test.call_soon_threadsafe(super().set)


class Stop(Exception):  # noqa: N818 -- it stands for any mistake of a unit
    pass


async def _insert_pair(conn: Connection, number: int) -> int:
    await run(conn, INSERT_CHAT, (number,))
    time.sleep(0)  # noqa: ASYNC251 - another thread's turn: units run in their connection's
    await run(conn, INSERT_CHAT, (-number,))
    return number


async def _chat_ids(db: Database) -> set[int]:
    return {row[0] for row in await db.read(lambda c: rows(c, "SELECT chat_id FROM chats"))}


async def test_a_unit_gives_its_result_and_is_seen_by_readers(db: Database) -> None:
    assert await db.write(lambda conn: _insert_pair(conn, 7)) == 7
    assert await _chat_ids(db) == {7, -7}


async def test_a_unit_that_fails_leaves_nothing(db: Database) -> None:
    async def unit(conn: Connection) -> None:
        await _insert_pair(conn, 7)
        raise Stop

    with pytest.raises(Stop):
        await db.write(unit)
    assert await _chat_ids(db) == set()
    assert await db.write(lambda conn: _insert_pair(conn, 8)) == 8


async def test_a_broken_constraint_undoes_the_unit_and_stays_what_it_is(db: Database) -> None:
    async def unit(conn: Connection) -> None:
        await _insert_pair(conn, 7)
        await run(conn, INSERT_CHAT, (7,))

    with pytest.raises(sqlite3.IntegrityError):
        await db.write(unit)
    assert await _chat_ids(db) == set()


async def test_a_mistake_that_has_no_file_trouble_is_not_called_one(db: Database) -> None:
    async def unit(_: Connection) -> None:
        raise FileNotFoundError("of the caller")

    with pytest.raises(FileNotFoundError):
        await db.write(unit)
    with pytest.raises(sqlite3.OperationalError, match="no such table"):
        await db.read(lambda conn: rows(conn, "SELECT * FROM nowhere"))


@pytest.mark.parametrize("seed", range(8))
async def test_cancelling_callers_at_random_leaves_no_half_unit(db: Database, seed: int) -> None:
    chance = random.Random(seed)

    async def write(number: int) -> int:
        return await db.write(lambda conn: _insert_pair(conn, number))

    async def read() -> object:
        return await db.read(lambda conn: rows(conn, "SELECT * FROM chats"))

    callers: list[asyncio.Task[object]] = []
    for number in range(1, 21):
        callers += [asyncio.create_task(write(number)), asyncio.create_task(read())]
        for _ in range(chance.randrange(12)):
            await asyncio.sleep(0)
        chance.choice(callers).cancel()
    await asyncio.gather(*callers, return_exceptions=True)
    assert any(caller.cancelled() for caller in callers)

    # This unit stands behind all those whose callers have gone.
    await db.write(lambda conn: _insert_pair(conn, 100))
    await db.read(lambda conn: rows(conn, "SELECT 1"))
    assert not db._writer.in_transaction
    assert not db._reader.in_transaction
    found = await _chat_ids(db)
    assert found == {sign * each for each in map(abs, found) for sign in (1, -1)}
    done = {each.result() for each in callers[::2] if not each.cancelled()}
    assert done <= found


async def test_a_cancelled_caller_leaves_at_once_and_its_unit_is_done(db: Database) -> None:
    begun, go_on = Signal(), threading.Event()

    async def unit(conn: Connection) -> None:
        begun.set()
        go_on.wait(HANG)
        await _insert_pair(conn, 7)

    caller = asyncio.create_task(db.write(unit))
    await begun.wait()
    caller.cancel()
    with pytest.raises(asyncio.CancelledError):
        await caller
    assert await _chat_ids(db) == set()
    go_on.set()
    await db.close()
    with sqlite3.connect(db.path) as conn:
        assert conn.execute("SELECT count(*) FROM chats").fetchone() == (2,)
    conn.close()


@pytest.mark.parametrize("turns", range(12))
async def test_a_unit_that_is_itself_cancelled_is_undone(db: Database, turns: int) -> None:
    """The end of the event loop cancels every task, the units too."""
    await chat_of(db, BORIS)
    caller = asyncio.create_task(db.write(lambda conn: _insert_pair(conn, ANNA)))
    for _ in range(turns):
        await asyncio.sleep(0)
    for unit in db._units:
        unit.cancel()
    await asyncio.wait({caller})
    await db.write(lambda conn: _insert_pair(conn, 7))
    assert not db._writer.in_transaction
    assert await _chat_ids(db) in ({BORIS, 7, -7}, {BORIS, 7, -7, ANNA, -ANNA})


async def test_a_unit_that_fails_after_its_caller_left_is_logged(
    db: Database, caplog: pytest.LogCaptureFixture
) -> None:
    begun, go_on = Signal(), threading.Event()

    async def unit(_: Connection) -> None:
        begun.set()
        go_on.wait(HANG)
        raise Stop

    caller = asyncio.create_task(db.write(unit))
    await begun.wait()
    caller.cancel()
    await asyncio.wait({caller})
    go_on.set()
    with caplog.at_level(logging.ERROR, "storage.database"):
        await db.close()
    assert "failed after its caller had left" in caplog.text
    assert "Stop" in caplog.text


async def test_units_never_interleave(db: Database) -> None:
    inside = 0
    most = 0

    async def unit(conn: Connection, number: int) -> None:
        nonlocal inside, most
        inside += 1
        most = max(most, inside)
        await _insert_pair(conn, number)
        inside -= 1

    await asyncio.gather(
        *(db.write(lambda conn, number=n: unit(conn, number)) for n in range(1, 21))  # type: ignore[misc]
    )
    assert most == 1
    assert await count(db, "chats") == 40


async def test_two_openings_of_one_file_do_not_lose_each_others_changes(data_dir: Path) -> None:
    async def add_one(conn: Connection) -> None:
        row = await first_row(conn, "SELECT user_id FROM chats WHERE chat_id = ?", (ANNA,))
        assert row is not None
        time.sleep(0)  # noqa: ASYNC251 - the other connection's turn
        await run(
            conn, "UPDATE chats SET user_id = ? WHERE chat_id = ?", (row["user_id"] + 1, ANNA)
        )

    path = data_dir / "bot.sqlite3"
    async with await Database.open(path) as one, await Database.open(path) as other:
        await one.write(lambda conn: run(conn, INSERT_CHAT, (ANNA,)))
        # One after the other in turn: SQLite's own waiting between processes is not fair.
        for _ in range(10):
            await asyncio.gather(one.write(add_one), other.write(add_one))
        row = await other.read(lambda conn: first_row(conn, "SELECT user_id FROM chats"))
    assert row is not None
    assert row["user_id"] == 21


async def test_a_read_sees_one_view_while_others_write(db: Database) -> None:
    seen = Signal()
    written = threading.Event()

    async def unit(conn: Connection) -> tuple[int, int]:
        before = len(await rows(conn, "SELECT * FROM chats"))
        seen.set()
        written.wait(HANG)
        return before, len(await rows(conn, "SELECT * FROM chats"))

    reading = asyncio.create_task(db.read(unit))
    await seen.wait()
    await chat_of(db)
    written.set()
    assert await reading == (0, 0)
    assert await count(db, "chats") == 1


async def test_a_read_cannot_change_anything(db: Database) -> None:
    with pytest.raises(StorageUnavailable):
        await db.read(lambda conn: _insert_pair(conn, 7))
    assert await _chat_ids(db) == set()


async def test_a_unit_inside_a_unit_is_refused_instead_of_waiting_for_ever(db: Database) -> None:
    async def unit(_: Connection) -> None:
        await db.write(lambda conn: _insert_pair(conn, 7))

    with pytest.raises(RuntimeError, match="must not wait"):
        await db.write(unit)
    assert await _chat_ids(db) == set()


@pytest.mark.parametrize("waits_again", [False, True])
async def test_a_unit_that_waits_for_something_else_is_undone(
    db: Database, *, waits_again: bool
) -> None:
    async def unit(conn: Connection) -> None:
        await _insert_pair(conn, 7)
        try:
            await asyncio.sleep(0)
        finally:
            if waits_again:
                await asyncio.sleep(0)

    with pytest.raises(RuntimeError):
        await db.write(unit)
    assert not db._writer.in_transaction
    await db.write(lambda conn: _insert_pair(conn, 8))
    assert await _chat_ids(db) == {8, -8}


async def test_a_unit_is_one_trip_to_its_connections_thread(
    db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    trips = 0
    execute = aiosqlite.Connection._execute

    async def counted(conn: Connection, *given: Any, **named: Any) -> Any:  # noqa: ANN401
        nonlocal trips
        trips += 1
        return await execute(conn, *given, **named)  # type: ignore[no-untyped-call]

    monkeypatch.setattr(aiosqlite.Connection, "_execute", counted)
    await db.write(lambda conn: _insert_pair(conn, 7))
    assert trips == 1
    assert await _chat_ids(db) == {7, -7}
    assert trips == 2
    with pytest.raises(sqlite3.IntegrityError):
        await db.write(lambda conn: _insert_pair(conn, 7))
    assert trips == 3


async def test_a_unit_that_waits_for_anything_else_is_refused_and_undone(db: Database) -> None:
    async def unit(conn: Connection) -> None:
        await _insert_pair(conn, 7)
        await asyncio.sleep(0)

    with pytest.raises(RuntimeError, match="must not wait"):
        await db.write(unit)
    assert await _chat_ids(db) == set()
    assert not db._writer.in_transaction


async def test_closing_waits_for_the_units_and_refuses_later_ones(db: Database) -> None:
    units = [
        asyncio.create_task(db.write(lambda conn, number=n: _insert_pair(conn, number)))  # type: ignore[misc]
        for n in (1, 2, 3)
    ]
    await asyncio.sleep(0)
    await asyncio.gather(db.close(), db.close())
    assert [await unit for unit in units] == [1, 2, 3]
    with pytest.raises(StorageUnavailable, match="closed"):
        await db.read(lambda conn: rows(conn, "SELECT 1"))
    await db.close()


async def test_the_connections_have_the_settings_that_the_data_relies_on(db: Database) -> None:
    names = ("journal_mode", "synchronous", "busy_timeout", "foreign_keys", "secure_delete")

    async def settings(conn: Connection) -> list[object]:
        return [(await rows(conn, f"PRAGMA {name}"))[0][0] for name in names]

    assert await db.write(settings) == ["wal", 2, 50, 1, 1]
    assert await db.read(settings) == ["wal", 2, 50, 1, 1]
    default = await Database.open(db.path)
    try:
        assert (await default.write(settings))[2] == 5000
    finally:
        await default.close()


async def test_a_checkpoint_leaves_nothing_of_erased_rows_in_the_files(db: Database) -> None:
    name = "王小明的名字很特别"
    await chat_of(db)
    await db.write(lambda conn: run(conn, "UPDATE chats SET language = ?", (name,)))
    await db.write(lambda conn: run(conn, "DELETE FROM chats"))
    files = [file for file in db.path.parent.iterdir() if file.is_file()]
    assert any(name.encode() in file.read_bytes() for file in files), "nothing to clear"
    await db.checkpoint()
    assert not any(name.encode() in file.read_bytes() for file in files)


async def test_a_checkpoint_hardly_waits_for_another_process_that_reads(data_dir: Path) -> None:
    async with await Database.open(data_dir / "bot.sqlite3", busy_seconds=30) as db:
        await chat_of(db)
        with closing(sqlite3.connect(db.path, isolation_level=None)) as other:
            other.execute("BEGIN")
            other.execute("SELECT * FROM chats").fetchall()
            async with asyncio.timeout(15):
                await db.checkpoint()
                await db.write(lambda conn: run(conn, "DELETE FROM chats"))
        held = await db.write(lambda conn: rows(conn, "PRAGMA busy_timeout"))
        assert held[0][0] == 30_000
