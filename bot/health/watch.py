"""Looks at the bot every few seconds, and tells what it found: to the file in the data folder, to
systemd, and to the metrics."""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path

from bot.clock import Clock
from bot.health.monitor import HealthMonitor
from bot.health.server import HealthServer
from bot.health.state_file import StateFile, StoredState
from bot.logs import get_log
from bot.metrics import Gauges, Metrics
from bot.systemd import READY, STOPPING, WATCHDOG, Systemd
from storage.errors import StorageError

LOOK_EVERY = 15.0
"""Real seconds between two looks, and at most a third of what systemd's watchdog waits."""
UNWELL_EVERY = 5.0
"""Likewise, while the bot is unhealthy or starts: the end of a cause is told soon."""

_log = get_log(__name__)


class HealthWatch:
    """``server`` is None without ``HEALTH_ADDRESS``; ``read_gauges`` may raise StorageError;
    ``count_reports`` gives the reports so far, and how many of them were late."""

    def __init__(
        self,
        monitor: HealthMonitor,
        clock: Clock,
        folder: Path,
        *,
        metrics: Metrics,
        read_gauges: Callable[[Sequence[str]], Awaitable[Gauges]],
        count_reports: Callable[[], tuple[int, int]],
        server: HealthServer | None,
        systemd: Systemd,
    ) -> None:
        self.monitor = monitor
        self._clock = clock
        self._folder = folder
        self._metrics = metrics
        self._read_gauges = read_gauges
        self._count_reports = count_reports
        self._server = server
        self._systemd = systemd
        self._file: StateFile | None = None
        self._task: asyncio.Task[None] | None = None
        self._is_file_told = False

    async def open(self) -> None:
        """Listen on ``HEALTH_ADDRESS``. Raises SettingsError."""
        if self._server is not None:
            await self._server.open()

    def begin(self) -> None:
        """Look at the bot from now on."""
        self._task = asyncio.create_task(self._keep_looking())

    def is_ready(self) -> None:
        """The jobs are taken up; from now on systemd's watchdog counts."""
        self._systemd.tell(READY)

    def is_stopping(self) -> None:
        self._systemd.tell(STOPPING)

    async def close(self) -> None:
        if self._task is not None:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task
        await self.monitor.close()
        if self._server is not None:
            await self._server.close()
        if self._file is not None:
            self._file.close()
            self._file = None

    async def _keep_looking(self) -> None:
        watchdog = self._systemd.watchdog_seconds
        longest = LOOK_EVERY if watchdog is None else watchdog / 3
        while True:
            try:
                await self._look()
            except Exception:  # noqa: BLE001 - the next look may succeed; this one goes out of date
                _log.exception("the bot could not look at itself")
            pause = UNWELL_EVERY if self.monitor.causes else LOOK_EVERY
            await self._clock.sleep(min(pause, longest))

    async def _look(self) -> None:
        causes = await self.monitor.look()
        self._store(causes)
        status = f"STATUS={causes[0] if causes else 'healthy'}"
        self._systemd.tell(*([WATCHDOG] if self.monitor.works else []), status)
        if not self._metrics.are_kept:
            return
        with contextlib.suppress(StorageError):
            self._metrics.show(await self._read_gauges(causes))

    def _store(self, causes: Sequence[str]) -> None:
        try:
            if self._file is not None and self._file.is_removed:
                self._file.close()
                self._file = None
            if self._file is None:
                self._file = StateFile.create(self._folder)
            self._file.write(StoredState(self._clock.now(), tuple(causes), *self._count_reports()))
        except OSError as error:
            if not self._is_file_told:
                _log.warning("the state of the bot cannot be written", trouble=str(error))
            self._is_file_told = True
        else:
            self._is_file_told = False
