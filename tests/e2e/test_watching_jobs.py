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
from tests.e2e.house import House, one_course

Make = Callable[..., Any]
LONG = 6000


async def begun(houses: Make, *cells: Any, **kwargs: Any) -> tuple[House, int]:  # noqa: ANN401
    """A house whose job runs, and the id of its progress message."""
    kwargs.setdefault("speed", 100.0)
    house: House = await houses(one_course(cells or [video(LONG), document(2)]), **kwargs)
    await house.log_in()
    message = await house.start_job("测试科目", "测试模块")
    await house.reported()
    return house, message.message_id


async def test_cancel_asks_once_and_ends_in_the_progress_message(houses: Make) -> None:
    house, progress = await begun(houses)

    await house.press("取消")
    question = await house.see_button("确认取消")
    assert [b.text for row in question.buttons for b in row] == ["确认取消", "不取消"]
    await house.press("确认取消")

    ended = await house.see("已取消")
    assert ended.message_id == progress
    assert house.finals() == []
    reports = house.report_count()
    house.person.send("/jobs")
    await house.see("📋 任务")
    assert house.report_count() == reports


async def test_keep_going_keeps_the_job(houses: Make) -> None:
    house, progress = await begun(houses)

    await house.press("取消")
    await house.press("不取消")

    message = await house.see_button("暂停")
    assert message.message_id == progress
    await house.press("取消")
    await house.press("确认取消")
    await house.see("已取消")


async def test_pause_and_resume_go_on_from_the_platforms_position(houses: Make) -> None:
    house, progress = await begun(houses, video(300))

    await house.press("暂停")
    paused = await house.see("已暂停")
    assert paused.message_id == progress
    reached = house.platform.school.progress(STUDENT.stu_id, "cell-1").position
    await house.press("继续")

    assert (await house.final()).counts == (1, 0, 0)
    views = [r for r in house.platform.requests if r.endpoint is Endpoint.VIEW]
    after = [
        float(r.form["studyNewlyTime"])
        for r in house.platform.requests
        if r.endpoint is Endpoint.REPORT and r.at > views[-1].at
    ]
    assert 0 < reached < after[0] <= reached + 10
    assert house.platform.violations == []


async def test_pressing_pause_twice_is_one_pause(houses: Make) -> None:
    house, progress = await begun(houses)
    data = next(
        b.data
        for m in house.person.chat.messages
        for row in m.buttons
        for b in row
        if b.text == "暂停" and b.data is not None
    )

    house.person.press_data(progress, data)
    await house.see("已暂停")
    second = house.person.press_data(progress, data)

    assert (await second.answered()).text == "已经暂停了。"
    await house.see_button("继续")
    await house.press("取消")
    await house.press("确认取消")


async def test_an_expired_login_waits_for_the_same_students_cookie(houses: Make) -> None:
    house, progress = await begun(houses, video(200), picture())

    house.platform.expire(STUDENT.stu_id)
    notice = await house.see("已过期")
    assert "登录" in notice.text
    assert "cookie" in notice.text
    assert notice.message_id != progress

    house.person.send(f"auth={house.platform.cookie_for(OTHER_STUDENT.stu_id)}")
    answer = await house.see("另一位同学")
    assert STUDENT.name in answer.text
    assert house.finals() == []

    house.person.send(house.platform.cookie_for(STUDENT.stu_id))
    assert (await house.final()).counts == (2, 0, 0)
    assert house.platform.violations == []
    await house.until(lambda: (house.shown("已结束") or notice).message_id == progress)


async def test_a_bar_is_told_with_its_length_and_the_job_goes_on_by_itself(houses: Make) -> None:
    house, _ = await begun(houses, video(300), speed=600.0)

    house.platform.bar(STUDENT.stu_id, 20)

    notice = await house.see("20 分钟")
    assert "自动" in notice.text
    assert (await house.final()).counts == (1, 0, 0)
    assert house.platform.violations == []


async def test_a_progress_message_that_was_deleted_is_replaced_once(houses: Make) -> None:
    house, progress = await begun(houses, video(LONG))

    house.person.delete(progress)

    fresh = await house.until(
        lambda: next(
            (
                m
                for m in house.person.chat.messages
                if m.from_bot and "测试科目" in m.text and m.message_id > progress
            ),
            None,
        )
    )
    house.person.delete(fresh.message_id)
    house.person.send("/cancel")
    await house.press("确认取消")
    await house.see("已取消")


async def test_commands_act_on_the_one_unfinished_job(houses: Make) -> None:
    house, _ = await begun(houses)

    house.person.send("/pause")
    await house.see("已暂停")
    house.person.send("/resume")
    await house.see_button("暂停")
    house.person.send("/cancel")
    await house.press("确认取消")
    await house.see("已取消")
    house.person.send("/cancel")
    await house.see("没有进行中的任务")


async def test_commands_that_fit_no_job_tell_how_it_stands(houses: Make) -> None:
    house, _ = await begun(houses)

    house.person.send("/resume")
    await house.see("已经在学习了")
    house.person.send("/pause")
    await house.see_button("继续")
    house.person.send("/cancel")
    await house.press("不取消")
    await house.see("没有取消")
    assert house.shown("没有进行中的任务") is None
    house.person.send("/cancel")
    await house.press("确认取消")
    await house.see("已取消")


async def test_going_on_from_the_summary_keeps_it(houses: Make) -> None:
    house, _ = await begun(houses, document(1), speed=600.0)
    final = await house.final()

    await house.press("下一模块")

    menu = await house.see_button("全部未完成")
    assert menu.message_id > final.message.message_id
    assert house.finals() == [final]
