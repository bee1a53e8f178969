"""Which cookies are pending, how they are kept, and when each is tried."""

from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.clock import PlatformClock
from bot.login.credentials import Credential
from bot.login.pending_logins import MOST_PENDING, TRY_FOR, PendingLogins, TrialSchedule
from storage import chats, pasted_messages
from storage.database import Database
from storage.pending_logins import PendingCookie
from storage.rows import run
from storage.vault import SealBroken
from tests.support.clocks import SettableClock
from tests.support.open_bot import Bot, Floor, open_bot

CHAT, MESSAGE = 1001, 5
NOW = datetime(2021, 3, 1, tzinfo=UTC)
COOKIE = "5EC4E7" * 10


@pytest.fixture
def clock() -> Iterator[SettableClock]:
    made = SettableClock(NOW, seconds=1000.0)
    yield made
    assert made.slept == [], "nothing here sleeps"


@pytest.fixture
async def bot(tmp_path: Path) -> AsyncIterator[Bot]:
    async with open_bot(tmp_path, upto=Floor.STORAGE) as bot:
        await bot.db.write(lambda conn: chats.ensure(conn, CHAT, CHAT, NOW))
        yield bot


@pytest.fixture
def db(bot: Bot) -> Database:
    return bot.db


@pytest.fixture
def pending(bot: Bot, clock: SettableClock) -> PendingLogins:
    return PendingLogins(bot.db, bot.vault, PlatformClock(clock, 2.0))


def cookies(count: int, start: int = 0) -> list[Credential]:
    return [Credential(f"{number:064x}") for number in range(start, start + count)]


async def test_a_cookie_opens_as_it_was_pasted_and_its_message_counts_as_read(
    pending: PendingLogins, db: Database
) -> None:
    await db.write(lambda conn: pasted_messages.remember(conn, CHAT, [MESSAGE], NOW))
    pasted = Credential(COOKIE, NOW)
    await pending.begin(CHAT, [MESSAGE], [pasted])
    (kept,) = await pending.cookies(CHAT)
    assert await pending.open(kept) == pasted
    assert kept.until == NOW + timedelta(seconds=TRY_FOR / 2)
    (message,) = await db.read(pasted_messages.left_over)
    assert message.is_read


async def test_a_cookie_moved_to_another_row_does_not_open(
    pending: PendingLogins, db: Database
) -> None:
    await pending.begin(CHAT, [], cookies(2))
    one, other = await pending.cookies(CHAT)
    await db.write(
        lambda conn: run(
            conn,
            "UPDATE pending_cookies SET sealed_cookie ="
            " (SELECT sealed_cookie FROM pending_cookies WHERE id = ?) WHERE id = ?",
            (one.id, other.id),
        )
    )
    with pytest.raises(SealBroken):
        await pending.open(other)


async def test_the_newest_paste_goes_first_and_the_oldest_cookies_go(
    pending: PendingLogins, clock: SettableClock
) -> None:
    for start in (0, 6, 12):
        await pending.begin(CHAT, [], cookies(6, start))
        clock.advance(1)
    opened = [await pending.open(each) for each in await pending.cookies(CHAT)]
    assert opened == cookies(6, 12) + cookies(6, 6)
    assert len(opened) == MOST_PENDING


async def test_a_cookie_pasted_again_is_pending_once_and_its_message_is_replaced(
    pending: PendingLogins, clock: SettableClock
) -> None:
    assert await pending.begin(CHAT, [], cookies(2)) is None
    await pending.set_shown(CHAT, 7)
    clock.advance(1)
    assert await pending.begin(CHAT, [], cookies(1)) == 7
    opened = [await pending.open(each) for each in await pending.cookies(CHAT)]
    assert opened == cookies(2)


async def test_nothing_is_kept_of_an_erased_chat(pending: PendingLogins) -> None:
    await pending.begin(42, [], cookies(1))
    assert await pending.chats() == []


