"""A restart between a pasted cookie and the greeting leaves no cookie in the chat, and costs no
second one."""

import asyncio
from collections.abc import Callable
from typing import Any

from demo.platform import STUDENT, Endpoint, Fault, link
from storage.rows import first_row
from tests.e2e.house import PATIENCE, PERSON_ID, House, one_course

Make = Callable[..., Any]


async def cut_off(houses: Make) -> House:
    """A house that went down while the platform was asked whose the cookie is, and came back; its
    Telegram deleted nothing before."""
    house: House = await houses(one_course([link()]), speed=1.0)
    house.platform.faults.add(Endpoint.ME, Fault.HTTP_502, times=None)
    house.telegram.trouble.fail("deleteMessage", 500, "Internal Server Error", times=99)
    house.person.send(f"auth={house.platform.cookie_for(STUDENT.stu_id)}")
    await house.see("正在验证")
    await house.until(lambda: any(r.endpoint is Endpoint.ME for r in house.platform.requests))
    await house.close()
    house.telegram.trouble.clear()
    house.platform.faults.clear()
    await house.open()
    return house


def holds_the_cookie(house: House) -> bool:
    return any("auth=" in message.text for message in house.person.chat.messages)


async def remembered(house: House) -> int:
    assert house.app is not None
    row = await house.app.db.read(
        lambda conn: first_row(conn, "SELECT count(*) AS n FROM pasted_messages")
    )
    return int(row["n"]) if row is not None else -1


async def test_the_message_is_deleted_and_the_greeting_comes_after_the_restart(
    houses: Make,
) -> None:
    house = await cut_off(houses)
    await house.see("登录成功")
    await house.until(lambda: not holds_the_cookie(house))
    await nothing_remembered(house)
    assert sum(message.from_bot for message in house.person.chat.messages) == 1


async def test_what_was_not_read_before_the_restart_is_asked_for_again(houses: Make) -> None:
    house: House = await houses(one_course([link()]))
    house.person.send("/start")
    await house.see_button("登录")
    unread = house.person.send("你好")
    assert house.app is not None
    await house.app.pasted._services.login.remember_paste(PERSON_ID, unread.message_id)
    await house.close()
    await house.open()
    await house.see("请再发一次")
    await house.until(lambda: unread.deleted)
    await nothing_remembered(house)


async def nothing_remembered(house: House) -> None:
    async with asyncio.timeout(PATIENCE):
        while await remembered(house):  # noqa: ASYNC110 - a row changes, and nobody tells of it
            await asyncio.sleep(0.01)
