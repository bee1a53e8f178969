"""What one person may have at the same time: each limit is said in a sentence, kept in the audit,
and leaves what is there as it is."""

from collections.abc import Callable
from typing import Any

import pytest

from bot.limits import MOST, Limit
from demo.platform import (
    OTHER_STUDENT,
    STUDENT,
    course,
    document,
    module,
    school_of,
    topic,
    video,
)
from storage import audit
from tests.support.app_harness import AppHarness, one_course
from tests.support.clocks import JumpingClock
from tests.support.names import ANNA
from tests.support.shown import from_bot

Make = Callable[..., Any]


async def limited(harness: AppHarness) -> list[str | None]:
    assert harness.app is not None
    rows = await harness.app.db.read(lambda conn: audit.page(conn, 0, 50))
    return [row.detail for row in rows if row.user_id == ANNA and row.action == "limited"]


async def cookie_number(harness: AppHarness) -> object:
    """How many cookies the account has had."""
    assert harness.app is not None
    found = await harness.app.db.read(
        lambda conn: conn.execute_fetchall("SELECT cookie_number FROM accounts")
    )
    return [tuple(row) for row in found]


async def test_a_job_too_many_is_refused_with_a_sentence(
    open_app: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(MOST, Limit.JOBS, 1)
    cells = module([topic([video(4000)])], name="测试模块")
    others = module([topic([document(2)])], name="另一模块")
    school = school_of(courses=[course([cells, others], name="测试科目")])
    harness: AppHarness = await open_app(school)
    await harness.log_in()
    await harness.start_job("测试科目", "测试模块")
    await harness.reported()
    await harness.preview("测试科目", "另一模块")
    for _ in range(2):
        assert "你已有 1 个未结束的任务" in await harness.press("开始")
    assert await limited(harness) == ["jobs"]
    final = await harness.final()
    assert final.failed == 0
    await harness.press("开始")
    await harness.final(2)


async def test_all_courses_together_do_not_pass_the_limit_either(
    open_app: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(MOST, Limit.JOBS, 0)
    harness: AppHarness = await open_app(one_course([document(2)]))
    await harness.log_in()
    await harness.press("学剩下的")
    await harness.press("开始")
    await harness.see("你已有 0 个未结束的任务")
    assert harness.report_count() == 0


async def test_an_account_too_many_is_refused_with_a_sentence(
    open_app: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    harness: AppHarness = await open_app(one_course([document(2)]))
    monkeypatch.setitem(MOST, Limit.ACCOUNTS, 1)
    await harness.log_in()
    harness.person.send(f"auth={harness.platform.cookie_for(OTHER_STUDENT.stu_id)}")
    await harness.see("这里已有 1 个账号")
    await harness.log_in()
    assert await limited(harness) == ["accounts"]
    assert harness.app is not None
    stored = "SELECT (SELECT count(*) FROM accounts), (SELECT count(*) FROM pending_cookies)"
    held = await harness.app.db.read(lambda c: c.execute_fetchall(stored))
    assert [tuple(row) for row in held] == [(1, 0)]


async def test_courses_opened_too_often_are_refused_before_the_platform_is_asked(
    open_app: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(MOST, Limit.DRAFTS, 1)
    harness: AppHarness = await open_app(one_course([document(2)]))
    await harness.log_in()
    await harness.preview("测试科目", "测试模块")
    harness.person.send("/courses")
    await harness.see_button("测试科目")
    before = len(harness.platform.requests)
    await harness.press("测试科目")
    await harness.see("你一小时内已打开课程 1 次")
    assert len(harness.platform.requests) == before
    assert await limited(harness) == ["drafts"]


async def test_cookies_in_a_row_are_deleted_and_not_tried_beyond_the_limit(open_app: Make) -> None:
    clock = JumpingClock()
    harness: AppHarness = await open_app(one_course([document(2)]), clock=clock)
    for _ in range(MOST[Limit.LOGINS]):
        await harness.log_in()
    before = await cookie_number(harness)
    pasted = harness.person.send(f"auth={harness.platform.cookie_for(STUDENT.stu_id)}")
    await harness.see("你一分钟内已发送 10 个 cookie")
    await harness.until(lambda: pasted.deleted)
    assert await cookie_number(harness) == before
    clock.jump(60)
    await harness.log_in()
    assert await limited(harness) == ["logins"]
    assert sum("一分钟内" in each.text for each in from_bot(harness.person.chat)) == 1
