"""One process per data folder."""

import stat
from pathlib import Path

import pytest

from storage.lock import FolderInUse, FolderLock


def test_a_folder_is_held_by_one_at_a_time(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    held = FolderLock.take(folder)
    with pytest.raises(FolderInUse, match="DATA_DIR") as raised:
        FolderLock.take(folder)
    assert str(folder) in str(raised.value)
    held.release()
    FolderLock.take(folder).release()


def test_the_lock_and_its_folder_are_the_owners_alone(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    FolderLock.take(folder).release()
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert stat.S_IMODE((folder / "lock").stat().st_mode) == 0o600
