"""Keys are rotated by a process of its own, beside the real bot between both stand-ins."""

# ruff: noqa: ASYNC240 -- a test has its event loop to itself and may look at files
import asyncio
import os
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from bot.given_keys import key_text
from demo.platform import STUDENT, document, video
from demo.stage import Stage
from demo.telegram import Person
from storage.database import Database
from storage.key_file import KeyFile
from storage.vault import Vault, key_id, sealed_by
from tests.support.app_harness import one_course
from tests.support.bot_process import started
from tests.support.stage_jobs import PATIENCE, begin_job, command, finals
from tests.support.stored_rows import COOKIE, account_of

pytestmark = pytest.mark.process

SPEED = 120
LENGTH = 600.0


HERE = {"ZJY_BASE_URL": "http://127.0.0.1:9", "TELEGRAM_API_URL": "http://127.0.0.1:9"}


async def _keys(folder: Path, word: str = "rotate", **settings: str) -> tuple[int | None, str, str]:
    return await command(folder, "keys", word, settings=HERE | settings)


def _sealing(folder: Path) -> set[bytes | None]:
    with closing(sqlite3.connect(folder / "bot.sqlite3")) as conn:
        return {
            sealed_by(row[0])
            for row in conn.execute(
                "SELECT sealed_cookie FROM accounts WHERE sealed_cookie NOTNULL"
            )
        }


async def _finished(stage: Stage, person: Person) -> str:
    (message,) = await stage.telegram.wait_for(lambda: finals(person), 60)
    return message.text


async def test_keys_are_rotated_and_the_rotation_killed_while_a_job_runs() -> None:
    async with Stage(one_course([document(1), video(LENGTH), document(1)]), speed=SPEED) as stage:
        person, _ = await begin_job(stage)
        for number in range(1, 6):
            code, _, _ = await _keys(stage.data_dir, ZJY_TEST_DIE_AT=str(number))
            assert code in (-9, 0)
        code, said, troubles = await _keys(stage.data_dir)
        assert (code, troubles) == (0, "")
        assert "Cookies sealed anew with" in said
        current = key_id(KeyFile(stage.data_dir / "key").read()[0])
        assert _sealing(stage.data_dir) == {current}

        person.send(stage.platform.cookie_for(STUDENT.stu_id))
        assert "完成 3 · 失败 0 · 跳过 0" in await _finished(stage, person)
        assert _sealing(stage.data_dir) == {current}
        assert stage.platform.violations == []


async def test_a_job_goes_on_after_a_restart_on_the_new_key_alone() -> None:
    async with Stage(one_course([document(1), video(LENGTH)]), speed=SPEED) as stage:
        person, _ = await begin_job(stage)
        code, said, _ = await _keys(stage.data_dir)
        assert (code, "Cookies sealed anew with a new key: 1." in said) == (0, True)
        await stage.kill_bot()
        key = stage.data_dir / "key"
        key.write_bytes(key.read_bytes()[:32])
        await stage.start_bot()
        assert "完成 2 · 失败 0 · 跳过 0" in await _finished(stage, person)


async def _with_cookie(folder: Path, key: bytes) -> None:
    folder.mkdir()
    async with await Database.open(folder / "bot.sqlite3") as db:
        for number in range(3):
            await account_of(db, Vault(key), stu_id=f"stu-{number}")


async def test_a_kill_at_every_boundary_of_the_command_is_made_up_for(tmp_path: Path) -> None:
    first = os.urandom(32)
    folder = tmp_path / "data"
    await _with_cookie(folder, first)
    (folder / "key").write_bytes(first)
    deaths = 0
    for number in range(1, 30):
        code, _, _ = await _keys(folder, ZJY_TEST_DIE_AT=str(number))
        keys = KeyFile(folder / "key").read()
        assert _sealing(folder) <= {key_id(key) for key in keys}
        if code == 0:
            break
        assert code == -9
        deaths += 1
        code, said, _ = await _keys(folder)
        assert code == 0
        assert "Cookies sealed anew" in said
        now = KeyFile(folder / "key").read()
        assert _sealing(folder) == {key_id(now[0])}
        assert len(now) == 1 + deaths
    assert deaths == 5


