"""Keys that are added: the file stays whole, and every cookie opens at every moment."""

# ruff: noqa: ASYNC240 -- a test has its event loop to itself and may look at files
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from storage import accounts, pending_logins, sealed
from storage.database import Database
from storage.errors import StorageUnavailable
from storage.key_file import KeyFile, open_vault
from storage.lock import FolderInUse, FolderLock, LockName
from storage.migrate import built_in_migrations, load_migrations
from storage.moments import utc_now
from storage.restore import restore
from storage.rotation import UNIT_ROWS, Resealed, reseal, unwatched
from storage.vault import KeyDamaged, KeyMissing, Vault, WrongKey, key_id, sealed_by
from tests.storage.test_secrets_at_rest import pending_cookie_of
from tests.storage.versions import LEFT, load
from tests.support.names import ANNA
from tests.support.stored_rows import COOKIE, account_of

ROW = "accounts.sealed_cookie:17"
KEY, OTHER = bytes(range(32)), bytes(range(1, 33))
PEOPLE = 2 * UNIT_ROWS + 3


class Killed(BaseException):
    """What a boundary raises in the place of a kill."""


def _dies_at(number: int) -> Callable[[str, str], None]:
    passed = 0

    def boundary(sort: str, what: str) -> None:
        nonlocal passed
        passed += 1
        if passed == number:
            raise Killed

    return boundary


@pytest.fixture
def key_file(data_dir: Path) -> Path:
    return data_dir / "key"


def _rotate(database: Path, key_file: Path, boundary: Callable[[str, str], None]) -> Resealed:
    file = KeyFile(key_file)
    file.begin_rotation(boundary)
    done = reseal(database, open_vault(key_file), boundary=boundary)
    boundary("before", "the end")
    file.end_rotation()
    return done


def _sealing(database: Path) -> set[bytes | None]:
    """The ids of the keys that sealed what is stored."""
    with closing(sqlite3.connect(database)) as conn:
        return {
            sealed_by(row[0])
            for table in sealed.TABLES
            for row in conn.execute(
                f"SELECT sealed_cookie FROM {table} WHERE sealed_cookie NOT NULL"  # noqa: S608
            )
        }


async def _open_all(db: Database, vault: Vault) -> int:
    """How many cookies open."""
    found = await db.read(lambda conn: accounts.of_chat(conn, ANNA))
    for account in found:
        assert await db.read(lambda c, i=account.id: accounts.cookie(c, vault, i)) == COOKIE  # type: ignore[misc]
    pending = await db.read(lambda conn: pending_logins.cookies(conn, ANNA))
    for each in pending:
        assert await db.read(lambda c, i=each.id: pending_logins.cookie(c, vault, i)) == COOKIE  # type: ignore[misc]
    return len(found) + len(pending)


async def _fill(db: Database, vault: Vault, people: int = PEOPLE) -> None:
    for number in range(people):
        await account_of(db, vault, stu_id=f"stu-{number}")
    await pending_cookie_of(db, vault)


def test_every_column_of_sealed_values_is_resealed() -> None:
    found = set()
    with closing(sqlite3.connect(":memory:")) as conn:
        migrations = load_migrations(built_in_migrations())
        for migration in migrations.made(migrations.newest):
            for statement in migration.statements:
                conn.execute(statement)
        for (table,) in conn.execute("SELECT name FROM sqlite_master WHERE type = 'table'"):
            columns = conn.execute(f"PRAGMA table_info({table})").fetchall()
            found |= {(table, column[1]) for column in columns if column[2] == "BLOB"}
    assert found == {(table, "sealed_cookie") for table in sealed.TABLES}


async def test_a_rotation_seals_every_cookie_with_a_new_key(db: Database, key_file: Path) -> None:
    vault = open_vault(key_file)
    await _fill(db, vault)
    before = key_file.read_bytes()

    assert _rotate(db.path, key_file, unwatched) == Resealed(PEOPLE + 1, 0)

    new, old = KeyFile(key_file).read()
    assert old == before
    assert _sealing(db.path) == {key_id(new)}
    assert await _open_all(db, Vault(new)) == PEOPLE + 1
    assert key_file.stat().st_mode & 0o777 == 0o600
    assert {each.name for each in key_file.parent.iterdir()} >= {"key"}
    assert not [*key_file.parent.glob("key.*")]


