"""The nightly backup: one good copy for each night, made up for, tried again, cleared up after."""

import asyncio
import os
import shutil
from collections.abc import AsyncIterator, Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from bot.backups import LOOK, NightlyBackups, night_of
from demo.platform import picture, school_of
from storage.backup import check_copy
from storage.backup_files import BackupKind, backups_of
from storage.database import Database
from storage.errors import DatabaseBusy
from storage.key_file import open_vault
from storage.rows import run_many
from tests.storage.test_backup import Usage
from tests.support.clocks import SettableClock
from tests.support.jobs_harness import open_jobs
from tests.support.names import ANNA
from tests.support.stored_rows import COOKIE, account_of, chat_of

EVENING = datetime(2021, 3, 1, 18, 50, tzinfo=UTC)
NIGHT = datetime(2021, 3, 1, 19, tzinfo=UTC)
DAY = timedelta(days=1)


@pytest.fixture
def wall() -> Iterator[SettableClock]:
    made = SettableClock(NIGHT)
    yield made
    assert made.slept == [], "nothing here sleeps"


@pytest.fixture
async def db(tmp_path: Path) -> AsyncIterator[Database]:
    async with await Database.open(tmp_path / "data" / "bot.sqlite3") as database:
        await chat_of(database)
        yield database


Make = Callable[..., NightlyBackups]


@pytest.fixture
def start(db: Database, wall: SettableClock) -> Make:
    """A start of the bot: what was known in memory is gone."""
    return lambda keep_days=7: NightlyBackups(db, wall, keep_days=keep_days)


def _made(db: Database) -> list[datetime]:
    return [backup.made_at for backup in backups_of(db.path)]


def _files(db: Database) -> list[str]:
    folder = db.path.parent / "backups"
    return sorted(file.name for file in folder.iterdir()) if folder.exists() else []


@pytest.mark.parametrize(
    ("moment", "begun"),
    [
        (NIGHT, NIGHT),
        (NIGHT - timedelta(microseconds=1), NIGHT - DAY),
        (NIGHT + DAY - timedelta(seconds=1), NIGHT),
        (datetime(2021, 3, 1, 0, 0, tzinfo=UTC), NIGHT - DAY),
    ],
)
def test_a_night_lasts_until_the_next(moment: datetime, begun: datetime) -> None:
    assert night_of(moment) == begun


async def test_a_night_gets_one_backup_however_often_it_is_looked(
    db: Database, wall: SettableClock, start: Make
) -> None:
    wall.shows = EVENING
    backups = start()
    while wall.shows < EVENING + 3 * DAY:
        await backups.look()
        wall.shows += LOOK

    assert _made(db) == [EVENING, NIGHT, NIGHT + DAY, NIGHT + 2 * DAY]
    assert [each.kind for each in backups_of(db.path)] == [BackupKind.NIGHTLY] * 4
    assert all(check_copy(each.path) for each in backups_of(db.path))


async def test_a_restart_makes_no_second_one(
    db: Database, wall: SettableClock, start: Make
) -> None:
    await start().look()
    wall.shows += timedelta(hours=5)
    await start().look()

    assert _made(db) == [NIGHT]


async def test_a_missed_night_is_made_up_for_at_the_start(
    db: Database, wall: SettableClock, start: Make
) -> None:
    await start().look()
    wall.shows = late = NIGHT + DAY + timedelta(hours=9)
    await start().look()

    assert _made(db) == [NIGHT, late]


async def test_old_ones_go_after_the_new_one(
    db: Database, wall: SettableClock, start: Make
) -> None:
    backups = start(3)
    for _ in range(9):
        await backups.look()
        wall.shows += DAY

    assert _made(db) == [NIGHT + number * DAY for number in (5, 6, 7, 8)]