@pytest.mark.parametrize("how", ["remove", "withdraw", "erase"])
async def test_what_is_removed_is_in_no_file_not_even_sealed(
    pending: PendingLogins, db: Database, how: str
) -> None:
    await pending.begin(CHAT, [], [Credential(COOKIE)])
    (kept,) = await pending.cookies(CHAT)
    row = await db.read(lambda c: c.execute_fetchall("SELECT sealed_cookie FROM pending_cookies"))
    (sealed,) = (bytes(each[0]) for each in row)
    holding = [file for file in db.path.parent.rglob("*") if _holds(file, sealed)]
    assert holding, "the search can find"
    assert not any(_holds(file, COOKIE.encode()) for file in db.path.parent.rglob("*"))
    if how == "remove":
        await pending.remove(kept)
    elif how == "withdraw":
        await pending.withdraw(CHAT)
    else:
        await db.write(lambda conn: chats.erase(conn, CHAT))
        await db.checkpoint()
    assert not any(_holds(file, sealed) for file in db.path.parent.rglob("*"))


def _holds(file: Path, text: bytes) -> bool:
    return file.is_file() and text in file.read_bytes()


def a_cookie(number: int, until: datetime) -> PendingCookie:
    return PendingCookie(number, CHAT, None, NOW, until)


def all_tries(schedule: TrialSchedule, clock: SettableClock, cookie: PendingCookie) -> list[float]:
    """The seconds at which a cookie is tried of which the platform never says whose it is."""
    began, tried = clock.seconds, []
    while True:
        while not schedule.due([cookie]):
            clock.advance(schedule.seconds_left())
        tried.append(clock.seconds - began)
        if not schedule.undecided(cookie, is_patient=True):
            return tried


def test_the_waits_grow_and_end_after_ten_minutes(clock: SettableClock) -> None:
    cookie = a_cookie(1, NOW + timedelta(seconds=TRY_FOR))
    tried = all_tries(TrialSchedule(PlatformClock(clock)), clock, cookie)
    assert tried == [0, 15, 45, 105, 225, 345, 465, 585, 600]


def test_after_a_restart_an_old_cookie_is_tried_once(clock: SettableClock) -> None:
    cookie = a_cookie(1, NOW - timedelta(hours=1))
    assert all_tries(TrialSchedule(PlatformClock(clock)), clock, cookie) == [0]


def test_a_clock_that_was_put_back_makes_nobody_wait_longer(clock: SettableClock) -> None:
    cookie = a_cookie(1, NOW + timedelta(days=300))
    assert all_tries(TrialSchedule(PlatformClock(clock)), clock, cookie)[-1] == TRY_FOR


def test_a_bar_longer_than_the_time_leaves_one_try_at_its_end(clock: SettableClock) -> None:
    cookie = a_cookie(1, NOW + timedelta(seconds=TRY_FOR))
    schedule = TrialSchedule(PlatformClock(clock))
    assert schedule.due([cookie]) == [cookie]
    assert schedule.undecided(cookie, is_patient=True)
    schedule.rest(3600)
    assert schedule.seconds_left() == TRY_FOR
    clock.advance(TRY_FOR)
    assert schedule.due([cookie]) == [cookie]


def test_a_bar_keeps_no_later_paste_waiting(clock: SettableClock) -> None:
    barred, fresh = (a_cookie(n, NOW + timedelta(seconds=TRY_FOR)) for n in (1, 2))
    schedule = TrialSchedule(PlatformClock(clock))
    schedule.due([barred])
    schedule.undecided(barred, is_patient=True)
    schedule.rest(300)
    assert schedule.due([fresh, barred]) == [fresh]


def test_a_cookie_that_outlasted_a_patient_try_lets_the_others_go_first(
    clock: SettableClock,
) -> None:
    one, other = (a_cookie(n, NOW + timedelta(seconds=TRY_FOR)) for n in (1, 2))
    schedule = TrialSchedule(PlatformClock(clock))
    assert schedule.due([one, other]) == [one, other]
    schedule.undecided(one, is_patient=True)
    schedule.undecided(other, is_patient=False)
    clock.advance(schedule.seconds_left())
    assert schedule.due([one, other]) == [other, one]
