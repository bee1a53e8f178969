"""One life of the bot's process, below its conversation, in virtual time; it can be killed."""

import asyncio
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any, cast

import httpx

from bot.app import DATABASE_NAME, KEY_NAME
from bot.zjy.errors import ZjyError
from demo.platform import Endpoint, PlatformServer
from storage.accounts import Account
from tests.support.clocks import LoopClock, VirtualQueue, standing_loop
from tests.support.in_process_transport import PlatformTransport, auth_of
from tests.support.open_bot import Bot, Floor

from .watched_database import JobLog, Stock, WatchedDatabase

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
            owner = self._owners[auth_of(request)]
            is_report = request.url.path == Endpoint.REPORT
            self.log.studied(owner, form["courseOpenId"], is_report=is_report)
        return await super().handle_async_request(request)


class JobsProcess(Bot):
    """``owners`` says whose each cookie is; it and the log outlive the process."""

    db: WatchedDatabase

    def __init__(
        self, folder: Path, platform: PlatformServer, log: JobLog, owners: dict[str, str]
    ) -> None:
        self.platform = platform
        self.log = log
        self._owners = owners
        self._transport = _Transport(platform, owners, log)
        super().__init__(
            folder,
            upto=Floor.JOBS,
            platform=self._transport,
            clock=LoopClock(),
            requests_per_second=1000,
            max_running=log.max_running,
            database=WatchedDatabase,
            job_queue=VirtualQueue(),
        )

    async def _open_jobs(self) -> None:
        self.log.opened(await self.db.read(Stock.read))
        self.db.log = self.log
        await super()._open_jobs()

    async def start(self) -> None:
        """Start as the program does: recover what the life before left, and look for work."""
        await self.open()
        self.begin()

    async def end(self) -> None:
        """End in order, as at a signal."""
        self.dispatcher.close()
        self.queue.close()
        await self.running.stop_all(JOBS_END_WITHIN)
        await self.let_go()

    async def kill(self, elsewhere: Path) -> None:
        """End between two turns of the loop: what is in the files now is all that remains, and
        lies in the new folder for the next life."""
        elsewhere.mkdir()  # noqa: ASYNC240 - the loop stands still, that is what a kill means
        for name in (DATABASE_NAME, f"{DATABASE_NAME}-wal", KEY_NAME):
            if (self.folder / name).exists():
                shutil.copyfile(self.folder / name, elsewhere / name)
        self.db.log = None
        self.dispatcher.close()
        self.queue.close()
        await self.let_go()

    async def let_go(self) -> None:
        """Drop every task and close what is open, for the first time or again."""
        self._transport.is_open = False
        tasks = asyncio.all_tasks() - {cast("asyncio.Task[Any]", asyncio.current_task())}
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        with standing_loop():
            await self._held.aclose()

    async def log_in(self, chat_id: int, stu_id: str) -> Account | None:
        """The chat pastes a new cookie; None if the platform did not say whose it is."""
        auth = self.platform.cookie_for(stu_id)
        self._owners[auth] = stu_id
        try:
            logged_in = await self.paste(chat_id, auth)
        except ZjyError:
            return None
        return logged_in.account if logged_in is not None else None

    async def draft(self, account: Account, number: int) -> int | None:
        """Read all of a course, up to the preview; None if the platform does not let it."""
        try:
            return await self.read_preview(account, self.platform.school.courses[number].name)
        except ZjyError:
            return None
