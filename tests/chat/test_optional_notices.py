"""Which notices can be switched off, and that what was switched off is not sent."""

import json
from datetime import timedelta

import pytest

from bot.chat.optional_notices import OPTIONAL, OptionalNotice, is_on, is_switched_off
from bot.tracking.new_lessons import NewLessonsNotice, TaughtModule
from storage import accounts, chats
from storage.enums import JobState, NoticeKind
from tests.chat.newsroom import Newsroom
from tests.chat.post import ANNA


async def notice_of(room: Newsroom, kind: NoticeKind) -> int:
    """A notice that is worth sending."""
    account = await room.student()
    job_id = await room.job(account)
    states = {
        NoticeKind.BARRED: JobState.WAITING,
        NoticeKind.PLATFORM_AWAY: JobState.WAITING,
        NoticeKind.NEEDS_LOGIN: JobState.NEEDS_LOGIN,
        NoticeKind.JOB_ENDED: JobState.SUCCEEDED,
    }
    if kind in states:
        await room.change(job_id, states[kind])
    pasted_at = room.clock.now()
    ends = pasted_at + timedelta(minutes=30)
    await room.db.write(
        lambda conn: conn.execute(
            "UPDATE accounts SET pasted_at = ?, expires_at = ?",
            (pasted_at.isoformat(timespec="microseconds"), ends.isoformat(timespec="microseconds")),
        )
    )
    stored = await room.db.read(lambda conn: accounts.get(conn, ANNA, account.id))
    assert stored is not None
    assert stored.pasted_at is not None
    course = await room.course(account)
    news = NewLessonsNotice(account.id, course.id, (TaughtModule("m1", "模块一", True, ()),), 0)
    facts = json.loads(news.payload()) | {"minutes": 20, "pasted_at": stored.pasted_at.isoformat()}
    return await room.notice(job_id, kind, **facts)


async def switch_off(room: Newsroom, *notices: OptionalNotice) -> None:
    for notice in notices:
        await room.people.set_notify(ANNA, notice, on=False)


@pytest.mark.parametrize("kind", NoticeKind)
async def test_what_was_switched_off_is_dropped_and_the_rest_is_sent(
    room: Newsroom, kind: NoticeKind
) -> None:
    notice = await notice_of(room, kind)
    await switch_off(room, *OptionalNotice)
    room.notices.wake()
    await room.quiet()
    assert await room.fate(notice) == ("dropped" if kind in OPTIONAL else "sent")
    assert len(room.said()) == (kind not in OPTIONAL)


@pytest.mark.parametrize("kind", OPTIONAL)
async def test_the_other_switches_do_not_matter(room: Newsroom, kind: NoticeKind) -> None:
    notice = await notice_of(room, kind)
    await switch_off(room, *(each for each in OptionalNotice if each is not OPTIONAL[kind]))
    room.notices.wake()
    await room.quiet()
    assert await room.fate(notice) == "sent"


def test_the_end_and_an_expired_session_are_always_told() -> None:
    # Of new lessons nobody hears who did not ask for it with /digest.
    always = set(NoticeKind) - set(OPTIONAL) - {NoticeKind.NEW_LESSONS}
    assert always == {NoticeKind.JOB_ENDED, NoticeKind.NEEDS_LOGIN}
    assert set(OPTIONAL.values()) == set(OptionalNotice)


@pytest.mark.parametrize("notice", OptionalNotice)
async def test_every_switch_is_stored_and_read(room: Newsroom, notice: OptionalNotice) -> None:
    await room.student()
    for on in (False, True):
        await room.people.set_notify(ANNA, notice, on=on)
        chat = await room.db.read(lambda conn: chats.get(conn, ANNA))
        assert chat is not None
        assert is_on(chat, notice) is on
        kind = next(kind for kind, each in OPTIONAL.items() if each is notice)
        assert is_switched_off(chat, kind) is not on
