"""A cookie that ends under a job: the warning before, and a new cookie without a break."""

import json
import time
from collections.abc import Callable
from typing import Any

from demo.platform import STUDENT, video
from tests.support.app_harness import AppHarness, one_course

Make = Callable[..., Any]
SPEED = 100.0


def exported(auth: str, *, ends_in: float) -> str:
    """A cookie as a browser's extension exports it, with its end in so many real seconds."""
    cookie = {
        "domain": "zjy2.icve.com.cn",
        "name": "auth",
        "value": auth,
        "expirationDate": time.time() + ends_in,
    }
    return json.dumps([cookie])


async def test_the_chat_is_warned_once_an_hour_before_and_a_new_cookie_takes_over(
    open_app: Make,
) -> None:
    harness: AppHarness = await open_app(one_course([video(6000)]), speed=SPEED)
    # 3,000 platform seconds: less than an hour, and less than the video takes.
    harness.person.send(exported(harness.platform.cookie_for(STUDENT.stu_id), ends_in=30))
    await harness.see(STUDENT.name)
    await harness.start_job("测试科目", "测试模块")

    warning = await harness.see("到期，而")
    assert "测试科目" in warning.text
    # The notice of an expired session alone says both: people search the chat for it.
    assert "登录" not in warning.text
    await harness.log_in()
    harness.platform.expire(STUDENT.stu_id)
    reports = harness.report_count()
    await harness.log_in()
    await harness.reported(reports + 3)

    warnings = [each for each in harness.person.chat.messages if "到期，而" in each.text]
    assert warnings == [warning]
    harness.person.send("/cancel")
    await harness.press("确认取消")
    await harness.see("已取消")
