"""Around a crash an update may come twice, or never: twice has the effect of once."""

import asyncio
from collections.abc import Callable
from typing import Any

from telegram import Update
from telegram.ext import CallbackContext, TypeHandler

from bot.chat.telegram_request import TelegramRequest
from demo.platform import STUDENT, Endpoint, Fault, document, video
from storage import jobs
from storage.enums import JobState
from storage.jobs import Job
from storage.rows import rows
from tests.support.app_harness import AppHarness, one_course

Make = Callable[..., Any]
AFTER_ALL = 1000
"""A group of handlers behind those of the bot."""
LONG = 6000


class Twice:
    """Whatever the person does is delivered once more when it was handled."""

    def __init__(self, harness: AppHarness) -> None:
        self.harness = harness
        self.handled: list[int] = []
        self.look()

    def look(self) -> None:
        """Count what the application handles; to be called after each start."""

        async def seen(update: Update, context: CallbackContext[Any, Any, Any, Any]) -> None:
            self.handled.append(update.update_id)
            self.harness.telegram.world.changes.wake()

        assert self.harness.app is not None
        application = self.harness.app.application
        application.add_handler(TypeHandler(Update, seen), group=AFTER_ALL)

    async def press(self, label: str) -> None:
        message = await self.harness.see_button(label)
        self.harness.person.press(label, message)
        await self._both()

    async def send(self, text: str) -> None:
        self.harness.person.send(text)
        await self._both()

    async def _both(self) -> None:
        await self._settled(1)
        await self.again()

    async def again(self) -> None:
        """The last update comes once more."""
        update_id = self.harness.person.last_update_id
        assert update_id is not None
        times = self.handled.count(update_id)
        self._forget()
        self.harness.telegram.redeliver(update_id)
        await self._settled(times + 1)

    def _forget(self) -> None:
        """As after a crash: the process does not know what it has handed on."""
        assert self.harness.app is not None
        polling, _ = self.harness.app.application.bot._request
        assert isinstance(polling, TelegramRequest)
        polling.updates._seen.clear()

    async def _settled(self, times: int) -> None:
        """Handled so often, and nothing that it began is under way."""
        update_id = self.harness.person.last_update_id
        assert update_id is not None
        app = self.harness.app
        assert app is not None
        await self.harness.until(lambda: self.handled.count(update_id) >= times)
        while app.background._tasks:
            await asyncio.wait(app.background._tasks.values())

    async def count(self, table: str) -> int:
        assert self.harness.app is not None
        found = await self.harness.app.db.read(
            lambda conn: rows(conn, f"SELECT count(*) FROM {table}")  # noqa: S608
        )
        return int(found[0][0])

    async def all_jobs(self) -> list[Job]:
        assert self.harness.app is not None
        return await self.harness.app.db.read(lambda conn: jobs.in_states(conn, [*JobState]))

    def assert_nothing_broke(self) -> None:
        assert self.harness.shown("编号") is None
        assert self.harness.platform.violations == []


async def to_the_preview(harness: AppHarness) -> Twice:
    twice = Twice(harness)
    await twice.send(harness.platform.cookie_for(STUDENT.stu_id))
    await twice.send("/courses")
    await twice.press("测试科目")
    await twice.press("测试模块")
    await twice.press("下一步")
    await harness.see_button("开始")
    return twice


async def test_a_login_that_comes_twice_makes_one_account(open_app: Make) -> None:
    harness: AppHarness = await open_app(one_course([document(2)]))
    twice = Twice(harness)
    await twice.send(harness.platform.cookie_for(STUDENT.stu_id))

    await harness.see(STUDENT.name)
    assert await twice.count("accounts") == 1
    assert harness.shown("没能删除") is None, "it was deleted, the first time"
    twice.assert_nothing_broke()


