"""SIGTERM at any moment, more than once, whoever is away: the process ends in time, data whole."""

import asyncio
import os
import random
import re
import shutil
import signal
import sqlite3
import sys
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, closing, suppress
from functools import partial
from pathlib import Path

import pytest

from bot.app import DATABASE_NAME
from demo.platform import STUDENT, Endpoint, Fault, document, video
from demo.stage import Stage
from demo.telegram import TelegramServer
from storage.database import Database
from storage.migrate import built_in_migrations, load_migrations
from storage.moments import to_text
from tests.storage.versions import migrations_up_to
from tests.support.app_harness import one_course
from tests.support.bot_process import at_work, started
from tests.support.names import TOKEN
from tests.support.stored_rows import NOW, leave_data
from tests.support.warm_start import PipedProcess
from tests.support.watched_stage import WatchedStage

pytestmark = pytest.mark.process

WITHIN = 8.0
PATIENCE = 30.0
BALLAST = 6000
"""Rows of 4 KB: enough for the copy before a migration to take a moment."""
ROUNDS = 8
AWAY = "Telegram cannot be reached; trying again"
TROUBLE = r"Traceback|\[(?:warning|error|critical)"


async def _ends_in_time(process: PipedProcess) -> int | None:
    began = time.monotonic()
    await asyncio.wait_for(process.communicate(), PATIENCE)
    assert time.monotonic() - began < WITHIN
    return process.returncode


def _version(path: Path) -> int:
    """The version of a database that must be whole; 0 where there is none yet."""
    if not path.exists() or path.stat().st_size == 0:
        return 0
    with closing(sqlite3.connect(path)) as conn:
        assert conn.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert conn.execute("PRAGMA foreign_key_check").fetchall() == []
        return int(conn.execute("PRAGMA user_version").fetchone()[0])


async def _starts(folder: Path) -> None:
    async with started(folder) as process:
        await at_work(process)
        process.send_signal(signal.SIGTERM)
        assert await _ends_in_time(process) == 0


async def _leave_first_version(folder: Path, work: Path) -> None:
    """A large database of the first version."""
    await (
        await Database.open(folder / DATABASE_NAME, migrations=migrations_up_to(1, work))
    ).close()
    with closing(sqlite3.connect(folder / DATABASE_NAME)) as conn, conn:
        conn.executemany(
            "INSERT INTO chats (chat_id, user_id, language_code, created_at) VALUES (?, 1, ?, ?)",
            [(number, "x" * 4000, to_text(NOW)) for number in range(1, BALLAST + 1)],
        )


async def test_a_signal_at_any_moment_of_the_start_leaves_whole_data(tmp_path: Path) -> None:
    await leave_data(tmp_path / "whole")
    newest = load_migrations(built_in_migrations()).newest
    async with started(tmp_path / "measured", cold=True) as process:
        began = time.monotonic()
        await at_work(process)
        takes = time.monotonic() - began
    chance = random.Random(7)
    codes = []
    for number in range(ROUNDS):
        folder = tmp_path / f"round-{number}"
        if number % 2:
            shutil.copytree(tmp_path / "whole", folder)
        async with started(folder, cold=True) as process:
            # Spread over the start, with some weight on its end, where the files are opened.
            await asyncio.sleep(takes * 1.2 * (number + chance.random()) / ROUNDS)
            process.send_signal(signal.SIGTERM)
            codes.append(await _ends_in_time(process))
        assert _version(folder / DATABASE_NAME) in ({newest} if number % 2 else {0, newest})
        await (await Database.open(folder / DATABASE_NAME)).close()
    # Before the program listens to signals the system ends it.
    assert {*codes} <= {0, -signal.SIGTERM}


def _has_more(calls: Sequence[object], than: int) -> bool:
    return len(calls) > than


@pytest.mark.parametrize("telegram", ["away", "there"])
async def test_a_signal_in_the_first_moments_at_work_leaves_no_trouble_in_the_log(
    tmp_path: Path, telegram: str
) -> None:
    """The first moments: all that is repeated begins at once, and so does what is told Telegram."""
    await leave_data(tmp_path / "whole")
    server, chance = TelegramServer(TOKEN), random.Random(5)
    is_there = telegram == "there"
    settings = {"BOT_TOKEN": TOKEN, "TELEGRAM_API_URL": await server.start()} if is_there else {}
    try:
        for number in range(ROUNDS):
            folder = tmp_path / f"round-{number}"
            shutil.copytree(tmp_path / "whole", folder)
            calls = len(server.calls)
            async with started(folder, settings) as process:
                if is_there:
                    await server.wait_for(partial(_has_more, server.calls, calls), PATIENCE)
                else:
                    await at_work(process)
                await asyncio.sleep(0.2 * (number + chance.random()) / ROUNDS)
                process.send_signal(signal.SIGTERM)
                _, said = await asyncio.wait_for(process.communicate(), PATIENCE)
            assert process.returncode == 0
            # While Telegram is away each try is told, and a second one may come before the signal.
            lines = [each for each in said.decode().splitlines() if is_there or AWAY not in each]
            trouble = [each for each in lines if re.search(TROUBLE, each)]
            assert trouble == [], said.decode()
    finally:
        await server.stop()


