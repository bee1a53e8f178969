"""Which notices can be switched off, and that what was switched off is not sent."""

import json
from datetime import timedelta

import pytest

from bot.chat.optional_notices import OPTIONAL, OptionalNotice, is_on, is_switched_off
from bot.tracking.new_lessons import NewLessonsNotice, TaughtModule
from storage import accounts, chats
from storage.enums import JobState, NoticeKind
from tests.support.chat_harness import ChatHarness
from tests.support.names import ANNA


async def notice_of(harness: ChatHarness, kind: NoticeKind) -> int:
    """A notice that is worth sending."""
    account = await harness.student()
    job_id = await harness.job(account)
    states = {
        NoticeKind.BARRED: JobState.WAITING,
        NoticeKind.PLATFORM_AWAY: JobState.WAITING,
        NoticeKind.NEEDS_LOGIN: JobState.NEEDS_LOGIN,
        NoticeKind.JOB_ENDED: JobState.SUCCEEDED,
    }
    if kind in states:
        await harness.change(job_id, states[kind])
    pasted_at = harness.clock.now()
    ends = pasted_at + timedelta(minutes=30)
    await harness.db.write(
        lambda conn: conn.execute(
            "UPDATE accounts SET pasted_at = ?, expires_at = ?",
            (pasted_at.isoformat(timespec="microseconds"), ends.isoformat(timespec="microseconds")),
        )
    )
    stored = await harness.db.read(lambda conn: accounts.get(conn, ANNA, account.id))
    assert stored is not None
    assert stored.pasted_at is not None
    course = await harness.course(account)
    news = NewLessonsNotice(account.id, course.id, (TaughtModule("m1", "模块一", True, ()),), 0)
    facts = json.loads(news.payload()) | {"minutes": 20, "pasted_at": stored.pasted_at.isoformat()}
    return await harness.notice(job_id, kind, **facts)


async def switch_off(harness: ChatHarness, *notices: OptionalNotice) -> None:
    for notice in notices:
        await harness.people.set_notify(ANNA, notice, on=False)


@pytest.mark.parametrize("kind", NoticeKind)
async def test_what_was_switched_off_is_dropped_and_the_rest_is_sent(
    harness: ChatHarness, kind: NoticeKind
) -> None:
    notice = await notice_of(harness, kind)
    await switch_off(harness, *OptionalNotice)
    harness.notices.wake()
    await harness.quiet()
    assert await harness.fate(notice) == ("dropped" if kind in OPTIONAL else "sent")
    assert len(harness.said()) == (kind not in OPTIONAL)


@pytest.mark.parametrize("kind", OPTIONAL)
async def test_the_other_switches_do_not_matter(harness: ChatHarness, kind: NoticeKind) -> None:
    notice = await notice_of(harness, kind)
    await switch_off(harness, *(each for each in OptionalNotice if each is not OPTIONAL[kind]))
    harness.notices.wake()
    await harness.quiet()
    assert await harness.fate(notice) == "sent"


def test_the_end_and_an_expired_session_are_always_told() -> None:
    # Of new lessons nobody hears who did not ask for it with /digest.
    always = set(NoticeKind) - set(OPTIONAL) - {NoticeKind.NEW_LESSONS}
    assert always == {NoticeKind.JOB_ENDED, NoticeKind.NEEDS_LOGIN}
    assert set(OPTIONAL.values()) == set(OptionalNotice)


@pytest.mark.parametrize("notice", OptionalNotice)
async def test_every_switch_is_stored_and_read(
    harness: ChatHarness, notice: OptionalNotice
) -> None:
    await harness.student()
    for on in (False, True):
        await harness.people.set_notify(ANNA, notice, on=on)
        chat = await harness.db.read(lambda conn: chats.get(conn, ANNA))
        assert chat is not None
        assert is_on(chat, notice) is on
        kind = next(kind for kind, each in OPTIONAL.items() if each is notice)
        assert is_switched_off(chat, kind) is not on
