"""What a state machine of jobs acts on: people, a platform, time, and one life of the process
after the other."""

import asyncio
from collections.abc import Coroutine
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, TypeVar

from aiosqlite import Connection
from hypothesis.stateful import RuleBasedStateMachine

from bot.jobs.answers import Answer, Result
from demo.platform import (
    OTHER_STUDENT,
    STUDENT,
    PlatformServer,
    Violation,
    ViolationKind,
    course,
    document,
    module,
    picture,
    quiz,
    school_of,
    topic,
    video,
)
from storage import drafts, jobs
from storage.accounts import Account
from storage.enums import JobRequest, JobState, Outcome
from storage.jobs import Job, JobEvent
from storage.rows import rows
from tests.support.clocks import virtual_runner
from tests.support.names import ANNA, BORIS

from .jobs_process import JobsProcess
from .model import is_a_path
from .watched_database import PRESS, JobLog, Press, may_run

PEOPLE = [(ANNA, STUDENT.stu_id), (BORIS, STUDENT.stu_id), (BORIS, OTHER_STUDENT.stu_id)]
"""One student is an account of both chats."""
COURSES = {
    "一": [video(90), quiz(), document(2)],
    "二": [picture(), video(300)],
    "三": [document(4), video(20), picture()],
}
LONG_ENOUGH = 6 * 3600
COOKIE_LIVES = 9 * 3600
T = TypeVar("T")


async def student_of(conn: Connection, draft_id: int) -> str:
    [row] = await rows(
        conn,
        "SELECT stu_id FROM drafts JOIN accounts ON accounts.id = account_id WHERE drafts.id = ?",
        (draft_id,),
    )
    return str(row["stu_id"])


async def apart(work: Coroutine[Any, Any, T]) -> T:
    """Wait for the work in a task, and so in a context, of its own."""
    return await asyncio.ensure_future(work)


