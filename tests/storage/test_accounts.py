from datetime import datetime

import pytest
from aiosqlite import Connection

from storage import accounts, chats, sealed
from storage.database import Database
from storage.vault import Vault
from tests.support.names import ANNA, BORIS
from tests.support.stored_rows import COOKIE, LATER, NOW, account_of, count, course_of


class Full(Exception):  # noqa: N818 -- stands for any failure of sealing
    pass


class VaultThatFails(Vault):
    def seal(self, secret: str, row: str) -> bytes:
        raise Full


async def _cookie(db: Database, vault: Vault, account_id: int) -> str | None:
    return await db.read(lambda conn: accounts.cookie(conn, vault, account_id))


async def test_a_saved_account_gives_its_cookie_back(db: Database, vault: Vault) -> None:
    account = await account_of(db, vault)
    assert account.has_cookie
    assert (account.name, account.number, account.pasted_at) == ("张三", "99", NOW)
    assert await _cookie(db, vault, account.id) == COOKIE
    assert await db.read(lambda conn: accounts.get(conn, ANNA, account.id)) == account
    assert await _cookie(db, vault, account.id + 1) is None


async def test_no_account_shows_its_cookie(db: Database, vault: Vault) -> None:
    account = await account_of(db, vault)
    assert COOKIE not in repr(account)


async def test_a_new_cookie_renews_the_same_account(db: Database, vault: Vault) -> None:
    old = await account_of(db, vault)
    await db.write(lambda conn: accounts.mark_expired(conn, old.id, LATER))
    new = await account_of(db, vault, cookie="NEW", pasted_at=LATER)
    assert (new.id, new.created_at, new.pasted_at) == (old.id, NOW, LATER)
    assert new.expired_at is None
    assert await _cookie(db, vault, old.id) == "NEW"
    assert await count(db, "accounts") == 1


async def test_an_account_whose_sealing_fails_is_not_made(db: Database) -> None:
    with pytest.raises(Full):
        await account_of(db, VaultThatFails(bytes(32)))
    assert await count(db, "accounts") == 0


async def test_another_student_is_another_account(db: Database, vault: Vault) -> None:
    one = await account_of(db, vault)
    other = await account_of(db, vault, stu_id="stu-2", cookie="OTHER")
    assert await db.read(lambda conn: accounts.of_chat(conn, ANNA)) == [one, other]
    assert await _cookie(db, vault, one.id) == COOKIE


async def test_no_chat_sees_or_removes_anothers_account(db: Database, vault: Vault) -> None:
    annas = await account_of(db, vault, ANNA)
    boris = await account_of(db, vault, BORIS)
    assert await db.read(lambda conn: accounts.get(conn, BORIS, annas.id)) is None
    assert await db.read(lambda conn: accounts.of_chat(conn, BORIS)) == [boris]
    assert not await db.write(lambda conn: accounts.remove(conn, BORIS, annas.id))
    assert await count(db, "accounts") == 2


async def test_an_expired_cookie_is_gone(db: Database, vault: Vault) -> None:
    account = await account_of(db, vault)
    assert await db.read(sealed.holds_cookies)
    assert await db.write(lambda conn: accounts.mark_expired(conn, account.id, LATER))
    expired = await db.read(lambda conn: accounts.get(conn, ANNA, account.id))
    assert expired is not None
    assert (expired.expired_at, expired.has_cookie) == (LATER, False)
    assert await _cookie(db, vault, account.id) is None
    assert not await db.read(sealed.holds_cookies)
    assert not await db.write(lambda conn: accounts.mark_expired(conn, account.id, LATER))


@pytest.mark.parametrize("pasted_at", [NOW, LATER])
async def test_a_late_answer_to_the_old_cookie_does_not_expire_the_new_one(
    db: Database, vault: Vault, pasted_at: datetime
) -> None:
    old = await account_of(db, vault, pasted_at=NOW)
    new = await account_of(db, vault, cookie="NEW", pasted_at=pasted_at)

    async def expire(conn: Connection) -> tuple[bool, bool]:
        return (
            await accounts.mark_expired(conn, old.id, LATER, cookie_number=old.cookie_number),
            await accounts.mark_expired(conn, new.id, LATER, cookie_number=new.cookie_number),
        )

    assert await db.write(expire) == (False, True)


async def test_removing_an_account_takes_its_courses_and_frees_the_chat(
    db: Database, vault: Vault
) -> None:
    account = await account_of(db, vault)
    await course_of(db, account)
    await db.write(lambda conn: chats.set_active_account(conn, ANNA, account.id))
    assert await db.write(lambda conn: accounts.remove(conn, ANNA, account.id))
    chat = await db.read(lambda conn: chats.get(conn, ANNA))
    assert chat is not None
    assert chat.active_account is None
    assert await count(db, "courses") == 0
