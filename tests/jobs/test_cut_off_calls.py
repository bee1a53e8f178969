"""Whoever asks the services for something may be cut off at any moment: all of it is done, or none.

One statement takes one turn of the loop, so that a seed says after which statement the cut comes.
"""

import asyncio
import random
import sqlite3
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from contextlib import asynccontextmanager, closing
from pathlib import Path
from typing import Any, TypeVar

import pytest
from aiosqlite import Connection

from bot.app import DATABASE_NAME
from bot.jobs.answers import Answer, Result
from bot.zjy.errors import ZjyError
from demo.platform import STUDENT, PlatformServer, course, document, module, quiz, topic, video
from demo.platform import school_of as a_school_of
from storage import drafts as draft_rows
from storage.accounts import Account
from storage.enums import JobState
from storage.rows import rows
from tests.support.clocks import virtual_runner
from tests.support.names import ANNA, BORIS

from .jobs_process import JobsProcess
from .watched_database import PRESS, JobLog, Press

T = TypeVar("T")
COURSES = {"一": [video(90), quiz(), document(2)], "二": [document(3), video(30)]}
TURNS = 80
CALLS = 40
LOOKS = 6
HALF_DONE = {
    "a job without cells": "SELECT id FROM jobs WHERE id NOT IN (SELECT job_id FROM job_items)",
    "a job without history": "SELECT id FROM jobs WHERE id NOT IN (SELECT job_id FROM job_history)",
    "a job that left its draft": "SELECT d.id FROM drafts d JOIN jobs j ON j.draft_id = d.id "
    "WHERE d.state != 'started'",
    "a started draft without a job": "SELECT id FROM drafts WHERE state = 'started' "
    "AND id NOT IN (SELECT draft_id FROM jobs WHERE draft_id NOTNULL)",
    "a plan without cells": "SELECT id FROM drafts WHERE state IN ('ready', 'started') "
    "AND id NOT IN (SELECT draft_id FROM draft_cells) "
    "AND id IN (SELECT draft_id FROM draft_modules)",
    "a state that is not the last of the history": "SELECT id FROM jobs j WHERE state != "
    "(SELECT state FROM job_history h WHERE h.job_id = j.id ORDER BY h.id DESC LIMIT 1)",
    "a cookie without its times": "SELECT id FROM accounts "
    "WHERE (sealed_cookie ISNULL) != (expires_at ISNULL) AND expired_at ISNULL",
}


async def _half_done(conn: Connection) -> list[str]:
    return [
        f"{what}: {[row[0] for row in found]}"
        for what, sql in HALF_DONE.items()
        if (found := await rows(conn, sql))
    ]


@asynccontextmanager
async def a_life(folder: Path) -> AsyncIterator[tuple[JobsProcess, dict[str, str]]]:
    loop = asyncio.get_running_loop()
    school = a_school_of(
        courses=[course([module([topic(cells)])], name=name) for name, cells in COURSES.items()]
    )
    platform = PlatformServer(school, monotonic=loop.time)
    owners: dict[str, str] = {}
    process = JobsProcess(folder, platform, JobLog(max_running=5), owners)
    await process.start()
    try:
        yield process, owners
    finally:
        await process.end()


def in_virtual_time(test: Coroutine[Any, Any, None]) -> None:
    with virtual_runner() as runner:
        runner.run(test)


async def as_press(by: str, call: Callable[..., Awaitable[T]], *given: object) -> T:
    """The watched database shall know that a person is behind it."""
    PRESS.set(Press(by))
    return await call(*given)


async def _turns(count: int) -> None:
    for _ in range(count):
        await asyncio.sleep(0)


