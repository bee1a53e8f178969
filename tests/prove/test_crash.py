"""A sample of the deaths: every fifteenth boundary of the small job, from another one on each time.

``CRASH_AT`` repeats one: ``17``, or ``"3 after answer Telegram sendMessage"`` for the third of
that name.
"""

import asyncio
import os
from pathlib import Path
from random import SystemRandom

import pytest

from bot.build import build_app
from bot.chat.telegram_request import TelegramRequest, WatchedTelegramRequest
from bot.settings import Settings, SettingsError
from bot.settings_reading import DIE_AT, load_settings
from demo.stage import new_interpreter
from tests.support.warm_start import warm_as_asked

from .crash import Crashes, CrashSweep

AT_ONCE = 4
"""So many more than there are boundaries are played in vain: nobody knows where the job ends."""
LOOPBACK = "http://127.0.0.1:1"


async def sample() -> Crashes:
    given = os.environ.get("CRASH_AT")
    if given is not None:
        sweep = CrashSweep(new_interpreter)
        await sweep.crash(given)
        return sweep.found
    sweep = CrashSweep(warm_as_asked)
    await sweep.at_some(SystemRandom().randrange(1, sweep.every + 1), at_once=AT_ONCE)
    return sweep.found


def settings(folder: Path) -> Settings:
    return Settings(
        bot_token="1:a", telegram_api_url=LOOPBACK, zjy_base_url=LOOPBACK, data_dir=folder
    )


@pytest.mark.process
@pytest.mark.slow
@pytest.mark.timeout(300)
def test_killed_at_any_boundary_the_job_goes_on_as_promised() -> None:
    found = asyncio.run(sample())
    for boundary, wrong in found.failures.items():
        pytest.fail(f"repeat this with CRASH_AT={boundary!r}\n{wrong}")
    assert found.deaths == sum(found.sorts.values()) > 0


@pytest.mark.parametrize("name", ["TELEGRAM_API_URL", "ZJY_BASE_URL"])
def test_nobody_can_let_a_bot_die_that_speaks_with_real_servers(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for each in ("TELEGRAM_API_URL", "ZJY_BASE_URL"):
        monkeypatch.setenv(each, LOOPBACK)
    monkeypatch.setenv("BOT_TOKEN", "1:a")
    monkeypatch.setenv(DIE_AT, "17")
    load_settings()
    monkeypatch.setenv(name, "https://example.org")

    with pytest.raises(SettingsError, match=DIE_AT):
        load_settings()


async def test_without_the_test_setting_nothing_is_watched(tmp_path: Path) -> None:
    app = await build_app(settings(tmp_path))
    assert app.db._boundary is None
    assert app.client.exchange._boundary is None
    assert all(type(each) is TelegramRequest for each in app.application.bot._request)
    await app.close()


async def test_with_it_both_servers_and_the_database_are(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(DIE_AT, "0")
    app = await build_app(settings(tmp_path))
    assert app.db._boundary is app.client.exchange._boundary is not None
    assert all(type(each) is WatchedTelegramRequest for each in app.application.bot._request)
    await app.close()
