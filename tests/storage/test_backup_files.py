"""The folder of backups: names that tell why and when, and what may go."""

import os
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest

from storage.backup_files import (
    Backup,
    BackupKind,
    backups_of,
    new_path,
    remove_abandoned,
    remove_older,
)
from storage.database import Database
from storage.migrate import built_in_migrations, load_migrations

NOW = datetime(2021, 3, 10, 19, 0, 5, tzinfo=UTC)
WEEK = timedelta(days=7)


@pytest.fixture
def database(data_dir: Path) -> Path:
    (data_dir / "backups").mkdir(parents=True)
    return data_dir / "bot.sqlite3"


def _put(database: Path, *names: str) -> None:
    for name in names:
        (database.parent / "backups" / name).touch()


def _names(paths: Iterable[Path]) -> list[str]:
    return sorted(path.name for path in paths)


def _good(database: Path) -> Backup:
    path = new_path(database, BackupKind.NIGHTLY, NOW)
    path.touch()
    return Backup(path, BackupKind.NIGHTLY, NOW)


@pytest.mark.parametrize("kind", list(BackupKind))
def test_a_new_name_is_read_back_as_what_it_says(database: Path, kind: BackupKind) -> None:
    path = new_path(database, kind, NOW)
    path.touch()

    assert backups_of(database) == [Backup(path, kind, NOW)]


def test_a_name_says_the_moment_in_utc(database: Path) -> None:
    in_china = NOW.astimezone(timezone(timedelta(hours=8)))

    assert (
        new_path(database, BackupKind.BY_HAND, in_china).name == "by-hand-20210310T190005Z.sqlite3"
    )


def test_two_names_of_one_second_differ_and_both_are_read(database: Path) -> None:
    for _ in range(3):
        new_path(database, BackupKind.BY_HAND, NOW).touch()

    assert [(each.kind, each.made_at) for each in backups_of(database)] == [
        (BackupKind.BY_HAND, NOW)
    ] * 3


async def test_the_copy_before_a_migration_is_one_of_them(data_dir: Path, tmp_path: Path) -> None:
    migrations = tmp_path / "migrations"
    migrations.mkdir()
    for file in built_in_migrations().iterdir():
        (migrations / file.name).write_bytes(file.read_bytes())
    path = data_dir / "bot.sqlite3"
    await (await Database.open(path, migrations=migrations, clock=lambda: NOW)).close()
    number = load_migrations(migrations).newest + 1
    (migrations / f"{number:04}_more.sql").write_text("CREATE TABLE more (id INTEGER);")
    await (await Database.open(path, migrations=migrations, clock=lambda: NOW)).close()

    (found,) = backups_of(path)

    assert (found.kind, found.made_at) == (BackupKind.BEFORE_MIGRATION, NOW.replace(microsecond=0))


def test_other_files_are_no_backups(database: Path) -> None:
    _put(
        database,
        "notes.txt",
        "nightly-20210301T190000Z.sqlite3.0a1b2c3d.partial",
        "nightly-20211301T190000Z.sqlite3",
        "weekly-20210301T190000Z.sqlite3",
    )

    assert backups_of(database) == []


def test_without_the_folder_there_are_none(data_dir: Path) -> None:
    assert backups_of(data_dir / "bot.sqlite3") == []


def test_what_was_made_unasked_goes_when_it_is_too_old(database: Path) -> None:
    _put(
        database,
        "nightly-20210303T190004Z.sqlite3",
        "before-migration-0002-20210301T120000Z.sqlite3",
        "before-restore-20210301T120000Z.sqlite3",
        "before-restore-20210301T120000Z.sqlite3-wal",
    )

    gone = remove_older(database, _good(database), WEEK)

    assert len(gone) == 3
    assert _names((database.parent / "backups").iterdir()) == ["nightly-20210310T190005Z.sqlite3"]


def test_what_is_young_or_made_by_hand_or_no_backup_stays(database: Path) -> None:
    stays = [
        "before-migration-0002-20210309T120000Z.sqlite3",
        "by-hand-20200101T000000Z.sqlite3",
        "holiday.sqlite3",
        "nightly-20210303T190005Z.sqlite3",
        "nightly-20300101T000000Z.sqlite3",
    ]
    _put(database, *stays)

    assert remove_older(database, _good(database), WEEK) == []

    assert _names((database.parent / "backups").iterdir()) == sorted(
        [*stays, "nightly-20210310T190005Z.sqlite3"]
    )


def test_what_a_killed_copy_left_goes_and_one_that_grows_stays(database: Path) -> None:
    folder = database.parent / "backups"
    for name, age in (("old", 3601), ("old.partial-journal", 3601), ("young", 3599)):
        file = folder / (name if "partial" in name else f"{name}.sqlite3.0a1b2c3d.partial")
        file.touch()
        moment = (NOW - timedelta(seconds=age)).timestamp()
        os.utime(file, (moment, moment))

    remove_abandoned(database, NOW)

    assert _names(folder.iterdir()) == ["young.sqlite3.0a1b2c3d.partial"]
