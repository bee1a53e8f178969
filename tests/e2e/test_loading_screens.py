"""A screen that waits for the platform has a way on, whatever ends the reading."""

from collections.abc import Callable
from typing import Any

from demo.platform import document
from tests.support.app_harness import AppHarness, one_course

Make = Callable[..., Any]
LOADING = "平台…"


async def test_a_loading_screen_leads_on_after_a_restart(open_app: Make) -> None:
    harness: AppHarness = await open_app(one_course([document(1)]), speed=1)
    await harness.log_in()
    harness.person.send("/courses")
    await harness.see(LOADING)
    await harness.close()
    await harness.open()
    loading = await harness.see(LOADING)
    await harness.press("返回")
    await harness.until(lambda: LOADING not in loading.text)


async def test_a_home_screen_that_the_person_deleted_does_not_come_back(open_app: Make) -> None:
    harness: AppHarness = await open_app(one_course([document(1)]), speed=2)
    await harness.log_in()
    sent = len(harness.person.chat.messages)
    harness.person.send("/start")
    await harness.until(lambda: len(harness.person.chat.messages) > sent + 1)
    shown = harness.person.chat.messages[-1]
    harness.person.delete(shown.message_id)
    assert harness.app is not None
    tasks = harness.app.background._tasks
    await harness.until(lambda: not any("behind" in str(key) for key in tasks))
    harness.person.send("/help")
    await harness.see("/courses")
    assert sum(each.from_bot for each in harness.person.chat.messages[sent:]) == 1
