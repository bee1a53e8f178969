"""Who is taken out of ALLOWED_USERS: their jobs rest, their cookie is not used, and they can still
remove what is stored of them."""

from collections.abc import Callable
from typing import Any

import pytest

from demo.platform import STUDENT, document, video
from storage import digest_settings, job_changes, jobs
from storage.enums import UNFINISHED, JobReason, JobState
from tests.digest.served import until_served
from tests.e2e.house import PERSON_ID, House, one_course
from tests.e2e.pasting import JumpingClock

Make = Callable[..., Any]
SOMEBODY_ELSE = "42"


async def _shut_out(houses: Make) -> House:
    """A house whose person started a job, wants a digest, and may not use the bot any more."""
    house: House = await houses(one_course([video(4000), document(2)]))
    await house.log_in()
    await house.start_job("测试科目", "测试模块")
    await house.reported()
    assert house.app is not None
    now = house.app.clock.now()
    await house.app.db.write(lambda c: digest_settings.switch(c, PERSON_ID, now, on=True))
    await house.app.db.write(lambda c: digest_settings.set_watch(c, PERSON_ID, now, 6))
    await house.close()
    house._allowed = SOMEBODY_ELSE
    await house.open()
    await house.see("你暂时不能使用这个机器人")
    return house


async def _all_looks(house: House) -> None:
    """Let everything that works by itself look for work once."""
    assert house.app is not None
    await house.app.dispatcher._tick()
    await house.app.digests.tick()
    await until_served(house.app.digests)


async def test_jobs_rest_and_the_cookie_is_not_used(houses: Make) -> None:
    house = await _shut_out(houses)
    before = len(house.platform.requests)
    await _all_looks(house)
    house.person.send("/jobs")
    await house.see(f"{PERSON_ID}")
    assert house.shown("/erase") is not None
    await house.press("继续")
    house.person.send("/courses")
    house.person.send("/cancel")
    await house.see_button("确认取消")
    assert sum("ALLOWED_USERS" in m.text for m in _said(house)) == 1, "once an hour"
    await _all_looks(house)
    assert len(house.platform.requests) == before


async def test_the_job_can_be_resumed_once_the_person_may_use_the_bot_again(houses: Make) -> None:
    house = await _shut_out(houses)
    await house.close()
    house._allowed = f"{SOMEBODY_ELSE}, {PERSON_ID}"
    await house.open()
    await house.press("继续")
    final = await house.final()
    assert final.counts == (2, 0, 0)
    assert house.platform.violations == []


@pytest.mark.parametrize("command", ["/erase", "/erase@zjy_demo_bot", "/logout"])
async def test_what_is_stored_can_be_removed(houses: Make, command: str) -> None:
    house = await _shut_out(houses)
    house.person.send(command)
    if command == "/logout":
        await house.press("张三")
        await house.see("已移除")
    else:
        await house.press("全部删除")
        await house.see("已全部删除")
    assert house.app is not None
    held = await house.app.db.read(lambda c: c.execute_fetchall("SELECT count(*) FROM accounts"))
    assert [tuple(row) for row in held] == [(0,)]


async def test_a_job_can_be_cancelled(houses: Make) -> None:
    house = await _shut_out(houses)
    house.person.send("/cancel")
    await house.press("确认取消")
    await house.see("已取消")


async def test_who_is_refused_is_answered_once_an_hour(houses: Make) -> None:
    clock = JumpingClock()
    house: House = await houses(one_course([document(2)]), allowed=SOMEBODY_ELSE, clock=clock)
    for _ in range(3):
        house.person.send("/start")
    await house.see("ALLOWED_USERS")
    clock.jump(3600)
    house.person.send("/start")
    await house.until(lambda: len(_said(house)) == 2)


async def test_a_stranger_of_whom_nothing_is_stored_can_remove_nothing(houses: Make) -> None:
    house: House = await houses(one_course([document(2)]), allowed=SOMEBODY_ELSE)
    house.person.send("/erase")
    message = await house.see("ALLOWED_USERS")
    assert "/erase" not in message.text
    assert house.app is not None
    rows = await house.app.db.read(lambda c: c.execute_fetchall("SELECT count(*) FROM chats"))
    assert [tuple(row) for row in rows] == [(0,)]


@pytest.mark.parametrize("command", ["/cancel", "/logout", "/erase", "/cancel@zjy_demo_bot"])
async def test_no_cookie_is_taken_with_a_command_that_removes(houses: Make, command: str) -> None:
    house = await _shut_out(houses)
    before = len(house.platform.requests)
    cookie = house.platform.cookie_for(STUDENT.stu_id)
    house.person.send(f"{command} auth={cookie}")
    await house.see("ALLOWED_USERS", patience=10)
    house.person.send(f"{command}\n{cookie}")
    house.person.send("/logout")
    await house.see_button("张三")
    assert house.app is not None
    stored = "SELECT (SELECT count(*) FROM pending_logins), (SELECT count(*) FROM pasted_messages)"
    kept = await house.app.db.read(lambda c: c.execute_fetchall(stored))
    assert [tuple(row) for row in kept] == [(0, 0)]
    assert len(house.platform.requests) == before


async def test_a_job_that_waits_for_a_cookie_rests_too(houses: Make) -> None:
    house: House = await houses(one_course([video(4000), document(2)]))
    await house.log_in()
    await house.start_job("测试科目", "测试模块")
    await house.reported()
    house.platform.expire(STUDENT.stu_id)
    await house.see("的登录已过期")
    await house.close()
    house._allowed = SOMEBODY_ELSE
    await house.open()
    assert house.app is not None
    unfinished = await house.app.db.read(lambda c: jobs.in_states(c, UNFINISHED))
    assert [(job.state, job.reason) for job in unfinished] == [
        (JobState.PAUSED, JobReason.NO_ACCESS)
    ]


async def test_a_queued_job_is_not_begun_by_the_dispatcher(houses: Make) -> None:
    house = await _shut_out(houses)
    assert house.app is not None
    db, now = house.app.db, house.app.clock.now()
    (job,) = await db.read(lambda c: jobs.in_states(c, UNFINISHED))
    paused, queued = (JobState.PAUSED,), JobState.QUEUED
    await db.write(
        lambda c: job_changes.change_state(c, job.id, expected=paused, state=queued, now=now)
    )
    before = len(house.platform.requests)
    await _all_looks(house)
    (job,) = await db.read(lambda c: jobs.in_states(c, UNFINISHED))
    assert job.state is queued
    assert len(house.platform.requests) == before


def _said(house: House) -> list[Any]:
    return [message for message in house.person.chat.messages if message.from_bot]
