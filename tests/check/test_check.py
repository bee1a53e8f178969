"""Each thing that the check looks at is told as right, and as wrong with what to do."""

import json
import os
import shutil
import sqlite3
import stat
from collections.abc import Callable
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.check.finding import Level, is_all_right, table
from bot.check.machine import check_load, check_zones
from bot.given_keys import key_text, new_key_text
from bot.health.state_file import StateFile, StoredState
from bot.settings import Settings
from storage.database import Database
from storage.key_file import open_vault
from storage.lock import FolderLock
from storage.moments import utc_now
from tests.check.conftest import Checked, Snapshot
from tests.storage.versions import load
from tests.support.evil_server import endless, evil_server
from tests.support.names import TOKEN
from tests.support.stored_rows import COOKIE, account_of


async def stored(folder: Path, key: str = "key") -> None:
    """A folder of a bot with one cookie, that ended in order."""
    async with await Database.open(folder / "bot.sqlite3") as db:
        await account_of(db, open_vault(folder / key))


async def test_a_fresh_machine_is_right_and_nothing_is_made(check: Checked) -> None:
    found = await check.all()
    assert is_all_right(found), table(found)
    assert {each.level for each in found} == {Level.OK}
    assert [each.name for each in found] == [
        "settings",
        "Telegram",
        "token",
        "clock",
        "platform",
        "folder",
        "lock",
        "database",
        "key",
        "disk",
        "zone data",
        "load",
    ]
    assert not check.folder.exists()


async def test_a_folder_in_use_is_right_and_stays_as_it_is(
    check: Checked, snapshot: Callable[[Path], Snapshot]
) -> None:
    await stored(check.folder)
    before = snapshot(check.folder)
    found = await check.all()
    assert is_all_right(found), table(found)
    assert snapshot(check.folder) == before


async def test_a_running_bot_is_told_and_not_disturbed(check: Checked) -> None:
    lock = FolderLock.take(check.folder)
    async with await Database.open(check.folder / "bot.sqlite3") as db:
        await account_of(db, open_vault(check.folder / "key"))
        before = {path.name for path in check.folder.iterdir()}
        found = await check()
        assert {path.name for path in check.folder.iterdir()} == before
        await account_of(db, open_vault(check.folder / "key"), stu_id="stu-2")
    assert "a bot is running" in found["lock"].said
    assert is_all_right([*found.values()]), table([*found.values()])
    lock.release()


async def test_a_log_that_a_killed_bot_left_is_not_touched(
    check: Checked, tmp_path: Path, snapshot: Callable[[Path], Snapshot]
) -> None:
    async with await Database.open(tmp_path / "work" / "bot.sqlite3") as db:
        await account_of(db, open_vault(tmp_path / "work" / "key"))
        shutil.copytree(tmp_path / "work", check.folder)
    (check.folder / "bot.sqlite3-shm").unlink()
    before = snapshot(check.folder)
    found = await check()
    assert found["database"].level is Level.NOTE
    assert "was not looked through" in found["database"].said
    assert found["key"].level is Level.OK
    assert found["key"].said == "it is there"
    assert snapshot(check.folder) == before
    (check.folder / "key").unlink()
    assert (await check())["key"].level is not Level.OK


@pytest.mark.parametrize("name", ["token", "Telegram", "clock", "platform", "folder"])
async def test_what_depends_on_a_wrong_setting_is_not_checked(check: Checked, name: str) -> None:
    settings = {"Telegram": "TELEGRAM_API_URL", "platform": "ZJY_BASE_URL", "folder": "DATA_DIR"}
    setting = settings.get(name, "TELEGRAM_API_URL")
    found = await check(**{setting: "loop" if name == "folder" else "nowhere"})
    if name != "folder":
        assert found[name].level is Level.UNCHECKED
        assert setting in found[name].said
        assert found["settings"].level is Level.WRONG
    assert found["zone data"].level is Level.OK


async def test_every_mistake_of_the_settings_has_its_line(check: Checked) -> None:
    found = await check.all(ALLOWED_USER="1", LOG_LEVEL="loud", MAX_RUNNING_JOBS="0")
    said = [each.said for each in found if each.name == "settings"]
    assert len(said) == 3
    assert "ALLOWED_USER: did you mean ALLOWED_USERS?" in said
    assert not is_all_right(found)


async def test_a_missing_token_still_lets_telegram_be_asked(check: Checked) -> None:
    found = await check(BOT_TOKEN="")
    assert found["Telegram"].level is Level.OK
    assert found["token"].level is Level.UNCHECKED


async def test_a_token_that_telegram_does_not_know_is_wrong(check: Checked) -> None:
    found = await check(BOT_TOKEN="123456789:short")
    assert found["Telegram"].level is Level.OK
    assert found["token"].level is Level.WRONG
    assert "5 characters behind the colon" in found["token"].said
    assert "short" not in table([*found.values()])


