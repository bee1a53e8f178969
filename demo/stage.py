"""The demo's stage: both stand-ins, and the real bot between them as a process of its own."""

import asyncio
import os
import shutil
import signal
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import IO, Any, Protocol, Self, TypeVar

from demo.platform import Endpoint, Phase, PlatformServer, School
from demo.spoc import SpocSchool, SpocSite
from demo.telegram import TelegramServer

TOKEN = "123456789:demo-token-for-the-stand-in"  # noqa: S105 - opens only the stand-in
END_WITHIN = 10.0
_SOURCE = Path(__file__).resolve().parents[1]
SETTINGS = (
    "BOT_TOKEN",
    "TELEGRAM_API_URL",
    "ZJY_BASE_URL",
    "TELEGRAM_PROXY",
    "PLATFORM_PROXY",
    "WEBHOOK_URL",
    "WEBHOOK_LISTEN",
    "DATA_DIR",
    "ALLOWED_USERS",
    "BOT_KEYS",
    "CLOCK_SPEED",
    "DEFAULT_LANGUAGE",
    "MAX_RUNNING_JOBS",
    "PLATFORM_REQUESTS_PER_SECOND",
    "TELEGRAM_MESSAGES_PER_SECOND",
    "BACKUP_KEEP_DAYS",
    "HEALTH_ADDRESS",
    "LOG_LEVEL",
    "LOG_FORMAT",
)
"""All settings of the bot: what this machine sets is not for the demo."""


class BotEnded(RuntimeError):  # noqa: N818 - it says what happened
    """The bot's process ended before it asked Telegram for anything."""


class Process(Protocol):
    """What a stage needs of the bot's process, however it was started."""

    @property
    def pid(self) -> int: ...

    @property
    def returncode(self) -> int | None: ...

    def send_signal(self, signal: int) -> None: ...

    def kill(self) -> None: ...

    async def wait(self) -> int: ...


P = TypeVar("P", bound=Process, covariant=True)


class Launch(Protocol[P]):
    """A way to start ``python -m bot`` with arguments, an environment, a folder and streams."""

    async def __call__(
        self,
        *arguments: str,
        env: Mapping[str, str],
        cwd: Path,
        stdout: int | IO[Any] | None = None,
        stderr: int | IO[Any] | None = None,
    ) -> P: ...


async def new_interpreter(
    *arguments: str,
    env: Mapping[str, str],
    cwd: Path,
    stdout: int | IO[Any] | None = None,
    stderr: int | IO[Any] | None = None,
) -> asyncio.subprocess.Process:
    """Start ``python -m bot`` as a person does."""
    return await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot", *arguments), env=env, cwd=cwd, stdout=stdout, stderr=stderr
    )


class Stage:
    """``async with Stage(school) as stage``: everything runs, and all of it ends with the block.

    ``spoc`` is what the site of today has, at the same address. ``speed`` is the platform's clock;
    ``settings`` are further settings of the bot, which may be changed between two starts; ``flood``
    turns on Telegram's limits. With ``local`` the Telegram is a Bot API server of one's own in its
    local mode. What the bot logs goes to this process's standard error. ``launch`` starts the bot;
    the tests set another.
    """

    launch: Launch[Process] = staticmethod(new_interpreter)

    def __init__(
        self,
        school: School,
        *,
        spoc: SpocSchool | None = None,
        speed: float = 60,
        settings: Mapping[str, str] | None = None,
        flood: bool = False,
        local: bool = False,
    ) -> None:
        self._folder = Path(tempfile.mkdtemp(prefix="zjy-demo-"))
        self.spoc = SpocSite(spoc or SpocSchool((), ()), speed=speed)
        self.platform = PlatformServer(school, speed=speed, beside=[self.spoc])
        files = self._folder / "telegram" if local else None
        self.telegram = TelegramServer(TOKEN, flood=flood, local=files)
        self.settings = dict(settings or {})
        self.platform.on_request = self._look_again
        self.spoc.on_request = self._look_at_today
        self._speed = speed
        self._process: Process | None = None

    async def __aenter__(self) -> Self:
        try:
            await self.platform.start()
            await self.telegram.start()
            await self.start_bot()
        except BaseException:
            await self.__aexit__()
            raise
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.stop_bot()
        await self.telegram.stop()
        await self.platform.stop()
        shutil.rmtree(self._folder, ignore_errors=True)

    async def _look_again(self, endpoint: Endpoint, phase: Phase) -> None:
        """Who waits for something in the chat may wait for something at the platform, too."""
        self.telegram.world.changes.wake()

    async def _look_at_today(self, _path: str) -> None:
        self.telegram.world.changes.wake()

    async def start_process(self) -> Process:
        """Start the bot, whether or not it reaches the stand-ins."""
        self._process = process = await self.launch(
            "run", env=self._environment(), cwd=self._folder
        )
        return process

    async def start_bot(self) -> None:
        """Start the bot, and wait until it asks Telegram who it is."""
        calls = len(self.telegram.calls)
        process = await self.start_process()
        asking: asyncio.Future[object] = asyncio.ensure_future(
            self.telegram.wait_for(
                lambda: any(call.method == "getMe" for call in self.telegram.calls[calls:]), 60
            )
        )
        ended: asyncio.Future[object] = asyncio.ensure_future(process.wait())
        await asyncio.wait({asking, ended}, return_when=asyncio.FIRST_COMPLETED)
        ended.cancel()
        if not asking.done():
            asking.cancel()
            raise BotEnded(f"the bot ended at once, with code {process.returncode}")
        asking.result()

    async def stop_bot(self) -> int | None:
        """Ask the bot to end, as a server's manager would, and end it if it does not. Returns
        its exit code, None if it did not run."""
        process = self._process
        if process is None or process.returncode is not None:
            return None
        process.send_signal(signal.SIGTERM)
        try:
            return await asyncio.wait_for(process.wait(), END_WITHIN)
        except TimeoutError:
            process.kill()
            return await process.wait()

    async def kill_bot(self) -> None:
        """End the bot at once, as a power cut would."""
        if self._process is not None and self._process.returncode is None:
            self._process.kill()
            await self._process.wait()

    @property
    def data_dir(self) -> Path:
        """Where the bot keeps its data, until the stage's end."""
        return self._folder / "data"

    @property
    def bot_is_running(self) -> bool:
        return self._process is not None and self._process.returncode is None

    async def bot_ended(self) -> int:
        """Wait for the bot's end; returns its exit code."""
        if self._process is None:
            return 0
        return await self._process.wait()

    def _environment(self) -> dict[str, str]:
        """Ours without any settings, plus those of the stage; a ``.env`` is not found from the
        fresh folder that the bot runs in."""
        environment = {
            name: value for name, value in os.environ.items() if name.upper() not in SETTINGS
        }
        return environment | {
            "PYTHONPATH": str(_SOURCE),
            "PYTHONUNBUFFERED": "1",
            "BOT_TOKEN": TOKEN,
            "TELEGRAM_API_URL": self.telegram.url,
            "ZJY_BASE_URL": self.platform.url,
            "DATA_DIR": str(self.data_dir),
            "ALLOWED_USERS": "*",
            "CLOCK_SPEED": f"{self._speed:g}",
            "LOG_LEVEL": "warning",
            **self.settings,
        }
