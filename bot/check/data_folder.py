"""Checks the data folder: its rights, its lock, its database and key, and the room on its disk.

Nothing in it is made or changed, and a bot that runs there is not disturbed.
"""

import os
import shutil
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from bot.app import DATABASE_NAME, KEY_NAME
from bot.check.finding import Finding, note, ok, unchecked, wrong
from bot.given_keys import GivenKeys
from bot.health.command import causes_of
from bot.settings import Settings
from storage.backup import RESERVE_BYTES
from storage.backup_files import FOLDER_NAME
from storage.errors import StorageError
from storage.files import FILE_MODE, FOLDER_MODE
from storage.inspection import Inspection, inspect
from storage.key_file import KeyFile
from storage.lock import LockName, is_taken
from storage.vault import Vault, VaultError

FOLDER, LOCK, DATABASE, KEY, DISK = "folder", "lock", "database", "key", "disk"
NAMES = (FOLDER, LOCK, DATABASE, KEY, DISK)
_MADE = (LOCK, DATABASE, KEY)
MEGABYTE = 1_000_000


async def check_data_folder(settings: Settings, now: datetime) -> list[Finding]:
    """``now`` is the machine's time."""
    folder = settings.data_dir.resolve()
    rights = check_rights(folder)
    if not folder.exists():
        later = [ok(name, "there is none yet: it is made at the first start") for name in _MADE]
        return [rights, *later, check_disk(folder)]
    if not folder.is_dir() or not os.access(folder, os.R_OK | os.X_OK):
        hidden = [unchecked(name, "not checked: the folder cannot be read") for name in _MADE]
        return [rights, *hidden, check_disk(folder)]
    lock, in_use = _lock(folder, now)
    return [
        rights,
        lock,
        *await _database_and_key(folder, settings.bot_keys, in_use=in_use),
        check_disk(folder),
    ]


def check_rights(folder: Path) -> Finding:
    """Whether this process may work in the folder, and whether others may look into it."""
    if not folder.exists():
        parent = _existing(folder)
        if parent.is_dir() and os.access(parent, os.W_OK | os.X_OK):
            return ok(FOLDER, f"{folder} will be made at the first start")
        return wrong(
            FOLDER,
            f"{folder} is not there and cannot be made in {parent}: make it, and give it to the "
            "account that runs the bot",
        )
    if not folder.is_dir():
        return wrong(FOLDER, f"{folder} is no folder: set DATA_DIR to another path")
    for path in (folder, *_files(folder)):
        if not os.access(path, os.R_OK | os.W_OK | (os.X_OK if path.is_dir() else 0)):
            return wrong(
                FOLDER,
                f"{path} may not be read or written by this account (user id {os.getuid()}): give "
                "it to the account that runs the bot, and run this check as that one",
            )
    strangers = sorted({path.stat().st_uid for path in (folder, *_files(folder))} - {os.getuid()})
    if strangers:
        return note(
            FOLDER,
            f"{folder} belongs to user id {strangers[0]}, and this check runs as {os.getuid()}: "
            "run it as the account that runs the bot",
        )
    for path in (folder, *_files(folder)):
        mode = path.stat().st_mode & 0o777
        allowed = FOLDER_MODE if path.is_dir() else FILE_MODE
        if mode & ~allowed:
            return note(
                FOLDER,
                f"{path} is open to other accounts (mode {mode:04o}): chmod {allowed:o} closes it",
            )
    return ok(FOLDER, f"{folder} is this account's alone")


def check_disk(folder: Path) -> Finding:
    """Whether a backup fits on the disk, with the room that it leaves to the bot."""
    database = folder / DATABASE_NAME
    size = sum(
        file.stat().st_size
        for file in (database, database.with_name(f"{DATABASE_NAME}-wal"))
        if file.exists()
    )
    free, needed = shutil.disk_usage(_existing(folder)).free, size + RESERVE_BYTES
    if free < needed:
        return wrong(
            DISK,
            f"{free // MEGABYTE} MB are free, and a backup needs {needed // MEGABYTE}: free some",
        )
    return ok(DISK, f"{free // MEGABYTE} MB are free, and a backup needs {needed // MEGABYTE}")


def _files(folder: Path) -> Iterator[Path]:
    names = (DATABASE_NAME, f"{DATABASE_NAME}-wal", f"{DATABASE_NAME}-shm", KEY_NAME, *LockName)
    for name in (*names, FOLDER_NAME):
        if (folder / name).exists():
            yield folder / name


def _existing(path: Path) -> Path:
    """The path, or the nearest one above it that exists."""
    return next(each for each in (path, *path.parents) if each.exists())


def _lock(folder: Path, now: datetime) -> tuple[Finding, bool]:
    try:
        taken = is_taken(folder)
    except StorageError as error:
        return wrong(LOCK, str(error)), False
    if not taken:
        return ok(LOCK, "no bot is running with this folder"), False
    causes = causes_of(folder, now)
    if causes:
        return note(LOCK, f"a bot is running with this folder, and is not well: {causes[0]}"), True
    return ok(LOCK, "a bot is running with this folder, and is well"), True


async def _database_and_key(
    folder: Path, given: GivenKeys | None, *, in_use: bool
) -> list[Finding]:
    database, key_file = folder / DATABASE_NAME, folder / KEY_NAME
    try:
        vault = _vault(key_file, given)
        key_trouble = ""
    except VaultError as error:
        vault, key_trouble = None, str(error)
    if not database.exists():
        found = ok(DATABASE, "there is none yet: it is made at the first start")
        return [found, wrong(KEY, key_trouble) if key_trouble else _key(vault, None, key_file)]
    try:
        seen = await inspect(database, vault, in_use=in_use)
    except StorageError as error:
        key = wrong(KEY, key_trouble) if key_trouble else unchecked(KEY, "not checked: no database")
        return [wrong(DATABASE, str(error)), key]
    return [
        _database(seen),
        wrong(KEY, key_trouble) if key_trouble else _key(vault, seen, key_file),
    ]


def _vault(key_file: Path, given: GivenKeys | None) -> Vault | None:
    """The keys that the start would use; None if it would make the first one. Raises VaultError."""
    if given is None and not key_file.exists():
        return None
    file = KeyFile(key_file)
    return Vault.following([file] if given is None else [given, file])


def _database(seen: Inspection) -> Finding:
    if seen.has_log:
        return note(
            DATABASE,
            "a bot that was killed left changes beside it, so it was not looked through: the next "
            "start takes them in, and checks it",
        )
    if seen.version < seen.newest:
        return ok(
            DATABASE,
            f"it is of version {seen.version}: the next start copies it and brings it to "
            f"{seen.newest}",
        )
    return ok(DATABASE, f"it is whole, of version {seen.version}")


def _key(vault: Vault | None, seen: Inspection | None, key_file: Path) -> Finding:
    if vault is None and seen is not None and seen.holds_cookies:
        return wrong(
            KEY,
            f"{key_file} is missing, and cookies are sealed with it: put it back from where it was "
            "kept",
        )
    is_unseen = seen is not None and not seen.shows_cookies
    if vault is None and is_unseen:
        return note(KEY, f"{key_file} is missing: the next start needs it if cookies are stored")
    if vault is None:
        return ok(KEY, "there is none yet: it is made at the first start")
    if seen is not None and seen.other_keys:
        return wrong(
            KEY,
            "cookies are sealed with a key that is not here, and their jobs wait: put back the key "
            f"{', '.join(seen.other_keys)}",
        )
    return ok(KEY, "it is there" if seen is None or is_unseen else "it opens what is stored")
