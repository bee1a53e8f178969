"""Every press is answered, once, whatever its handler does."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from typing import Any

from bot.chat.callbacks import Action, Callback
from demo.platform import document
from storage.rows import run
from tests.e2e.house import House, one_course

Make = Callable[..., Any]
REFERENCE = "编号"
LAST = [Action.LOGOUT, Action.ERASE]
"""They end the login that the others press with."""


def _answers(house: House) -> int:
    """Calls that answer a press; a second one for the same press is among them."""
    return sum(call.method == "answerCallbackQuery" for call in house.telegram.calls)


async def test_a_press_of_every_button_is_answered_once(houses: Make) -> None:
    house: House = await houses(one_course([document(1)]))
    await house.log_in()
    house.person.send("/start")
    menu = await house.see_button("课程")
    actions = [*[each for each in Action if each not in LAST], *LAST]

    for number, action in enumerate(actions, start=1):
        data = Callback(action, (1, 1)).encode()
        await house.person.press_data(menu.message_id, data).answered()
        assert _answers(house) == number, action
    await house.person.press_data(menu.message_id, "v0:of-yesterday").answered()

    assert _answers(house) == len(actions) + 1
    assert house.shown(REFERENCE) is None


async def test_a_press_whose_handler_breaks_is_answered(houses: Make) -> None:
    house: House = await houses(one_course([document(1)]))
    await house.log_in()
    await house.preview("测试科目", "测试模块")
    assert house.app is not None
    await house.app.db.write(lambda conn: run(conn, "PRAGMA busy_timeout = 50"))
    with closing(sqlite3.connect(house.app.db.path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")

        assert await house.press("开始") == ""

        await house.see(REFERENCE)
        other.execute("ROLLBACK")
    assert len([each for each in house.person.chat.messages if REFERENCE in each.text]) == 1
