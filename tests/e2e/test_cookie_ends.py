"""A cookie that ends under a job: the warning before, and a new cookie without a break."""

import json
import time
from collections.abc import Callable
from typing import Any

from demo.platform import STUDENT, video
from tests.e2e.house import House, one_course

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
    houses: Make,
) -> None:
    house: House = await houses(one_course([video(6000)]), speed=SPEED)
    # 3,000 platform seconds: less than an hour, and less than the video takes.
    house.person.send(exported(house.platform.cookie_for(STUDENT.stu_id), ends_in=30))
    await house.see(STUDENT.name)
    await house.start_job("测试科目", "测试模块")

    warning = await house.see("到期，而")
    assert "测试科目" in warning.text
    # The notice of an expired session alone says both: people search the chat for it.
    assert "登录" not in warning.text
    await house.log_in()
    house.platform.expire(STUDENT.stu_id)
    reports = house.report_count()
    await house.log_in()
    await house.reported(reports + 3)

    warnings = [each for each in house.person.chat.messages if "到期，而" in each.text]
    assert warnings == [warning]
    house.person.send("/cancel")
    await house.press("确认取消")
    await house.see("已取消")
