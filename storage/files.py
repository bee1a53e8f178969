"""Private files and folders: 0700 and 0600, whatever the umask."""

import logging
import os
from pathlib import Path

FOLDER_MODE = 0o700
FILE_MODE = 0o600

_log = logging.getLogger(__name__)


def make_folder_private(folder: Path) -> None:
    """Makes ``folder``, with its parents, and leaves it to its owner alone. Raises OSError."""
    folder.mkdir(mode=FOLDER_MODE, parents=True, exist_ok=True)
    _tighten(folder, FOLDER_MODE)


def make_file_private(file: Path) -> None:
    """Makes ``file``, empty, if there is none, and leaves it to its owner alone. Raises OSError."""
    try:
        os.close(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, FILE_MODE))
    except FileExistsError:
        _tighten(file, FILE_MODE)


def sync_folder(folder: Path) -> None:
    """Makes the names in ``folder`` survive a power cut. Raises OSError."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _tighten(path: Path, mode: int) -> None:
    if path.stat().st_mode & 0o777 & ~mode == 0:
        return
    try:
        path.chmod(mode)
    except PermissionError:
        # A mounted folder can belong to somebody else; the files in it are private all the same.
        _log.warning("%s is open to others and belongs to somebody else", path)
