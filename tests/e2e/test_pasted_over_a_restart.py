"""A restart between a pasted cookie and the greeting leaves no cookie in the chat, and costs no
second one."""

import asyncio
from collections.abc import Callable
from typing import Any

from demo.platform import STUDENT, Endpoint, Fault, link
from storage.rows import first_row
from tests.support.app_harness import PATIENCE, AppHarness, one_course
from tests.support.names import ANNA

Make = Callable[..., Any]


async def cut_off(open_app: Make) -> AppHarness:
    """A bot that went down while the platform was asked whose the cookie is, and came back; its
    Telegram deleted nothing before."""
    harness: AppHarness = await open_app(one_course([link()]), speed=1.0)
    harness.platform.faults.add(Endpoint.ME, Fault.HTTP_502, times=None)
    harness.telegram.trouble.fail("deleteMessage", 500, "Internal Server Error", times=99)
    harness.person.send(f"auth={harness.platform.cookie_for(STUDENT.stu_id)}")
    await harness.see("正在验证")
    await harness.until(lambda: any(r.endpoint is Endpoint.ME for r in harness.platform.requests))
    await harness.close()
    harness.telegram.trouble.clear()
    harness.platform.faults.clear()
    await harness.open()
    return harness


def holds_the_cookie(harness: AppHarness) -> bool:
    return any("auth=" in message.text for message in harness.person.chat.messages)


async def remembered(harness: AppHarness) -> int:
    assert harness.app is not None
    row = await harness.app.db.read(
        lambda conn: first_row(conn, "SELECT count(*) AS n FROM pasted_messages")
    )
    return int(row["n"]) if row is not None else -1


async def test_the_message_is_deleted_and_the_greeting_comes_after_the_restart(
    open_app: Make,
) -> None:
    harness = await cut_off(open_app)
    await harness.see("登录成功")
    await harness.until(lambda: not holds_the_cookie(harness))
    await nothing_remembered(harness)
    assert sum(message.from_bot for message in harness.person.chat.messages) == 1


async def test_what_was_not_read_before_the_restart_is_asked_for_again(open_app: Make) -> None:
    harness: AppHarness = await open_app(one_course([link()]))
    harness.person.send("/start")
    await harness.see_button("登录")
    unread = harness.person.send("你好")
    assert harness.app is not None
    await harness.app.pasted._services.login.remember_paste(ANNA, unread.message_id)
    await harness.close()
    await harness.open()
    await harness.see("请再发一次")
    await harness.until(lambda: unread.deleted)
    await nothing_remembered(harness)


async def nothing_remembered(harness: AppHarness) -> None:
    async with asyncio.timeout(PATIENCE):
        while await remembered(harness):  # noqa: ASYNC110 - a row changes, and nobody tells of it
            await asyncio.sleep(0.01)