class Machine(RuleBasedStateMachine):
    """``processes`` counts those that were started; it is 0 until the first one was."""

    def __init__(self) -> None:
        super().__init__()
        self.around = ExitStack()
        self.processes = 0

    def begin(self, max_running: int, seed: int) -> None:
        self.held = Path(self.around.enter_context(TemporaryDirectory()))
        self.loop = self.around.enter_context(virtual_runner())
        school = school_of(
            courses=[
                course([module([topic(cells)])], name=name) for name, cells in COURSES.items()
            ],
            students=[STUDENT, OTHER_STUDENT],
        )
        self.platform = PlatformServer(school, monotonic=self.loop.get_loop().time, seed=seed)
        self.log = JobLog(max_running)
        self.owners: dict[str, str] = {}
        self.fresh: dict[tuple[int, str], float] = {}
        self.accounts: dict[tuple[int, str], Account] = {}
        self.drafts: dict[int, int] = {}
        self.process = self.next_process()
        self.run(self.process.start())

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        return self.loop.run(work)

    def next_process(self) -> JobsProcess:
        self.processes += 1
        folder = self.held / str(self.processes)
        return JobsProcess(folder, self.platform, self.log, self.owners)

    def log_in(self, person: tuple[int, str]) -> None:
        account = self.run(self._log_in(person))
        if account is not None:
            self.accounts[person] = account
            self.fresh[person] = self.platform.now() + COOKIE_LIVES

    async def _log_in(self, person: tuple[int, str]) -> Account | None:
        async def act() -> Account | None:
            PRESS.set(Press("login"))
            return await self.process.log_in(*person)

        return await apart(act())

    def start(self, person: tuple[int, str], number: int, twice: bool) -> None:
        draft_id = self.run(self.process.draft(self.accounts[person], number))
        if draft_id is not None:
            self.drafts[draft_id] = person[0]
            self.press_start(draft_id, person[0], twice)

    def press_start(self, draft_id: int, chat_id: int, twice: bool) -> None:
        async def at_once() -> tuple[list[Result], bool, bool]:
            cells = await self.process.db.read(lambda conn: drafts.cells(conn, draft_id))
            there = await self.process.db.read(lambda conn: jobs.of_draft(conn, draft_id))
            taken = self.log.stock.taken
            both = [self.pressing("start", chat_id, draft_id, 7) for _ in range(1 + twice)]
            results = await asyncio.gather(*both)
            todo = {cell.cell_id for cell in cells if (cell.percent or 0) < 100}
            stu_id = await self.process.db.read(lambda conn: student_of(conn, draft_id))
            is_planned = bool(todo) and todo <= set(taken.get((chat_id, stu_id), ()))
            return [result for result, _ in results], there is None and bool(todo), is_planned

        results, fits, is_planned = self.run(at_once())
        answers = [result.answer for result in results]
        # A job that had all of it may have ended just before the press.
        assert answers.count(Answer.STARTED) in ({0, 1} if fits and is_planned else {fits})
        known = {Answer.STARTED, Answer.ALREADY_STARTED, Answer.NOTHING_TO_DO}
        assert {*answers} <= known | ({Answer.PLANNED} if is_planned else set())
        assert len({result.job.id for result in results if result.job is not None}) <= 1

    async def pressing(self, action: str, *given: int) -> tuple[Result, Press]:
        press = Press("press")

        async def act() -> Result:
            PRESS.set(press)
            result: Result = await getattr(self.process.control, action)(*given)
            return result

        return await apart(act()), press

    def job(self, place: int) -> Job:
        """The newest first: they are the ones that change."""
        return self.log.now[sorted(self.log.now, reverse=True)[place % len(self.log.now)]]

    def check(self) -> None:
        """What holds at any time."""
        assert not self.log.broken, self.log.broken
        assert not self._violations(), self._violations()
        self.run(self._look())

    def _violations(self) -> list[Violation]:
        """A bar whose telling was lost on its way, or by a kill, cannot be known: study during a
        bar that the tables know is held against the process by the log."""
        found = self.platform.violations
        return [each for each in found if each.kind is not ViolationKind.DURING_BAR]

    async def _look(self) -> None:
        histories: dict[int, list[JobEvent]] = {}
        now: dict[int, Job] = {}

        async def unit(conn: Connection) -> None:
            now.update(self.log.now)
            for job_id in now:
                histories[job_id] = await jobs.history(conn, job_id)

        # As a write it stands behind whatever is being written.
        await self.process.db.write(unit)
        for job_id, job in now.items():
            path = [JobState(row.state) for row in histories[job_id]]
            assert is_a_path(path), path
            assert (path[-1], histories[job_id][-1].reason) == (job.state, job.reason)
            if job.state is JobState.NEEDS_LOGIN:
                until = self.fresh.get((job.chat_id, job.stu_id), 0)
                assert self.platform.now() > until, f"{job_id} waits for a cookie that is there"

    def claimable(self) -> list[Job]:
        found = self.log.now
        running = sum(job.state is JobState.RUNNING for job in found.values())
        return [
            job
            for job in found.values()
            if job.state is JobState.QUEUED
            and running < self.log.max_running
            and may_run(job, found)
        ]

    def teardown(self) -> None:
        try:
            if self.processes > 0 and not self.log.broken and not self._violations():
                self._all_ends_well()
                self.run(self.process.end())
        finally:
            if self.processes > 0:
                self.run(self.process.let_go())
            self.around.close()

    def _all_ends_well(self) -> None:
        """The trouble is over, and everybody logs in and resumes: every job comes to its end."""
        self.platform.faults.clear()
        for person in PEOPLE:
            self.log_in(person)
        for job in list(self.log.now.values()):
            if job.state is JobState.PAUSED or job.requested is JobRequest.PAUSE:
                self.run(self.pressing("resume", job.chat_id, job.id))

        async def all_end() -> None:
            async with asyncio.timeout(LONG_ENOUGH):
                while not all(job.state.is_ended for job in self.log.now.values()):
                    await asyncio.sleep(60)
                    for person in PEOPLE:
                        if self.fresh[person] < self.platform.now():
                            await self._log_in(person)

        self.run(all_end())
        self.check()
        self.run(self._nothing_is_called_done_that_is_not())

    async def _nothing_is_called_done_that_is_not(self) -> None:
        for job in self.log.now.values():
            for item in await self.process.control.items(job):
                if item.outcome is Outcome.DONE:
                    assert self.platform.shown(job.stu_id, item.cell.cell_id) == 100
