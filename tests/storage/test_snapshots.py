"""Percents by local date: every date is known, and a row is written only where one changes."""

import random
import sqlite3
from contextlib import closing
from datetime import date, timedelta
from pathlib import Path

import pytest

from storage import snapshots
from storage.courses import Course
from storage.database import Database
from storage.rows import rows, run
from storage.vault import Vault
from tests.storage.versions import load
from tests.support.names import ANNA
from tests.support.stored_rows import NOW, account_of, count, course_of

FIRST = date(2026, 3, 1)


def day(number: int) -> date:
    return FIRST + timedelta(days=number)


async def tell(db: Database, course: Course, local_date: date, percent: float) -> int:
    """The platform reports the percent on that date. Returns how many changes that wrote."""
    await db.write(
        lambda conn: run(
            conn,
            "UPDATE courses SET percent = ?, percent_at = seen_at WHERE id = ?",
            (percent, course.id),
        )
    )
    changes = "SELECT total_changes() AS n"
    (before,) = await db.write(lambda conn: rows(conn, changes))
    await db.write(lambda conn: snapshots.keep_course(conn, course.id, local_date, NOW))
    (after,) = await db.write(lambda conn: rows(conn, changes))
    return int(after["n"] - before["n"])


async def kept(db: Database, course: Course, first: date = FIRST) -> dict[date, float]:
    found = await db.read(lambda conn: snapshots.of_account(conn, ANNA, course.account_id, first))
    assert [each.local_date for each in found] == sorted({each.local_date for each in found})
    return {each.local_date: each.percent for each in found}


@pytest.fixture
async def course(db: Database, vault: Vault) -> Course:
    account = await account_of(db, vault)
    return (await course_of(db, account, "java"))[0]


async def test_a_year_with_twelve_changes_takes_twelve_rows(db: Database, course: Course) -> None:
    for number in range(365):
        await tell(db, course, day(number), number // 31)
    assert await count(db, "percent_runs") == 12
    assert await kept(db, course) == {day(n): n // 31 for n in range(365)}


async def test_what_is_stored_already_is_not_written_again(db: Database, course: Course) -> None:
    assert await tell(db, course, FIRST, 25) == 1
    assert await tell(db, course, FIRST, 25) == 0
    assert await tell(db, course, day(1), 25) == 1
    assert await tell(db, course, day(1), 25) == 0
    assert await tell(db, course, FIRST, 25) == 0


async def test_a_date_without_a_percent_stays_without_one(db: Database, course: Course) -> None:
    for number in (0, 1, 4):
        await tell(db, course, day(number), 25)
    assert set(await kept(db, course)) == {day(0), day(1), day(4)}
    assert set(await kept(db, course, day(1))) == {day(1), day(4)}


@pytest.mark.parametrize("seed", range(5))
async def test_the_last_percent_of_each_date_is_kept_in_whatever_order_they_come(
    db: Database, course: Course, seed: int
) -> None:
    chance, told = random.Random(seed), dict[date, float]()
    for _ in range(60):
        at, percent = day(chance.randrange(12)), float(chance.randrange(3))
        await tell(db, course, at, percent)
        told[at] = percent
        assert await kept(db, course) == told
    first = day(6)
    await db.write(lambda conn: snapshots.remove_before(conn, first))
    assert await kept(db, course) == {at: told[at] for at in told if at >= first}


async def test_an_upgrade_keeps_the_percent_of_every_date(tmp_path: Path) -> None:
    path = tmp_path / "bot.sqlite3"
    load(11, path)
    dates = {day(n): percent for n, percent in enumerate([5, 5, 10, 10, 10, 5]) if n != 3}
    with closing(sqlite3.connect(path)) as conn:
        conn.execute("DELETE FROM course_snapshots")
        conn.executemany(
            "INSERT INTO course_snapshots (course_id, local_date, percent) VALUES (1, ?, ?)",
            [(at.isoformat(), percent) for at, percent in dates.items()],
        )
        (chat_id, account_id) = conn.execute(
            "SELECT chat_id, accounts.id FROM courses JOIN accounts ON accounts.id = account_id"
            " WHERE courses.id = 1"
        ).fetchone()
        conn.commit()
    async with await Database.open(path) as db:
        found = await db.read(lambda c: snapshots.of_account(c, chat_id, account_id, FIRST))
        assert {each.local_date: each.percent for each in found} == dates
        assert await count(db, "percent_runs") == 4
