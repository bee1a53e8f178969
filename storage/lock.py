"""Allows one process per data folder, by a file lock that the system releases when the process
ends."""

import fcntl
import os
import time
from enum import StrEnum
from pathlib import Path
from typing import Self

from storage.errors import StorageError, translated_files
from storage.files import make_file_private, make_folder_private

TRIES, BETWEEN_TRIES = 3, 0.02
"""A process that only looks at a lock has it for less than a millisecond."""


class LockName(StrEnum):
    """What a lock is for, by the name of its file."""

    BOT = "lock"
    KEYS = "key.lock"
    """The keys are changed, which a bot may run beside."""


_HELD = {
    LockName.BOT: "Another bot is running with the data folder {folder}: stop it first, or set "
    "DATA_DIR to another folder.",
    LockName.KEYS: "The keys in {folder} are being rotated by another process: wait for its end.",
}


class FolderInUse(StorageError):  # noqa: N818 - it says what is so
    """Another process works in the data folder."""


class FolderLock:
    """Held from :meth:`take` to :meth:`release`, or to the process's end."""

    def __init__(self, handle: int) -> None:
        self._handle = handle

    @classmethod
    def take(cls, folder: Path, name: LockName = LockName.BOT) -> Self:
        """Raises FolderInUse if another process has it, and StorageUnavailable or DiskFull if it
        cannot be taken, each with one sentence for the operator."""
        with translated_files(folder):
            make_folder_private(folder)
            make_file_private(folder / name)
            handle = os.open(folder / name, os.O_RDWR | os.O_CLOEXEC)
            try:
                _take(handle)
            except BlockingIOError:
                os.close(handle)
                raise FolderInUse(_HELD[name].format(folder=folder)) from None
            except OSError:
                os.close(handle)
                raise
        return cls(handle)

    def release(self) -> None:
        os.close(self._handle)


def _take(handle: int) -> None:
    """Raises BlockingIOError if another process has the lock, and does not only look at it."""
    for _ in range(TRIES - 1):
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            time.sleep(BETWEEN_TRIES)
        else:
            return
    fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)


def is_taken(folder: Path) -> bool:
    """Whether a bot has the lock. Makes nothing, and keeps the lock for no longer than the
    look at it. Raises StorageUnavailable if the lock may not be looked at."""
    with translated_files(folder):
        try:
            handle = os.open(folder / LockName.BOT, os.O_RDONLY | os.O_CLOEXEC)
        except (FileNotFoundError, NotADirectoryError):
            return False
        try:
            fcntl.flock(handle, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
        finally:
            os.close(handle)
    return False
