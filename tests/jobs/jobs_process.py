"""One life of the bot's process, below its conversation, in virtual time; it can be killed."""

import asyncio
import shutil
from collections.abc import Mapping
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any, cast

import httpx

from bot.accounts import Accounts
from bot.clock import PlatformClock
from bot.courses.drafts import Drafts
from bot.jobs.control import JobControl
from bot.jobs.dispatcher import JobDispatcher
from bot.jobs.queue import WorkQueue
from bot.jobs.recovery import recover
from bot.jobs.runner import JobRunner
from bot.jobs.running import RunningJobs
from bot.login.pending_logins import PendingLogins
from bot.login.service import LoginService
from bot.zjy.client import Client
from bot.zjy.cookies import PastedCookie
from bot.zjy.errors import ZjyError
from bot.zjy.gate import Gate
from demo.platform import Endpoint, PlatformServer
from storage import chats
from storage.accounts import Account
from storage.enums import Pace
from storage.vault import Vault
from tests.support.jobs_harness import Heard
from tests.support.logging_in import log_in
from tests.support.study_harness import PlatformTransport
from tests.support.virtual_time import VirtualClock, VirtualLoop, VirtualQueue

from .watched_database import JobLog, Stock, WatchedDatabase

DATABASE = "bot.sqlite3"
JOBS_END_WITHIN = 3.0


class _Transport(PlatformTransport):
    """Tells the log of views and reports as they are sent."""

    def __init__(self, server: PlatformServer, owners: Mapping[str, str], log: JobLog) -> None:
        super().__init__(server)
        self._owners = owners
        self.log = log

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        if self.is_open and request.url.path in (Endpoint.VIEW, Endpoint.REPORT):
            form = httpx.QueryParams((await request.aread()).decode())
            owner = self._owners[request.headers["cookie"].removeprefix("auth=")]
            is_report = request.url.path == Endpoint.REPORT
            self.log.studied(owner, form["courseOpenId"], is_report=is_report)
        return await super().handle_async_request(request)


class JobsProcess:
    """``owners`` says whose each cookie is; it and the log outlive the process."""

    def __init__(
        self, folder: Path, platform: PlatformServer, log: JobLog, owners: dict[str, str]
    ) -> None:
        self.folder = folder
        self.platform = platform
        self.log = log
        self._owners = owners
        self._corridor = _Transport(platform, owners, log)
        self._held = AsyncExitStack()

    async def begin(self) -> None:
        """Start as the program does: recover what the life before left, and look for work."""
        with _loop().standing():
            opened = await WatchedDatabase.open(self.folder / DATABASE)
            self.db = await self._held.enter_async_context(opened)
        self.log.opened(await self.db.read(Stock.read))
        self.db.log = self.log
        clock = PlatformClock(VirtualClock())
        client = Client("http://127.0.0.1", transport=self._corridor)
        self._held.push_async_callback(client.aclose)
        gate = Gate(client, clock, requests_per_second=1000)
        vault = Vault.open(self.folder / "key")
        heard, self._running = Heard(), RunningJobs()
        self.accounts = Accounts(self.db, vault, gate, clock)
        self._queue = WorkQueue(cast("Any", VirtualQueue()))
        self._dispatcher = JobDispatcher(
            self.db,
            clock.clock,
            self._queue,
            JobRunner(self.db, self.accounts, clock, self._running, heard),
            heard,
            max_running=self.log.max_running,
        )
        self.control = JobControl(self.db, clock.clock, self._running, heard, self._dispatcher.wake)
        self.login = LoginService(self.db, vault, gate, clock, self.accounts, self.control)
        self.pending = PendingLogins(self.db, vault, clock)
        self.drafts = Drafts(self.db, clock, self.accounts)
        await recover(self.db, clock.now())
        self._dispatcher.begin()

    async def end(self) -> None:
        """End in order, as at a signal."""
        self._dispatcher.close()
        self._queue.close()
        await self._running.stop_all(JOBS_END_WITHIN)
        await self.let_go()

    async def kill(self, elsewhere: Path) -> None:
        """End between two turns of the loop: what is in the files now is all that remains, and
        lies in the new folder for the next life."""
        elsewhere.mkdir()  # noqa: ASYNC240 - the loop stands still, that is what a kill means
        for name in (DATABASE, f"{DATABASE}-wal", "key"):
            if (self.folder / name).exists():
                shutil.copyfile(self.folder / name, elsewhere / name)
        self.db.log = None
        self._dispatcher.close()
        self._queue.close()
        await self.let_go()

    async def let_go(self) -> None:
        """Drop every task and close what is open, for the first time or again."""
        self._corridor.shut()
        tasks = asyncio.all_tasks() - {cast("asyncio.Task[Any]", asyncio.current_task())}
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        with _loop().standing():
            await self._held.aclose()

    async def log_in(self, chat_id: int, stu_id: str) -> Account | None:
        """The chat pastes a new cookie; None if the platform did not say whose it is."""
        now = VirtualClock().now()
        await self.db.write(lambda conn: chats.ensure(conn, chat_id, chat_id, now))
        auth = self.platform.cookie_for(stu_id)
        self._owners[auth] = stu_id
        try:
            logged_in = await log_in(self.pending, self.login, chat_id, PastedCookie(auth))
        except ZjyError:
            return None
        return logged_in.account if logged_in is not None else None

    async def draft(self, account: Account, number: int) -> int | None:
        """Read all of a course, up to the preview; None if the platform does not let it."""
        try:
            listed = {each.name: each for each in await self.drafts.read_courses(account)}
            course = listed.get(self.platform.school.courses[number].name)
            if course is None:
                return None
            opened = await self.drafts.begin(account, course, 5, Pace.NORMAL)
            if opened is None:
                return None
            draft_id = opened.draft.id
            await self.drafts.tick_all(account.chat_id, draft_id)
            await self.drafts.claim_reading(draft_id)
            now = await self.drafts.get(account.chat_id, draft_id)
            if now is None:
                return None
            async for _ in self.drafts.read(account, now):
                continue
        except ZjyError:
            return None
        return draft_id


def _loop() -> VirtualLoop:
    loop = asyncio.get_running_loop()
    assert isinstance(loop, VirtualLoop)
    return loop
