"""Whether a file has the schema of its version: the same tables, indexes and settings, no more.

A trigger, a view or a changed table of a file that came from elsewhere would act on what people do
long after it was opened.
"""

import sqlite3
from collections.abc import Iterable, Sequence
from contextlib import closing
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from aiosqlite import Connection

from storage.early_files import VERSION, missing_of_version_8
from storage.errors import SchemaChanged
from storage.migrate import Migration, Migrations
from storage.rows import rows
from storage.sql_text import normal, parts

ENTRIES = (
    "SELECT type, name, tbl_name, sql, user_version, encoding, auto_vacuum, application_id"
    " FROM pragma_user_version, pragma_encoding, pragma_auto_vacuum, pragma_application_id"
    " LEFT JOIN sqlite_master"
)
"""One statement, for one consistent view of the schema and of what is set in the file."""
_SETTINGS = {"encoding": "UTF-8", "auto_vacuum": 0, "application_id": 0}
_SHOWN = 80


@dataclass(frozen=True, slots=True)
class Entry:
    """A table, index, trigger or view; ``sql`` is None for an index that SQLite makes itself."""

    kind: str
    name: str
    table: str
    sql: str | None

    def __str__(self) -> str:
        return f"{self.kind} {_shown(self.name)}"

    @property
    def form(self) -> tuple[str, str, str, str]:
        """What must be equal."""
        return self.kind, self.name, self.table, normal(self.sql or "")


TOLERATED = frozenset(
    Entry("table", name, name, f"CREATE TABLE {name} ({columns})").form
    for name, columns in {
        # The statistics of SQLite's ANALYZE.
        "sqlite_stat1": "tbl, idx, stat",
        "sqlite_stat4": "tbl, idx, neq, nlt, ndlt, sample",
        # Litestream makes these in each database that it replicates.
        "_litestream_seq": "id INTEGER PRIMARY KEY, seq INTEGER",
        "_litestream_lock": "id INTEGER",
    }.items()
)
"""Further tables that change nothing of what the program does."""


async def refuse_changed(conn: Connection, migrations: Migrations, path: Path) -> None:
    """Raises SchemaChanged for a database that is not as this program made it. A new file, without
    a version, is left to the migrations."""
    found = await rows(conn, ENTRIES)
    if found[0]["user_version"] == 0:
        return
    if differing := difference([tuple(row) for row in found], migrations):
        raise SchemaChanged(
            f"{path} {differing}, unlike version {found[0]['user_version']} of this program's "
            "databases: put a backup in its place, or undo the change by hand."
        )


def difference(found: Sequence[Sequence[object]], migrations: Migrations) -> str | None:
    """What is not as the migrations make a file of its version, for a sentence after «it»; None if
    all is. ``found`` are the rows of :data:`ENTRIES`; the version must be a known one."""
    version, *settings = found[0][4:]
    for (name, usual), given in zip(_SETTINGS.items(), settings, strict=True):
        if given != usual:
            return f"has the {name} {_shown(str(given))} instead of {usual}"
    all_entries = [
        Entry(str(kind), str(name), str(table), None if sql is None else str(sql))
        for kind, name, table, sql, *_ in found
        if kind is not None
    ]
    entries = [entry for entry in all_entries if entry.form not in TOLERATED]
    forms = {entry.form for entry in entries}
    known = max(
        _schemas(int(str(version)), migrations),
        key=lambda each: len(forms & {entry.form for entry in each}),
    )
    return _first_difference(entries, known)


@lru_cache(maxsize=16)
def _schemas(version: int, migrations: Migrations) -> list[list[Entry]]:
    """The schemas that a file of the version may have."""
    made = migrations.made(version)
    usual = [statement for migration in made for statement in migration.statements]
    schemas = [_entries_after(usual)]
    if version == VERSION:
        schemas.append(_entries_after(_early(made)))
    return schemas


def _early(made: Sequence[Migration]) -> list[str]:
    """The statements that a file from before the last changes of version 8 went through."""
    later = {normal(statement) for statement in missing_of_version_8(())}
    return [
        statement
        for migration in made
        for statement in migration.statements
        if migration.version != VERSION or normal(statement) not in later
    ]


def _entries_after(statements: Iterable[str]) -> list[Entry]:
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as conn:
        for statement in statements:
            conn.execute(statement)
        return [
            Entry(*row)
            for row in conn.execute("SELECT type, name, tbl_name, sql FROM sqlite_master")
        ]


def _first_difference(found: Sequence[Entry], known: Sequence[Entry]) -> str | None:
    forms, wanted = {entry.form for entry in found}, {entry.form for entry in known}
    if forms == wanted and len(found) == len(known):
        return None
    by_name = {(entry.kind, entry.name): entry for entry in known}
    for entry in found:
        other = by_name.get((entry.kind, entry.name))
        if other is None:
            return f"has a {entry} that does not belong there"
        if entry.form != other.form:
            return _changed(entry, other)
    here = {(entry.kind, entry.name) for entry in found}
    lacking = next((entry for name, entry in by_name.items() if name not in here), None)
    return f"lacks the {lacking}" if lacking is not None else "names a table or an index twice"


def _changed(found: Entry, known: Entry) -> str:
    if found.sql is None or known.sql is None or found.table != known.table:
        return f"has a {found} of another table"
    here, there = parts(found.sql), parts(known.sql)
    more, less = [*(here - there)], [*(there - here)]
    if more:
        return f"has a {found} with {_shown(more[0])}" + (
            f" instead of {_shown(less[0])}" if less else " besides"
        )
    if less:
        return f"has a {found} without {_shown(less[0])}"
    return f"has a {found} with its parts in another order"


def _shown(text: str) -> str:
    """A piece of a file that came from elsewhere, for one line of a sentence."""
    plain = "".join(sign if sign.isprintable() else "?" for sign in text)
    return f"«{plain[:_SHOWN]}…»" if len(plain) > _SHOWN else f"«{plain}»"
