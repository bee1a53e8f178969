"""Each cause turns the bot's health red by itself, and green again once it is gone."""

import asyncio
import resource
import sqlite3
import threading
from collections.abc import AsyncIterator
from contextlib import closing
from pathlib import Path

import pytest
from aiosqlite import Connection
from structlog.testing import capture_logs

from bot.health.monitor import (
    NOT_DELIVERED,
    NOT_POLLED,
    NOT_REGISTERED,
    POLLED_LATE,
    POLLED_WITHIN,
    STARTING,
    TOLD_WITHIN,
    WRITES_LATE,
    HealthMonitor,
)
from bot.jobs.heartbeats import SILENT_AFTER, Heartbeats
from storage.database import Database
from storage.rows import run
from tests.support.clocks import SettableClock


class Watched:
    """A healthy monitor of a real database, on a clock that the test moves."""

    def __init__(self, db: Database) -> None:
        self.db = db
        self.clock = SettableClock()
        self.heartbeats = Heartbeats(self.clock.monotonic)
        self.monitor = HealthMonitor(db, self.clock, self.heartbeats)
        self.monitor.reached()

    async def passes(self, seconds: float) -> None:
        self.clock.advance(seconds)
        self.monitor.reached()

    async def is_well(self) -> bool:
        assert await self.monitor.look() == self.monitor.causes
        return self.monitor.causes == ()


@pytest.fixture
async def watched(tmp_path: Path) -> AsyncIterator[Watched]:
    async with await Database.open(tmp_path / "bot.sqlite3", busy_seconds=0.1) as db:
        watched = Watched(db)
        assert await watched.is_well()
        yield watched
        await watched.monitor.close()


def store_running_job(database: Path, job_id: int) -> None:
    """A row of a job that runs, as a claim leaves it."""
    with closing(sqlite3.connect(database)) as conn, conn:
        conn.execute(
            """
            INSERT INTO jobs (id, chat_id, account_id, stu_id, course_open_id, open_class_id,
                              course_name, pace, state, created_at)
            VALUES (?, 1, 1, 's', 'o', 'c', 'n', '1', 'running', '')
            """,
            [job_id],
        )


async def test_before_the_first_look_the_bot_is_starting(tmp_path: Path) -> None:
    async with await Database.open(tmp_path / "bot.sqlite3") as db:
        monitor = HealthMonitor(db, SettableClock(), Heartbeats(lambda: 0.0))
        assert monitor.causes == (STARTING,)
        assert await monitor.look() == (NOT_POLLED,)
        monitor.reached()
        assert await monitor.look() == ()


async def test_polls_that_fail_for_longer_than_90_seconds_are_red(watched: Watched) -> None:
    assert POLLED_WITHIN == 90
    watched.clock.advance(90)
    assert await watched.is_well()
    watched.clock.advance(1)
    assert await watched.monitor.look() == (POLLED_LATE,)
    watched.monitor.reached()
    assert await watched.is_well()


async def test_what_telegram_did_since_the_last_look_counts(tmp_path: Path) -> None:
    async with await Database.open(tmp_path / "bot.sqlite3") as db:
        clock = SettableClock()
        monitor = HealthMonitor(db, clock, Heartbeats(lambda: 0.0))
        await monitor.look()
        monitor.reached()
        assert not monitor.causes
        clock.advance(80)
        await monitor.look()
        clock.advance(11)
        assert monitor.causes == (POLLED_LATE,)


async def test_a_webhook_that_is_not_found_to_be_delivered_to_is_red(tmp_path: Path) -> None:
    async with await Database.open(tmp_path / "bot.sqlite3") as db:
        clock = SettableClock()
        monitor = HealthMonitor(db, clock, Heartbeats(lambda: 0.0), polls=False)
        assert await monitor.look() == (NOT_REGISTERED,)
        monitor.reached()
        clock.advance(90)
        assert await monitor.look() == ()
        clock.advance(1)
        assert await monitor.look() == (NOT_DELIVERED,)


async def test_a_verdict_counts_only_while_the_loop_turns(watched: Watched) -> None:
    watched.clock.advance(TOLD_WITHIN)
    assert not watched.monitor.causes
    watched.clock.advance(1)
    assert "event loop is blocked" in watched.monitor.causes[0]
    watched.monitor.reached()
    assert await watched.is_well()


