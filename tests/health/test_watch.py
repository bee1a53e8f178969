"""What is told of each look: to the file, to systemd, and to the metrics."""

import asyncio
import socket
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.clock import SystemClock
from bot.health.monitor import NOT_POLLED, HealthMonitor
from bot.health.state_file import FILE_NAME, read_state
from bot.health.watch import HealthWatch
from bot.jobs.heartbeats import Heartbeats
from bot.metrics import Gauges, Metrics
from bot.systemd import Systemd
from storage.database import Database
from storage.errors import StorageUnavailable


class Shown(Metrics):
    are_kept = True

    def __init__(self) -> None:
        self.gauges: list[Gauges] = []

    def show(self, gauges: Gauges) -> None:
        self.gauges.append(gauges)


class Watching:
    """A watch of a real database and a real socket, that looks many times a second."""

    def __init__(self, db: Database, folder: Path, manager: socket.socket) -> None:
        clock = SystemClock()
        self.folder = folder
        self.metrics = Shown()
        self.manager = manager
        self.monitor = HealthMonitor(db, clock, Heartbeats(lambda: 0.0))
        self.gauges_fail = False
        self.read = 0
        self.watch = HealthWatch(
            self.monitor,
            clock,
            folder,
            metrics=self.metrics,
            read_gauges=self._read_gauges,
            count_reports=lambda: (12, 3),
            server=None,
            systemd=Systemd(manager.getsockname(), watchdog_seconds=0.03),
        )

    async def _read_gauges(self, causes: Sequence[str]) -> Gauges:
        self.read += 1
        if self.gauges_fail:
            raise StorageUnavailable("it is closed")
        return Gauges(causes=len(causes))

    async def told(self) -> str:
        """The next message to the service manager."""
        loop = asyncio.get_running_loop()
        return (await asyncio.wait_for(loop.sock_recv(self.manager, 500), 10)).decode()

    async def told_that(self, message: str) -> None:
        while message not in (await self.told()).splitlines():
            pass


@pytest.fixture
async def watching(tmp_path: Path) -> AsyncIterator[Watching]:
    with closing(socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)) as manager:
        manager.bind(str(tmp_path / "notify"))
        manager.setblocking(False)
        async with await Database.open(tmp_path / "bot.sqlite3") as db:
            watching = Watching(db, tmp_path, manager)
            yield watching
            await watching.watch.close()


async def test_the_watchdog_is_pinged_also_while_telegram_is_away(watching: Watching) -> None:
    watching.watch.begin()
    for _ in range(3):
        assert await watching.told() == f"WATCHDOG=1\nSTATUS={NOT_POLLED}"
    assert watching.monitor.causes == (NOT_POLLED,)
    watching.monitor.reached()
    await watching.told_that("STATUS=healthy")
    assert await watching.told() == "WATCHDOG=1\nSTATUS=healthy"


async def test_the_watchdog_is_not_pinged_while_the_database_takes_no_write(
    watching: Watching, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def refuse(*_: object) -> list[int]:
        raise StorageUnavailable("it is full")

    with monkeypatch.context() as patched:
        patched.setattr(watching.monitor._db, "write", refuse)
        watching.watch.begin()
        for _ in range(3):
            assert await watching.told() == f"STATUS={NOT_POLLED}"
    await watching.told_that("WATCHDOG=1")


async def test_the_watchdog_is_not_pinged_while_a_job_shows_no_sign_of_life(
    watching: Watching, monkeypatch: pytest.MonkeyPatch
) -> None:
    watching.monitor.reached()
    with monkeypatch.context() as patched:
        patched.setattr(Heartbeats, "silent", lambda *_: [7])
        watching.watch.begin()
        for _ in range(3):
            assert await watching.told() == "STATUS=Job 7 runs and shows no sign of life."
    await watching.told_that("WATCHDOG=1")


async def test_a_blocked_loop_pings_nobody(watching: Watching) -> None:
    watching.monitor.reached()
    watching.watch.begin()
    await watching.told_that("WATCHDOG=1")
    while True:
        try:
            watching.manager.recv(500)
        except BlockingIOError:
            break
    time.sleep(0.3)  # noqa: ASYNC251 - the loop is to be blocked
    with pytest.raises(BlockingIOError):
        watching.manager.recv(500)
    await watching.told_that("WATCHDOG=1")


async def test_the_file_tells_each_look_and_goes_with_the_bot(watching: Watching) -> None:
    watching.watch.begin()
    await watching.told()
    stored = read_state(watching.folder)
    assert stored.causes == (NOT_POLLED,)
    assert abs((datetime.now(UTC) - stored.at).total_seconds()) < 30
    await watching.watch.close()
    assert not (watching.folder / "health").exists()


async def test_the_metrics_show_what_was_read_with_the_look(watching: Watching) -> None:
    watching.watch.begin()
    await watching.told()
    await watching.told()
    assert watching.metrics.gauges[0].causes == 1


async def test_without_metrics_no_gauges_are_read(watching: Watching) -> None:
    watching.metrics.are_kept = False
    watching.watch.begin()
    for _ in range(3):
        await watching.told()
    assert watching.read == 0


async def test_gauges_that_cannot_be_read_stop_no_look(watching: Watching) -> None:
    watching.gauges_fail = True
    watching.watch.begin()
    for _ in range(5):
        await watching.told()
    assert watching.metrics.gauges == []


async def test_a_look_that_breaks_is_not_the_last(
    watching: Watching, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked = watching.monitor.look
    broken = iter([True, True])

    async def look() -> tuple[str, ...]:
        if next(broken, False):
            raise RuntimeError("broken")
        return await looked()

    monkeypatch.setattr(watching.monitor, "look", look)
    watching.watch.begin()
    await watching.told()


async def test_a_folder_that_takes_no_file_stops_no_look(
    watching: Watching, monkeypatch: pytest.MonkeyPatch
) -> None:
    (watching.folder / "health").mkdir()
    watching.watch.begin()
    for _ in range(3):
        await watching.told()


async def test_ready_and_stopping_are_told(watching: Watching) -> None:
    watching.watch.is_ready()
    assert await watching.told() == "READY=1"
    watching.watch.is_stopping()
    assert await watching.told() == "STOPPING=1"


async def test_a_state_that_was_removed_is_written_anew(watching: Watching) -> None:
    watching.watch._store(())
    (watching.folder / FILE_NAME).unlink()
    watching.watch._store(("One.",))
    assert read_state(watching.folder).causes == ("One.",)
