"""The time that a job takes, from its preview over a pause and a restart to its end."""

import asyncio
import re
from collections.abc import Callable
from typing import Any

from demo.platform import Endpoint, Phase, video
from demo.telegram import Message
from tests.support.app_harness import AppHarness, one_course

Make = Callable[..., Any]
DURATION = r"[^\n·（]*(?:分钟|小时)"


async def test_an_estimate_that_was_shown_lasts_over_a_pause_and_a_restart(
    open_app: Make,
) -> None:
    harness: AppHarness = await open_app(one_course([video(60), *[video(3000)] * 3]))
    await harness.log_in()
    preview = await harness.preview("测试科目", "测试模块")
    assert re.search(f"约 {DURATION}（1×）", preview.text)
    await harness.press("开始")
    progress = await harness.see("▸")

    async def says_how_long(state: str) -> None:
        def line(message: Message) -> bool:
            return state in message.text and re.search(f"还需 {DURATION}", message.text) is not None

        await harness.until(lambda: line(progress))

    await says_how_long("▸")
    await harness.press("暂停")
    await says_how_long("已暂停")
    await harness.press("继续")
    await says_how_long("▸")
    answering = asyncio.Event()

    async def hold(endpoint: Endpoint, _: Phase) -> None:
        await answering.wait()

    harness.platform.on_request = hold
    await harness.restart()
    await says_how_long("重启后接着学")
    answering.set()
    await harness.press("暂停")
    await says_how_long("已暂停")
    await harness.restart()
    await says_how_long("已暂停")
    harness.person.send("/resume")
    await says_how_long("▸")
    assert harness.platform.violations == []