async def test_nothing_goes_while_there_is_no_newer_good_one(
    db: Database, wall: SettableClock, start: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    await start(1).look()
    before = _files(db)
    wall.shows += 30 * DAY
    monkeypatch.setattr(shutil, "disk_usage", _full)

    await start(1).look()

    assert _files(db) == before
    monkeypatch.undo()
    await start(1).look()
    assert _made(db) == [wall.shows]


def _full(_: Path) -> Usage:
    return Usage(total=1, used=1, free=0)


async def test_one_that_fails_is_told_and_made_at_a_later_look(
    db: Database,
    wall: SettableClock,
    start: Make,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    backups = start()
    monkeypatch.setattr(shutil, "disk_usage", _full)
    with capture_logs() as logged:
        await backups.look()
    (line,) = logged
    assert line["event"] == "the nightly backup failed; trying again"
    assert line["log_level"] == "error"
    assert line["trouble"].startswith("There is no room left for")
    assert "exc_info" not in line
    assert _files(db) == []
    await chat_of(db, ANNA + 1)

    monkeypatch.undo()
    wall.shows += LOOK
    await backups.look()
    assert _made(db) == [NIGHT + LOOK]


async def test_one_that_was_damaged_since_is_made_again(
    db: Database, wall: SettableClock, start: Make
) -> None:
    await start().look()
    (first,) = backups_of(db.path)
    first.path.write_bytes(first.path.read_bytes()[:5000])
    wall.shows += LOOK

    await start().look()

    assert _made(db) == [NIGHT, NIGHT + LOOK]
    assert check_copy(backups_of(db.path)[1].path)


async def test_one_of_a_clock_that_was_ahead_does_not_hold_up_the_next(
    db: Database, wall: SettableClock, start: Make
) -> None:
    wall.shows = future = NIGHT + 4000 * DAY
    await start().look()
    wall.shows = NIGHT
    await start().look()

    assert _made(db) == [NIGHT, future]


async def test_one_made_by_hand_is_no_nightly_one(
    db: Database, wall: SettableClock, start: Make
) -> None:
    await start().look()
    (first,) = backups_of(db.path)
    first.path.rename(first.path.with_name("by-hand-20210301T190000Z.sqlite3"))

    await start().look()

    assert [each.kind for each in backups_of(db.path)] == [BackupKind.BY_HAND, BackupKind.NIGHTLY]


async def test_with_zero_days_none_is_made_and_none_is_removed(
    db: Database, wall: SettableClock, start: Make
) -> None:
    await start().look()
    wall.shows += 30 * DAY
    await start(0).look()

    assert _made(db) == [NIGHT]


async def test_two_looks_at_once_make_one(db: Database, start: Make) -> None:
    backups = start()

    await asyncio.gather(backups.look(), backups.look())

    assert _made(db) == [NIGHT]


async def test_the_end_does_not_wait_for_a_long_copy(db: Database, start: Make) -> None:
    await db.write(
        lambda conn: run_many(
            conn,
            "INSERT INTO chats (chat_id, user_id, language, created_at) VALUES (?, 1, ?, '')",
            [(number, "x" * 900) for number in range(10_000, 30_000)],
        )
    )
    backups = start()
    looking = asyncio.create_task(backups.look())
    while not any(each.endswith(".partial") for each in _files(db)):  # noqa: ASYNC110 - a thread
        await asyncio.sleep(0)

    backups.close()
    await looking

    assert _files(db) == []
    await backups.look()
    assert _files(db) == []


async def test_what_a_killed_copy_left_is_cleared_up(db: Database, start: Make) -> None:
    folder = db.path.parent / "backups"
    folder.mkdir()
    left = folder / "nightly-20210228T190000Z.sqlite3.0a1b2c3d.partial"
    left.write_text("half a copy")
    moment = (NIGHT - timedelta(hours=2)).timestamp()
    os.utime(left, (moment, moment))

    await start().look()

    assert _files(db) == ["nightly-20210301T190000Z.sqlite3"]


async def test_what_was_erased_while_it_was_made_leaves_the_log(db: Database, start: Make) -> None:
    await chat_of(db, ANNA + 1)
    log = db.path.with_name(db.path.name + "-wal")
    assert log.stat().st_size > 0

    await start().look()

    assert log.stat().st_size == 0


async def test_a_log_that_cannot_be_emptied_is_no_failed_backup(
    db: Database, start: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def busy() -> None:
        raise DatabaseBusy("busy")

    monkeypatch.setattr(db, "checkpoint", busy)
    with capture_logs() as logged:
        await start().look()
    assert [line["event"] for line in logged] == [
        "the nightly backup is made",
        "the write-ahead log could not be emptied",
    ]


async def test_no_cookie_is_in_it(db: Database, start: Make, tmp_path: Path) -> None:
    account = await account_of(db, open_vault(tmp_path / "key"))

    await start().look()

    (backup,) = backups_of(db.path)
    assert account.name.encode() in backup.path.read_bytes(), "the search can find"
    assert COOKIE.encode() not in backup.path.read_bytes()


async def test_the_job_queue_looks_at_the_start(tmp_path: Path) -> None:
    async with open_jobs(tmp_path, school_of([picture()])) as harness:
        backups = NightlyBackups(harness.db, harness.clock, keep_days=7)
        harness.queue.every(LOOK, "the nightly backup", backups.look, at_once=True)

        await harness.until_so(lambda: backups_of(harness.db.path))
        backups.close()