class Crowd:
    """People who ask for anything, and of whom some are cut off."""

    def __init__(self, process: JobsProcess, owners: dict[str, str], chance: random.Random) -> None:
        self.process = process
        self.owners = owners
        self.chance = chance
        self.drafts: list[tuple[Account, int]] = []
        self.accounts: list[Account] = []
        self.cut_off = 0

    async def call(self) -> None:
        """One call, cut off after some turns of the loop or seconds, or not at all."""
        task = asyncio.ensure_future(self._some_call())
        await _turns(self.chance.randrange(TURNS))
        if self.chance.random() < 0.2:
            await asyncio.sleep(self.chance.random() * 20)
        if self.chance.random() < 0.7 and task.cancel():
            self.cut_off += 1
        await asyncio.wait({task})
        if not task.cancelled():
            assert task.exception() is None or isinstance(task.exception(), ZjyError)

    def _some_call(self) -> Awaitable[object]:
        process, chance = self.process, self.chance
        chat_id = chance.choice([ANNA, BORIS])
        job_id = chance.randrange(1, 12)
        account, draft_id = chance.choice(self.drafts)
        choices: list[Callable[[], Awaitable[object]]] = [
            lambda: as_press("press", process.control.start, account.chat_id, draft_id, 7),
            lambda: as_press("press", process.control.start, account.chat_id, draft_id, 7),
            lambda: as_press("press", process.control.pause, chat_id, job_id),
            lambda: as_press("press", process.control.resume, chat_id, job_id),
            lambda: as_press("press", process.control.cancel, chat_id, job_id),
            lambda: as_press("press", process.control.retry, chat_id, job_id),
            lambda: as_press("login", process.paste, chat_id, self.cookie()),
            lambda: as_press("press", process.login.log_out, BORIS, account.id),
            lambda: process.accounts.use(chat_id, account.id),
            lambda: process.drafts.read_courses(account),
            lambda: process.draft(account, chance.randrange(len(COURSES))),
            lambda: process.drafts.tick_all(account.chat_id, draft_id),
            lambda: process.drafts.clear(account.chat_id, draft_id),
        ]
        return chance.choice(choices)()

    def cookie(self) -> str:
        auth = self.process.platform.cookie_for(STUDENT.stu_id)
        self.owners[auth] = STUDENT.stu_id
        return auth

    async def prepare(self) -> None:
        for chat_id in (ANNA, BORIS):
            account = await self.process.log_in(chat_id, STUDENT.stu_id)
            assert account is not None
            self.accounts.append(account)
            for number in range(len(COURSES)):
                draft_id = await self.process.draft(account, number)
                assert draft_id is not None
                self.drafts.append((account, draft_id))


