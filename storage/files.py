"""Private files and folders: 0600 and 0700, independent of the umask."""

import logging
import os
import secrets
from contextlib import suppress
from pathlib import Path

FOLDER_MODE = 0o700
FILE_MODE = 0o600
LOG = "-wal"
SIDECARS = (LOG, "-shm", "-journal")
"""What SQLite adds to a database's name for the files beside it."""

_log = logging.getLogger(__name__)


def make_folder_private(folder: Path) -> None:
    """Makes ``folder``, with its parents, accessible to its owner only. Raises OSError."""
    if not folder.exists():
        folder.mkdir(mode=FOLDER_MODE, parents=True, exist_ok=True)
        give_to_owner_of(folder.parent, folder)
    else:
        folder.mkdir(exist_ok=True)
    _tighten(folder, FOLDER_MODE)


def make_file_private(file: Path) -> None:
    """Makes ``file``, empty if it is missing, accessible to its owner only. Raises OSError."""
    try:
        os.close(create_private(file))
    except FileExistsError:
        _tighten(file, FILE_MODE)


def create_private(file: Path) -> int:
    """A handle to write to a new file that is accessible to its owner only. Raises OSError,
    FileExistsError if there is one."""
    handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, FILE_MODE)
    give_to_owner_of(file.parent, handle)
    return handle


def give_to_owner_of(folder: Path, made: Path | int) -> None:
    """Gives what root just made in another account's folder to that account, which could not use it
    otherwise: a command may be run as root beside a bot that is not. Raises nothing."""
    if os.geteuid() != 0:
        return
    with suppress(OSError):
        owner = folder.stat()
        os.chown(made, owner.st_uid, owner.st_gid)


def write_privately(file: Path, text: str) -> None:
    """Replaces ``file`` whole by one with this text, accessible to its owner only; a link of this
    name is replaced, not followed. Raises OSError."""
    draft = file.with_name(f"{file.name}.{secrets.token_hex(8)}.new")
    try:
        with os.fdopen(create_private(draft), "w", encoding="utf-8") as opened:
            opened.write(text)
        draft.replace(file)
    finally:
        draft.unlink(missing_ok=True)


def sync_folder(folder: Path) -> None:
    """Syncs ``folder``, so that the names in it survive a power cut. Raises OSError."""
    _sync(folder, os.O_RDONLY)


def sync_file(file: Path) -> None:
    """Syncs ``file``, so that what is in it survives a power cut. Raises OSError."""
    _sync(file, os.O_RDWR)


def _sync(path: Path, access: int) -> None:
    handle = os.open(path, access)
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
        # A mounted folder can belong to another user; the files in it are still private.
        _log.warning("%s is open to others and belongs to another user", path)
