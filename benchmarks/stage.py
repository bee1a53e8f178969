"""The stage of a measurement: the real bot as a process between both stand-ins, with what people
did before written into its folder."""

import asyncio
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Self

from benchmarks.machine import Usage
from benchmarks.seeds import Seed, sow
from demo.platform import School
from demo.stage import TOKEN, Process, Stage
from demo.telegram import TelegramServer
from demo.telegram.flood import Flood
from demo.telegram.request import Params

POLL = "getupdates"
POLLS_WITHIN = 120.0


class TimedTelegram(TelegramServer):
    """``polled`` is set by the first poll since it was cleared, which came at ``polled_at``, a
    monotonic moment."""

    def __init__(self) -> None:
        super().__init__(TOKEN)
        self.polled = asyncio.Event()
        self.polled_at = 0.0

    def limit(self, *, on: bool) -> None:
        """Turn Telegram's limits on, with nothing counted yet, or off."""
        self._flood = Flood() if on else None

    async def _apply(self, name: str, params: Params) -> object:
        if name == POLL and not self.polled.is_set():
            self.polled_at = time.monotonic()
            self.polled.set()
        return await super()._apply(name, params)


class SeededStage(Stage):
    """A stage whose bot finds what is seeded, and does not start by itself. ``launch`` is what the
    interpreter runs; what the bot says goes into ``said``."""

    def __init__(
        self,
        school: School,
        seeds: Sequence[Seed],
        *,
        speed: float = 1,
        settings: Mapping[str, str] | None = None,
        launch: Sequence[str] = ("-m", "bot", "run"),
    ) -> None:
        super().__init__(school, speed=speed, settings={"LOG_LEVEL": "error", **(settings or {})})
        self.telegram = self.timed = TimedTelegram()
        self._launch = launch
        self.platform.on_request = None
        self._seeds = seeds
        self._pid = 0

    async def __aenter__(self) -> Self:
        try:
            await self.platform.start()
            await self.telegram.start()
            await sow(self.data_dir, self.platform, self.telegram, self._seeds)
        except BaseException:
            await self.__aexit__()
            raise
        return self

    async def start_process(self) -> Process:
        with self.said.open("ab") as said:
            process = await asyncio.create_subprocess_exec(
                *(sys.executable, *self._launch),
                env=self._environment(),
                cwd=self._folder,
                stderr=said,
            )
        self._process, self._pid = process, process.pid
        return process

    @property
    def said(self) -> Path:
        """The file with what the bot wrote to its standard error."""
        return self._folder / "said"

    async def begin(self) -> float:
        """Start the bot; returns the seconds until it asked for updates."""
        began = time.monotonic()
        self.timed.polled.clear()
        await self.start_bot()
        await asyncio.wait_for(self.timed.polled.wait(), POLLS_WITHIN)
        return self.timed.polled_at - began

    async def end(self) -> float:
        """Send SIGTERM; returns the seconds until the process had ended."""
        began = time.monotonic()
        await self.stop_bot()
        return time.monotonic() - began

    def usage(self) -> Usage:
        """What the bot's process took since its start."""
        return Usage.of(self._pid)
