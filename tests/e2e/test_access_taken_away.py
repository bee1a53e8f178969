"""Who is taken out of ALLOWED_USERS: their jobs rest, their cookie is not used, and they can still
remove what is stored of them."""

from collections.abc import Callable
from typing import Any

import pytest

from demo.platform import STUDENT, document, video
from storage import digest_settings, job_changes, jobs
from storage.enums import UNFINISHED, JobReason, JobState
from tests.support.app_harness import AppHarness, one_course
from tests.support.clocks import JumpingClock
from tests.support.digest_harness import until_served
from tests.support.names import ANNA

Make = Callable[..., Any]
SOMEBODY_ELSE = "42"


async def _shut_out(open_app: Make) -> AppHarness:
    """A bot whose person started a job, wants a digest, and may not use the bot any more."""
    harness: AppHarness = await open_app(one_course([video(4000), document(2)]))
    await harness.log_in()
    await harness.start_job("测试科目", "测试模块")
    await harness.reported()
    assert harness.app is not None
    now = harness.app.clock.now()
    await harness.app.db.write(lambda c: digest_settings.switch(c, ANNA, now, on=True))
    await harness.app.db.write(lambda c: digest_settings.set_watch(c, ANNA, now, 6))
    await harness.close()
    harness.settings["allowed_users"] = SOMEBODY_ELSE
    await harness.open()
    await harness.see("你暂时不能使用这个机器人")
    return harness


async def _all_looks(harness: AppHarness) -> None:
    """Let everything that works by itself look for work once."""
    assert harness.app is not None
    await harness.app.dispatcher._tick()
    await harness.app.digests.tick()
    await until_served(harness.app.digests)


async def test_jobs_rest_and_the_cookie_is_not_used(open_app: Make) -> None:
    harness = await _shut_out(open_app)
    before = len(harness.platform.requests)
    await _all_looks(harness)
    harness.person.send("/jobs")
    await harness.see(f"{ANNA}")
    assert harness.shown("/erase") is not None
    await harness.press("继续")
    harness.person.send("/courses")
    harness.person.send("/cancel")
    await harness.see_button("确认取消")
    assert sum("还没对你开放" in m.text for m in _said(harness)) == 1, "once an hour"
    await _all_looks(harness)
    assert len(harness.platform.requests) == before


async def test_the_job_can_be_resumed_once_the_person_may_use_the_bot_again(open_app: Make) -> None:
    harness = await _shut_out(open_app)
    await harness.close()
    harness.settings["allowed_users"] = f"{SOMEBODY_ELSE}, {ANNA}"
    await harness.open()
    await harness.press("继续")
    final = await harness.final()
    assert final.counts == (2, 0, 0)
    assert harness.platform.violations == []


@pytest.mark.parametrize("command", ["/erase", "/erase@zjy_demo_bot", "/logout"])
async def test_what_is_stored_can_be_removed(open_app: Make, command: str) -> None:
    harness = await _shut_out(open_app)
    harness.person.send(command)
    if command == "/logout":
        await harness.press("张三")
        await harness.see("已移除")
    else:
        await harness.press("全部删除")
        await harness.see("已全部删除")
    assert harness.app is not None
    held = await harness.app.db.read(lambda c: c.execute_fetchall("SELECT count(*) FROM accounts"))
    assert [tuple(row) for row in held] == [(0,)]


async def test_a_job_can_be_cancelled(open_app: Make) -> None:
    harness = await _shut_out(open_app)
    harness.person.send("/cancel")
    await harness.press("确认取消")
    await harness.see("已取消")


async def test_who_is_refused_is_answered_once_an_hour(open_app: Make) -> None:
    clock = JumpingClock()
    harness: AppHarness = await open_app(
        one_course([document(2)]), allowed=SOMEBODY_ELSE, clock=clock
    )
    for _ in range(3):
        harness.person.send("/start")
    await harness.see("还没对你开放")
    clock.jump(3600)
    harness.person.send("/start")
    await harness.until(lambda: len(_said(harness)) == 2)


async def test_a_stranger_of_whom_nothing_is_stored_can_remove_nothing(open_app: Make) -> None:
    harness: AppHarness = await open_app(one_course([document(2)]), allowed=SOMEBODY_ELSE)
    harness.person.send("/erase")
    message = await harness.see("还没对你开放")
    assert "/erase" not in message.text
    assert harness.app is not None
    rows = await harness.app.db.read(lambda c: c.execute_fetchall("SELECT count(*) FROM chats"))
    assert [tuple(row) for row in rows] == [(0,)]


@pytest.mark.parametrize("command", ["/cancel", "/logout", "/erase", "/cancel@zjy_demo_bot"])
async def test_no_cookie_is_taken_with_a_command_that_removes(open_app: Make, command: str) -> None:
    harness = await _shut_out(open_app)
    before = len(harness.platform.requests)
    cookie = harness.platform.cookie_for(STUDENT.stu_id)
    harness.person.send(f"{command} auth={cookie}")
    await harness.see("还没对你开放", patience=10)
    harness.person.send(f"{command}\n{cookie}")
    harness.person.send("/logout")
    await harness.see_button("张三")
    assert harness.app is not None
    stored = "SELECT (SELECT count(*) FROM pending_logins), (SELECT count(*) FROM pasted_messages)"
    kept = await harness.app.db.read(lambda c: c.execute_fetchall(stored))
    assert [tuple(row) for row in kept] == [(0, 0)]
    assert len(harness.platform.requests) == before


async def test_a_job_that_waits_for_a_cookie_rests_too(open_app: Make) -> None:
    harness: AppHarness = await open_app(one_course([video(4000), document(2)]))
    await harness.log_in()
    await harness.start_job("测试科目", "测试模块")
    await harness.reported()
    harness.platform.expire(STUDENT.stu_id)
    await harness.see("的登录已过期")
    await harness.close()
    harness.settings["allowed_users"] = SOMEBODY_ELSE
    await harness.open()
    assert harness.app is not None
    unfinished = await harness.app.db.read(lambda c: jobs.in_states(c, UNFINISHED))
    assert [(job.state, job.reason) for job in unfinished] == [
        (JobState.PAUSED, JobReason.NO_ACCESS)
    ]


async def test_a_queued_job_is_not_begun_by_the_dispatcher(open_app: Make) -> None:
    harness = await _shut_out(open_app)
    assert harness.app is not None
    db, now = harness.app.db, harness.app.clock.now()
    (job,) = await db.read(lambda c: jobs.in_states(c, UNFINISHED))
    paused, queued = (JobState.PAUSED,), JobState.QUEUED
    await db.write(
        lambda c: job_changes.change_state(c, job.id, expected=paused, state=queued, now=now)
    )
    before = len(harness.platform.requests)
    await _all_looks(harness)
    (job,) = await db.read(lambda c: jobs.in_states(c, UNFINISHED))
    assert job.state is queued
    assert len(harness.platform.requests) == before


def _said(harness: AppHarness) -> list[Any]:
    return [message for message in harness.person.chat.messages if message.from_bot]
