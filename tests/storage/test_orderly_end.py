"""A file is checked at the start, unless it is as the program left it at an orderly end."""

import logging
import os
import shutil
import stat
from collections.abc import Callable
from pathlib import Path

import pytest

from storage.database import Database
from storage.orderly_end import ENDING

NAME = "bot.sqlite3"


@pytest.fixture
async def path(data_dir: Path) -> Path:
    """A database that was closed in good order."""
    await (await Database.open(data_dir / NAME)).close()
    return data_dir / NAME


async def is_checked(path: Path, caplog: pytest.LogCaptureFixture) -> bool:
    """Whether the file is checked when it is opened, and then closed in good order."""
    caplog.clear()
    with caplog.at_level(logging.DEBUG, "aiosqlite"):
        await (await Database.open(path)).close()
    return "quick_check" in caplog.text


async def test_after_an_orderly_end_the_file_is_not_checked(
    path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    assert not await is_checked(path, caplog)
    assert not await is_checked(path, caplog)


async def test_a_file_that_a_dead_process_left_is_checked_once(
    path: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async with await Database.open(path):
        left = shutil.copytree(path.parent, tmp_path / "left", copy_function=os.link) / NAME
    assert not (left.with_name(NAME + ENDING)).exists()
    assert await is_checked(left, caplog)
    assert not await is_checked(left, caplog)


def _touched(path: Path) -> None:
    os.utime(path, ns=(0, 0))


def _longer(path: Path) -> None:
    found = path.stat()
    with path.open("ab") as file:
        file.write(b"\0" * 4096)
    os.utime(path, ns=(found.st_atime_ns, found.st_mtime_ns))


def _another(path: Path) -> None:
    shutil.copy2(path, path.with_name("copy"))
    path.with_name("copy").replace(path)


def _with_a_log(path: Path) -> None:
    path.with_name(NAME + "-wal").touch()


def _without_a_note(path: Path) -> None:
    path.with_name(NAME + ENDING).unlink()


def _with_an_odd_note(path: Path) -> None:
    path.with_name(NAME + ENDING).write_bytes(b"\xff\xfe")


@pytest.mark.parametrize(
    "change", [_touched, _longer, _another, _with_a_log, _without_a_note, _with_an_odd_note]
)
async def test_a_file_that_changed_since_is_checked(
    path: Path, change: Callable[[Path], None], caplog: pytest.LogCaptureFixture
) -> None:
    change(path)
    assert await is_checked(path, caplog)


async def test_the_note_of_an_end_is_readable_by_its_owner_alone(path: Path) -> None:
    assert stat.S_IMODE(path.with_name(NAME + ENDING).stat().st_mode) == 0o600
