"""Runs statements and makes dataclasses of rows.

A statement is one call to the connection's thread and leaves no cursor. Changes that must be
counted use ``RETURNING``; the number of rows is the number of changes.
"""

import sqlite3
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import is_dataclass
from datetime import date, datetime, time
from enum import Enum
from functools import cache, partial
from operator import itemgetter
from types import NoneType
from typing import Any, TypeVar, get_args, get_type_hints

from aiosqlite import Connection

from storage.moments import from_text

Value = str | int | float | bytes | None
Values = Sequence[Value] | Mapping[str, Value]
"""A sequence for ``?``, a mapping for ``:name``."""
Record = TypeVar("Record")

_CONVERSIONS: Mapping[type, Callable[[Any], object]] = {
    datetime: from_text,
    date: date.fromisoformat,
    time: time.fromisoformat,
    bool: bool,
}


async def rows(conn: Connection, sql: str, values: Values = ()) -> list[sqlite3.Row]:
    """All rows of the statement."""
    return list(await conn.execute_fetchall(sql, values))


async def first_row(conn: Connection, sql: str, values: Values = ()) -> sqlite3.Row | None:
    """The first row of the statement, or None. The statement runs to its end."""
    found = await rows(conn, sql, values)
    return found[0] if found else None


async def numbers(conn: Connection, sql: str, values: Values = ()) -> list[int]:
    """The first column of all rows of the statement: ids, or other whole numbers."""
    return [int(row[0]) for row in await rows(conn, sql, values)]


async def first_number(conn: Connection, sql: str, values: Values = ()) -> int:
    """The first column of the statement's first row; 0 without a row."""
    found = await numbers(conn, sql, values)
    return found[0] if found else 0


async def first_moment(conn: Connection, sql: str, values: Values = ()) -> datetime | None:
    """The moment in the first column of the statement's first row; None without a row, or for
    NULL."""
    row = await first_row(conn, sql, values)
    return from_text(row[0]) if row is not None and row[0] is not None else None


async def changed(conn: Connection, sql: str, values: Values = ()) -> bool:
    """Runs a change that ends in ``RETURNING``; returns whether it changed any row."""
    return bool(await rows(conn, sql, values))


async def run(conn: Connection, sql: str, values: Values = ()) -> None:
    """Runs a statement for its effect."""
    await conn.execute_fetchall(sql, values)


async def set_of_chat(conn: Connection, table: str, chat_id: int, **values: Value) -> bool:
    """Sets columns in the chat's row of the table; False if there is no such row."""
    columns = ", ".join(f"{name} = :{name}" for name in values)
    sql = f"UPDATE {table} SET {columns} WHERE chat_id = :chat_id RETURNING 1"  # noqa: S608
    return await changed(conn, sql, {**values, "chat_id": chat_id})


async def run_many(conn: Connection, sql: str, many: Iterable[Sequence[Value]]) -> None:
    """Runs a change once for each tuple of values."""
    async with conn.executemany(sql, many):
        return


def record(kind: Callable[..., Record], row: sqlite3.Row, **given: object) -> Record:
    """The dataclass ``kind`` of a row: each field is the column of its name, except those
    ``given``. Moments, dates, times, flags and enums are converted, NULL is None, and a field that
    is a dataclass is made of the same row. Raises IndexError for a missing column, ValueError for a
    text invalid for its type."""
    values = {name: read(row) for name, read in _readers(kind) if name not in given}
    return kind(**values, **given)


async def records(
    kind: Callable[..., Record], conn: Connection, sql: str, values: Values = ()
) -> list[Record]:
    """All rows of the statement, each as :func:`record` makes it."""
    return [record(kind, row) for row in await rows(conn, sql, values)]


async def first_record(
    kind: Callable[..., Record], conn: Connection, sql: str, values: Values = ()
) -> Record | None:
    """The first row of the statement, as :func:`record` makes it, or None."""
    row = await first_row(conn, sql, values)
    return record(kind, row) if row is not None else None


@cache
def _readers(kind: Callable[..., object]) -> list[tuple[str, Callable[[sqlite3.Row], object]]]:
    return [(name, _reader(name, hint)) for name, hint in get_type_hints(kind).items()]


def _reader(name: str, hint: type) -> Callable[[sqlite3.Row], object]:
    kind = next((each for each in get_args(hint) if each is not NoneType), hint)
    if is_dataclass(kind):
        return partial(record, kind)
    convert = kind if issubclass(kind, Enum) else _CONVERSIONS.get(kind)
    if kind is str:
        # Classmates have the same courses: equal names and ids of thousands of cells stand once.
        convert = sys.intern
    if convert is None:
        return itemgetter(name)

    def read(row: sqlite3.Row) -> object:
        value = row[name]
        return None if value is None else convert(value)

    return read