async def test_a_refusal_of_telegrams_is_not_taken_for_a_broken_way(check: Checked) -> None:
    check.telegram.fail("getMe", 400, "Logged out")
    found = await check()
    assert found["Telegram"].level is Level.OK
    assert found["token"].level is Level.WRONG
    assert "Logged out" in found["token"].said
    assert "TELEGRAM_API_URL" in found["token"].said


async def test_the_bot_is_named(check: Checked) -> None:
    assert "@zjy_demo_bot" in (await check())["token"].said


async def test_telegram_away_is_told_with_what_may_help(check: Checked) -> None:
    check.telegram.away()
    found = await check()
    assert found["Telegram"].level is Level.WRONG
    assert "TELEGRAM_PROXY" in found["Telegram"].said
    assert found["token"].level is found["clock"].level is Level.UNCHECKED
    assert found["platform"].level is Level.OK


async def test_a_proxy_that_is_away_is_told_as_the_proxy_without_its_password(
    check: Checked,
) -> None:
    found = await check(
        TELEGRAM_API_URL="http://telegram.example",
        TELEGRAM_PROXY="http://anna:geheimnis@127.0.0.1:9",
    )
    assert found["Telegram"].level is Level.WRONG
    assert "through http://127.0.0.1:9 (TELEGRAM_PROXY)" in found["Telegram"].said
    assert "the proxy itself cannot be reached" in found["Telegram"].said
    assert "geheimnis" not in found["Telegram"].said


async def test_trouble_of_telegrams_own_is_told_apart(check: Checked) -> None:
    check.telegram.fail("getMe", 502, "Bad Gateway", times=5)
    assert "HTTP 502" in (await check())["Telegram"].said


async def test_an_answer_without_a_date_leaves_nothing_to_put_right(check: Checked) -> None:
    bot = {"id": 42, "is_bot": True, "first_name": "b", "username": "undated_bot"}
    answer = json.dumps({"ok": True, "result": bot}).encode()
    async with evil_server(endless) as server:
        server.honest = lambda _: answer
        found = await check.all(TELEGRAM_API_URL=server.url)
    assert "no date" in {each.name: each for each in found}["clock"].said
    assert is_all_right(found), table(found)


@pytest.mark.parametrize(
    ("shift", "said"), [(125, "125 s ahead of"), (-125, "125 s behind"), (20, None), (-20, None)]
)
async def test_a_clock_that_is_wrong_is_told_by_how_much(
    check: Checked, shift: int, said: str | None
) -> None:
    check.shift = timedelta(seconds=shift)
    clock = (await check())["clock"]
    assert clock.level is (Level.OK if said is None else Level.WRONG)
    if said is not None:
        # The header has whole seconds.
        assert any(said.replace("125", str(near)) in clock.said for near in (124, 125, 126))


async def test_a_platform_that_is_away_is_wrong(check: Checked) -> None:
    await check.platform.stop()
    found = await check()
    assert found["platform"].level is Level.WRONG
    assert found["Telegram"].level is Level.OK


async def test_another_key_than_the_cookies_is_wrong(check: Checked, tmp_path: Path) -> None:
    await stored(check.folder)
    open_vault(tmp_path / "other")
    shutil.copy(tmp_path / "other", check.folder / "key")
    found = await check()
    assert found["key"].level is Level.WRONG
    assert "sealed with a key that is not here" in found["key"].said


async def test_a_missing_key_is_wrong_only_if_cookies_need_it(check: Checked) -> None:
    await stored(check.folder)
    (check.folder / "key").unlink()
    assert (await check())["key"].level is Level.WRONG
    with closing(sqlite3.connect(check.folder / "bot.sqlite3")) as conn, conn:
        conn.execute("UPDATE accounts SET sealed_cookie = NULL")
    assert (await check())["key"].level is Level.OK
    assert not (check.folder / "key").exists()


async def test_a_damaged_key_is_wrong(check: Checked) -> None:
    await stored(check.folder)
    (check.folder / "key").write_bytes(b"x" * 31)
    assert (await check())["key"].level is Level.WRONG


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (lambda file: file.write_bytes(b"no database" * 1000), "restore it from a backup"),
        (lambda file: _pragma(file, "user_version = 9999"), "use the newer program"),
        (
            lambda file: _execute(
                file, "CREATE TRIGGER t AFTER INSERT ON jobs BEGIN DELETE FROM accounts; END"
            ),
            "has a trigger «t»",
        ),
    ],
)
async def test_a_database_that_the_start_would_refuse_is_wrong(
    check: Checked, spoil: Callable[[Path], Any], said: str
) -> None:
    await stored(check.folder)
    spoil(check.folder / "bot.sqlite3")
    found = await check()
    assert found["database"].level is Level.WRONG
    assert said in found["database"].said


def _pragma(file: Path, what: str) -> None:
    _execute(file, f"PRAGMA {what}")


def _execute(file: Path, statement: str) -> None:
    with closing(sqlite3.connect(file)) as conn:
        conn.execute(statement)


