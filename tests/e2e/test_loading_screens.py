"""A screen that waits for the platform has a way on, whatever ends the reading."""

from collections.abc import Callable
from typing import Any

from demo.platform import document
from tests.e2e.house import House, one_course

Make = Callable[..., Any]
LOADING = "平台…"


async def test_a_loading_screen_leads_on_after_a_restart(houses: Make) -> None:
    house: House = await houses(one_course([document(1)]), speed=1)
    await house.log_in()
    house.person.send("/courses")
    await house.see(LOADING)
    await house.close()
    await house.open()
    loading = await house.see(LOADING)
    await house.press("返回")
    await house.until(lambda: LOADING not in loading.text)


async def test_a_home_screen_that_the_person_deleted_does_not_come_back(houses: Make) -> None:
    house: House = await houses(one_course([document(1)]), speed=2)
    await house.log_in()
    sent = len(house.person.chat.messages)
    house.person.send("/start")
    await house.until(lambda: len(house.person.chat.messages) > sent + 1)
    shown = house.person.chat.messages[-1]
    house.person.delete(shown.message_id)
    assert house.app is not None
    tasks = house.app.background._tasks
    await house.until(lambda: not any("behind" in str(key) for key in tasks))
    house.person.send("/help")
    await house.see("/courses")
    assert sum(each.from_bot for each in house.person.chat.messages[sent:]) == 1
