"""A folder as a running bot leaves it, both stand-ins, and the findings of a check before them."""

from collections.abc import AsyncIterator, Callable, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.check.command import findings_of
from bot.check.finding import Finding
from bot.proxies.routes import find_routes
from bot.settings import Settings
from bot.settings_reading import read_settings
from demo.platform import PlatformServer, document, school_of
from demo.telegram import TelegramServer
from tests.support.names import TOKEN


class Checked:
    """Runs the check, as from a shell with the given variables; ``shift`` moves its clock."""

    def __init__(
        self,
        folder: Path,
        telegram: TelegramServer,
        platform: PlatformServer,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        self.folder = folder
        self.telegram = telegram
        self.platform = platform
        self._monkeypatch = monkeypatch
        self.shift = timedelta()
        self.settings: dict[str, str] = {
            "BOT_TOKEN": TOKEN,
            "TELEGRAM_API_URL": telegram.url,
            "ZJY_BASE_URL": platform.url,
            "DATA_DIR": str(folder),
        }

    async def __call__(self, **settings: str) -> Mapping[str, Finding]:
        """The findings by name, of several with one name the first."""
        found = await self.all(**settings)
        return {each.name: each for each in reversed(found)}

    async def all(self, **settings: str) -> list[Finding]:
        for name, value in {**self.settings, **settings}.items():
            self._monkeypatch.setenv(name, value)
        reading = read_settings()
        routes = find_routes(reading.settings)
        return await findings_of(reading, routes, lambda: datetime.now(UTC) + self.shift)


@pytest.fixture(autouse=True)
def no_settings_from_outside(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)


@pytest.fixture
async def check(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Checked]:
    telegram, platform = TelegramServer(TOKEN), PlatformServer(school_of([document(1)]))
    await telegram.start()
    await platform.start()
    yield Checked(tmp_path / "data", telegram, platform, monkeypatch)
    await telegram.stop()
    await platform.stop()


Snapshot = dict[Path, tuple[int, int, bytes]]


@pytest.fixture
def snapshot() -> Callable[[Path], Snapshot]:
    """Every file of a folder with its mode, its time and its content."""

    def taken(folder: Path) -> Snapshot:
        return {
            path: (
                path.stat().st_mode,
                path.stat().st_mtime_ns,
                path.read_bytes() if path.is_file() else b"",
            )
            for path in (folder, *folder.rglob("*"))
        }

    return taken