@pytest.mark.parametrize("seed", range(12))
def test_calls_that_are_cut_off_leave_nothing_half_done(tmp_path: Path, seed: int) -> None:
    async def test() -> None:
        async with a_life(tmp_path) as (process, owners):
            crowd = Crowd(process, owners, random.Random(seed))
            await crowd.prepare()
            seen: list[str] = []

            async def watch() -> None:
                """Look between the statements of the others."""
                for _ in range(LOOKS):
                    seen.extend(await process.db.read(_half_done))

            for _ in range(CALLS // 4):
                await asyncio.gather(watch(), *(crowd.call() for _ in range(4)))
            assert crowd.cut_off > 0
            assert seen == []
            # This one stands behind all those whose callers have gone.
            assert await process.db.write(_half_done) == []
            assert await process.db.write(lambda c: rows(c, "PRAGMA foreign_key_check")) == []
            assert not process.db._writer.in_transaction or process.db._writing.locked()
            # Who logs out takes the account's jobs along.
            assert [each for each in process.log.broken if "vanished" not in each] == []
        with closing(sqlite3.connect(tmp_path / DATABASE_NAME)) as conn:
            assert conn.execute("PRAGMA integrity_check").fetchone() == ("ok",)

    in_virtual_time(test())


@pytest.mark.parametrize("action", ["start", "retry"])
@pytest.mark.parametrize("seed", range(4))
def test_of_many_presses_at_once_one_makes_a_job(tmp_path: Path, seed: int, action: str) -> None:
    chance = random.Random(seed)

    async def test() -> None:
        async with a_life(tmp_path) as (process, owners):
            crowd = Crowd(process, owners, chance)
            await crowd.prepare()
            account, draft_id = crowd.drafts[0]
            given: tuple[int, ...] = (account.chat_id, draft_id, 7)

            def press() -> asyncio.Future[Result]:
                return asyncio.ensure_future(
                    as_press("press", getattr(process.control, action), *given)
                )

            if action == "retry":
                begun = await process.control.start(*given)
                assert begun.job is not None
                given = (account.chat_id, begun.job.id)
                await asyncio.ensure_future(as_press("press", process.control.cancel, *given))
                await asyncio.sleep(30)
                assert process.log.now[begun.job.id].state.is_ended
            before = len(process.log.now)
            presses = [press()]
            for _ in range(9):
                await _turns(chance.randrange(8))
                presses.append(press())
                if chance.random() < 0.5:
                    chance.choice(presses).cancel()
            await asyncio.wait(presses)
            answers = [each.result().answer for each in presses if not each.cancelled()]
            assert (await press()).answer is Answer.ALREADY_STARTED
            assert answers.count(Answer.STARTED) <= 1
            assert len(process.log.now) == before + 1
            assert await process.db.write(_half_done) == []
            assert process.log.broken == []

    in_virtual_time(test())


def test_a_reading_that_is_cut_off_anywhere_can_be_done_once_more(tmp_path: Path) -> None:
    async def test() -> None:
        async with a_life(tmp_path) as (process, owners):
            crowd = Crowd(process, owners, random.Random(0))
            await crowd.prepare()
            account = crowd.accounts[0]
            for turns in range(0, 120, 3):
                reading = asyncio.ensure_future(process.draft(account, 0))
                # The last of its pauses for the platform is over after four seconds.
                await asyncio.sleep(4.1)
                await _turns(turns)
                reading.cancel()
                await asyncio.wait({reading})
                assert await process.db.write(_half_done) == []
            draft_id = await process.draft(account, 0)
            assert draft_id is not None
            cells = await process.db.read(lambda conn: draft_rows.cells(conn, draft_id))
            assert len(cells) == len(COURSES["一"])
            result = await process.control.start(account.chat_id, draft_id, 7)
            assert result.answer is Answer.STARTED
            assert result.job is not None
            assert result.job.state is JobState.QUEUED

    in_virtual_time(test())


@pytest.mark.parametrize("seconds", [0.01, 0.03, 1.0, 1.05, 2.0, 2.07, 3.0, 3.1, 4.0])
@pytest.mark.parametrize("left", ["logged out", "stopped"])
def test_a_reading_that_nobody_waits_for_any_more_keeps_nothing(
    tmp_path: Path, seconds: float, left: str
) -> None:
    async def test() -> None:
        async with a_life(tmp_path) as (process, owners):
            crowd = Crowd(process, owners, random.Random(0))
            await crowd.prepare()
            account = crowd.accounts[1]
            already = {draft_id for _, draft_id in crowd.drafts}
            reading = asyncio.ensure_future(process.draft(account, 0))
            await asyncio.sleep(seconds)
            if left == "logged out":
                assert await process.login.log_out(BORIS, account.id) is not None
            else:
                (draft_id,) = {*await _ids(process, "SELECT id FROM drafts")} - already or {0}
                await process.drafts.back_to_choosing(draft_id)
            was_over = reading.done()
            read = await reading
            assert await process.db.write(_half_done) == []
            assert await process.db.write(lambda c: rows(c, "PRAGMA foreign_key_check")) == []
            if left == "logged out":
                assert await _ids(process, "SELECT id FROM drafts WHERE chat_id = 1002") == []
            elif read is not None and draft_id == read and not was_over:
                state = "SELECT id FROM drafts WHERE state = 'choosing'"
                cells = "SELECT DISTINCT draft_id FROM draft_cells"
                assert read in await _ids(process, state)
                assert read not in await _ids(process, cells)

    in_virtual_time(test())


async def _ids(process: JobsProcess, sql: str) -> list[int]:
    return [int(row[0]) for row in await process.db.read(lambda conn: rows(conn, sql))]
