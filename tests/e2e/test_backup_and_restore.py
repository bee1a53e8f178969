"""Backups of the real process between both stand-ins, and jobs that go on after a restore."""

import asyncio
import os
import resource
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from demo.platform import STUDENT, Endpoint, Phase, Request, document, video
from demo.stage import Stage
from demo.telegram import Message, Person
from storage.backup import check_copy
from storage.backup_files import BackupKind, backups_of
from tests.support.app_harness import one_course
from tests.support.shown import COUNTS
from tests.support.stage_jobs import PATIENCE, begin_job, command, finals, saying

pytestmark = pytest.mark.process

SPEED = 120
LENGTH = 600.0
FILE_LIMIT = 64 * 1024


async def _back_up(folder: Path) -> Path:
    code, said, troubles = await command(folder, "backup")
    assert (code, troubles) == (0, "")
    path = Path(said.removesuffix("\n"))
    assert check_copy(path)
    return path


async def _restore(folder: Path, backup: Path) -> str:
    code, said, troubles = await command(folder, "restore", backup)
    assert (code, troubles) == (0, "")
    return said


async def _refused(folder: Path, *words: str | Path) -> str:
    """The one sentence with which a command refuses."""
    code, said, troubles = await command(folder, *words)
    assert (code, said) == (1, "")
    assert troubles.count("\n") == 1
    return troubles


async def _begin(stage: Stage) -> tuple[Person, Message]:
    """Start a job, and wait for the video's first report."""
    person, progress = await begin_job(stage)
    await stage.telegram.wait_for(lambda: _moves(stage), PATIENCE)
    return person, progress


def _moves(stage: Stage) -> list[Request]:
    """The reports of the video, the second cell."""
    return [
        request
        for request in stage.platform.requests
        if request.endpoint is Endpoint.REPORT and request.form["cellId"] == "cell-2"
    ]


def _position(stage: Stage) -> float:
    return float(stage.platform.school.progress(STUDENT.stu_id, "cell-2").position)


@asynccontextmanager
async def _half_way_at_most(stage: Stage) -> AsyncIterator[None]:
    """The job studies and writes, and is not over at the end of this, however slow the machine:
    meanwhile the platform takes no report past the half of the video."""
    usual, go_on = stage.platform.on_request, asyncio.Event()
    assert usual is not None

    async def hold(endpoint: Endpoint, phase: Phase) -> None:
        if endpoint is Endpoint.REPORT and _position(stage) > LENGTH / 2:
            await go_on.wait()
        await usual(endpoint, phase)

    stage.platform.on_request = hold
    yield
    stage.platform.on_request = usual
    go_on.set()


async def test_a_restored_job_goes_on_from_what_the_platform_shows() -> None:
    school = one_course([document(2), video(LENGTH), document(1)])
    async with Stage(school, speed=SPEED) as stage:
        person, progress = await _begin(stage)
        async with _half_way_at_most(stage):
            backup = await _back_up(stage.data_dir)
            at_backup = _position(stage)
        await stage.telegram.wait_for(lambda: _position(stage) > at_backup, PATIENCE)
        assert finals(person) == []

        await stage.kill_bot()
        (stage.data_dir / "bot.sqlite3").write_bytes(b"\xff" * 50_000)
        said = await _restore(stage.data_dir, backup)
        assert str(backup) in said
        assert "before-restore-" in said
        stored, reports = _position(stage), len(_moves(stage))
        await stage.start_bot()

        final = await stage.telegram.wait_for(lambda: finals(person), 60)
        assert "完成 3 · 失败 0 · 跳过 0" in final[0].text
        moved = float(_moves(stage)[reports].form["studyNewlyTime"])
        assert at_backup < stored < moved <= stored + 10
        shrunk = await stage.telegram.wait_for(lambda: saying(person, "已结束"), PATIENCE)
        assert shrunk.message_id == progress.message_id
        assert stage.platform.violations == []


async def test_a_job_that_ended_since_the_backup_is_summed_up_again_without_a_report() -> None:
    async with Stage(one_course([document(1), video(LENGTH)]), speed=SPEED) as stage:
        person, _ = await _begin(stage)
        async with _half_way_at_most(stage):
            backup = await _back_up(stage.data_dir)
        (first,) = await stage.telegram.wait_for(lambda: finals(person), 60)
        await stage.stop_bot()
        reports = len(_moves(stage))

        await _restore(stage.data_dir, backup)
        await stage.start_bot()

        both = await stage.telegram.wait_for(lambda: finals(person)[1:], PATIENCE)
        assert COUNTS.findall(both[0].text) == COUNTS.findall(first.text)
        assert len(_moves(stage)) == reports