async def test_an_older_database_is_right_and_left_at_its_version(check: Checked) -> None:
    load(5, check.folder / "bot.sqlite3")
    found = await check()
    assert found["key"].level is Level.NOTE
    assert "is missing" in found["key"].said
    assert found["database"].level is Level.OK
    assert "version 5" in found["database"].said


async def test_a_folder_that_is_open_to_others_is_noted_and_left_so(check: Checked) -> None:
    await stored(check.folder)
    check.folder.chmod(0o755)
    found = await check()
    assert found["folder"].level is Level.NOTE
    assert "chmod 700" in found["folder"].said
    assert stat.S_IMODE(check.folder.stat().st_mode) == 0o755


async def test_a_path_that_is_no_folder_is_wrong(check: Checked) -> None:
    check.folder.write_text("a file")
    found = await check()
    assert found["folder"].level is Level.WRONG
    assert found["database"].level is Level.UNCHECKED


async def test_a_folder_without_rights_is_wrong(
    check: Checked, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Root may do everything, so the system's answer is made up."""
    await stored(check.folder)
    real = os.access
    monkeypatch.setattr(os, "access", lambda path, mode: not mode & os.W_OK and real(path, mode))
    found = await check()
    assert found["folder"].level is Level.WRONG
    assert "run this check as that one" in found["folder"].said


async def test_a_disk_without_room_for_a_backup_is_wrong(
    check: Checked, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _: shutil._ntuple_diskusage(10, 9, 1))
    assert (await check())["disk"].level is Level.WRONG


def test_zones_come_with_the_program(monkeypatch: pytest.MonkeyPatch) -> None:
    assert check_zones().level is Level.OK

    def unknown(name: str) -> None:
        raise OSError(name)

    monkeypatch.setattr("bot.check.machine.ZoneInfo", unknown)
    assert check_zones().level is Level.WRONG


@pytest.mark.parametrize(
    ("jobs", "rate", "level", "said"),
    [
        (200, 20, Level.OK, "200 jobs fit at 1×, 100 at 2×"),
        (100, 20, Level.OK, "100 jobs fit at any pace"),
        (201, 20, Level.WRONG, "set MAX_RUNNING_JOBS to at most 200"),
        (200, 10, Level.WRONG, "200 jobs at 1× need 20 requests a second"),
        (1, 0.1, Level.OK, "1 jobs fit at 1×, 0 at 2×"),
        (3, 0.3, Level.OK, "3 jobs fit at 1×"),
    ],
)
def test_a_load_that_does_not_fit_is_told(jobs: int, rate: float, level: Level, said: str) -> None:
    found = check_load(Settings(max_running_jobs=jobs, platform_requests_per_second=rate))
    assert found.level is level
    assert said in found.said


async def test_reports_that_the_bound_holds_up_are_told_of_a_running_bot(check: Checked) -> None:
    await stored(check.folder)
    lock, file = FolderLock.take(check.folder), StateFile.create(check.folder)
    try:
        file.write(StoredState(utc_now(), (), 1000, 0))
        assert (await check())["load"].level is Level.OK
        file.write(StoredState(utc_now(), (), 1000, 250))
        found = (await check())["load"]
        assert found.level is Level.NOTE
        assert "250 of 1000 reports" in found.said
        assert "PLATFORM_REQUESTS_PER_SECOND" in found.said
    finally:
        lock.release()
    assert (await check())["load"].level is Level.OK, "no bot is running"
    file.close()


async def test_a_public_health_address_is_noted(check: Checked) -> None:
    assert "health" not in await check(HEALTH_ADDRESS="127.0.0.1:9464")
    found = await check(HEALTH_ADDRESS="0.0.0.0:9464")
    assert found["health"].level is Level.NOTE


async def test_no_secret_is_printed(check: Checked, capsys: pytest.CaptureFixture[str]) -> None:
    await stored(check.folder)
    check.telegram.away()
    await check.platform.stop()
    said = table(await check.all(TELEGRAM_PROXY="http://anna:geheimnis@127.0.0.1:9"))
    said += str(capsys.readouterr())
    for secret in (TOKEN, TOKEN.partition(":")[2], "geheimnis", COOKIE):
        assert secret not in said


async def test_keys_from_elsewhere_count_as_at_the_start(check: Checked) -> None:
    await stored(check.folder)
    right = key_text((check.folder / "key").read_bytes())
    other = new_key_text()
    assert (await check(BOT_KEYS=f"{other},{right}"))["key"].level is Level.OK
    assert (await check(BOT_KEYS=other))["key"].level is Level.OK
    (check.folder / "key").unlink()
    assert (await check(BOT_KEYS=right))["key"].level is Level.OK
    said = table(await check.all(BOT_KEYS=other))
    assert (await check(BOT_KEYS=other))["key"].level is Level.WRONG
    assert other not in said


async def test_keys_that_are_wrong_themselves_are_not_compared(check: Checked) -> None:
    await stored(check.folder)
    found = await check(BOT_KEYS="no-key")
    assert found["settings"].level is Level.WRONG
    assert found["key"].level is Level.UNCHECKED
