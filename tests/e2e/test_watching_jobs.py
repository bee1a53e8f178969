"""Cancel, pause, an expired login, a bar: what the person presses and is told."""

from collections.abc import Callable
from typing import Any

from demo.platform import (
    OTHER_STUDENT,
    STUDENT,
    Endpoint,
    document,
    picture,
    video,
)
from tests.support.app_harness import AppHarness, one_course

Make = Callable[..., Any]
LONG = 6000


async def begun(open_app: Make, *cells: Any, **kwargs: Any) -> tuple[AppHarness, int]:  # noqa: ANN401
    """A bot whose job runs, and the id of its progress message."""
    kwargs.setdefault("speed", 100.0)
    harness: AppHarness = await open_app(one_course(cells or [video(LONG), document(2)]), **kwargs)
    await harness.log_in()
    message = await harness.start_job("测试科目", "测试模块")
    await harness.reported()
    return harness, message.message_id


async def test_cancel_asks_once_and_ends_in_the_progress_message(open_app: Make) -> None:
    harness, progress = await begun(open_app)

    await harness.press("取消")
    question = await harness.see_button("确认取消")
    assert [b.text for row in question.buttons for b in row] == ["确认取消", "不取消"]
    await harness.press("确认取消")

    ended = await harness.see("已取消")
    assert ended.message_id == progress
    assert harness.finals() == []
    reports = harness.report_count()
    harness.person.send("/jobs")
    await harness.see("📋 任务")
    assert harness.report_count() == reports


async def test_keep_going_keeps_the_job(open_app: Make) -> None:
    harness, progress = await begun(open_app)

    await harness.press("取消")
    await harness.press("不取消")

    message = await harness.see_button("暂停")
    assert message.message_id == progress
    await harness.press("取消")
    await harness.press("确认取消")
    await harness.see("已取消")


async def test_refresh_shows_where_the_job_is_when_telegram_leaves_no_room_for_progress(
    open_app: Make,
) -> None:
    scarce = {"telegram_messages_per_second": 0.001}
    harness, progress = await begun(open_app, settings=scarce)
    await harness.reported(2)
    await harness.press("刷新")
    before = await harness.see("▸ 视频")
    seen, reports = before.text, harness.report_count()
    await harness.reported(reports + 5)
    assert before.text == seen

    await harness.press("刷新")

    await harness.until(lambda: before.text != seen)
    assert before.message_id == progress


async def test_pause_and_resume_go_on_from_the_platforms_position(open_app: Make) -> None:
    harness, progress = await begun(open_app, video(300))

    await harness.press("暂停")
    paused = await harness.see("已暂停")
    assert paused.message_id == progress
    reached = harness.platform.school.progress(STUDENT.stu_id, "cell-1").position
    await harness.press("继续")

    assert (await harness.final()).counts == (1, 0, 0)
    views = [r for r in harness.platform.requests if r.endpoint is Endpoint.VIEW]
    after = [
        float(r.form["studyNewlyTime"])
        for r in harness.platform.requests
        if r.endpoint is Endpoint.REPORT and r.at > views[-1].at
    ]
    assert 0 < reached < after[0] <= reached + 10
    assert harness.platform.violations == []


async def test_pressing_pause_twice_is_one_pause(open_app: Make) -> None:
    harness, progress = await begun(open_app)
    data = next(
        b.data
        for m in harness.person.chat.messages
        for row in m.buttons
        for b in row
        if b.text == "暂停" and b.data is not None
    )

    harness.person.press_data(progress, data)
    await harness.see("已暂停")
    second = harness.person.press_data(progress, data)

    assert (await second.answered()).text == "已经暂停了。"
    await harness.see_button("继续")
    await harness.press("取消")
    await harness.press("确认取消")


async def test_an_expired_login_waits_for_the_same_students_cookie(open_app: Make) -> None:
    harness, progress = await begun(open_app, video(200), picture())

    harness.platform.expire(STUDENT.stu_id)
    notice = await harness.see("已过期")
    assert "登录" in notice.text
    assert "cookie" in notice.text
    assert notice.message_id != progress

    harness.person.send(f"auth={harness.platform.cookie_for(OTHER_STUDENT.stu_id)}")
    answer = await harness.see("另一位同学")
    assert STUDENT.name in answer.text
    assert harness.finals() == []

    harness.person.send(harness.platform.cookie_for(STUDENT.stu_id))
    assert (await harness.final()).counts == (2, 0, 0)
    assert harness.platform.violations == []
    await harness.until(lambda: (harness.shown("已结束") or notice).message_id == progress)


async def test_a_bar_is_told_with_its_length_and_the_job_goes_on_by_itself(open_app: Make) -> None:
    harness, progress = await begun(open_app, video(300), speed=600.0)

    harness.platform.bar(STUDENT.stu_id, 20)

    # The progress message may hold as many minutes: the time that is left of the job.
    notice = await harness.until(
        lambda: next(
            (
                each
                for each in harness.person.chat.messages
                if each.message_id > progress and "20 分钟" in each.text
            ),
            None,
        )
    )
    assert "自动" in notice.text
    assert (await harness.final()).counts == (1, 0, 0)
    assert harness.platform.violations == []


async def test_a_progress_message_that_was_deleted_is_replaced_once(open_app: Make) -> None:
    harness, progress = await begun(open_app, video(LONG))

    harness.person.delete(progress)

    fresh = await harness.until(
        lambda: next(
            (
                m
                for m in harness.person.chat.messages
                if m.from_bot and "测试科目" in m.text and m.message_id > progress
            ),
            None,
        )
    )
    harness.person.delete(fresh.message_id)
    harness.person.send("/cancel")
    await harness.press("确认取消")
    await harness.see("已取消")


async def test_commands_act_on_the_one_unfinished_job(open_app: Make) -> None:
    harness, _ = await begun(open_app)

    harness.person.send("/pause")
    await harness.see("已暂停")
    harness.person.send("/resume")
    await harness.see_button("暂停")
    harness.person.send("/cancel")
    await harness.press("确认取消")
    await harness.see("已取消")
    harness.person.send("/cancel")
    await harness.see("没有进行中的任务")


async def test_commands_that_fit_no_job_tell_how_it_stands(open_app: Make) -> None:
    harness, _ = await begun(open_app)

    harness.person.send("/resume")
    await harness.see("已经在学习了")
    harness.person.send("/pause")
    await harness.see_button("继续")
    harness.person.send("/cancel")
    await harness.press("不取消")
    await harness.see("没有取消")
    assert harness.shown("没有进行中的任务") is None
    harness.person.send("/cancel")
    await harness.press("确认取消")
    await harness.see("已取消")


async def test_going_on_from_the_summary_keeps_it(open_app: Make) -> None:
    harness, _ = await begun(open_app, document(1), speed=600.0)
    final = await harness.final()

    await harness.press("下一模块")

    menu = await harness.see_button("全部未完成")
    assert menu.message_id > final.message.message_id
    assert harness.finals() == [final]
