"""What a command that runs as root makes in the folder of the account that runs the bot."""

import os
from pathlib import Path

import pytest

from storage.backup import back_up
from storage.database import Database
from storage.files import make_folder_private, write_privately
from storage.key_file import KeyFile, open_vault
from storage.lock import FolderLock, LockName
from storage.moments import utc_now
from storage.restore import restore
from storage.rotation import reseal, unwatched
from tests.support.stored_rows import account_of

pytestmark = pytest.mark.skipif(os.geteuid() != 0, reason="only root can give files away")

BOT = 42_424


def owners(folder: Path) -> dict[str, int]:
    return {
        str(path.relative_to(folder)): path.lstat().st_uid for path in (folder, *folder.rglob("*"))
    }


async def test_files_made_by_root_belong_to_the_owner_of_the_folder(tmp_path: Path) -> None:
    """A new key of root's would lock the bot out of every cookie that was sealed with it."""
    folder = tmp_path / "data"
    folder.mkdir(mode=0o700)
    os.chown(folder, BOT, BOT)
    database, key = folder / "bot.sqlite3", folder / "key"
    async with await Database.open(database) as db:
        await account_of(db, open_vault(key))
        assert set(owners(folder).values()) == {BOT}
    FolderLock.take(folder, LockName.KEYS).release()
    KeyFile(key).begin_rotation(unwatched)
    assert set(owners(folder).values()) == {BOT}
    reseal(database, open_vault(key))
    back_up(database, folder / "backups" / "by-hand.sqlite3")
    restore(folder / "backups" / "by-hand.sqlite3", database, utc_now())
    write_privately(folder / "text", "x")
    made = owners(folder)
    assert {"key", "key.rotating", "key.lock", "lock", "backups", "text"} <= made.keys()
    assert {name: owner for name, owner in made.items() if owner != BOT} == {}


def test_a_folder_that_is_there_keeps_its_owner(tmp_path: Path) -> None:
    parent, folder = tmp_path / "parent", tmp_path / "parent" / "data"
    folder.mkdir(parents=True)
    os.chown(parent, BOT, BOT)
    make_folder_private(folder)
    assert owners(parent) == {".": BOT, "data": 0}