async def test_a_signal_during_a_migration_leaves_one_version_whole(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    await _leave_first_version(folder, tmp_path / "first")
    newest = load_migrations(built_in_migrations()).newest
    async with started(folder) as process:
        while not (folder / "backups").exists():  # noqa: ASYNC110 - another process makes it
            await asyncio.sleep(0.001)
        process.send_signal(signal.SIGTERM)
        process.send_signal(signal.SIGTERM)
        assert await _ends_in_time(process) == 0
    assert _version(folder / DATABASE_NAME) in range(1, newest + 1)
    await _starts(folder)
    assert _version(folder / DATABASE_NAME) == newest
    with closing(sqlite3.connect(folder / DATABASE_NAME)) as conn:
        assert conn.execute("SELECT count(*) FROM chats").fetchone() == (BALLAST,)


async def test_a_kill_during_a_migration_leaves_one_version_whole(tmp_path: Path) -> None:
    await _leave_first_version(tmp_path / "first" / "data", tmp_path / "first")
    newest = load_migrations(built_in_migrations()).newest
    for number in range(2):
        folder = tmp_path / f"round-{number}"
        shutil.copytree(tmp_path / "first" / "data", folder)
        async with started(folder) as process:
            while not (folder / "backups").exists():  # noqa: ASYNC110 - another process makes it
                await asyncio.sleep(0.001)
            await asyncio.sleep(0.1 * number)
            process.kill()
            await process.communicate()
        assert _version(folder / DATABASE_NAME) in range(1, newest + 1)
        await _starts(folder)
        assert _version(folder / DATABASE_NAME) == newest


@asynccontextmanager
async def _mute_server() -> AsyncIterator[str]:
    """Somebody who takes every connection and never says a word."""
    held: list[asyncio.StreamWriter] = []

    async def hold(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        held.append(writer)

    server = await asyncio.start_server(hold, "127.0.0.1", 0)
    try:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    finally:
        for writer in held:
            writer.close()
        server.close()
        await server.wait_closed()


async def test_a_telegram_that_never_answers_keeps_nobody_from_ending(tmp_path: Path) -> None:
    async with (
        _mute_server() as mute,
        started(tmp_path / "data", {"TELEGRAM_API_URL": mute}) as process,
    ):
        while not (tmp_path / "data" / "key").exists():  # noqa: ASYNC110 - another process makes it
            await asyncio.sleep(0.01)
        process.send_signal(signal.SIGTERM)
        assert await _ends_in_time(process) == 0
    assert _version(tmp_path / "data" / DATABASE_NAME) > 0


HANGING = """
import asyncio, time
from bot.process import follow_signals

async def hang():
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    follow_signals(lambda: loop.call_soon_threadsafe(stop.set), within=0.5)
    print("at work", flush=True)
    while True:
        time.sleep(0.01)

asyncio.run(hang())
"""


async def test_an_event_loop_that_gives_no_turn_keeps_nobody_from_ending() -> None:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", HANGING, stdout=asyncio.subprocess.PIPE, cwd=Path(__file__).parents[2]
    )
    assert process.stdout is not None
    assert await process.stdout.readline() == b"at work\n"
    process.send_signal(signal.SIGTERM)
    process.send_signal(signal.SIGINT)
    assert await _ends_in_time(process) == 0


@pytest.mark.parametrize("trouble", ["none", "platform hangs", "telegram away"])
async def test_more_signals_change_nothing(trouble: str) -> None:
    async with Stage(one_course([video(900), document(2)]), speed=60) as stage:
        telegram, person = stage.telegram, stage.telegram.person(1001)

        async def press(label: str) -> None:
            await telegram.wait_for(lambda: person.press(label), PATIENCE)

        person.send(stage.platform.cookie_for(STUDENT.stu_id))
        await press("课程")
        await press("测试科目")
        await press("测试模块")
        await telegram.wait_for(
            lambda: any("☑" in b.text for m in person.chat.messages for r in m.buttons for b in r),
            PATIENCE,
        )
        await press("下一步")
        await press("开始")

        def reports() -> int:
            return sum(each.endpoint is Endpoint.REPORT for each in stage.platform.requests)

        await telegram.wait_for(lambda: reports() >= 2, PATIENCE)
        if trouble == "platform hangs":
            stage.platform.faults.add(Endpoint.REPORT, Fault.hang(60))
            left = stage.platform.faults.pending()
            await telegram.wait_for(lambda: stage.platform.faults.pending() < left, PATIENCE)
        if trouble == "telegram away":
            telegram.away()
        process = stage._process
        assert process is not None
        began = time.monotonic()
        while process.returncode is None:
            # Not by the process object, which looks after the child itself: then nobody else can.
            with suppress(ProcessLookupError):
                os.kill(process.pid, signal.SIGTERM)
                os.kill(process.pid, signal.SIGINT)
            await asyncio.sleep(0.2)
        assert time.monotonic() - began < WITHIN
        assert process.returncode == 0
        assert _version(stage.data_dir / DATABASE_NAME) > 0

        telegram.back()
        sent = reports()
        await stage.start_bot()
        await telegram.wait_for(lambda: reports() > sent, PATIENCE)
        assert stage.platform.violations == []


async def test_an_end_while_telegram_is_away_is_told_in_a_sentence() -> None:
    async with WatchedStage(one_course([document(1)]), settings={"LOG_LEVEL": "info"}) as stage:
        person = stage.telegram.person(1001)
        person.send("/help")
        await stage.telegram.wait_for(
            lambda: any(each.from_bot for each in person.chat.messages), PATIENCE
        )
        stage.telegram.away()
        assert await stage.stop_bot() == 0
        assert "Telegram did not hear which updates were taken" in stage.logged()
        assert "get_updates` one more time" not in stage.logged()
