"""Everything below the chat, real: database, vault, job queue, gate and client, before stand-ins.

Platform time runs fast; Telegram's stand-in is there because the job queue belongs to a bot.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from telegram.ext import Application, JobQueue

from bot.accounts import Accounts
from bot.clock import PlatformClock, SystemClock
from bot.courses.drafts import Drafts, OpenDraft
from bot.jobs.answers import Answer
from bot.jobs.control import JobControl
from bot.jobs.dispatcher import JobDispatcher
from bot.jobs.queue import WorkQueue
from bot.jobs.recovery import recover
from bot.jobs.runner import JobRunner
from bot.jobs.running import RunningJobs
from bot.login.pending_logins import PendingLogins
from bot.login.service import LoggedIn, LoginService
from bot.study.progress import Snapshot
from bot.zjy.client import Client
from bot.zjy.cookies import PastedCookie
from bot.zjy.gate import Gate
from demo.platform import STUDENT, Endpoint, Fault, PlatformServer, Request, School
from demo.telegram import TelegramServer
from storage import chats, jobs, notices
from storage.accounts import Account
from storage.database import Database
from storage.enums import JobState, Pace
from storage.jobs import Job, JobEvent, JobItem
from storage.notices import Notice
from storage.vault import Vault
from tests.support.logging_in import log_in
from tests.support.study_harness import PlatformTransport
from tests.support.telegram_bots import plain_request

SPEED = 2000.0
PATIENCE = 60.0
TOKEN = "123456:stand-in"


class Heard:
    """A listener that keeps what it was told, and lets tests wait for the next word."""

    def __init__(self) -> None:
        self.changed: list[int] = []
        self.moved: list[tuple[int, Snapshot]] = []
        self.notices = 0

    def job_changed(self, job_id: int) -> None:
        self.changed.append(job_id)

    def progress_changed(self, job_id: int, snapshot: Snapshot) -> None:
        self.moved.append((job_id, snapshot))

    def notices_waiting(self) -> None:
        self.notices += 1


class JobsHarness:
    """One process of the bot, without its conversation. Made by :func:`open_jobs`."""

    def __init__(
        self,
        folder: Path,
        platform: PlatformServer,
        telegram: TelegramServer,
        *,
        max_running: int,
        speed: float,
    ) -> None:
        self.folder = folder
        self.platform = platform
        self.telegram = telegram
        self.max_running = max_running
        self.clock = PlatformClock(SystemClock(), speed)
        self.transport = PlatformTransport(platform, latency=0.0)

    async def open(self) -> None:
        """Start the process: recover what the one before left, and look for work."""
        self.db = await Database.open(self.folder / "bot.sqlite3")
        self.vault = Vault.open(self.folder / "key")
        self.client = Client("http://127.0.0.1", transport=self.transport)
        self.gate = Gate(self.client, self.clock, requests_per_second=1e6)
        self.application: Application[Any, Any, Any, Any, Any, Any] = (
            Application.builder()
            .token(TOKEN)
            .base_url(f"{self.telegram.url}/bot")
            .request(plain_request(256))
            .get_updates_request(plain_request())
            .build()
        )
        await self.application.initialize()
        await self.application.start()
        queue: JobQueue[Any] | None = self.application.job_queue
        assert queue is not None
        self.heard = Heard()
        self.running = RunningJobs()
        self.accounts = Accounts(self.db, self.vault, self.gate, self.clock)
        self.queue = WorkQueue(queue)
        self.runner = JobRunner(self.db, self.accounts, self.clock, self.running, self.heard)
        self.dispatcher = JobDispatcher(
            self.db,
            self.clock.clock,
            self.queue,
            self.runner,
            self.heard,
            max_running=self.max_running,
        )
        self.control = JobControl(
            self.db, self.clock.clock, self.running, self.heard, self.dispatcher.wake
        )
        self.login = LoginService(
            self.db, self.vault, self.gate, self.clock, self.accounts, self.control
        )
        self.pending = PendingLogins(self.db, self.vault, self.clock)
        self.drafts = Drafts(self.db, self.clock, self.accounts)
        self.recovered = (await recover(self.db, self.clock.now())).jobs

    def begin(self) -> None:
        """Look for work from now on."""
        self.dispatcher.begin()

    async def close(self, *, orderly: bool = True) -> None:
        """End the process; not ``orderly`` drops every running job where it is."""
        self.dispatcher.close()
        self.queue.close()
        if orderly:
            await self.running.stop_all(5)
        for task in list(self.running._tasks.values()):
            task.cancel()
        await self.until_so(lambda: not self.running)
        await self.application.stop()
        await self.application.shutdown()
        await self.client.aclose()
        await self.db.close()

    async def kill_and_start(self) -> None:
        """As after kill -9: nothing was ended in order, and a new process starts."""
        await self.close(orderly=False)
        await self.open()
        self.begin()

    async def log_in(self, chat_id: int, stu_id: str = STUDENT.stu_id) -> LoggedIn:
        """The chat pastes a new cookie of the student."""
        await self.db.write(lambda c: chats.ensure(c, chat_id, chat_id, self.clock.now()))
        pasted = PastedCookie(self.platform.cookie_for(stu_id))
        logged_in = await log_in(self.pending, self.login, chat_id, pasted)
        assert logged_in is not None
        return logged_in

    async def draft(self, account: Account, *, course: int = 0, pace: Pace = Pace.NORMAL) -> int:
        """Pick all unfinished modules of a course and read them; the draft's id."""
        listed = {each.name: each for each in await self.drafts.read_courses(account)}
        wanted = listed[self.platform.school.courses[course].name]
        opened = await self.drafts.begin(account, wanted, 5, pace)
        assert opened is not None
        await self.drafts.tick_all(account.chat_id, opened.draft.id)
        assert await self.drafts.claim_reading(opened.draft.id)
        async for _ in self.drafts.read(account, await self.draft_now(opened)):
            pass
        return opened.draft.id

    async def draft_now(self, opened: OpenDraft) -> OpenDraft:
        now = await self.drafts.get(opened.draft.chat_id, opened.draft.id)
        assert now is not None
        return now

    async def start(self, account: Account, *, course: int = 0, pace: Pace = Pace.NORMAL) -> int:
        """Start a job of the whole course; its id."""
        draft_id = await self.draft(account, course=course, pace=pace)
        result = await self.control.start(account.chat_id, draft_id, 7)
        assert result.answer is Answer.STARTED, result
        assert result.job is not None
        return result.job.id

    async def job(self, job_id: int) -> Job:
        row = await self.db.read(lambda conn: jobs.get(conn, job_id))
        assert row is not None
        return row

    async def items(self, job_id: int) -> list[JobItem]:
        return await self.db.read(lambda c: jobs.items(c, job_id))

    async def history(self, job_id: int) -> list[JobEvent]:
        return await self.db.read(lambda conn: jobs.history(conn, job_id))

    async def states(self, job_id: int) -> list[str]:
        return [row.state for row in await self.history(job_id)]

    async def told(self, chat_id: int | None = None) -> list[Notice]:
        return await self.db.read(lambda conn: notices.pending(conn, chat_id))

    async def until(self, condition: Callable[[], Awaitable[object]]) -> None:
        """Wait until the condition holds. Raises TimeoutError after a long time."""
        async with asyncio.timeout(PATIENCE):
            while not await condition():  # noqa: ASYNC110 - a row, or a stand-in, changes
                await asyncio.sleep(0.002)

    async def until_so(self, condition: Callable[[], object]) -> None:
        async def so() -> object:
            return condition()

        await self.until(so)

    async def until_state(self, job_id: int, *states: JobState) -> Job:
        """Wait until the job is in one of the states."""

        async def there() -> bool:
            return (await self.job(job_id)).state in states

        await self.until(there)
        return await self.job(job_id)

    async def until_ended(self, job_id: int) -> Job:
        return await self.until_state(job_id, *(state for state in JobState if state.is_ended))

    async def until_reports(self, count: int, stu_id: str | None = None) -> None:
        """Wait until so many reports came."""
        await self.until_so(lambda: len(self.sent(Endpoint.REPORT, stu_id)) >= count)

    def sent(self, endpoint: Endpoint, stu_id: str | None = None) -> list[Request]:
        return [
            request
            for request in self.platform.requests
            if request.endpoint is endpoint and stu_id in (None, request.student)
        ]

    def reports_of(self, cell_id: str) -> list[Request]:
        return [r for r in self.sent(Endpoint.REPORT) if r.form["cellId"] == cell_id]

    def fault(self, endpoint: Endpoint | str, fault: Fault, *, times: int | None = 1) -> None:
        self.platform.faults.add(endpoint, fault, times=times)

    def outcomes_agree(self, items: Sequence[JobItem], stu_id: str = STUDENT.stu_id) -> bool:
        """Whether exactly the cells that the platform shows at 100 are called done."""
        return all(
            (item.outcome == "done") == (self.platform.shown(stu_id, item.cell.cell_id) == 100)
            for item in items
        )


@asynccontextmanager
async def open_jobs(
    folder: Path, school: School, *, max_running: int = 200, speed: float = SPEED
) -> AsyncIterator[JobsHarness]:
    """A bot at work, with stand-ins that outlive its kills."""
    loop = asyncio.get_running_loop()
    platform = PlatformServer(school, speed=speed, monotonic=loop.time)
    telegram = TelegramServer(token=TOKEN)
    await telegram.start()
    harness = JobsHarness(folder, platform, telegram, max_running=max_running, speed=speed)
    try:
        await harness.open()
        harness.begin()
        try:
            yield harness
        finally:
            await harness.close()
    finally:
        await telegram.stop()
