"""Databases as earlier versions of the schema wrote them: ``data/vNNNN.sql``, never changed.

With the program's migrations after its ``first_0001.sql`` a database goes the way that those went.

``python -m tests.storage.versions 5`` writes ``data/v0005.sql`` once, when a migration 0006 is to
come: the version before it, brought up, with the rows of :data:`ADDED`.
"""

import asyncio
import sqlite3
import sys
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory

from storage.database import Database
from storage.migrate import built_in_migrations, load_migrations

FOLDER = Path(__file__).parent / "data"
LEFT = [int(file.stem[1:]) for file in sorted(FOLDER.glob("v*.sql"))]
KEY = bytes(range(32))
"""What the cookies in them are sealed with."""
ADDED: Sequence[str] = ()
"""Statements for the version that is written next: a row of each new table, column and value of a
CHECK that it brings."""


def load(version: int, path: Path) -> None:
    """Make ``path`` the database that this version left."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with closing(sqlite3.connect(path)) as conn:
        conn.execute("PRAGMA journal_mode = WAL")
        conn.executescript((FOLDER / f"v{version:04}.sql").read_text(encoding="utf-8"))


def migrations_up_to(version: int, work: Path) -> Path:
    """A folder of the first schema and the program's migrations up to that version."""
    folder = work / f"migrations-{version}"
    folder.mkdir(parents=True)
    built_in = built_in_migrations()
    (folder / "schema_0001.sql").write_bytes((built_in / "first_0001.sql").read_bytes())
    for step in load_migrations(built_in).steps[: version - 1]:
        (folder / step.name).write_bytes((built_in / step.name).read_bytes())
    return folder


async def leave(version: int, work: Path) -> str:
    """The script of ``version``, from the one before it."""
    path = work / "bot.sqlite3"
    load(version - 1, path)
    await (await Database.open(path, migrations=migrations_up_to(version, work))).close()
    with closing(sqlite3.connect(path)) as conn:
        conn.execute("PRAGMA foreign_keys = ON")
        for statement in ADDED:
            conn.execute(statement)
        conn.commit()
        about = (
            f"-- A database as version {version} of the schema wrote it, with a row of each table "
            "and sort. Never changed."
        )
        return "\n".join([about, f"PRAGMA user_version = {version};", *conn.iterdump(), ""])


def main(version: int) -> None:
    file = FOLDER / f"v{version:04}.sql"
    if file.exists():
        raise SystemExit(f"{file} is there, and must stay what that version wrote")
    with TemporaryDirectory() as work:
        file.write_text(asyncio.run(leave(version, Path(work))), encoding="utf-8")


if __name__ == "__main__":
    main(int(sys.argv[1]))