async def test_a_database_that_another_process_holds_is_red(watched: Watched) -> None:
    with closing(sqlite3.connect(watched.db.path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        (cause,) = await watched.monitor.look()
        assert "held by another process" in cause
        other.execute("ROLLBACK")
    assert await watched.is_well()


async def test_a_full_disk_is_red(watched: Watched) -> None:
    """The log may not grow: what the test runner writes is smaller than it is by then."""
    unlimited = resource.getrlimit(resource.RLIMIT_FSIZE)
    log = watched.db.path.with_name("bot.sqlite3-wal")
    resource.setrlimit(resource.RLIMIT_FSIZE, (log.stat().st_size, unlimited[1]))
    try:
        (cause,) = await watched.monitor.look()
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, unlimited)
    assert cause.startswith("The database takes no write: ")
    assert await watched.is_well()


async def test_a_database_that_may_only_be_read_is_red(watched: Watched) -> None:
    await run(watched.db._writer, "PRAGMA query_only = ON")
    (cause,) = await watched.monitor.look()
    assert "takes no write" in cause
    await run(watched.db._writer, "PRAGMA query_only = OFF")
    assert await watched.is_well()


async def test_a_write_that_hangs_is_red_and_no_further_ones_queue_up(
    watched: Watched, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.health.monitor.WRITTEN_WITHIN", 0.05)
    held = threading.Event()

    async def hang(conn: Connection) -> None:
        held.wait(10)

    hanging = asyncio.create_task(watched.db.write(hang))
    await asyncio.sleep(0)
    for _ in range(5):
        assert await watched.monitor.look() == (WRITES_LATE,)
    assert len(watched.db._units) == 2
    held.set()
    await hanging
    assert await watched.is_well()


async def test_the_write_changes_nothing_but_is_one(watched: Watched) -> None:
    log = watched.db.path.with_name("bot.sqlite3-wal")
    before = log.stat().st_size
    await watched.monitor.look()
    assert log.stat().st_size > before
    await watched.db.checkpoint()
    content = watched.db.path.read_bytes()
    await watched.monitor.look()
    await watched.db.checkpoint()
    # The header holds a counter of changes.
    assert watched.db.path.read_bytes()[100:] == content[100:]


async def test_a_job_whose_heartbeat_stops_is_red(watched: Watched) -> None:
    store_running_job(watched.db.path, 7)
    watched.heartbeats.beat(7)
    await watched.passes(SILENT_AFTER)
    assert await watched.is_well()
    await watched.passes(1)
    (cause,) = await watched.monitor.look()
    assert cause == "Job 7 runs and shows no sign of life."
    watched.heartbeats.beat(7)
    assert await watched.is_well()


async def test_a_wait_that_was_announced_is_no_silence(watched: Watched) -> None:
    store_running_job(watched.db.path, 7)
    watched.heartbeats.beat(7, wait=300)
    await watched.passes(SILENT_AFTER + 300)
    assert await watched.is_well()
    await watched.passes(1)
    assert not await watched.is_well()


async def test_a_job_that_was_claimed_and_never_begins_is_red(watched: Watched) -> None:
    store_running_job(watched.db.path, 7)
    assert await watched.is_well()
    await watched.passes(SILENT_AFTER + 1)
    assert not await watched.is_well()


async def test_a_job_that_has_ended_needs_no_heartbeat(watched: Watched) -> None:
    watched.heartbeats.beat(7)
    await watched.passes(SILENT_AFTER + 1)
    assert await watched.is_well()
    # Nor does an old beat make the next run of the same job silent.
    store_running_job(watched.db.path, 7)
    assert await watched.is_well()


async def test_each_change_is_logged_once(watched: Watched) -> None:
    with capture_logs() as logged:
        for _ in range(3):
            watched.clock.advance(POLLED_WITHIN + 1)
            await watched.monitor.look()
        watched.monitor.reached()
        await watched.monitor.look()
    said = [line["event"] for line in logged]
    assert said == ["the bot is unhealthy", "the bot is healthy again"]


async def test_a_start_while_telegram_is_slow_is_not_logged(tmp_path: Path) -> None:
    async with await Database.open(tmp_path / "bot.sqlite3") as db:
        clock = SettableClock()
        monitor = HealthMonitor(db, clock, Heartbeats(clock.monotonic))
        with capture_logs() as logged:
            await monitor.look()
            assert logged == []
            clock.advance(POLLED_WITHIN + 1)
            await monitor.look()
        assert [line["causes"] for line in logged] == [[NOT_POLLED]]
