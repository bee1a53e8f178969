"""The row of a digest: taken once, and open again only if it was skipped for being too late."""

from datetime import date, timedelta

import pytest

from storage import digests
from storage.database import Database
from tests.storage.samples import ANNA, BORIS, LATER, NOW, chat_of

DAY = date(2026, 3, 2)


async def claim(db: Database, chat_id: int = ANNA, kind: str = "digest") -> int | None:
    return await db.write(lambda conn: digests.claim(conn, chat_id, kind, DAY, LATER))


async def test_a_date_is_taken_once_per_chat_and_kind(db: Database) -> None:
    await chat_of(db, ANNA)
    await chat_of(db, BORIS)
    row = await claim(db)
    assert row is not None
    assert await claim(db) is None
    assert await claim(db, BORIS) not in (None, row)
    assert await claim(db, kind="start") not in (None, row)


async def test_one_that_was_sent_is_sent_once_and_skipped_no_more(db: Database) -> None:
    await chat_of(db, ANNA)
    row = await claim(db)
    assert row is not None
    assert await db.write(lambda conn: digests.mark_sent(conn, row, LATER))
    assert not await db.write(lambda conn: digests.mark_sent(conn, row, LATER))
    assert not await db.write(
        lambda conn: digests.mark_skipped(conn, row, "unsaid", LATER, told=False)
    )
    assert await claim(db) is None
    assert await db.read(lambda conn: digests.untold(conn, ANNA)) == []


@pytest.mark.parametrize(("reason", "is_open"), [("down", True), ("broken", False)])
async def test_only_one_that_was_too_late_can_be_taken_after_all(
    db: Database,
    reason: str,
    is_open: bool,
) -> None:
    await chat_of(db, ANNA)
    await db.write(lambda conn: digests.skip(conn, ANNA, "digest", [DAY], reason, NOW, told=False))
    (row,) = await db.read(lambda conn: digests.since(conn, ANNA, "digest", DAY))
    assert row.is_open is is_open
    assert (await claim(db) is not None) is is_open


async def test_one_that_was_claimed_and_then_too_late_is_not_taken_again(db: Database) -> None:
    await chat_of(db, ANNA)
    row = await claim(db)
    assert row is not None
    assert await db.write(lambda conn: digests.mark_skipped(conn, row, "down", LATER, told=False))
    (found,) = await db.read(lambda conn: digests.since(conn, ANNA, "digest", DAY))
    assert not found.is_open
    assert await claim(db) is None


async def test_what_did_not_come_is_told_of_until_it_was(db: Database) -> None:
    await chat_of(db, ANNA)
    days = [DAY - timedelta(days=n) for n in (1, 2)]
    await db.write(lambda conn: digests.skip(conn, ANNA, "digest", days, "down", NOW, told=False))
    await db.write(lambda conn: digests.skip(conn, ANNA, "start", days, "blocked", NOW, told=False))
    await claim(db)
    found = await db.read(lambda conn: digests.untold(conn, ANNA, DAY))
    assert [row.local_date for row in found] == days[::-1]
    await db.write(lambda conn: digests.mark_told(conn, ANNA, days, LATER))
    assert await db.read(lambda conn: digests.untold(conn, ANNA, DAY)) == []
    (claimed,) = await db.read(lambda conn: digests.untold(conn, ANNA))
    assert claimed.local_date == DAY
