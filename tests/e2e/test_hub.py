"""Home and the greeting show the courses and what waits, and are brought up to date unasked."""

from collections.abc import Callable
from typing import Any

import pytest

from demo.platform import (
    OTHER_STUDENT,
    STUDENT,
    Endpoint,
    Fault,
    course,
    document,
    module,
    school_of,
    topic,
    video,
)
from demo.telegram import Message
from tests.support.app_harness import AppHarness, one_course
from tests.support.digest_day import stored

Make = Callable[..., Any]


def labels(message: Message) -> list[str]:
    return [button.text for row in message.buttons for button in row]


def two_courses(*, seconds: float = 4000) -> Any:  # noqa: ANN401 - a school
    return school_of(
        courses=[
            course([module([topic([video(seconds)])], name=f"模块{n}")], name=f"科目{n}", id=n)
            for n in ("一", "二")
        ]
    )


async def home(harness: AppHarness) -> Message:
    harness.person.send("/start")
    return await harness.see(f"👋 {STUDENT.name}，你好！")


async def test_the_greeting_shows_the_courses_without_a_press(open_app: Make) -> None:
    harness: AppHarness = await open_app(one_course([document(2, finished=True), document(2)]))
    await harness.log_in()

    greeting = await harness.see_button("📖 测试科目")

    first, _, line, *_ = greeting.text.splitlines()
    assert "登录成功" in first
    assert line.endswith("50% 测试科目")
    assert labels(greeting) == [
        "📖 测试科目",
        "🎓 学剩下的",
        "📚 课程",
        "📋 任务",
        "📊 每日汇报",
        "📈 进度",
        "⚙️ 设置",
        "❓ 帮助",
    ]
    assert harness.platform.violations == []


async def test_a_greeting_that_was_left_for_another_screen_is_not_brought_back(
    open_app: Make,
) -> None:
    harness: AppHarness = await open_app(one_course([document(2)]))
    harness.platform.faults.add(Endpoint.COURSES, Fault.hang(3.0))
    await harness.log_in()
    greeting = await harness.see("我去看看你的课程")

    await harness.press("⚙️ 设置")
    await harness.see("时区：")
    harness.platform.faults.clear()
    harness.person.send("/courses")
    await harness.see_button("测试科目")

    assert "时区：" in greeting.text


async def test_courses_that_cannot_be_read_after_the_login_are_said_to_be_missing(
    open_app: Make,
) -> None:
    harness: AppHarness = await open_app(one_course([document(2)]))
    harness.platform.faults.add(Endpoint.COURSES, Fault.HTTP_502, times=None)
    await harness.log_in()

    greeting = await harness.see("暂时没读到你的课程")

    assert "登录成功" in greeting.text
    assert "我去看看" not in greeting.text


async def test_home_shows_what_runs_and_what_rests(open_app: Make) -> None:
    harness: AppHarness = await open_app(two_courses())
    await harness.log_in()
    await harness.start_job("科目一", "模块一")
    await harness.reported()
    await harness.press("暂停")
    await harness.see("已暂停")
    await harness.start_job("科目二", "模块二")
    await harness.reported(harness.report_count() + 1)

    shown = await home(harness)

    lines = shown.text.splitlines()
    assert lines[-3:-1] == ["▶️ 科目二 · 进行中 · 0/1", "⏸ 科目一 · 已暂停 · 0/1"]


async def test_home_says_that_a_job_waits_for_a_login_and_offers_it(open_app: Make) -> None:
    harness: AppHarness = await open_app(one_course([video(4000), document(2)]))
    await harness.log_in()
    await harness.start_job("测试科目", "测试模块")
    await harness.reported()
    harness.platform.expire(STUDENT.stu_id)
    await harness.see("的登录已过期")

    shown = await home(harness)

    assert "🔑 测试科目 · 等待登录" in shown.text
    assert "🔑 cookie 过期了，请重新登录。" in shown.text
    assert labels(shown)[0] == "🔑 登录"
    assert "🎓 学剩下的" not in labels(shown)


async def test_an_expired_cookie_with_nothing_waiting_asks_only_for_a_login(open_app: Make) -> None:
    harness: AppHarness = await open_app(one_course([document(2)]))
    await harness.log_in()
    await harness.see_button("📖 测试科目")
    harness.platform.expire(STUDENT.stu_id)
    harness.person.send("/courses")

    shown = await harness.see("请重新登录")

    assert "接着学" not in shown.text
    assert labels(shown) == ["🔑 如何登录"]


async def test_the_rest_can_be_cancelled_while_it_is_read(open_app: Make) -> None:
    harness: AppHarness = await open_app(two_courses())
    await harness.log_in()
    await harness.see_button("📖 科目一")
    harness.platform.faults.add(Endpoint.MODULES, Fault.hang(5.0), times=None)
    await harness.press("🎓 学剩下的")
    await harness.see("正在查看内容… 0/2")

    await harness.press("取消")

    await harness.see("没有开始任何任务")
    assert harness.with_button("开始") is None
    assert stored(harness, "SELECT count(*) FROM jobs") == [(0,)]


@pytest.mark.parametrize(("of_zone", "words"), [(None, "还能用约 10 小时，到 "), (60, "还能用约 ")])
async def test_an_account_says_how_long_its_cookie_lives(
    open_app: Make, of_zone: int | None, words: str
) -> None:
    harness: AppHarness = await open_app(one_course([document(2)]), speed=of_zone or 1)
    await harness.log_in()
    harness.person.send("/accounts")

    shown = await harness.see("👤 账号")

    assert words in shown.text


async def test_an_account_of_unknown_end_says_how_old_its_cookie_is(open_app: Make) -> None:
    harness: AppHarness = await open_app(one_course([document(2)]))
    await harness.log_in()
    await harness.log_in(OTHER_STUDENT.stu_id)
    assert harness.app is not None
    await harness.app.db.write(lambda conn: conn.execute("UPDATE accounts SET expires_at = NULL"))

    harness.person.send("/accounts")

    shown = await harness.see("👤 账号")
    assert shown.text.count("cookie 已用 ") == 2


async def test_notices_say_whether_they_are_on(open_app: Make) -> None:
    harness: AppHarness = await open_app(one_course([document(2)]))
    harness.person.send("/settings")
    await harness.press("🔔")
    shown = await harness.see_button("🔔 开 · cookie 快到期时")

    await harness.press("🔔 开 · cookie 快到期时")

    await harness.see_button("🔕 关 · cookie 快到期时")
    assert "🔔 开 · 平台限制账号时" in labels(shown)
