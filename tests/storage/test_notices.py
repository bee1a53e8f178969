import sqlite3

import pytest
from aiosqlite import Connection

from storage import accounts, chats, notices
from storage.database import Database
from storage.enums import NoticeKind, Pace
from storage.vault import Vault
from tests.support.names import ANNA, BORIS
from tests.support.stored_rows import LATER, NOW, account_of, chat_of, job_of


@pytest.fixture(autouse=True)
async def _two_chats(db: Database) -> None:
    await chat_of(db, ANNA)
    await chat_of(db, BORIS)


async def _add(db: Database, once: str, chat_id: int = ANNA, payload: str = "{}") -> int | None:
    return await db.write(
        lambda conn: notices.insert_notice(
            conn, chat_id=chat_id, kind=NoticeKind.BARRED, once=once, now=NOW, payload=payload
        )
    )


async def _pending(db: Database, chat_id: int | None = None) -> list[str]:
    return [each.once for each in await db.read(lambda c: notices.pending(c, chat_id))]


async def test_a_notice_waits_with_all_that_it_says(db: Database) -> None:
    notice_id = await _add(db, "bar-1", payload='{"minutes": 20}')
    assert notice_id is not None
    assert await db.read(notices.pending) == [
        notices.Notice(notice_id, ANNA, None, NoticeKind.BARRED, "bar-1", '{"minutes": 20}', NOW)
    ]


async def test_one_occasion_is_told_once_even_after_it_was_sent(db: Database) -> None:
    notice_id = await _add(db, "bar-1")
    assert notice_id is not None
    assert await _add(db, "bar-1") is None
    assert await db.write(lambda conn: notices.mark_sent(conn, notice_id, LATER))
    assert await _add(db, "bar-1", BORIS) is None
    assert await _pending(db) == []


async def test_a_repeat_does_not_undo_the_unit_around_it(db: Database) -> None:
    await _add(db, "bar-1")

    async def unit(conn: Connection) -> None:
        await chats.set_pace(conn, ANNA, Pace.DOUBLE)
        await notices.insert_notice(
            conn, chat_id=ANNA, kind=NoticeKind.BARRED, once="bar-1", now=NOW
        )

    await db.write(unit)
    chat = await db.read(lambda conn: chats.get(conn, ANNA))
    assert chat is not None
    assert chat.pace is Pace.DOUBLE


async def test_notices_wait_in_order_for_one_chat_or_all(db: Database) -> None:
    for once, chat_id in (("a", ANNA), ("b", BORIS), ("c", ANNA)):
        await _add(db, once, chat_id)
    assert await _pending(db) == ["a", "b", "c"]
    assert await _pending(db, ANNA) == ["a", "c"]


async def test_what_was_sent_or_dropped_is_settled(db: Database) -> None:
    sent, dropped = await _add(db, "a"), await _add(db, "b")
    assert sent is not None
    assert dropped is not None
    assert await db.write(lambda conn: notices.mark_sent(conn, sent, LATER))
    assert await db.write(lambda conn: notices.mark_dropped(conn, dropped, LATER))
    for notice_id in (sent, dropped):
        assert not await db.write(lambda c, i=notice_id: notices.mark_sent(c, i, LATER))  # type: ignore[misc]
        assert not await db.write(lambda c, i=notice_id: notices.mark_dropped(c, i, LATER))  # type: ignore[misc]
    assert await _pending(db) == []


async def test_notices_of_a_blocked_chat_wait_until_it_returns(db: Database) -> None:
    await _add(db, "a", ANNA)
    await _add(db, "b", BORIS)
    await db.write(lambda conn: chats.mark_blocked(conn, ANNA, LATER))
    assert await _pending(db) == ["b"]
    assert await _pending(db, ANNA) == []
    await db.write(lambda conn: chats.clear_blocked(conn, ANNA))
    assert await _pending(db) == ["a", "b"]


async def test_a_job_that_goes_takes_its_notices_along(db: Database, vault: Vault) -> None:
    account = await account_of(db, vault)
    job_id = await job_of(db, account, None)
    await db.write(
        lambda conn: notices.insert_notice(
            conn, chat_id=ANNA, kind=NoticeKind.JOB_ENDED, once="end", now=NOW, job_id=job_id
        )
    )
    await _add(db, "other")
    await db.write(lambda conn: accounts.remove(conn, ANNA, account.id))
    assert await _pending(db) == ["other"]


@pytest.mark.parametrize(
    ("kind", "payload", "chat_id"),
    [("gossip", "{}", ANNA), ("barred", "{broken", ANNA), ("barred", "{}", 404)],
)
async def test_an_unknown_kind_or_chat_or_a_broken_payload_is_refused(
    db: Database, kind: str, payload: str, chat_id: int
) -> None:
    with pytest.raises(sqlite3.IntegrityError):
        await db.write(
            lambda conn: notices.insert_notice(
                conn,
                chat_id=chat_id,
                kind=kind,  # type: ignore[arg-type]
                once="x",
                now=NOW,
                payload=payload,
            )
        )
    assert await _pending(db) == []
