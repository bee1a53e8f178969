import sqlite3

import pytest
from aiosqlite import Connection

from storage import (
    chats,
    digest_settings,
    digests,
    drafts,
    known_changes,
    loading_screens,
    notices,
    pasted_messages,
    pending_logins,
    snapshots,
)
from storage.courses import ModuleEntry
from storage.database import Database
from storage.enums import Awaiting, DigestKind, NoticeKind, Pace
from storage.loading_screens import LoadingScreen
from storage.rows import rows, run
from storage.vault import Vault
from tests.support.names import ANNA, BORIS
from tests.support.stored_rows import (
    LATER,
    NOW,
    account_of,
    chat_of,
    count,
    course_of,
    draft_cell,
    draft_of,
    job_of,
    modules_of,
)

FAMILIES = (
    "accounts",
    "courses",
    "modules",
    "drafts",
    "draft_modules",
    "draft_cells",
    "loading_screens",
    "jobs",
    "job_items",
    "job_history",
    "notices",
    "digest_settings",
    "digests",
    "known_courses",
    "known_modules",
    "known_cells",
    "percent_runs",
    "pasted_messages",
    "pending_logins",
    "pending_cookies",
    "chats",
)
OF_NO_CHAT = {"media_lengths", "people", "invites", "audit", "owner_notices", "kept"}


async def test_a_chat_is_made_once_with_the_defaults(db: Database) -> None:
    made = await chat_of(db)
    again = await db.write(lambda conn: chats.ensure(conn, ANNA, 77, LATER, language_code="en"))
    assert made == chats.Chat(
        chat_id=ANNA,
        user_id=ANNA,
        language=None,
        language_code=None,
        pace=Pace.NORMAL,
        time_zone="Asia/Shanghai",
        notify_bar=True,
        notify_outage=True,
        notify_expiry=True,
        awaiting=None,
        active_account=None,
        blocked_at=None,
        created_at=NOW,
    )
    assert (again.user_id, again.language_code, again.created_at) == (77, "en", NOW)
    assert await db.read(lambda conn: chats.get(conn, ANNA)) == again
    assert await db.read(lambda conn: chats.get(conn, BORIS)) is None


async def test_what_a_person_chooses_is_kept(db: Database) -> None:
    await chat_of(db)
    await chat_of(db, BORIS)
    assert await db.write(lambda conn: chats.set_language(conn, ANNA, "en"))
    assert await db.write(lambda conn: chats.set_pace(conn, ANNA, Pace.FAST))
    assert await db.write(lambda conn: chats.set_awaiting(conn, ANNA, Awaiting.COOKIE))
    chat = await db.read(lambda conn: chats.get(conn, ANNA))
    assert chat is not None
    assert (chat.language, chat.pace, chat.awaiting) == ("en", Pace.FAST, Awaiting.COOKIE)
    other = await db.read(lambda conn: chats.get(conn, BORIS))
    assert other is not None
    assert (other.language, other.pace, other.awaiting) == (None, Pace.NORMAL, None)
    assert await db.write(lambda conn: chats.set_awaiting(conn, ANNA, None))
    assert not await db.write(lambda conn: chats.set_pace(conn, 404, Pace.DOUBLE))


async def test_a_value_that_is_not_listed_is_refused(db: Database) -> None:
    await chat_of(db)
    with pytest.raises(sqlite3.IntegrityError):
        await db.write(lambda conn: chats.set_pace(conn, ANNA, "3"))  # type: ignore[arg-type]
    with pytest.raises(sqlite3.IntegrityError):
        await db.write(lambda conn: chats.set_awaiting(conn, ANNA, "money"))  # type: ignore[arg-type]


async def test_only_an_account_of_the_chat_can_be_its_active_one(
    db: Database, vault: Vault
) -> None:
    annas = await account_of(db, vault, ANNA)
    boris = await account_of(db, vault, BORIS)
    assert not await db.write(lambda conn: chats.set_active_account(conn, ANNA, boris.id))
    assert await db.write(lambda conn: chats.set_active_account(conn, ANNA, annas.id))
    chat = await db.read(lambda conn: chats.get(conn, ANNA))
    assert chat is not None
    assert chat.active_account == annas.id
    assert await db.write(lambda conn: chats.set_active_account(conn, ANNA, None))
    chat = await db.read(lambda conn: chats.get(conn, ANNA))
    assert chat is not None
    assert chat.active_account is None


