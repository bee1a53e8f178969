"""Trouble of the storage while the bot runs: told to who presses, outlasted by who studies."""

import asyncio
import resource
import sqlite3
from collections.abc import Callable
from contextlib import closing, suppress
from itertools import count
from typing import Any

import pytest
from aiosqlite import Connection

from bot.app import DATABASE_NAME
from demo.platform import STUDENT, School, course, document, module, school_of, topic, video
from demo.stage import Stage
from demo.telegram import Message
from storage import jobs
from storage.database import Database
from storage.enums import JobState
from storage.errors import DiskFull
from storage.rows import rows, run
from tests.support.app_harness import AppHarness, one_course
from tests.support.shown import COUNTS

pytestmark = pytest.mark.process

REFERENCE = "编号"
PATIENCE = 30.0

BALLAST = "INSERT INTO media_lengths VALUES (?, '1', '', NULL)"
CELLS = [video(60), document(2), video(45), document(3), video(30), document(2)]
LONG_LIST = [document(1, name=f"页{number}") for number in range(400)]


def _two_courses() -> School:
    return school_of(
        courses=[
            course([module([topic(CELLS)], name="测试模块")], name="测试科目"),
            course([module([topic(LONG_LIST)], name="长模块")], name="长科目"),
        ]
    )


def _broken(harness: AppHarness) -> list[str]:
    """The sentences with which the person was told that something broke."""
    return [each.text for each in harness.person.chat.messages if REFERENCE in each.text]


async def _states(harness: AppHarness) -> list[str]:
    assert harness.app is not None
    found = await harness.app.db.read(lambda conn: jobs.in_states(conn, [*JobState]))
    return [job.state for job in found]


async def _goes_on_to_its_end(harness: AppHarness) -> None:
    final = await harness.final()
    assert final.counts == (len(CELLS), 0, 0)
    assert len(harness.finals()) == 1
    assert harness.platform.violations == []
    with closing(sqlite3.connect(harness.folder / "data" / DATABASE_NAME)) as conn:
        assert conn.execute("PRAGMA integrity_check").fetchone() == ("ok",)


async def test_a_lock_from_outside_is_told_to_who_presses_and_a_running_job_outlasts_it(
    open_app: Callable[..., Any],
) -> None:
    harness: AppHarness = await open_app(_two_courses())
    await harness.log_in()
    await harness.start_job("测试科目", "测试模块")
    await harness.reported()
    assert harness.app is not None
    await harness.app.db.write(lambda conn: run(conn, "PRAGMA busy_timeout = 50"))
    with closing(sqlite3.connect(harness.app.db.path, timeout=0, isolation_level=None)) as other:
        await _lock(other)
        harness.person.send("/courses")
        await harness.until(lambda: _broken(harness))
        # The end of a cell cannot be stored: the run breaks off, and the row says running.
        running = harness.app.running
        await harness.until(lambda: len(running) == 0)
        assert await _states(harness) == ["running"]
        other.execute("ROLLBACK")

    await _goes_on_to_its_end(harness)
    assert len(_broken(harness)) == 1
    harness.person.send("/courses")
    await harness.see_button("长科目")


async def _lock(other: sqlite3.Connection) -> None:
    """A unit of the bot that is under way goes on meanwhile: it needs this loop."""
    while not other.in_transaction:
        with suppress(sqlite3.OperationalError):
            other.execute("BEGIN IMMEDIATE")
        await asyncio.sleep(0.005)


async def _fill(db: Database) -> None:
    """Let no page be added any more, and none be free."""

    async def bound(conn: Connection) -> None:
        pages = (await rows(conn, "PRAGMA page_count"))[0][0]
        await run(conn, f"PRAGMA max_page_count = {pages}")

    await db.write(bound)
    with suppress(DiskFull):
        for number in count():
            one = (f"ballast {number}",)
            await db.write(lambda conn, one=one: run(conn, BALLAST, one))  # type: ignore[misc]


async def test_a_full_disk_is_told_to_who_presses_and_everything_goes_on_after_it(
    open_app: Callable[..., Any],
) -> None:
    harness: AppHarness = await open_app(_two_courses())
    await harness.log_in()
    await harness.start_job("测试科目", "测试模块")
    harness.person.send("/courses")
    await harness.press("长科目")
    await harness.press("长模块")
    await harness.until(lambda: harness.ticked("长模块"))
    assert harness.app is not None
    db = harness.app.db
    await _fill(db)
    await harness.press("下一步")
    await harness.until(lambda: _broken(harness))
    assert (
        await db.read(lambda conn: rows(conn, "SELECT 1 FROM draft_cells WHERE draft_id = 2")) == []
    )

    await db.write(lambda conn: run(conn, "PRAGMA max_page_count = 1000000"))
    await _goes_on_to_its_end(harness)
    assert len(_broken(harness)) == 1
    # What was ticked is still there, and is read once more.
    await harness.press("返回")
    await harness.until(lambda: harness.ticked("长模块"))
    await harness.press("下一步")
    await harness.see_button("开始")


@pytest.mark.skipif(not hasattr(resource, "prlimit"), reason="limits of a running process")
async def test_a_process_that_can_write_nothing_for_a_while_loses_no_job() -> None:
    async with Stage(one_course([document(2), video(400), document(2)]), speed=60) as stage:
        telegram, person = stage.telegram, stage.telegram.person(1001)

        async def see(text: str) -> Message:
            shown = lambda: next((m for m in person.chat.messages if text in m.text), None)  # noqa: E731
            return await telegram.wait_for(shown, PATIENCE)

        async def press(label: str) -> None:
            await telegram.wait_for(lambda: person.press(label), PATIENCE)

        person.send(stage.platform.cookie_for(STUDENT.stu_id))
        await see(STUDENT.name)
        person.send("/courses")
        await press("测试科目")
        await press("测试模块")
        await see("已勾选")
        await press("下一步")
        await press("开始")
        await see("▸")
        process = stage._process
        assert process is not None
        resource.prlimit(process.pid, resource.RLIMIT_FSIZE, (0, resource.RLIM_INFINITY))
        person.send("/courses")
        await see(REFERENCE)
        resource.prlimit(
            process.pid, resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY)
        )

        final = await see("完成 3 · 失败 0 · 跳过 0")
        assert COUNTS.search(final.text)
        assert stage.platform.violations == []
        assert stage.bot_is_running


async def test_another_key_costs_nobody_a_login(open_app: Callable[..., Any]) -> None:
    harness: AppHarness = await open_app(one_course([video(900), document(2)]))
    await harness.log_in()
    await harness.start_job("测试科目", "测试模块")
    await harness.reported()
    await harness.close()
    key = harness.folder / "data" / "key"
    right = key.read_bytes()
    key.write_bytes(bytes(range(32)))

    before = len(harness.person.chat.messages)
    await harness.open()
    harness.person.send("/progress")
    await harness.see("📈")
    harness.person.send("/courses")
    await harness.press("测试科目")
    await harness.see("运营者")
    assert await _states(harness) == ["queued"]
    said = [each.text for each in harness.person.chat.messages[before:]]
    assert not any("登录" in text and "cookie" in text for text in said), said
    kept = "SELECT sealed_cookie IS NOT NULL, expired_at FROM accounts"
    assert harness.app is not None
    rows = await harness.app.db.read(lambda c: c.execute_fetchall(kept))
    assert [tuple(row) for row in rows] == [(1, None)]

    key.write_bytes(right)
    final = await harness.final()
    assert final.counts == (2, 0, 0)
    assert harness.platform.violations == []
