"""A screen that waits for the platform shows its result, whatever ends the reading."""

import asyncio
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from bot.accounts import Accounts
from bot.courses.drafts import Drafts
from demo.platform import STUDENT, Endpoint, Fault, document
from demo.platform.faults import Faults
from demo.stage import Stage
from demo.telegram import Message
from storage import loading_screens
from storage.errors import StorageUnavailable
from tests.support.app_harness import AppHarness, one_course
from tests.support.names import ANNA
from tests.support.shown import saying, with_button

Make = Callable[..., Any]
PATIENCE = 30.0


async def cut_off(harness: AppHarness, endpoint: Endpoint, press: str, loading: str) -> Message:
    """Restart the bot while it waits for the platform; returns the message that says so."""
    harness.platform.faults.add(endpoint, Fault.hang(60))
    if press.startswith("/"):
        harness.person.send(press)
    else:
        await harness.press(press)
    message = await harness.see(loading)
    await harness.until(lambda: not harness.platform.faults.pending())
    await harness.close()
    harness.platform.faults.clear()
    await harness.open()
    return message


async def nothing_waits(harness: AppHarness) -> None:
    """Wait until no screen is stored as loading: the row goes after the edit was seen."""
    assert harness.app is not None
    async with asyncio.timeout(PATIENCE):
        while await harness.app.db.read(loading_screens.left_over):  # noqa: ASYNC110
            await asyncio.sleep(0.02)


@pytest.mark.parametrize("restarts", [1, 2])
async def test_the_home_screen_comes_by_itself_where_a_restart_cut_off_the_first_reading(
    open_app: Make, restarts: int
) -> None:
    harness: AppHarness = await open_app(one_course([document(1)]), speed=60)
    faults = harness.platform.faults
    for _ in range(restarts):
        faults.add(Endpoint.COURSES, Fault.hang(60))
    await harness.log_in()
    loading = await harness.see("我去看看你的课程")
    for more in reversed(range(restarts)):
        await harness.until(partial(_are_left, faults, more))
        await harness.restart()

    await harness.until(lambda: "测试科目" in loading.text)
    assert "📖 测试科目" in [each.text for row in loading.buttons for each in row]
    await nothing_waits(harness)


def _are_left(faults: Faults[Endpoint], plans: int) -> bool:
    return faults.pending() == plans


async def test_every_screen_of_courses_comes_by_itself_after_a_restart(open_app: Make) -> None:
    harness: AppHarness = await open_app(one_course([document(1, name="测试内容")]), speed=60)
    await harness.log_in()
    await harness.see_button("📖 测试科目")

    courses = await cut_off(harness, Endpoint.COURSES, "/courses", "正在查看")
    await harness.until(lambda: "想学哪一门" in courses.text)
    await nothing_waits(harness)
    modules = await cut_off(harness, Endpoint.MODULES, "测试科目", "正在查看")
    await harness.until(lambda: "勾选" in modules.text)
    await nothing_waits(harness)
    contents = await cut_off(harness, Endpoint.TOPICS, "›", "正在查看")
    await harness.until(lambda: "测试内容" in contents.text)
    await nothing_waits(harness)
    assert courses.message_id == modules.message_id == contents.message_id


async def test_a_digest_that_a_restart_cut_off_is_offered_again_and_not_sent_twice(
    open_app: Make,
) -> None:
    harness: AppHarness = await open_app(one_course([document(1)]), speed=60)
    await harness.log_in()
    await harness.see_button("📖 测试科目")
    harness.person.send("/digest")
    waiting = await cut_off(harness, Endpoint.MODULES, "现在发一份", "正在查看课程")

    await harness.until(lambda: "每日汇报" in waiting.text)
    await harness.see_button("现在发一份")
    await nothing_waits(harness)


async def test_a_screen_that_was_left_for_another_is_not_read_again(open_app: Make) -> None:
    harness: AppHarness = await open_app(one_course([document(1)]), speed=60)
    await harness.log_in()
    await harness.see_button("📖 测试科目")
    harness.platform.faults.add(Endpoint.COURSES, Fault.hang(60))
    harness.person.send("/courses")
    loading = await harness.see("正在查看")
    await harness.press("返回")
    await harness.until(lambda: "正在查看" not in loading.text)
    await nothing_waits(harness)


@pytest.mark.process
async def test_a_kill_during_the_first_reading_leaves_the_home_screen_to_come(
    tmp_path: Path,
) -> None:
    school = one_course([document(1)])
    async with Stage(school, speed=60) as stage:
        person = stage.telegram.person(ANNA)
        stage.platform.faults.add(Endpoint.COURSES, Fault.hang(60))
        person.send(stage.platform.cookie_for(STUDENT.stu_id))
        loading = await stage.telegram.wait_for(
            lambda: saying(person.chat, "我去看看你的课程"), PATIENCE
        )
        await stage.telegram.wait_for(lambda: not stage.platform.faults.pending(), PATIENCE)
        await stage.kill_bot()
        stage.platform.faults.clear()
        await stage.start_bot()

        found = await stage.telegram.wait_for(
            lambda: with_button(person.chat, "📖 测试科目"), PATIENCE
        )
        assert found.message_id == loading.message_id


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


async def test_a_reading_whose_trouble_cannot_be_stored_leads_back_to_the_main_screens(
    open_app: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    harness: AppHarness = await open_app(one_course([document(1)]), speed=60)
    await harness.log_in()
    await harness.see_button("📖 测试科目")

    async def fail(*_: object) -> bool:
        raise StorageUnavailable("the disk is away")

    monkeypatch.setattr(Accounts, "expired", fail)
    harness.platform.expire(STUDENT.stu_id)
    harness.person.send("/courses")
    loading = await harness.see("正在查看")

    await harness.until(lambda: "这一步没做成" in loading.text)
    await nothing_waits(harness)


async def test_a_home_screen_whose_first_reading_breaks_off_says_so_and_waits_for_nothing(
    open_app: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    harness: AppHarness = await open_app(one_course([document(1)]), speed=60)

    async def fail(*_: object) -> None:
        raise StorageUnavailable("the disk is away")

    monkeypatch.setattr(Drafts, "read_courses", fail)
    await harness.log_in()

    greeting = await harness.see("暂时没读到你的课程", patience=20)
    assert "我去看看你的课程" not in greeting.text
    await nothing_waits(harness)
