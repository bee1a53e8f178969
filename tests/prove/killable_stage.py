"""A stage whose bot dies at one of its boundaries, and what is seen of it from outside."""

import math
import re
import shutil
import sqlite3
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, TypeVar

from bot.app import DATABASE_NAME
from bot.settings_reading import DIE_AT
from demo.platform import Endpoint, Phase, PlatformServer, School
from demo.stage import Launch, Process, Stage

T = TypeVar("T")
RESTART = 1.0
"""Platform seconds that a restart takes. It takes about a second at real speed; at the speed of a
trial it would be minutes, and would hide every gap that is owed after it."""
_SAID = re.compile(r"^(passed|died at) (\d+): (.+)$", re.MULTILINE)


class PlatformTime:
    """The platform's clock, in real seconds: it stands still while there is no bot."""

    def __init__(self) -> None:
        self._behind = 0.0
        self._held: float | None = None

    def __call__(self) -> float:
        return self._held if self._held is not None else time.monotonic() - self._behind

    def hold(self, at: float) -> None:
        """Stand still at a moment."""
        self._held = at

    def go_on(self) -> None:
        if self._held is not None:
            self._behind, self._held = time.monotonic() - self._held, None


class WatchedPlatform(PlatformServer):
    """Says whose request it was to answer."""

    on_student: Callable[[str], None] | None = None

    def _log(self, at: float, endpoint: Endpoint, student: str | None, *rest: Any) -> None:  # noqa: ANN401
        super()._log(at, endpoint, student, *rest)
        if self.on_student is not None and student is not None:
            self.on_student(student)


class KillableStage(Stage):
    """:meth:`_dies_at` says at which boundary each process shall die; :meth:`_hold_the_platform` is
    called between its death and the next start."""

    def __init__(self, school: School, launch: Launch[Process], *, speed: float) -> None:
        settings = {"PLATFORM_REQUESTS_PER_SECOND": "1000", "LOG_LEVEL": "info"}
        super().__init__(school, speed=speed, settings=settings)
        self._time = PlatformTime()
        self.platform = platform = WatchedPlatform(school, speed=speed, monotonic=self._time)
        platform.on_request = self._look_again
        platform.on_student = self.goes_on
        self.launch = launch
        self.output = self._folder / "output"
        self.started_at = -math.inf

    async def start_process(self) -> Process:
        environment = self._environment()
        die_at = self._dies_at()
        if die_at is not None:
            environment[DIE_AT] = die_at
        self.started_at = time.monotonic()
        with self.output.open("ab") as said:
            self._process = process = await self.launch(
                "run", env=environment, cwd=self._folder, stdout=said, stderr=said
            )
        return process

    def _dies_at(self) -> str | None:
        """The boundary of the process that is started next, if it shall die at one."""
        return None

    def goes_on(self, stu_id: str) -> None:
        """The platform answers the student's bot."""

    @property
    def listens(self) -> bool:
        """Whether the present process waits for updates."""
        return self.bot_is_running and self.telegram.world.updates.waiting > 0

    def said(self) -> str:
        """All that the bot's processes wrote to their standard streams."""
        return self.output.read_text(encoding="utf-8", errors="replace")

    def boundaries(self) -> list[str]:
        """The boundaries that were passed so far, in order; the first has number 1."""
        return [found[3] for found in _SAID.finditer(self.said())]

    def died_at(self) -> str:
        """The boundary at which the last process that was to die at one did so; "" for none."""
        last = [found for found in _SAID.finditer(self.said()) if found[1] == "died at"]
        return last[-1][3] if last else ""

    @contextmanager
    def database(self) -> Iterator[Path]:
        """A copy of the database of a bot that is dead; the files themselves stay as they are."""
        with tempfile.TemporaryDirectory(dir=self._folder) as folder:
            for suffix in ("", "-wal"):
                file = self.data_dir / f"{DATABASE_NAME}{suffix}"
                if file.exists():
                    shutil.copy(file, folder)
            yield Path(folder) / DATABASE_NAME

    def read_running(self, read: Callable[[sqlite3.Connection], T]) -> T | None:
        """What the database of the running bot says; None while it cannot be read."""
        file = self.data_dir / DATABASE_NAME
        try:
            with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as conn:
                return read(conn)
        except sqlite3.OperationalError:
            return None

    def _hold_the_platform(self) -> None:
        """The bot is dead: the next start comes a second later by the platform's clock."""
        self._time.hold(self._last_answer() + RESTART / self._speed)

    def _last_answer(self) -> float:
        """When the platform last heard of the bot, in real seconds."""
        requests = self.platform.requests
        last = max((r.answered_at or r.at for r in requests), default=self.platform.now())
        return last / self._speed

    async def _look_again(self, endpoint: Endpoint, phase: Phase) -> None:
        self._time.go_on()
        await super()._look_again(endpoint, phase)
