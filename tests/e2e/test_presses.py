"""Every press is answered, once, whatever its handler does."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from typing import Any

from bot.chat.callbacks import Action, Callback
from demo.platform import document
from storage.rows import run
from tests.support.app_harness import AppHarness, one_course

Make = Callable[..., Any]
REFERENCE = "编号"
LAST = [Action.LOGOUT, Action.ERASE]
"""They end the login that the others press with."""


def _answers(harness: AppHarness) -> int:
    """Calls that answer a press; a second one for the same press is among them."""
    return sum(call.method == "answerCallbackQuery" for call in harness.telegram.calls)


async def test_a_press_of_every_button_is_answered_once(open_app: Make) -> None:
    harness: AppHarness = await open_app(one_course([document(1)]))
    await harness.log_in()
    harness.person.send("/start")
    menu = await harness.see_button("课程")
    actions = [*[each for each in Action if each not in LAST], *LAST]

    for number, action in enumerate(actions, start=1):
        data = Callback(action, (1, 1)).encode()
        await harness.person.press_data(menu.message_id, data).answered()
        assert _answers(harness) == number, action
    await harness.person.press_data(menu.message_id, "v0:of-yesterday").answered()

    assert _answers(harness) == len(actions) + 1
    assert harness.shown(REFERENCE) is None


async def test_a_press_whose_handler_breaks_is_answered(open_app: Make) -> None:
    harness: AppHarness = await open_app(one_course([document(1)]))
    await harness.log_in()
    await harness.preview("测试科目", "测试模块")
    assert harness.app is not None
    await harness.app.db.write(lambda conn: run(conn, "PRAGMA busy_timeout = 50"))
    with closing(sqlite3.connect(harness.app.db.path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")

        assert await harness.press("开始") == ""

        await harness.see(REFERENCE)
        other.execute("ROLLBACK")
    assert len([each for each in harness.person.chat.messages if REFERENCE in each.text]) == 1
