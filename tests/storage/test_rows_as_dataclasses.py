"""A row becomes its dataclass: by the names of the fields, converted by their types."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import StrEnum
from pathlib import Path
from sqlite3 import Row

import pytest

from storage.database import Database
from storage.rows import first_row, record


class Colour(StrEnum):
    RED = "red"
    BLUE = "blue"


@dataclass(frozen=True)
class Part:
    name: str
    percent: float | None


@dataclass(frozen=True)
class Whole:
    part: Part
    at: datetime
    ended_at: datetime | None
    day: date | None
    is_new: bool
    colour: Colour | None


AT = datetime(2021, 3, 1, 7, 30, tzinfo=UTC)
FULL = (
    "SELECT 'a' AS name, 1.5 AS percent, '2021-03-01T15:30:00.000000+08:00' AS at,"
    " '2021-03-01T07:30:00.000000+00:00' AS ended_at, '2021-03-02' AS day, 1 AS is_new,"
    " 'red' AS colour, 'in no field' AS other"
)
EMPTY = (
    "SELECT 'a' AS name, NULL AS percent, '2021-03-01T07:30:00.000000+00:00' AS at,"
    " NULL AS ended_at, NULL AS day, 0 AS is_new, NULL AS colour"
)


@pytest.fixture
async def db(tmp_path: Path) -> AsyncIterator[Database]:
    async with await Database.open(tmp_path / "bot.sqlite3") as opened:
        yield opened


async def row_of(db: Database, sql: str) -> Row:
    row = await db.read(lambda conn: first_row(conn, sql))
    assert row is not None
    return row


async def test_each_column_is_converted_by_the_type_of_its_field(db: Database) -> None:
    found = record(Whole, await row_of(db, FULL))
    assert found == Whole(Part("a", 1.5), AT, AT, date(2021, 3, 2), is_new=True, colour=Colour.RED)
    assert (found.at.tzinfo, found.is_new, type(found.colour)) == (UTC, True, Colour)


async def test_an_empty_column_is_none_and_a_zero_is_false(db: Database) -> None:
    found = record(Whole, await row_of(db, EMPTY))
    assert found == Whole(Part("a", None), AT, None, None, is_new=False, colour=None)
    assert found.is_new is False


async def test_a_given_field_is_read_from_no_column(db: Database) -> None:
    row = await row_of(db, "SELECT 2.0 AS percent")
    assert record(Part, row, name="given") == Part("given", 2.0)


async def test_a_column_that_is_missing_and_an_unknown_value_are_errors(db: Database) -> None:
    with pytest.raises(IndexError):
        record(Part, await row_of(db, "SELECT 'a' AS name"))
    with pytest.raises(ValueError, match="green"):
        record(Whole, await row_of(db, FULL.replace("'red'", "'green'")))
