"""An update whose check fails reaches no handler: an error of the storage lets no update pass."""

from collections.abc import Callable
from typing import Any

import pytest

from bot.chat.people import People
from bot.handlers.returning import ReturnHandlers
from demo.platform import STUDENT, document
from storage.errors import StorageError
from tests.support.app_harness import AppHarness, one_course

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
    open_app: Make, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    harness: AppHarness = await open_app(one_course([document(1)]), allowed="42")
    _fails_once(monkeypatch, People, "of_chat", error)
    harness.person.send(f"auth={harness.platform.cookie_for(STUDENT.stu_id)}")
    harness.person.send("/start")
    await harness.see("还没对你开放")
    assert harness.app is not None
    stored = await harness.app.db.read(lambda c: c.execute_fetchall("SELECT count(*) FROM chats"))
    assert [tuple(row) for row in stored] == [(0,)]
    assert harness.platform.requests == []


async def test_a_fault_of_another_check_stops_the_update_and_tells_the_person(
    open_app: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    harness: AppHarness = await open_app(one_course([document(1)]))
    await harness.log_in()
    await harness.see_button("📖 测试科目")
    _fails_once(monkeypatch, ReturnHandlers, "_heard_from", RuntimeError("a fault"))
    harness.person.send("/courses")
    await harness.see("我这边出了点问题")
    harness.person.send("/settings")
    await harness.see("时区")
    assert harness.shown("正在") is None
    assert harness.shown("想学哪一门") is None
