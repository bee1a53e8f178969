"""What a chat must be told is told once, when it can be heard, and if it is still worth it."""

import asyncio
from typing import Any

import pytest

from storage import notices
from storage.enums import JobState
from storage.errors import StorageError
from tests.support.chat_harness import COURSE, ChatHarness
from tests.support.names import ANNA, BORIS


async def an_ended_job(harness: ChatHarness, chat_id: int = ANNA) -> int:
    """A job of three done cells and one skipped."""
    account = await harness.student(chat_id)
    job_id = await harness.job(account)
    await harness.end_cells(job_id, c0="done", c1="done", c2="done", c3="by_hand")
    await harness.change(job_id, JobState.SUCCEEDED)
    return job_id


async def test_a_notice_is_sent_once_however_often_it_is_looked_for(harness: ChatHarness) -> None:
    notice = await harness.notice(await an_ended_job(harness))
    for _ in range(20):
        harness.notices.wake()
    await harness.telegram.wait_for(lambda: harness.said())
    for _ in range(20):
        harness.notices.wake()
        await asyncio.sleep(0)
    await harness.quiet()
    harness.notices.wake()
    await harness.quiet()
    (message,) = harness.said()
    assert "完成 3 · 失败 0 · 跳过 1" in message.text
    assert await harness.fate(notice) == "sent"


async def test_a_look_that_began_before_the_sending_was_noted_sends_nothing_again(
    harness: ChatHarness, monkeypatch: pytest.MonkeyPatch
) -> None:
    notice = await harness.notice(await an_ended_job(harness))
    harness.telegram.away()
    harness.notices.wake()
    await harness.waits_in_the_outbox()
    release, found, read = asyncio.Event(), asyncio.Event(), harness.db.read

    async def slow_read(unit: Any) -> Any:  # noqa: ANN401 - the database's own
        result = await read(unit)
        if unit is notices.pending:
            found.set()
            await release.wait()
        return result

    monkeypatch.setattr(harness.db, "read", slow_read)
    harness.notices.wake()
    await found.wait()
    harness.telegram.back()
    async with asyncio.timeout(10):
        while await harness.fate(notice) != "sent":  # noqa: ASYNC110 - a row changes, nobody tells
            await asyncio.sleep(0.005)
    release.set()
    await harness.quiet()
    assert len(harness.said()) == 1


async def test_a_notice_that_telegram_refuses_is_given_up_after_one_attempt(
    harness: ChatHarness,
) -> None:
    notice = await harness.notice(await an_ended_job(harness))
    harness.telegram.fail("sendMessage", 400, "Bad Request: message is too long")
    for _ in range(3):
        harness.notices.wake()
        await harness.quiet()
    assert harness.said() == []
    assert await harness.fate(notice) == "dropped"


async def test_a_notice_that_cannot_be_rendered_is_given_up(
    harness: ChatHarness, monkeypatch: pytest.MonkeyPatch
) -> None:
    notice = await harness.notice(await an_ended_job(harness))

    async def broken(_: object) -> None:
        raise LookupError("a fault")

    monkeypatch.setattr(harness.notices, "_render", broken)
    harness.notices.wake()
    await harness.quiet()
    assert await harness.fate(notice) == "dropped"


async def test_a_notice_is_not_given_up_because_of_trouble_with_the_storage(
    harness: ChatHarness, monkeypatch: pytest.MonkeyPatch
) -> None:
    notice = await harness.notice(await an_ended_job(harness))
    render = harness.notices._render

    async def locked(_: object) -> None:
        raise StorageError("database is locked")

    monkeypatch.setattr(harness.notices, "_render", locked)
    harness.notices.wake()
    await harness.quiet()
    assert await harness.fate(notice) == "waits"
    monkeypatch.setattr(harness.notices, "_render", render)
    harness.notices.wake()
    await harness.quiet()
    assert await harness.fate(notice) == "sent"


async def test_several_notices_of_a_chat_come_in_their_order(harness: ChatHarness) -> None:
    account = await harness.student()
    job_id = await harness.job(account)
    await harness.change(job_id, JobState.WAITING, reason="barred")
    await harness.notice(job_id, "barred", minutes=20)
    await harness.notice(job_id, "platform_away", minutes=5)
    harness.notices.wake()
    await harness.quiet()
    first, second = harness.said()
    assert "20 分钟" in first.text
    assert "5 分钟" in second.text


