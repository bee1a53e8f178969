"""The end of a process: what came is answered, jobs stop, and one failure keeps nothing else up."""

import asyncio
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from structlog.testing import capture_logs
from telegram import Update
from telegram.ext import TypeHandler

from bot.app import DATABASE_NAME
from demo.platform import document, video
from storage.database import Database
from storage.rows import rows
from tests.support.app_harness import AppHarness, one_course

Make = Callable[..., Any]
BEFORE_ALL = -100
"""A group of handlers before those of the bot."""


async def test_an_update_that_came_before_the_end_is_answered(
    open_app: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    harness: AppHarness = await open_app(one_course([document(1)]))
    app = harness.app
    assert app is not None
    came, ended = asyncio.Event(), asyncio.Event()
    close = app.digests.close

    async def close_digests() -> None:
        await close()
        ended.set()

    async def hold(*_: object) -> None:
        came.set()
        await ended.wait()

    monkeypatch.setattr(app.digests, "close", close_digests)
    app.application.add_handler(TypeHandler(Update, hold), group=BEFORE_ALL)
    harness.person.send("/login")
    await came.wait()

    await harness.close()

    assert harness.shown("cookie")


async def test_jobs_stop_while_a_digest_is_waited_for(
    open_app: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    harness: AppHarness = await open_app(one_course([video(90_000)]))
    await harness.log_in()
    await harness.start_job("测试科目", "测试模块")
    await harness.reported()
    app, closed = harness.app, asyncio.Event()
    assert app is not None
    monkeypatch.setattr(app, "digests", SimpleNamespace(close=closed.wait))
    ending = asyncio.gather(*app.end_jobs(3.0))
    await harness.until(lambda: not app.running)
    assert not ending.done()
    [row] = await app.db.read(lambda conn: rows(conn, "SELECT state FROM jobs"))
    assert row["state"] == "running"
    closed.set()
    await ending
    monkeypatch.undo()


async def test_each_part_that_fails_is_logged_and_the_rest_ends(
    open_app: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    harness: AppHarness = await open_app(one_course([document(1)]))
    app = harness.app
    assert app is not None

    def failing(what: str) -> Callable[..., Any]:
        async def fail(*_: object) -> None:
            raise RuntimeError(what)

        return fail

    monkeypatch.setattr(app.running, "stop_all", failing("jobs"))
    monkeypatch.setattr(app.digests, "close", failing("digests"))

    with capture_logs() as logged:
        await harness.close()

    told = [str(each["exc_info"]) for each in logged if "while it was stopped" in each["event"]]
    assert sorted(told) == ["digests", "jobs"]
    await (await Database.open(harness.folder / "data" / DATABASE_NAME)).close()
    assert not app.application.running