async def test_a_tick_that_comes_twice_stays_a_tick(open_app: Make) -> None:
    harness: AppHarness = await open_app(one_course([document(2)]))
    twice = Twice(harness)
    await harness.log_in()
    harness.person.send("/courses")
    await harness.press("测试科目")

    await twice.press("测试模块")
    await harness.until(lambda: harness.ticked("测试模块"))
    assert await twice.count("draft_modules") == 1
    await twice.press("测试模块")
    await harness.until(lambda: not harness.ticked("测试模块"))
    assert await twice.count("draft_modules") == 0
    await twice.press("全部未完成")
    await harness.until(lambda: harness.ticked("测试模块"))
    twice.assert_nothing_broke()


async def test_a_plan_that_is_asked_for_twice_is_read_once(open_app: Make) -> None:
    harness: AppHarness = await open_app(one_course([document(2)]))
    twice = await to_the_preview(harness)

    read = [each for each in harness.platform.requests if each.endpoint is Endpoint.CELLS]
    assert len(read) == 1
    assert await twice.count("draft_cells") == 1
    twice.assert_nothing_broke()


async def test_a_start_that_comes_twice_starts_one_job(open_app: Make) -> None:
    harness: AppHarness = await open_app(one_course([document(2)]))
    twice = await to_the_preview(harness)
    await twice.press("开始")

    final = await harness.final()
    assert final.counts == (1, 0, 0)
    await twice.again()
    assert len(harness.finals()) == 1
    assert len(await twice.all_jobs()) == 1
    twice.assert_nothing_broke()


async def test_a_start_that_a_restart_repeats_starts_one_job(open_app: Make) -> None:
    harness: AppHarness = await open_app(one_course([document(2), video(200)]))
    twice = await to_the_preview(harness)
    await twice.press("开始")
    await harness.close()
    await harness.open()
    twice.look()
    await twice.again()

    final = await harness.final()
    assert final.counts == (2, 0, 0)
    assert len(harness.finals()) == 1
    assert len(await twice.all_jobs()) == 1
    twice.assert_nothing_broke()


async def test_pause_resume_and_cancel_that_come_twice_do_it_once(open_app: Make) -> None:
    harness: AppHarness = await open_app(one_course([video(LONG), document(2)]), speed=100.0)
    twice = await to_the_preview(harness)
    await twice.press("开始")
    await harness.reported()

    await twice.press("暂停")
    await harness.see_button("继续")
    assert [job.state for job in await twice.all_jobs()] == [JobState.PAUSED]
    await twice.press("继续")
    await harness.see_button("暂停")
    [job] = await twice.all_jobs()
    assert job.state in {JobState.QUEUED, JobState.RUNNING}
    await twice.press("取消")
    await twice.press("确认取消")
    await harness.see("已取消")
    assert [job.state for job in await twice.all_jobs()] == [JobState.CANCELLED]
    assert harness.finals() == []
    twice.assert_nothing_broke()


async def test_a_retry_that_comes_twice_starts_one_job(open_app: Make) -> None:
    harness: AppHarness = await open_app(one_course([document(2), video(30)]))
    refusal = Fault.json({"code": -1, "msg": "操作失败！"})
    harness.platform.faults.add(Endpoint.REPORT, refusal, times=None)
    await harness.log_in()
    await harness.start_job("测试科目", "测试模块")
    await harness.final()
    harness.platform.faults.clear()
    twice = Twice(harness)

    await twice.press("重试")
    final = await harness.final(2)
    assert final.counts == (2, 0, 0)
    assert len(await twice.all_jobs()) == 2
    twice.assert_nothing_broke()


async def test_a_press_that_never_comes_can_be_made_again(open_app: Make) -> None:
    harness: AppHarness = await open_app(one_course([document(2)]))
    twice = await to_the_preview(harness)
    await harness.close()
    harness.person.press("开始", await harness.see_button("开始"))
    lost = harness.person.last_update_id
    assert lost is not None
    harness.telegram.drop_update(lost)

    await harness.open()
    twice.look()
    await harness.press("开始")
    assert (await harness.final()).counts == (1, 0, 0)
    assert len(await twice.all_jobs()) == 1
    twice.assert_nothing_broke()
