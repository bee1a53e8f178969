"""What a chat must be told is told once, when it can be heard, and if it is still worth it."""

import asyncio
from typing import Any

import pytest

from storage import notices
from storage.enums import JobState
from storage.errors import StorageError
from tests.chat.newsroom import COURSE, Newsroom
from tests.chat.post import ANNA, BORIS


async def an_ended_job(room: Newsroom, chat_id: int = ANNA) -> int:
    """A job of three done cells and one skipped."""
    account = await room.student(chat_id)
    job_id = await room.job(account)
    await room.end_cells(job_id, c0="done", c1="done", c2="done", c3="by_hand")
    await room.change(job_id, JobState.SUCCEEDED)
    return job_id


async def test_a_notice_is_sent_once_however_often_it_is_looked_for(room: Newsroom) -> None:
    notice = await room.notice(await an_ended_job(room))
    for _ in range(20):
        room.notices.wake()
    await room.telegram.wait_for(lambda: room.said())
    for _ in range(20):
        room.notices.wake()
        await asyncio.sleep(0)
    await room.quiet()
    room.notices.wake()
    await room.quiet()
    (message,) = room.said()
    assert "完成 3 · 失败 0 · 跳过 1" in message.text
    assert await room.fate(notice) == "sent"


async def test_a_look_that_began_before_the_sending_was_noted_sends_nothing_again(
    room: Newsroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    notice = await room.notice(await an_ended_job(room))
    room.telegram.away()
    room.notices.wake()
    await room.waits_in_the_outbox()
    release, found, read = asyncio.Event(), asyncio.Event(), room.db.read

    async def slow_read(unit: Any) -> Any:  # noqa: ANN401 - the database's own
        result = await read(unit)
        if unit is notices.pending:
            found.set()
            await release.wait()
        return result

    monkeypatch.setattr(room.db, "read", slow_read)
    room.notices.wake()
    await found.wait()
    room.telegram.back()
    async with asyncio.timeout(10):
        while await room.fate(notice) != "sent":  # noqa: ASYNC110 - a row changes, nobody tells
            await asyncio.sleep(0.005)
    release.set()
    await room.quiet()
    assert len(room.said()) == 1


async def test_a_notice_that_telegram_refuses_is_given_up_after_one_attempt(
    room: Newsroom,
) -> None:
    notice = await room.notice(await an_ended_job(room))
    room.telegram.fail("sendMessage", 400, "Bad Request: can't parse entities")
    for _ in range(3):
        room.notices.wake()
        await room.quiet()
    assert room.said() == []
    assert await room.fate(notice) == "dropped"


async def test_a_notice_that_cannot_be_rendered_is_given_up(
    room: Newsroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    notice = await room.notice(await an_ended_job(room))

    async def broken(_: object) -> None:
        raise LookupError("a fault")

    monkeypatch.setattr(room.notices, "_render", broken)
    room.notices.wake()
    await room.quiet()
    assert await room.fate(notice) == "dropped"


async def test_a_notice_is_not_given_up_because_of_trouble_with_the_storage(
    room: Newsroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    notice = await room.notice(await an_ended_job(room))
    render = room.notices._render

    async def locked(_: object) -> None:
        raise StorageError("database is locked")

    monkeypatch.setattr(room.notices, "_render", locked)
    room.notices.wake()
    await room.quiet()
    assert await room.fate(notice) == "waits"
    monkeypatch.setattr(room.notices, "_render", render)
    room.notices.wake()
    await room.quiet()
    assert await room.fate(notice) == "sent"


async def test_several_notices_of_a_chat_come_in_their_order(room: Newsroom) -> None:
    account = await room.student()
    job_id = await room.job(account)
    await room.change(job_id, JobState.WAITING, reason="barred")
    await room.notice(job_id, "barred", minutes=20)
    await room.notice(job_id, "platform_away", minutes=5)
    room.notices.wake()
    await room.quiet()
    first, second = room.said()
    assert "20 分钟" in first.text
    assert "5 分钟" in second.text


async def test_a_notice_that_was_not_sent_is_sent_after_a_restart(room: Newsroom) -> None:
    notice = await room.notice(await an_ended_job(room))
    room.telegram.away()
    room.notices.wake()
    await room.waits_in_the_outbox()
    await room.close()
    room.telegram.back()
    await room.open()
    assert await room.fate(notice) == "waits"
    room.notices.wake()
    await room.quiet()
    assert len(room.said()) == 1
    assert await room.fate(notice) == "sent"
    await room.restart()
    room.notices.wake()
    await room.quiet()
    assert len(room.said()) == 1


async def test_a_lost_answer_repeats_a_notice_at_most_once(room: Newsroom) -> None:
    notice = await room.notice(await an_ended_job(room))
    room.telegram.lose_answer("sendMessage")
    room.notices.wake()
    await room.quiet()
    assert len(room.said()) == 2
    assert await room.fate(notice) == "sent"


async def test_a_notice_says_what_is_true_when_it_is_sent(room: Newsroom) -> None:
    job_id = await an_ended_job(room)
    await room.notice(job_id)
    room.telegram.away()
    room.notices.wake()
    await room.waits_in_the_outbox()
    await room.end_cells(job_id, c3="done")
    # A try that was on its way meanwhile, and says what was true then, would find Telegram there.
    await room.waits_in_the_outbox()
    room.telegram.back()
    await room.quiet()
    assert "完成 4 · 失败 0 · 跳过 0" in room.said()[0].text


async def test_a_login_is_not_asked_for_once_the_job_goes_on(room: Newsroom) -> None:
    account = await room.student()
    job_id = await room.job(account)
    await room.change(job_id, JobState.NEEDS_LOGIN)
    notice = await room.notice(job_id, "needs_login")
    await room.change(job_id, JobState.RUNNING)
    room.notices.wake()
    await room.quiet()
    assert room.said() == []
    assert await room.fate(notice) == "dropped"


async def test_an_expired_session_is_told_with_the_students_name(room: Newsroom) -> None:
    account = await room.student()
    job_id = await room.job(account)
    await room.change(job_id, JobState.NEEDS_LOGIN)
    await room.notice(job_id, "needs_login")
    room.notices.wake()
    await room.quiet()
    (message,) = room.said()
    assert account.name in message.text
    assert COURSE in message.text
    assert "登录" in message.text
    assert "cookie" in message.text


async def test_an_outage_that_is_over_is_not_told(room: Newsroom) -> None:
    account = await room.student()
    job_id = await room.job(account)
    notice = await room.notice(job_id, "platform_away", minutes=5)
    room.notices.wake()
    await room.quiet()
    assert room.said() == []
    assert await room.fate(notice) == "dropped"


async def test_notices_of_who_blocked_the_bot_wait_for_the_return(room: Newsroom) -> None:
    notice = await room.notice(await an_ended_job(room))
    other = await room.notice(await an_ended_job(room, BORIS))
    anna = room.person()
    anna.block()
    for _ in range(3):
        room.notices.wake()
        await room.quiet()
    assert (await room.fate(notice), await room.fate(other)) == ("waits", "sent")
    assert sum(call.chat_id == ANNA for call in room.calls("sendMessage")) == 1
    anna.unblock()
    await room.heard_from()
    await room.quiet()
    assert len(room.said()) == 1
    assert await room.fate(notice) == "sent"


async def test_the_notice_is_in_the_persons_language(room: Newsroom) -> None:
    await room.notice(await an_ended_job(room))
    await room.people.set_language(ANNA, "en")
    room.notices.wake()
    await room.quiet()
    assert "done 3 · failed 0 · skipped 1" in room.said()[0].text
