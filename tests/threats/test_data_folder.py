"""The data folder: only its owner may read it, and a link in it leads to no write elsewhere."""

import os
import stat
from asyncio.subprocess import DEVNULL
from pathlib import Path

import pytest

from bot.app import DATABASE_NAME, KEY_NAME
from bot.chat.bot_profile import PHOTO_MARK
from demo.platform import STUDENT, document
from tests.support.app_harness import one_course
from tests.support.bot_process import refused
from tests.support.shown import saying
from tests.support.watched_stage import WatchedStage

pytestmark = pytest.mark.process

PATIENCE = 60.0
VICTIM = b"a file of another program\n" * 4


def modes(folder: Path) -> dict[str, int]:
    found = {".": folder.stat().st_mode}
    found |= {str(p.relative_to(folder)): p.lstat().st_mode for p in folder.rglob("*")}
    return {name: mode for name, mode in found.items() if not stat.S_ISLNK(mode)}


def open_to_others(folder: Path) -> dict[str, str]:
    """What others than the owner have any right to."""
    return {name: oct(mode) for name, mode in modes(folder).items() if mode & 0o077}


async def log_in(stage: WatchedStage) -> None:
    person = stage.telegram.person(1001)
    person.send(stage.platform.cookie_for(STUDENT.stu_id))
    await stage.telegram.wait_for(lambda: saying(person.chat, STUDENT.name), PATIENCE)


async def back_up(stage: WatchedStage) -> None:
    process = await stage.launch(
        "backup", env=stage._environment(), cwd=stage._folder, stdout=DEVNULL
    )
    assert await process.wait() == 0


@pytest.mark.parametrize("umask", [0o000, 0o777 & ~0o022])
async def test_every_file_is_its_owners_alone_whatever_the_umask_and_the_folder_before(
    umask: int,
) -> None:
    before = os.umask(0o022 if umask else 0)
    try:
        stage = WatchedStage(one_course([document(1)]))
        stage.data_dir.mkdir()
        stage.data_dir.chmod(0o777)
        (stage.data_dir / "lock").touch()
        (stage.data_dir / "lock").chmod(0o666)
        async with stage:
            await log_in(stage)
            await back_up(stage)
            await stage.telegram.wait_for((stage.data_dir / PHOTO_MARK).exists, PATIENCE)
            names = set(modes(stage.data_dir))
            assert {DATABASE_NAME, f"{DATABASE_NAME}-wal", KEY_NAME, "backups"} <= names
            assert open_to_others(stage.data_dir) == {}
    finally:
        os.umask(before)


async def test_no_file_outside_is_written_through_a_link(tmp_path: Path) -> None:
    victims = [tmp_path / name for name in ("of-lock", "of-mark")]
    for each in victims:
        each.write_bytes(VICTIM)
    stage = WatchedStage(one_course([document(1)]))
    stage.data_dir.mkdir()
    (stage.data_dir / "lock").symlink_to(victims[0])
    (stage.data_dir / PHOTO_MARK).symlink_to(victims[1])
    async with stage:
        await log_in(stage)
        mark = stage.data_dir / PHOTO_MARK
        await stage.telegram.wait_for(lambda: not mark.is_symlink(), PATIENCE)
        await stage.stop_bot()
    assert [each.read_bytes() for each in victims] == [VICTIM, VICTIM]


@pytest.mark.parametrize("name", [DATABASE_NAME, KEY_NAME])
async def test_a_link_to_a_file_of_another_program_is_refused_and_changes_nothing(
    name: str, tmp_path: Path
) -> None:
    victim, folder = tmp_path / "victim", tmp_path / "data"
    victim.write_bytes(VICTIM * 100)
    folder.mkdir(mode=0o700)
    (folder / name).symlink_to(victim)
    assert await refused(folder)
    assert victim.read_bytes() == VICTIM * 100