async def test_keys_of_the_setting_are_rotated_in_three_steps(tmp_path: Path) -> None:
    old, new, folder = os.urandom(32), os.urandom(32), tmp_path / "data"
    await _with_cookie(folder, old)
    both = f"{key_text(new)},{key_text(old)}"
    code, said, troubles = await _keys(folder, BOT_KEYS=both)
    assert (code, troubles) == (0, "")
    assert "Cookies sealed anew with the first key of BOT_KEYS: 3." in said
    assert "1. Put a new key before the old one" in said
    assert key_text(new)[:43] not in said
    assert _sealing(folder) == {key_id(new)}
    assert not (folder / "key").exists()

    _, said, _ = await _keys(folder, BOT_KEYS=key_text(old))
    assert "a key that is not here: 3." in said
    code, said, troubles = await _keys(folder, BOT_KEYS=key_text(new)[:-3])
    assert (code, said) == (2, "")
    assert troubles == "BOT_KEYS: key 1 is cut off, or has a letter too many.\n"


async def test_a_file_of_keys_gives_way_to_the_setting_without_a_new_login(tmp_path: Path) -> None:
    old, new, folder = os.urandom(32), os.urandom(32), tmp_path / "data"
    await _with_cookie(folder, old)
    (folder / "key").write_bytes(old)
    secret = tmp_path / "bot_keys"
    secret.write_text(key_text(new) + "\n")
    code, _, _ = await _keys(folder, BOT_KEYS=f"@{secret}")
    assert (code, _sealing(folder)) == (0, {key_id(new)})
    assert (folder / "key").read_bytes() == old


async def test_a_new_key_is_printed_alone(tmp_path: Path) -> None:
    code, said, troubles = await _keys(tmp_path / "data", "new")
    assert (code, troubles) == (0, "")
    code, again, _ = await _keys(tmp_path / "data", "new")
    assert len(said) == len(again) == 45
    assert said != again
    assert not (tmp_path / "data").exists()


@pytest.mark.parametrize("given", [False, True])
async def test_a_wrong_key_is_told_to_the_operator_at_the_start(
    tmp_path: Path, given: bool
) -> None:
    right, folder = os.urandom(32), tmp_path / "data"
    await _with_cookie(folder, right)
    settings = {"LOG_LEVEL": "error"}
    if given:
        settings["BOT_KEYS"] = key_text(os.urandom(32))
    else:
        (folder / "key").write_bytes(os.urandom(32))
    async with started(folder, settings) as process:
        assert process.stderr is not None
        line = (await asyncio.wait_for(process.stderr.readline(), PATIENCE)).decode()
        assert "cookies are sealed with a key that is not here" in line
        assert key_id(right).hex() in line
        assert process.returncode is None
    assert _sealing(folder) == {key_id(right)}


async def test_without_the_key_file_the_bot_does_not_start_and_makes_none(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    await _with_cookie(folder, os.urandom(32))
    code, said, troubles = await command(
        folder, "run", settings={"BOT_TOKEN": "42:x", "LOG_LEVEL": "error"}
    )
    assert (code, said, troubles.count("\n")) == (1, "", 1)
    assert "is missing, and cookies are sealed with it" in troubles
    code, _, troubles = await _keys(folder)
    assert code == 1
    assert "There is no key file" in troubles
    assert not (folder / "key").exists()
    assert COOKIE not in troubles


@pytest.mark.parametrize("given", [False, True])
async def test_a_rotation_where_there_is_no_folder_makes_none(tmp_path: Path, given: bool) -> None:
    folder = tmp_path / "misspelt"
    settings = {"BOT_KEYS": key_text(os.urandom(32))} if given else {}
    code, said, troubles = await _keys(folder, **settings)
    assert (code, said, troubles.count("\n")) == (1, "", 1)
    assert str(folder) in troubles
    assert not folder.exists()


async def test_a_rotation_without_a_key_leaves_the_folder_as_it_is(tmp_path: Path) -> None:
    code, _, troubles = await _keys(tmp_path)
    assert (code, troubles.count("\n")) == (1, 1)
    assert list(tmp_path.iterdir()) == []
