"""Looks at a database without opening it for work: nothing in its folder is made or changed."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import aiosqlite

from storage import sealed
from storage.connections import check_quickly
from storage.errors import translated
from storage.migrate import (
    built_in_migrations,
    load_migrations,
    refuse_unknown,
    version_of,
)
from storage.schema import refuse_changed
from storage.vault import Vault


@dataclass(frozen=True, slots=True)
class Inspection:
    """``version`` is that of the file's schema, ``newest`` that of this program's; ``other_keys``
    are the ids of the keys that sealed cookies and that the vault does not have. ``has_log``: a
    process that was killed left changes beside the file, which were not looked at."""

    version: int
    newest: int
    holds_cookies: bool
    other_keys: tuple[str, ...]
    has_log: bool = False

    @property
    def shows_cookies(self) -> bool:
        """Whether all cookies were looked for."""
        return not self.has_log and self.version in (0, self.newest)


async def inspect(path: Path, vault: Vault | None, *, in_use: bool) -> Inspection:
    """Looks at the file ``path``, which a running bot has open if ``in_use``. Without a vault every
    key is another one. Raises StorageError, as opening it would."""
    known = load_migrations(built_in_migrations())
    # A process that was killed leaves a log. What is only in it is not seen: to read it would
    # change files.
    has_log = not in_use and _size(path.with_name(path.name + "-wal")) > 0
    async with _opened(path, _address_of(path), in_use=in_use) as conn:
        await refuse_unknown(conn, known, path)
        version = await version_of(conn)
        if not has_log:
            # In this order, as at the start: a check runs expressions of the schema.
            await refuse_changed(conn, known, path)
            await check_quickly(conn, path)
        if version == 0 or version < known.newest:
            # The tables of an older version may lack what is asked for.
            return Inspection(
                version, known.newest, holds_cookies=False, other_keys=(), has_log=has_log
            )
        holds = await sealed.holds_cookies(conn)
        others = tuple(await sealed.other_keys(conn, vault)) if vault is not None else ()
        return Inspection(version, known.newest, holds, others, has_log)


@asynccontextmanager
async def _opened(path: Path, address: str, *, in_use: bool) -> AsyncIterator[aiosqlite.Connection]:
    # In a folder without a running bot, SQLite would make the files of a log, even to read.
    query = "mode=ro" if in_use else "mode=ro&immutable=1"
    with translated(path):
        async with aiosqlite.connect(f"{address}?{query}", uri=True, isolation_level=None) as conn:
            conn.row_factory = aiosqlite.Row
            yield conn


def _address_of(path: Path) -> str:
    return path.resolve().as_uri()


def _size(file: Path) -> int:
    return file.stat().st_size if file.exists() else 0