async def test_a_notice_that_was_not_sent_is_sent_after_a_restart(harness: ChatHarness) -> None:
    notice = await harness.notice(await an_ended_job(harness))
    harness.telegram.away()
    harness.notices.wake()
    await harness.waits_in_the_outbox()
    await harness.close()
    harness.telegram.back()
    await harness.open()
    assert await harness.fate(notice) == "waits"
    harness.notices.wake()
    await harness.quiet()
    assert len(harness.said()) == 1
    assert await harness.fate(notice) == "sent"
    await harness.restart()
    harness.notices.wake()
    await harness.quiet()
    assert len(harness.said()) == 1


async def test_a_lost_answer_repeats_a_notice_at_most_once(harness: ChatHarness) -> None:
    notice = await harness.notice(await an_ended_job(harness))
    harness.telegram.lose_answer("sendMessage")
    harness.notices.wake()
    await harness.quiet()
    assert len(harness.said()) == 2
    assert await harness.fate(notice) == "sent"


async def test_a_notice_says_what_is_true_when_it_is_sent(harness: ChatHarness) -> None:
    job_id = await an_ended_job(harness)
    await harness.notice(job_id)
    harness.telegram.away()
    harness.notices.wake()
    await harness.waits_in_the_outbox()
    await harness.end_cells(job_id, c3="done")
    # A try that was on its way meanwhile, and says what was true then, would find Telegram there.
    await harness.waits_in_the_outbox()
    harness.telegram.back()
    await harness.quiet()
    assert "完成 4 · 失败 0 · 跳过 0" in harness.said()[0].text


async def test_a_login_is_not_asked_for_once_the_job_goes_on(harness: ChatHarness) -> None:
    account = await harness.student()
    job_id = await harness.job(account)
    await harness.change(job_id, JobState.NEEDS_LOGIN)
    notice = await harness.notice(job_id, "needs_login")
    await harness.change(job_id, JobState.RUNNING)
    harness.notices.wake()
    await harness.quiet()
    assert harness.said() == []
    assert await harness.fate(notice) == "dropped"


async def test_an_expired_session_is_told_with_the_students_name(harness: ChatHarness) -> None:
    account = await harness.student()
    job_id = await harness.job(account)
    await harness.change(job_id, JobState.NEEDS_LOGIN)
    await harness.notice(job_id, "needs_login")
    harness.notices.wake()
    await harness.quiet()
    (message,) = harness.said()
    assert account.name in message.text
    assert COURSE in message.text
    assert "登录" in message.text
    assert "cookie" in message.text


async def test_an_outage_that_is_over_is_not_told(harness: ChatHarness) -> None:
    account = await harness.student()
    job_id = await harness.job(account)
    notice = await harness.notice(job_id, "platform_away", minutes=5)
    harness.notices.wake()
    await harness.quiet()
    assert harness.said() == []
    assert await harness.fate(notice) == "dropped"


async def test_notices_of_who_blocked_the_bot_wait_for_the_return(harness: ChatHarness) -> None:
    notice = await harness.notice(await an_ended_job(harness))
    other = await harness.notice(await an_ended_job(harness, BORIS))
    anna = harness.person()
    anna.block()
    for _ in range(3):
        harness.notices.wake()
        await harness.quiet()
    assert (await harness.fate(notice), await harness.fate(other)) == ("waits", "sent")
    assert sum(call.chat_id == ANNA for call in harness.calls("sendMessage")) == 1
    anna.unblock()
    await harness.heard_from()
    await harness.quiet()
    assert len(harness.said()) == 1
    assert await harness.fate(notice) == "sent"


async def test_the_notice_is_in_the_persons_language(harness: ChatHarness) -> None:
    await harness.notice(await an_ended_job(harness))
    await harness.people.set_language(ANNA, "en")
    harness.notices.wake()
    await harness.quiet()
    assert "done 3 · failed 0 · skipped 1" in harness.said()[0].text
