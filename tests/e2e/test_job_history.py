"""A job and all that happened to it, from /jobs; presses on old messages and after the end."""

from collections.abc import Callable
from typing import Any

from demo.platform import Endpoint, Fault, document, video
from demo.telegram import Message
from tests.support.app_harness import AppHarness, one_course

Make = Callable[..., Any]
LONG = 6000


async def begun(open_app: Make, *cells: Any, speed: float = 100.0) -> AppHarness:  # noqa: ANN401
    """A bot whose job runs."""
    harness: AppHarness = await open_app(one_course(cells or [video(LONG)]), speed=speed)
    await harness.log_in()
    await harness.start_job("测试科目", "测试模块")
    await harness.reported()
    return harness


async def opened(harness: AppHarness) -> Message:
    """The newest job with its history, opened from the list."""
    harness.person.send("/jobs")
    listed = await harness.see("📋 任务")
    (label, *_) = [b.text for row in listed.buttons for b in row if "测试科目" in b.text]
    await harness.press(label)
    return await harness.see("经过")


async def test_a_jobs_history_tells_what_happened_in_its_order(open_app: Make) -> None:
    harness = await begun(open_app)
    await harness.press("暂停")
    await harness.see("已暂停")
    before = harness.report_count()
    await harness.press("继续")
    # The button is there while the job is queued, too, and such a job is not restarted.
    await harness.reported(before + 1)
    await harness.close()
    await harness.open()
    await harness.see("重启后接着学")

    message = await opened(harness)
    await harness.until(lambda: "我重启了" in message.text)

    happened = [line.split(" · ", 1)[1] for line in message.text.split("任务经过\n")[1].split("\n")]
    assert happened == [
        "已加入队列",
        "学习中",
        "你点了暂停",
        "你点了继续",
        "学习中",
        "我重启了，接着学",
        "学习中",
    ]


async def test_a_job_is_paused_resumed_and_cancelled_from_its_history(open_app: Make) -> None:
    harness = await begun(open_app)
    message = await opened(harness)

    async def press(label: str) -> None:
        data = next(b.data for row in message.buttons for b in row if b.text == label)
        await harness.person.press_data(message.message_id, data or "").answered()

    await press("暂停")
    await harness.until(lambda: any(b.text == "继续" for row in message.buttons for b in row))
    await press("继续")
    await harness.until(lambda: any(b.text == "暂停" for row in message.buttons for b in row))
    await press("取消")
    await harness.press("确认取消")
    await harness.see("已取消")
    assert harness.finals() == []


async def test_an_ended_job_can_be_opened_and_tried_again_once(open_app: Make) -> None:
    harness: AppHarness = await open_app(one_course([document(2)]))
    harness.platform.faults.add(Endpoint.REPORT, Fault.json({"code": 7, "msg": "不行"}), times=None)
    await harness.log_in()
    await harness.start_job("测试科目", "测试模块")
    assert (await harness.final()).counts == (0, 1, 0)
    harness.platform.faults.clear()

    message = await opened(harness)
    data = next(b.data for row in message.buttons for b in row if b.text == "重试")
    await harness.person.press_data(message.message_id, data or "").answered()

    assert (await harness.final(2)).counts == (1, 0, 0)
    again = await harness.person.press_data(message.message_id, data or "").answered()
    assert again.text == "已经在再试一次了。"


async def test_the_buttons_of_an_ended_job_answer_that_it_has_ended(open_app: Make) -> None:
    harness = await begun(open_app, video(60), speed=100.0)
    progress = await harness.see_button("暂停")
    data = {b.text: b.data or "" for row in progress.buttons for b in row}
    final = await harness.final()

    for label in ("暂停", "取消"):
        answered = await harness.person.press_data(progress.message_id, data[label]).answered()
        assert answered.text == "这个任务已经结束了。"
    assert harness.finals() == [final]
    assert final.counts == (1, 0, 0)