async def test_a_block_is_noted_once_and_lifted_once(db: Database) -> None:
    await chat_of(db)
    assert await db.write(lambda conn: chats.mark_blocked(conn, ANNA, NOW))
    assert not await db.write(lambda conn: chats.mark_blocked(conn, ANNA, LATER))
    chat = await db.read(lambda conn: chats.get(conn, ANNA))
    assert chat is not None
    assert chat.blocked_at == NOW
    assert await db.write(lambda conn: chats.clear_blocked(conn, ANNA))
    assert not await db.write(lambda conn: chats.clear_blocked(conn, ANNA))


async def _fill(db: Database, vault: Vault, chat_id: int) -> None:
    """A row of this chat in every table."""
    account = await account_of(db, vault, chat_id)
    [course] = await course_of(db, account)
    await modules_of(db, course, one=0)
    draft = await draft_of(db, account, course)
    await db.write(lambda conn: drafts.tick_all(conn, chat_id, draft.id))
    await db.write(
        lambda conn: drafts.store_cells(conn, draft.id, [draft_cell("c")], NOW, whole=True)
    )
    screen = LoadingScreen(chat_id, 5, "v1:home::0")
    await db.write(lambda conn: loading_screens.begin(conn, screen))
    job_id = await job_of(db, account, course)
    await db.write(
        lambda conn: run(
            conn,
            "INSERT INTO job_items (job_id, position, module_id, module_name, topic_id,"
            " topic_name, cell_id, cell_name, category, percent)"
            " VALUES (?, 0, 'm', 'M', 't', 'T', 'c', 'C', '视频', 0)",
            (job_id,),
        )
    )
    await db.write(
        lambda conn: run(
            conn, "INSERT INTO job_history (job_id, at, state) VALUES (?, '', 'queued')", (job_id,)
        )
    )
    await db.write(
        lambda conn: notices.insert_notice(
            conn, chat_id=chat_id, kind=NoticeKind.BARRED, once=f"{chat_id}", now=NOW, job_id=job_id
        )
    )
    await db.write(lambda conn: chats.set_active_account(conn, chat_id, account.id))
    await db.write(lambda conn: digest_settings.ensure(conn, chat_id, NOW))
    await db.write(lambda conn: digests.claim(conn, chat_id, DigestKind.DIGEST, NOW.date(), NOW))
    await db.write(lambda conn: _know(conn, course.id))
    await db.write(lambda conn: pasted_messages.remember(conn, chat_id, [5], NOW))
    await db.write(lambda conn: pending_logins.begin(conn, chat_id, NOW))
    await db.write(
        lambda conn: pending_logins.add(
            conn, vault, chat_id=chat_id, cookie="c", expires_at=None, pasted_at=NOW, until=NOW
        )
    )


async def _know(conn: Connection, course_id: int) -> None:
    """What a digest keeps of a course."""
    await known_changes.keep_course(conn, course_id, 1, 0, NOW)
    [module] = await known_changes.keep_modules(conn, course_id, [ModuleEntry("m", "M", 0)], None)
    await known_changes.keep_cells(
        conn, module, [draft_cell("c")], set(), read_at=NOW, read_percent=0, now=NOW
    )
    await snapshots.keep_course(conn, course_id, NOW.date(), NOW)


async def test_erasing_removes_everything_of_the_chat_and_nothing_else(
    db: Database, vault: Vault
) -> None:
    await _fill(db, vault, ANNA)
    await _fill(db, vault, BORIS)
    assert [await count(db, family) for family in FAMILIES] == [2] * len(FAMILIES)
    assert await db.write(lambda conn: chats.erase(conn, ANNA))
    assert [await count(db, family) for family in FAMILIES] == [1] * len(FAMILIES)
    assert await db.read(lambda conn: chats.get(conn, ANNA)) is None
    assert not await db.write(lambda conn: chats.erase(conn, ANNA))


async def test_the_families_above_are_all_tables_of_the_schema(db: Database) -> None:
    found = await db.read(
        lambda conn: rows(
            conn,
            "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'",
        )
    )
    # How long a video is belongs to its course, not to any chat.
    assert {row["name"] for row in found} == {*FAMILIES, *OF_NO_CHAT}
