"""In the quiet hours what comes by itself makes no sound; what was pressed for does."""

import json
from datetime import datetime, timedelta

import pytest
from aiosqlite import Connection

from bot.digest.settings import DigestSettingsService
from bot.outbox.chat_queue import fixed
from bot.outbox.screen import Screen
from bot.tracking.new_lessons import NewLessonsNotice, TaughtModule
from storage import accounts, chats
from storage.enums import JobState, NoticeKind
from storage.notices import insert_notice
from tests.support.chat_harness import COURSE, ChatHarness
from tests.support.names import ANNA


async def quiet_now(harness: ChatHarness, *, quiet: bool) -> None:
    """Quiet hours around the present moment, or on the other side of the day."""
    now = (await harness.people.of_chat(ANNA)).zone  # type: ignore[union-attr]
    middle = harness.clock.now().astimezone(now) + timedelta(hours=0 if quiet else 12)
    begin, end = middle - timedelta(hours=2), middle + timedelta(hours=2)
    await DigestSettingsService(harness.db, harness.clock).set_quiet(ANNA, begin.time(), end.time())


@pytest.mark.parametrize("quiet", [True, False])
async def test_a_notice_follows_the_quiet_hours(harness: ChatHarness, quiet: bool) -> None:
    account = await harness.student()
    job_id = await harness.job(account)
    await harness.change(job_id, JobState.SUCCEEDED)
    await harness.notice(job_id)
    await quiet_now(harness, quiet=quiet)
    harness.notices.wake()
    await harness.quiet()
    (message,) = harness.said()
    assert message.silent is quiet


@pytest.mark.parametrize("quiet", [True, False])
async def test_the_message_of_a_job_that_begins_by_itself_does_too(
    harness: ChatHarness, quiet: bool
) -> None:
    account = await harness.student()
    job_id = await harness.job(account)
    await quiet_now(harness, quiet=quiet)
    harness.reporter.job_changed(job_id)
    await harness.quiet()
    (message,) = harness.said()
    assert COURSE in message.text
    assert message.silent is quiet


def zone_in_which_it_is(hour: int, moment: datetime) -> str:
    """POSIX counts westwards: in Etc/GMT+3 it is three hours earlier than in London."""
    later = (hour - moment.hour + 12) % 24 - 12
    return f"Etc/GMT{-later:+d}"


@pytest.mark.parametrize(("hour", "quiet"), [(3, True), (12, False)])
async def test_who_never_chose_any_sleeps_at_night(
    harness: ChatHarness, hour: int, quiet: bool
) -> None:
    account = await harness.student()
    zone = zone_in_which_it_is(hour, harness.clock.now())
    await harness.db.write(lambda conn: chats.set_time_zone(conn, ANNA, zone))
    await harness.notice(await harness.job(account, state=JobState.NEEDS_LOGIN), "needs_login")
    harness.notices.wake()
    await harness.quiet()
    (message,) = harness.said()
    assert message.silent is quiet


async def test_what_was_pressed_for_is_heard(harness: ChatHarness) -> None:
    await harness.student()
    await quiet_now(harness, quiet=True)
    await harness.outbox.send(ANNA, Screen("here"))
    await harness.outbox.say(ANNA, fixed(Screen("there")))
    assert [each.silent for each in harness.said()] == [False, False]


async def leave(harness: ChatHarness, payload: str) -> None:
    now = harness.clock.now()
    await harness.db.write(
        lambda conn: insert_notice(
            conn, chat_id=ANNA, kind=NoticeKind.NEW_LESSONS, once=payload, payload=payload, now=now
        )
    )


async def test_an_expired_cookie_is_told_of_without_a_job_while_there_is_no_new_one(
    harness: ChatHarness,
) -> None:
    account = await harness.student()
    facts = json.dumps({"account_id": account.id})
    now = harness.clock.now()

    async def unit(conn: Connection, once: str) -> None:
        await insert_notice(
            conn, chat_id=ANNA, kind=NoticeKind.NEEDS_LOGIN, once=once, payload=facts, now=now
        )

    await harness.db.write(lambda conn: unit(conn, "while it works"))
    harness.notices.wake()
    await harness.quiet()
    assert harness.said() == []
    await harness.db.write(lambda conn: accounts.mark_expired(conn, account.id, now))
    await harness.db.write(lambda conn: unit(conn, "expired"))
    harness.notices.wake()
    await harness.quiet()
    (message,) = harness.said()
    assert "登录" in message.text
    assert "cookie" in message.text
    assert [await harness.fate(number) for number in (1, 2)] == ["dropped", "sent"]


async def test_a_notice_of_new_lessons_needs_no_job_and_goes_with_its_course(
    harness: ChatHarness,
) -> None:
    account = await harness.student()
    course = await harness.course(account)
    news = NewLessonsNotice(account.id, course.id, (TaughtModule("m", "模块一", True, ()),), 0)
    gone = json.loads(news.payload()) | {"course_id": course.id + 1}
    for payload in (news.payload(), json.dumps(gone)):
        await leave(harness, payload)
    harness.notices.wake()
    await harness.quiet()
    (message,) = harness.said()
    assert f"{COURSE} 有新课" in message.text
    assert [await harness.fate(number) for number in (1, 2)] == ["sent", "dropped"]
    found = await harness.notices.new_lessons(ANNA, 1)
    assert found is not None
    assert found.payload() == news.payload()
    assert await harness.notices.new_lessons(ANNA + 1, 1) is None
