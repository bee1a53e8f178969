"""``python -m bot check`` as it is typed."""

import asyncio
import os
import sys
from pathlib import Path

import pytest

from demo.platform import PlatformServer, document, school_of
from demo.telegram import TelegramServer
from tests.support.names import TOKEN

pytestmark = pytest.mark.process


async def typed(folder: Path, **settings: str) -> tuple[int | None, str, str]:
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *("-m", "bot", "check"),
        cwd=folder,
        env={
            "PATH": os.environ["PATH"],
            "PYTHONPATH": str(Path(__file__).parents[2]),
            **settings,
        },
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    out, err = await asyncio.wait_for(process.communicate(), 60)
    return process.returncode, out.decode(), err.decode()


async def test_all_right_is_code_0_and_a_line_for_each(tmp_path: Path) -> None:
    telegram, platform = TelegramServer(TOKEN), PlatformServer(school_of([document(1)]))
    api, site = await telegram.start(), await platform.start()
    code, out, err = await typed(tmp_path, BOT_TOKEN=TOKEN, TELEGRAM_API_URL=api, ZJY_BASE_URL=site)
    await telegram.stop()
    await platform.stop()
    assert (code, err) == (0, ""), out
    assert all(line.split("  ")[1:] and "  ok  " in line for line in out.splitlines()), out
    assert os.listdir(tmp_path) == []  # noqa: PTH208


async def test_trouble_is_code_1_and_holds_no_secret(tmp_path: Path) -> None:
    code, out, err = await typed(
        tmp_path,
        BOT_TOKEN=TOKEN,
        TELEGRAM_API_URL="http://127.0.0.1:9",
        ZJY_BASE_URL="http://127.0.0.1:9",
        ALLOWED_USER="1",
        LOG_LEVEL="debug",
    )
    assert code == 1
    assert "did you mean ALLOWED_USERS?" in out
    assert TOKEN.partition(":")[2] not in out + err
    assert "Traceback" not in out + err
    assert os.listdir(tmp_path) == []  # noqa: PTH208


async def test_a_reader_that_goes_early_brings_no_traceback(tmp_path: Path) -> None:
    """As ``| head`` does."""
    reading, writing = os.pipe()
    os.close(reading)
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot", "health"),
        cwd=tmp_path,
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(Path(__file__).parents[2])},
        stdout=writing,
        stderr=asyncio.subprocess.PIPE,
    )
    os.close(writing)
    _, err = await asyncio.wait_for(process.communicate(), 60)
    assert (process.returncode, err) == (1, b"")


async def test_a_file_that_cannot_be_read_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / ".env").mkdir()
    code, out, err = await typed(tmp_path)
    assert (code, err, out.count("\n")) == (1, "", 1)
    assert "is a folder, not a text file" in out
