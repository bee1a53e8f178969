"""A cookie is nowhere in plain text: not in a file, a copy of it, or a line that is logged."""

import logging
import re
from pathlib import Path

import pytest

from storage import accounts, pending_logins
from storage.database import Database
from storage.key_file import open_vault
from storage.migrate import built_in_migrations, load_migrations
from storage.moments import to_text
from storage.rows import run
from storage.vault import SealBroken, Vault, WrongKey
from tests.support.names import ANNA, BORIS
from tests.support.stored_rows import COOKIE, LATER, NOW, account_of, chat_of

PENDING_SINCE = to_text(NOW)


async def pending_cookie_of(db: Database, vault: Vault) -> None:
    await chat_of(db, ANNA)
    await db.write(
        lambda conn: pending_logins.add(
            conn,
            vault,
            chat_id=ANNA,
            cookie=COOKIE,
            expires_at=None,
            pasted_at=NOW,
            until=LATER,
        )
    )


def _files_with(folder: Path, text: str) -> set[str]:
    return {
        file.name
        for file in folder.rglob("*")
        if file.is_file() and text.encode() in file.read_bytes()
    }


async def test_no_file_holds_the_cookie(db: Database, vault: Vault, tmp_path: Path) -> None:
    account = await account_of(db, vault)
    assert "bot.sqlite3-wal" in _files_with(db.path.parent, account.name), "the search can find"
    await db.checkpoint()
    assert "bot.sqlite3" in _files_with(db.path.parent, account.name), "the search can find"
    await account_of(db, vault, pasted_at=LATER)
    await db.close()

    migrations = tmp_path / "migrations"
    migrations.mkdir()
    for file in built_in_migrations().iterdir():
        (migrations / file.name).write_bytes(file.read_bytes())
    number = load_migrations(migrations).newest + 1
    (migrations / f"{number:04}_more.sql").write_text("CREATE TABLE more (id INTEGER);")
    async with await Database.open(db.path, migrations=migrations) as newer:
        backups = db.path.parent / "backups"
        assert len(_files_with(backups, account.name)) == 1, "the search can find"
        assert _files_with(tmp_path, COOKIE) == set()
        assert await newer.read(lambda conn: accounts.cookie(conn, vault, account.id)) == COOKIE


async def test_no_file_holds_a_cookie_that_is_pending(db: Database, vault: Vault) -> None:
    await pending_cookie_of(db, vault)
    for _ in range(2):
        assert _files_with(db.path.parent, PENDING_SINCE), "the search can find"
        assert _files_with(db.path.parent, COOKIE) == set()
        await db.checkpoint()
    (pending,) = await db.read(lambda conn: pending_logins.cookies(conn, ANNA))
    assert await db.read(lambda conn: pending_logins.cookie(conn, vault, pending.id)) == COOKIE


async def test_no_line_of_the_log_holds_the_cookie(
    db: Database, vault: Vault, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        account = await account_of(db, vault)
        await db.read(lambda conn: accounts.cookie(conn, vault, account.id))
        await pending_cookie_of(db, vault)
        await db.read(lambda conn: pending_logins.cookie(conn, vault, 1))
    assert "aiosqlite" in caplog.text, "the library says what it does"
    assert not {COOKIE, account.name} & {*re.findall(r"\w+", caplog.text)}
    assert COOKIE not in caplog.text


async def test_a_sealed_cookie_moved_to_another_row_does_not_open(
    db: Database, vault: Vault
) -> None:
    annas = await account_of(db, vault, ANNA)
    boris = await account_of(db, vault, BORIS, stu_id="stu-2", cookie="ANOTHER")
    await db.write(
        lambda conn: run(
            conn,
            "UPDATE accounts SET sealed_cookie ="
            " (SELECT sealed_cookie FROM accounts WHERE id = ?) WHERE id = ?",
            (annas.id, boris.id),
        )
    )
    with pytest.raises(SealBroken):
        await db.read(lambda conn: accounts.cookie(conn, vault, boris.id))
    assert await db.read(lambda conn: accounts.cookie(conn, vault, annas.id)) == COOKIE


async def test_a_cookie_sealed_with_another_key_says_so(
    db: Database, vault: Vault, tmp_path: Path
) -> None:
    account = await account_of(db, vault)
    stranger = open_vault(tmp_path / "other.key")
    with pytest.raises(WrongKey):
        await db.read(lambda conn: accounts.cookie(conn, stranger, account.id))
