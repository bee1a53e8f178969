"""Who may use the bot and who is its owner, whatever the settings and the links say."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from bot.access.access import MOST_OPEN_INVITES, Access
from bot.access.claim import CLAIM_LASTS
from bot.access.codes import Opened
from bot.settings import AllowedUsers
from storage import audit, chats, people
from storage.database import Database
from storage.errors import StorageUnavailable
from storage.moments import utc_now
from tests.support.clocks import JumpingClock

ANNA, BEN, CARL = 1, 2, 3
DAY = timedelta(days=1)


@pytest.fixture
async def db(tmp_path: Path) -> AsyncIterator[Database]:
    async with await Database.open(tmp_path / "bot.sqlite3") as opened:
        yield opened


async def access_to(db: Database, settings: str, clock: JumpingClock | None = None) -> Access:
    access = Access(db, clock or JumpingClock(), AllowedUsers.parse(settings))
    await access.load()
    return access


async def claimed(db: Database, settings: str = "") -> Access:
    access = await access_to(db, settings)
    code = access.new_claim()
    assert code is not None
    assert await access.open_link(ANNA, "Anna", code) is Opened.CLAIMED
    return access


async def test_of_two_people_who_claim_at_once_one_is_the_owner(db: Database) -> None:
    access = await access_to(db, "")
    code = access.new_claim()
    assert code is not None
    opened = await asyncio.gather(*(access.open_link(each, "x", code) for each in (ANNA, BEN)))
    assert sorted(each.name for each in opened) == ["CLAIMED", "REFUSED"]
    assert len(await db.read(people.everyone)) == 1


async def test_a_claim_that_could_not_be_stored_can_be_made_again(
    db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    access = await access_to(db, "")
    code = access.new_claim()
    assert code is not None

    async def fail(*_: object) -> None:
        raise StorageUnavailable("no room")

    with monkeypatch.context() as broken:
        broken.setattr(db, "write", fail)
        with pytest.raises(StorageUnavailable):
            await access.open_link(ANNA, "Anna", code)
    assert access.owner is None
    assert await access.open_link(ANNA, "Anna", code) is Opened.CLAIMED


async def test_the_claim_ends_after_its_time(db: Database) -> None:
    clock = JumpingClock()
    access = await access_to(db, "", clock)
    code = access.new_claim()
    assert code is not None
    clock.jump(CLAIM_LASTS - 1)
    assert access.is_key(code)
    clock.jump(1)
    assert not access.is_key(code)
    assert await access.open_link(ANNA, "Anna", code) is Opened.REFUSED


async def test_the_claimed_owner_stays_the_owner_under_all_settings(db: Database) -> None:
    await claimed(db)
    for settings in ("", "*", f"{BEN},{CARL}"):
        access = await access_to(db, settings)
        assert access.owner == ANNA
        assert access.allows(ANNA)
        assert access.new_claim() is None
        assert access.allows(BEN) == (settings != "")


async def test_without_a_claim_the_first_id_of_the_list_is_the_owner(db: Database) -> None:
    access = await access_to(db, f"{BEN}, {ANNA}")
    assert access.owner == BEN
    assert (await access_to(db, "*")).owner is None
    assert not await access.remove(BEN)


async def test_a_removed_person_stays_out_whatever_the_settings_say(db: Database) -> None:
    access = await access_to(db, f"{ANNA},{BEN}")
    await access.note(BEN, "Ben")
    assert await access.remove(BEN)
    assert not await access.remove(BEN)
    made = await access.invite(5, DAY)
    assert made is not None
    for settings in (f"{ANNA},{BEN}", "*"):
        again = await access_to(db, settings)
        assert not again.allows(BEN)
        assert await again.open_link(BEN, "Ben", made[1]) is Opened.REFUSED
    assert await access.let_in_again(BEN)
    assert access.allows(BEN)
    assert (await access_to(db, "")).allows(BEN)


async def test_the_owner_cannot_be_removed(db: Database) -> None:
    access = await claimed(db)
    assert not await access.remove(ANNA)
    assert access.allows(ANNA)


async def test_there_is_a_bound_of_open_invites(db: Database) -> None:
    access = await claimed(db)
    made = [await access.invite(1, DAY) for _ in range(MOST_OPEN_INVITES)]
    assert all(made)
    assert await access.invite(1, DAY) is None
    assert made[0] is not None
    assert await access.revoke(made[0][0].id)
    assert await access.invite(1, DAY) is not None


@pytest.mark.parametrize(
    ("settings", "is_removed", "stays"),
    [("1,2", False, False), ("*", False, False), ("1,2", True, True), ("1", True, False)],
)
async def test_erasing_leaves_of_a_person_no_more_than_access_needs(
    db: Database, settings: str, is_removed: bool, stays: bool
) -> None:
    await claimed(db)
    access = await access_to(db, settings)
    await db.write(lambda conn: chats.ensure(conn, BEN, BEN, utc_now()))
    await access.note(BEN, "Ben")
    await access.logged_in(BEN)
    await access.limited(BEN, "jobs")
    if is_removed:
        await access.remove(BEN)
    await db.write(lambda conn: access.erase(conn, BEN))
    access.erased(BEN)
    rows = [row for row in await db.read(people.everyone) if row.user_id == BEN]
    assert [(row.name, row.removed_at is not None) for row in rows] == (
        [("", True)] if stays else []
    )
    kept = await db.read(lambda conn: audit.page(conn, 0, 50))
    assert BEN not in {row.user_id for row in kept}
    assert access.allows(BEN) == (not is_removed)


async def test_who_was_removed_and_erased_everything_is_let_in_by_no_open_link(
    db: Database,
) -> None:
    access = await claimed(db)
    made = await access.invite(9, DAY)
    assert made is not None
    assert await access.open_link(BEN, "Ben", made[1]) is Opened.JOINED
    await access.remove(BEN)
    await db.write(lambda conn: access.erase(conn, BEN))
    access.erased(BEN)
    assert [row.name for row in await db.read(people.everyone) if row.user_id == BEN] == [""]
    for each in (access, await access_to(db, "")):
        assert await each.open_link(BEN, "Ben", made[1]) is Opened.REFUSED
        assert not each.allows(BEN)


async def test_a_person_whom_a_link_let_in_may_begin_again_after_erasing(db: Database) -> None:
    access = await claimed(db)
    made = await access.invite(1, DAY)
    assert made is not None
    assert await access.open_link(BEN, "Ben", made[1]) is Opened.JOINED
    await db.write(lambda conn: access.erase(conn, BEN))
    access.erased(BEN)
    assert (await access_to(db, "")).allows(BEN)
    assert [row.name for row in await db.read(people.everyone)] == ["Anna", ""]
