"""A whole copy of the database, made while it is in use."""

import os
from pathlib import Path

from aiosqlite import Connection

from storage.files import make_file_private, make_folder_private, sync_folder
from storage.rows import run


async def copy_database(conn: Connection, target: Path) -> None:
    """Writes what ``conn`` sees now to ``target``: one compact file, 0600, in a folder of 0700.

    ``conn`` is in no transaction and may write (``query_only`` forbids ``VACUUM INTO``). The name
    ``target`` appears only when the copy is whole and on the disk. Raises FileExistsError if it is
    taken, other OSErrors and ``sqlite3.Error`` if there is no room or no right to write.
    """
    partial = target.with_name(target.name + ".partial")
    _make_room(partial, target)
    try:
        await run(conn, "VACUUM INTO ?", (str(partial),))
        _finish(partial, target)
    finally:
        partial.unlink(missing_ok=True)


def _make_room(partial: Path, target: Path) -> None:
    make_folder_private(target.parent)
    if target.exists():
        raise FileExistsError(f"{target} is there already")
    partial.unlink(missing_ok=True)
    make_file_private(partial)


def _finish(partial: Path, target: Path) -> None:
    handle = os.open(partial, os.O_RDWR)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
    partial.rename(target)
    sync_folder(target.parent)
