"""A chat's time zone and notices, and what became of chats from before there were such settings."""

import sqlite3
from pathlib import Path

import pytest

from storage import chats
from storage.database import Database
from storage.enums import Awaiting, Pace
from storage.migrate import built_in_migrations, load_migrations
from storage.moments import to_text
from storage.rows import rows, run
from storage.vault import Vault
from tests.storage.versions import migrations_up_to
from tests.support.names import ANNA, BORIS
from tests.support.stored_rows import LATER, NOW, account_of, chat_of, count, course_of

FLAGS = {"bar": "notify_bar", "outage": "notify_outage", "expiry": "notify_expiry"}


async def stored(db: Database, chat_id: int = ANNA) -> chats.Chat:
    chat = await db.read(lambda conn: chats.get(conn, chat_id))
    assert chat is not None
    return chat


async def test_the_time_zone_is_kept_for_the_chat_alone(db: Database) -> None:
    await chat_of(db)
    await chat_of(db, BORIS)
    assert await db.write(lambda conn: chats.set_time_zone(conn, ANNA, "Asia/Urumqi"))
    assert (await stored(db)).time_zone == "Asia/Urumqi"
    assert (await stored(db, BORIS)).time_zone == "Asia/Shanghai"
    assert not await db.write(lambda conn: chats.set_time_zone(conn, 404, "Asia/Urumqi"))


@pytest.mark.parametrize("notice", FLAGS)
async def test_each_notice_is_switched_alone(db: Database, notice: str) -> None:
    await chat_of(db)
    await chat_of(db, BORIS)
    assert await db.write(lambda conn: chats.set_notify(conn, ANNA, notice, on=False))
    chat = await stored(db)
    assert [each for each in FLAGS if not getattr(chat, FLAGS[each])] == [notice]
    assert (await stored(db, BORIS)).notify_bar
    assert await db.write(lambda conn: chats.set_notify(conn, ANNA, notice, on=True))
    assert getattr(await stored(db), FLAGS[notice]) is True
    assert not await db.write(lambda conn: chats.set_notify(conn, 404, notice, on=True))


async def test_a_notice_that_cannot_be_switched_off_is_refused(db: Database) -> None:
    await chat_of(db)
    with pytest.raises(KeyError):
        await db.write(lambda conn: chats.set_notify(conn, ANNA, "job_ended", on=False))


@pytest.mark.parametrize("column", FLAGS.values())
async def test_a_flag_is_either_on_or_off(db: Database, column: str) -> None:
    await chat_of(db)
    with pytest.raises(sqlite3.IntegrityError):
        await db.write(lambda conn: run(conn, f"UPDATE chats SET {column} = 2"))  # noqa: S608


@pytest.mark.parametrize("awaited", [*Awaiting, None])
async def test_the_next_text_may_be_meant_as_any_of_these(
    db: Database, awaited: Awaiting | None
) -> None:
    await chat_of(db)
    assert await db.write(lambda conn: chats.set_awaiting(conn, ANNA, awaited))
    assert (await stored(db)).awaiting == awaited


def older_migrations(work: Path) -> Path:
    """The migrations that there were before these settings."""
    steps = load_migrations(built_in_migrations()).steps
    (these,) = (step for step in steps if step.name.endswith("_chat_settings.sql"))
    return migrations_up_to(these.version - 1, work)


async def test_chats_from_before_keep_all_and_get_the_defaults(
    data_dir: Path, tmp_path: Path
) -> None:
    path = data_dir / "bot.sqlite3"
    async with await Database.open(path, migrations=older_migrations(tmp_path)) as db:
        await db.write(
            lambda conn: run(
                conn,
                "INSERT INTO chats (chat_id, user_id, language, language_code, pace, awaiting,"
                " blocked_at, created_at) VALUES (?, 77, 'en', 'de', '1.5', 'cookie', ?, ?)",
                (ANNA, to_text(NOW), to_text(NOW)),
            )
        )
        await db.write(
            lambda conn: run(
                conn,
                "INSERT INTO accounts (id, chat_id, stu_id, name, number, created_at)"
                " VALUES (5, ?, 's', 'n', '1', '')",
                (ANNA,),
            )
        )
        await db.write(lambda conn: chats.set_active_account(conn, ANNA, 5))

    async with await Database.open(path) as db:
        assert await stored(db) == chats.Chat(
            chat_id=ANNA,
            user_id=77,
            language="en",
            language_code="de",
            pace=Pace.FAST,
            time_zone="Asia/Shanghai",
            notify_bar=True,
            notify_outage=True,
            notify_expiry=True,
            awaiting=Awaiting.COOKIE,
            active_account=5,
            blocked_at=NOW,
            created_at=NOW,
        )
        assert await count(db, "accounts") == 1


async def test_after_the_change_what_hangs_on_a_chat_still_does(
    data_dir: Path, tmp_path: Path, vault: Vault
) -> None:
    path = data_dir / "bot.sqlite3"
    old = older_migrations(tmp_path)
    await (await Database.open(path, migrations=old)).close()

    async with await Database.open(path) as db:
        account = await account_of(db, vault)
        await course_of(db, account)
        await db.write(lambda conn: chats.set_active_account(conn, ANNA, account.id))
        await db.write(lambda conn: run(conn, "DELETE FROM accounts"))
        assert (await stored(db)).active_account is None
        await account_of(db, vault, pasted_at=LATER)
        assert await db.write(lambda conn: chats.erase(conn, ANNA))
        assert await count(db, "accounts") == 0
        references = await db.read(
            lambda conn: rows(
                conn,
                "SELECT DISTINCT t.name FROM pragma_table_list AS t"
                " JOIN pragma_foreign_key_list(t.name) AS k WHERE k.\"table\" = 'chats'",
            )
        )
        assert {row["name"] for row in references} >= {"accounts", "drafts", "jobs", "notices"}
        indices = await db.read(lambda conn: rows(conn, "PRAGMA index_list(chats)"))
        assert "chats_by_active_account" in {row["name"] for row in indices}
