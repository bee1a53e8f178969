"""An update whose check fails reaches no handler: an error of the storage lets no update pass."""

from collections.abc import Callable
from typing import Any

import pytest

from bot.chat.people import People
from bot.handlers.returning import ReturnHandlers
from demo.platform import STUDENT, document
from storage.errors import StorageError
from tests.e2e.house import House, one_course

Make = Callable[..., Any]


def _fails_once(monkeypatch: pytest.MonkeyPatch, owner: type, name: str, error: Exception) -> None:
    real, calls = getattr(owner, name), 0

    async def once(self: object, *args: object) -> object:
        nonlocal calls
        calls += 1
        if calls == 1:
            raise error
        return await real(self, *args)

    monkeypatch.setattr(owner, name, once)


@pytest.mark.parametrize("error", [StorageError("database is locked"), RuntimeError("a fault")])
async def test_a_stranger_is_not_let_in_by_an_error_of_the_access_check(
    houses: Make, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    house: House = await houses(one_course([document(1)]), allowed="42")
    _fails_once(monkeypatch, People, "of_chat", error)
    house.person.send(f"auth={house.platform.cookie_for(STUDENT.stu_id)}")
    house.person.send("/start")
    await house.see("ALLOWED_USERS")
    assert house.app is not None
    stored = await house.app.db.read(lambda c: c.execute_fetchall("SELECT count(*) FROM chats"))
    assert [tuple(row) for row in stored] == [(0,)]
    assert house.platform.requests == []


async def test_a_fault_of_another_check_stops_the_update_and_tells_the_person(
    houses: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    house: House = await houses(one_course([document(1)]))
    await house.log_in()
    _fails_once(monkeypatch, ReturnHandlers, "_heard_from", RuntimeError("a fault"))
    house.person.send("/courses")
    await house.see("我这边出了点问题")
    house.person.send("/settings")
    await house.see("时区")
    assert house.shown("正在") is None
    assert house.shown("测试科目") is None
