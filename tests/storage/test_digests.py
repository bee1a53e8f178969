"""The row of a digest: taken once, and open again only if it was skipped for being too late."""

from datetime import date, timedelta

import pytest

from storage import digests
from storage.database import Database
from storage.enums import DigestKind, SkipReason
from tests.support.names import ANNA, BORIS
from tests.support.stored_rows import LATER, NOW, chat_of

DAY = date(2026, 3, 2)
DIGEST, START = DigestKind.DIGEST, DigestKind.START


async def claim(db: Database, chat_id: int = ANNA, kind: DigestKind = DIGEST) -> int | None:
    return await db.write(lambda conn: digests.claim(conn, chat_id, kind, DAY, LATER))


async def test_a_date_is_taken_once_per_chat_and_kind(db: Database) -> None:
    await chat_of(db, ANNA)
    await chat_of(db, BORIS)
    row = await claim(db)
    assert row is not None
    assert await claim(db) is None
    assert await claim(db, BORIS) not in (None, row)
    assert await claim(db, kind=START) not in (None, row)


async def test_one_that_was_sent_is_sent_once_and_skipped_no_more(db: Database) -> None:
    await chat_of(db, ANNA)
    row = await claim(db)
    assert row is not None
    assert await db.write(lambda conn: digests.mark_sent(conn, row, LATER))
    assert not await db.write(lambda conn: digests.mark_sent(conn, row, LATER))
    assert not await db.write(
        lambda conn: digests.mark_skipped(conn, row, SkipReason.UNSAID, LATER, told=False)
    )
    assert await claim(db) is None
    assert await db.read(lambda conn: digests.untold(conn, ANNA)) == []


@pytest.mark.parametrize(
    ("reason", "is_open"), [(SkipReason.DOWN, True), (SkipReason.BROKEN, False)]
)
async def test_only_one_that_was_too_late_can_be_taken_after_all(
    db: Database,
    reason: SkipReason,
    is_open: bool,
) -> None:
    await chat_of(db, ANNA)
    await db.write(lambda conn: digests.skip(conn, ANNA, DIGEST, [DAY], reason, NOW, told=False))
    (row,) = await db.read(lambda conn: digests.since(conn, ANNA, DIGEST, DAY))
    assert row.is_open is is_open
    assert (await claim(db) is not None) is is_open


async def test_one_that_was_claimed_and_then_too_late_is_not_taken_again(db: Database) -> None:
    await chat_of(db, ANNA)
    row = await claim(db)
    assert row is not None
    assert await db.write(
        lambda conn: digests.mark_skipped(conn, row, SkipReason.DOWN, LATER, told=False)
    )
    (found,) = await db.read(lambda conn: digests.since(conn, ANNA, DIGEST, DAY))
    assert not found.is_open
    assert await claim(db) is None


async def test_what_did_not_come_is_told_of_until_it_was(db: Database) -> None:
    await chat_of(db, ANNA)
    days = [DAY - timedelta(days=n) for n in (1, 2)]
    await db.write(
        lambda conn: digests.skip(conn, ANNA, DIGEST, days, SkipReason.DOWN, NOW, told=False)
    )
    await db.write(
        lambda conn: digests.skip(conn, ANNA, START, days, SkipReason.BLOCKED, NOW, told=False)
    )
    await claim(db)
    found = await db.read(lambda conn: digests.untold(conn, ANNA, DAY))
    assert [row.local_date for row in found] == days[::-1]
    await db.write(lambda conn: digests.mark_told(conn, ANNA, days, LATER))
    assert await db.read(lambda conn: digests.untold(conn, ANNA, DAY)) == []
    (claimed,) = await db.read(lambda conn: digests.untold(conn, ANNA))
    assert claimed.local_date == DAY
