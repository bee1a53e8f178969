"""The stage of a measurement: the real bot as a process, a Telegram that is some way off, and a
platform that is slow or away for some students alone."""

import asyncio
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from demo.platform import Endpoint, PlatformServer, School
from demo.platform.answers import Answer
from demo.platform.connections import NoAnswer
from demo.stage import TOKEN, Process, Stage
from demo.telegram import TelegramServer
from demo.telegram.request import Params

POLL = "getupdates"
_TICKS = os.sysconf("SC_CLK_TCK")


class DistantTelegram(TelegramServer):
    """``distance`` is how many seconds a call of the bot takes on its way there and back."""

    distance = 0.0

    async def _apply(self, name: str, params: Params) -> object:
        if name != POLL and self.distance:
            await asyncio.sleep(self.distance)
        return await super()._apply(name, params)


class UnevenPlatform(PlatformServer):
    """``slow`` are the students whose every request takes so many real seconds; for those in
    ``away`` no connection gets an answer."""

    def __init__(self, school: School, *, speed: float) -> None:
        super().__init__(school, speed=speed)
        self.slow: dict[str, float] = {}
        self.away: set[str] = set()
        self.hanging = 0
        self.most_hanging = 0

    async def _answer(
        self, endpoint: Endpoint, student: str | None, form: Mapping[str, str], at: float
    ) -> Answer:
        if student in self.away:
            raise NoAnswer
        if student is not None and student in self.slow:
            await self._hang(self.slow[student])
        return await super()._answer(endpoint, student, form, at)

    async def _hang(self, seconds: float) -> None:
        self.hanging += 1
        self.most_hanging = max(self.most_hanging, self.hanging)
        try:
            await asyncio.sleep(seconds)
        finally:
            self.hanging -= 1


@dataclass(frozen=True, slots=True)
class Usage:
    """What a process took so far: seconds of processor, and its memory now in MiB."""

    cpu: float
    memory: float

    @classmethod
    def of(cls, pid: int | str) -> "Usage":
        """Reads Linux's own accounting. Raises OSError where there is none."""
        stat = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
        cpu = (int(stat[11]) + int(stat[12])) / _TICKS
        return cls(cpu, pages * os.sysconf("SC_PAGE_SIZE") / 2**20)


def machine_busy() -> float:
    """Seconds of processor that the whole machine took since its start, waits left out."""
    user, nice, system, _idle, _waits, *rest = map(
        int, Path("/proc/stat").read_text().partition("\n")[0].split()[1:8]
    )
    return (user + nice + system + sum(rest)) / _TICKS


class LoadStage(Stage):
    """``distance`` is that of Telegram; otherwise as :class:`~demo.stage.Stage`."""

    def __init__(
        self,
        school: School,
        *,
        speed: float = 1,
        distance: float = 0.0,
        settings: Mapping[str, str] | None = None,
        flood: bool = False,
    ) -> None:
        super().__init__(school, speed=speed, settings={"LOG_LEVEL": "error", **(settings or {})})
        self.uneven = UnevenPlatform(school, speed=speed)
        self.platform = self.uneven
        self.platform.on_request = self._look_again
        distant = DistantTelegram(TOKEN, flood=flood)
        distant.distance = distance
        self.telegram = distant
        self._pid = 0

    async def start_process(self) -> Process:
        process = await super().start_process()
        if isinstance(process, asyncio.subprocess.Process):
            self._pid = process.pid
        return process

    def bot_usage(self) -> Usage:
        """What the bot's process took since its start."""
        return Usage.of(self._pid)
