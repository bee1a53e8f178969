"""One way to run a statement: a single trip to the connection's thread, and no cursor left.

Changes that must be counted say ``RETURNING``; the number of rows is the number of changes.
"""

import sqlite3
from collections.abc import Iterable, Mapping, Sequence

from aiosqlite import Connection

Value = str | int | float | bytes | None
Values = Sequence[Value] | Mapping[str, Value]
"""For ``?`` a sequence, for ``:name`` a mapping."""


async def rows(conn: Connection, sql: str, values: Values = ()) -> list[sqlite3.Row]:
    """All rows that the statement gives."""
    return list(await conn.execute_fetchall(sql, values))


async def first_row(conn: Connection, sql: str, values: Values = ()) -> sqlite3.Row | None:
    """The first row that the statement gives, or None. The statement runs to its end."""
    found = await rows(conn, sql, values)
    return found[0] if found else None


async def changed(conn: Connection, sql: str, values: Values = ()) -> bool:
    """Runs a change that ends in ``RETURNING`` and says whether it changed any row."""
    return bool(await rows(conn, sql, values))


async def run(conn: Connection, sql: str, values: Values = ()) -> None:
    """Runs a statement for its effect."""
    await conn.execute_fetchall(sql, values)


async def run_many(conn: Connection, sql: str, many: Iterable[Sequence[Value]]) -> None:
    """Runs a change once for each tuple of values."""
    async with conn.executemany(sql, many):
        return