async def test_the_old_ciphertexts_are_in_no_file_afterwards(db: Database, key_file: Path) -> None:
    await _fill(db, open_vault(key_file), people=3)
    with closing(sqlite3.connect(db.path)) as conn:
        old = [row[0] for row in conn.execute("SELECT sealed_cookie FROM accounts")]
    _rotate(db.path, key_file, unwatched)
    for file in db.path.parent.glob("bot.sqlite3*"):
        assert not any(blob[9:] in file.read_bytes() for blob in old), file.name


async def test_a_kill_at_any_boundary_leaves_every_cookie_open_and_the_next_run_ends_it(
    db: Database, key_file: Path
) -> None:
    vault = open_vault(key_file)
    await _fill(db, vault)
    deaths, keys = 0, 1
    for number in range(1, 100):
        try:
            _rotate(db.path, key_file, _dies_at(number))
        except Killed:
            deaths += 1
        else:
            break
        assert await _open_all(db, open_vault(key_file)) == PEOPLE + 1
        assert await _open_all(db, vault) == PEOPLE + 1, "the running bot's"
        _rotate(db.path, key_file, unwatched)
        keys += 1
        known = KeyFile(key_file).read()
        assert len(known) == keys, "no second new key for one rotation"
        assert _sealing(db.path) == {key_id(known[0])}
    assert deaths >= 3 + 2 * (PEOPLE // UNIT_ROWS + 1) + 2


async def test_a_running_bot_seals_and_opens_with_a_key_that_another_process_added(
    db: Database, key_file: Path
) -> None:
    vault = open_vault(key_file)
    before = vault.seal(COOKIE, ROW)
    KeyFile(key_file).begin_rotation(unwatched)
    new = open_vault(key_file)
    assert vault.unseal(new.seal(COOKIE, ROW), ROW) == COOKIE
    assert sealed_by(vault.seal(COOKIE, ROW)) == key_id(KeyFile(key_file).read()[0])
    assert vault.unseal(before, ROW) == COOKIE


async def test_a_login_in_the_middle_of_a_rotation_is_sealed_with_the_new_key(
    db: Database, key_file: Path
) -> None:
    vault = open_vault(key_file)
    await _fill(db, vault)
    bot = sqlite3.connect(db.path, isolation_level=None)

    def log_in(sort: str, what: str) -> None:
        if (sort, what) == ("after commit", "reseal accounts"):
            bot.execute(
                "UPDATE accounts SET sealed_cookie = ? WHERE id = 1",
                (vault.seal(COOKIE, "accounts.sealed_cookie:1"),),
            )

    with closing(bot):
        _rotate(db.path, key_file, log_in)
    assert _sealing(db.path) == {key_id(KeyFile(key_file).read()[0])}


async def test_what_cannot_be_opened_is_counted_and_stays(db: Database, key_file: Path) -> None:
    vault = open_vault(key_file)
    await _fill(db, vault, people=3)
    with closing(sqlite3.connect(db.path)) as conn:
        stranger = Vault(OTHER).seal(COOKIE, "accounts.sealed_cookie:1")
        conn.execute("UPDATE accounts SET sealed_cookie = ? WHERE id = 1", (stranger,))
        conn.execute("UPDATE accounts SET sealed_cookie = x'00' WHERE id = 2")
        conn.commit()
    assert _rotate(db.path, key_file, unwatched) == Resealed(2, 2)
    assert await db.read(lambda c: sealed.other_keys(c, vault)) == [key_id(OTHER).hex()]


async def test_a_cookie_that_is_pending_needs_its_key_too(db: Database, vault: Vault) -> None:
    assert not await db.read(sealed.holds_cookies)
    await pending_cookie_of(db, vault)
    assert await db.read(sealed.holds_cookies)
    other = Vault(OTHER)
    assert await db.read(lambda c: sealed.other_keys(c, other)) == [vault.current.hex()]


async def test_another_version_and_a_missing_database_are_told(
    tmp_path: Path, key_file: Path
) -> None:
    path = tmp_path / "old" / "bot.sqlite3"
    load(7, path)
    with pytest.raises(StorageUnavailable, match="start the bot of this version once"):
        reseal(path, open_vault(key_file))
    assert reseal(tmp_path / "none.sqlite3", open_vault(key_file)) == Resealed(0, 0)


def test_without_a_key_file_there_is_nothing_to_rotate(tmp_path: Path) -> None:
    with pytest.raises(KeyMissing, match="first start"):
        KeyFile(tmp_path / "key").begin_rotation(unwatched)
    assert [*tmp_path.iterdir()] == []


def test_one_rotation_at_a_time_beside_a_bot(tmp_path: Path) -> None:
    bot, first = FolderLock.take(tmp_path), FolderLock.take(tmp_path, LockName.KEYS)
    with pytest.raises(FolderInUse, match="being rotated"):
        FolderLock.take(tmp_path, LockName.KEYS)
    first.release()
    FolderLock.take(tmp_path, LockName.KEYS).release()
    bot.release()


def test_no_database_is_replaced_while_its_cookies_are_sealed_anew(tmp_path: Path) -> None:
    backup = tmp_path / "backup.sqlite3"
    load(LEFT[-1], backup)
    rotating = FolderLock.take(tmp_path / "data", LockName.KEYS)
    with pytest.raises(FolderInUse, match="being rotated"):
        restore(backup, tmp_path / "data" / "bot.sqlite3", utc_now())
    assert not (tmp_path / "data" / "bot.sqlite3").exists()
    rotating.release()
    restore(backup, tmp_path / "data" / "bot.sqlite3", utc_now())


class Given:
    """Keys that a test changes."""

    def __init__(self, *keys: bytes) -> None:
        self.keys: tuple[bytes, ...] | None = keys

    def read(self) -> tuple[bytes, ...]:
        if self.keys is None:
            raise ValueError("key 1 has 3 bytes instead of 32")
        return self.keys

    def signature(self) -> object:
        return self.keys


def test_given_keys_go_before_those_of_the_file_which_is_not_made(tmp_path: Path) -> None:
    vault = open_vault(tmp_path / "key", given=Given(KEY), expect_existing=True)
    assert vault.current == key_id(KEY)
    assert not (tmp_path / "key").exists()

    (tmp_path / "key").write_bytes(OTHER)
    assert vault.current == key_id(KEY)
    assert vault.unseal(Vault(OTHER).seal(COOKIE, ROW), ROW) == COOKIE
    assert open_vault(tmp_path / "key", given=Given(KEY)).key_ids() == {key_id(KEY), key_id(OTHER)}


def test_keys_that_cannot_be_read_any_more_leave_those_of_before(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    given = Given(KEY)
    vault = open_vault(tmp_path / "key", given=given)
    given.keys = None
    for _ in range(3):
        assert vault.current == key_id(KEY)
    assert caplog.text.count("the keys changed and cannot be read") == 1
    given.keys = ()
    assert vault.current == key_id(KEY)
    given.keys = (OTHER,)
    assert vault.current == key_id(OTHER)
    given.keys = None
    with pytest.raises(KeyDamaged, match="3 bytes"):
        open_vault(tmp_path / "key", given=given)


def test_a_key_that_comes_later_opens_what_waited_for_it(tmp_path: Path) -> None:
    file = tmp_path / "key"
    file.write_bytes(KEY)
    vault, waiting = open_vault(file), Vault(OTHER).seal(COOKIE, ROW)
    with pytest.raises(WrongKey):
        vault.unseal(waiting, ROW)
    file.write_bytes(OTHER)
    assert vault.unseal(waiting, ROW) == COOKIE
    file.unlink()
    assert vault.current == key_id(OTHER)


def test_what_a_killed_rotation_left_beside_the_file_is_removed(tmp_path: Path) -> None:
    file = tmp_path / "key"
    file.write_bytes(KEY)
    for name in ("key.0011.new", "key.rotating.0011.new"):
        (tmp_path / name).write_bytes(OTHER)
    KeyFile(file).begin_rotation(unwatched)
    KeyFile(file).end_rotation()
    assert [each.name for each in tmp_path.iterdir()] == ["key"]


def test_a_key_file_that_is_a_link_stays_one(tmp_path: Path) -> None:
    real, file = tmp_path / "elsewhere", tmp_path / "data" / "key"
    real.write_bytes(KEY)
    file.parent.mkdir()
    file.symlink_to(real)
    KeyFile(file).begin_rotation(unwatched)
    assert file.is_symlink()
    assert real.read_bytes()[32:] == KEY


@pytest.mark.parametrize(
    "content", [b"a text of as many bytes as a key", bytes(range(200, 232)) * 2]
)
def test_bytes_of_another_program_are_no_keys_though_they_are_as_long(
    tmp_path: Path, content: bytes
) -> None:
    (tmp_path / "key").write_bytes(content)
    with pytest.raises(KeyDamaged, match="another program's"):
        open_vault(tmp_path / "key")
    with pytest.raises(KeyDamaged):
        KeyFile(tmp_path / "key").begin_rotation(unwatched)
    assert (tmp_path / "key").read_bytes() == content
