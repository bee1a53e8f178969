"""A restart between a pasted cookie and the greeting leaves neither the cookie in the chat nor the
person waiting."""

import asyncio
from collections.abc import Callable
from typing import Any

from bot.demo.platform import STUDENT, Endpoint, Fault, link
from storage.rows import first_row
from tests.e2e.house import PATIENCE, House, one_course

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


async def test_the_message_is_deleted_and_the_cookie_asked_for_again(houses: Make) -> None:
    house = await cut_off(houses)
    await house.see("请再发一次")
    await house.until(lambda: not holds_the_cookie(house))
    await house.log_in()
    await house.until(lambda: house.shown("登录成功") is not None)
    async with asyncio.timeout(PATIENCE):
        while await remembered(house):  # noqa: ASYNC110 - a row changes, and nobody tells of it
            await asyncio.sleep(0.01)