async def test_with_another_key_a_restored_job_waits_untold_and_goes_on_with_the_right_one() -> (
    None
):
    async with Stage(one_course([document(1), video(LENGTH)]), speed=SPEED) as stage:
        person, _ = await _begin(stage)
        async with _half_way_at_most(stage):
            made = await _back_up(stage.data_dir)
        await stage.stop_bot()
        backup = Path(shutil.move(made, stage.data_dir.parent))
        key = (stage.data_dir / "key").read_bytes()
        shutil.rmtree(stage.data_dir)

        said = await _restore(stage.data_dir, backup)
        assert "There is no key file" in said
        assert "before-restore-" not in said
        process = await stage.start_process()
        assert await asyncio.wait_for(process.wait(), PATIENCE) == 1
        (stage.data_dir / "key").write_bytes(os.urandom(32))
        before = [each.text for each in person.chat.messages]
        await stage.start_bot()

        person.send("/courses")
        shown = await stage.telegram.wait_for(lambda: saying(person, "测试科目"), PATIENCE)
        assert "运营者" not in shown.text, "what is stored is shown"
        new = [each.text for each in person.chat.messages if each.text not in before]
        assert not any("登录" in text and "cookie" in text for text in new), new
        assert finals(person) == []

        (stage.data_dir / "key").write_bytes(key)
        final = await stage.telegram.wait_for(lambda: finals(person), 60)
        assert "完成 2 · 失败 0 · 跳过 0" in final[0].text


async def test_a_restore_is_refused_while_the_bot_runs_which_goes_on() -> None:
    async with Stage(one_course([document(1), video(LENGTH)]), speed=SPEED) as stage:
        person, _ = await _begin(stage)
        async with _half_way_at_most(stage):
            backup = await _back_up(stage.data_dir)

            assert "stop it first" in await _refused(stage.data_dir, "restore", backup)

            position = _position(stage)
        await stage.telegram.wait_for(lambda: _position(stage) > position, PATIENCE)
        person.send("/cancel")


async def test_a_damaged_backup_is_refused_and_the_bot_starts_with_what_it_had() -> None:
    async with Stage(one_course([document(1), video(LENGTH)]), speed=SPEED) as stage:
        person, _ = await _begin(stage)
        async with _half_way_at_most(stage):
            backup = await _back_up(stage.data_dir)
        await stage.stop_bot()
        backup.write_bytes(backup.read_bytes()[:20_000])

        assert "damaged" in await _refused(stage.data_dir, "restore", backup)

        await stage.start_bot()
        (final,) = await stage.telegram.wait_for(lambda: finals(person), 60)
        assert "完成 2 · 失败 0 · 跳过 0" in final.text


async def test_the_bot_makes_its_backup_of_the_night_at_the_start() -> None:
    async with Stage(one_course([document(1)])) as stage:
        database = stage.data_dir / "bot.sqlite3"
        async with asyncio.timeout(PATIENCE):
            while not backups_of(database):  # noqa: ASYNC110 - another process makes it
                await asyncio.sleep(0.02)

        (backup,) = backups_of(database)
        assert backup.kind is BackupKind.NIGHTLY
        assert check_copy(backup.path)


async def test_without_a_database_a_backup_is_refused_and_nothing_is_made(tmp_path: Path) -> None:
    data = tmp_path / "data"

    assert "There is no database" in await _refused(data, "backup")

    assert not data.exists()


async def test_without_a_backup_a_restore_is_refused_and_nothing_is_made(tmp_path: Path) -> None:
    data = tmp_path / "data"

    assert "There is no backup" in await _refused(data, "restore", tmp_path / "nothing")

    assert not data.exists()


@pytest.mark.parametrize("words", [("restore",), ("restore", "a", "b"), ("backup", "a")])
async def test_a_wrong_command_line_is_refused(tmp_path: Path, words: tuple[str, ...]) -> None:
    code, _, troubles = await command(tmp_path / "data", *words)

    assert code == 2
    assert "usage:" in troubles


async def test_a_disk_that_fills_up_half_way_is_told_and_leaves_no_part() -> None:
    async with Stage(one_course([document(1)]), settings={"BACKUP_KEEP_DAYS": "0"}) as stage:
        await stage.stop_bot()

        code, said, troubles = await command(
            stage.data_dir,
            "backup",
            begin=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (FILE_LIMIT, FILE_LIMIT)),
        )

        assert (code, said) == (1, "")
        assert troubles.count("\n") == 1
        assert list((stage.data_dir / "backups").iterdir()) == []
