"""One process per data folder."""

import errno
import fcntl
import stat
from collections.abc import Callable
from pathlib import Path

import pytest

from storage.errors import StorageUnavailable
from storage.lock import FolderInUse, FolderLock

Spoil = Callable[[Path, pytest.MonkeyPatch], None]


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


def _unopenable(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder / "lock").mkdir()  # root too cannot open it for writing


def _without_locks(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise OSError(errno.ENOLCK, "No locks available")

    monkeypatch.setattr(fcntl, "flock", refuse)


@pytest.mark.parametrize("spoil", [_unopenable, _without_locks])
def test_a_lock_that_cannot_be_taken_is_told_in_a_sentence_and_leaves_nothing_open(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, spoil: Spoil
) -> None:
    spoil(tmp_path, monkeypatch)
    before = len([*Path("/proc/self/fd").iterdir()])
    with pytest.raises(StorageUnavailable, match="cannot be read or written"):
        FolderLock.take(tmp_path)
    assert len([*Path("/proc/self/fd").iterdir()]) == before
