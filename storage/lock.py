"""Allows one process per data folder, by a file lock that the system releases when the process
ends."""

import fcntl
import os
from pathlib import Path
from typing import Self

from storage.errors import StorageError, translated_files
from storage.files import make_folder_private


class FolderInUse(StorageError):  # noqa: N818 - it says what is so
    """Another process works in the data folder."""


class FolderLock:
    """Held from :meth:`take` to :meth:`release`, or to the process's end."""

    def __init__(self, handle: int) -> None:
        self._handle = handle

    @classmethod
    def take(cls, folder: Path) -> Self:
        """Raises FolderInUse if another process has it, and StorageUnavailable or DiskFull if it
        cannot be taken, each with one sentence for the operator."""
        with translated_files(folder):
            make_folder_private(folder)
            handle = os.open(folder / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                os.close(handle)
                raise FolderInUse(
                    f"Another bot is running with the data folder {folder}: stop it first, or set "
                    "DATA_DIR to another folder."
                ) from None
            except OSError:
                os.close(handle)
                raise
        return cls(handle)

    def release(self) -> None:
        os.close(self._handle)
