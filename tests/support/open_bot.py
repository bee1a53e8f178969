"""Builds the real parts of the bot, up to a floor: what each harness stands on.

Below :attr:`Floor.APP` both stand-ins are reached without sockets, and nothing begins to work by
itself before :meth:`Bot.begin`.
"""

import asyncio
from collections.abc import Mapping
from contextlib import AsyncExitStack
from enum import IntEnum
from functools import cache
from pathlib import Path
from typing import Any, Self, cast

from telegram.ext import Application, JobQueue

from bot.accounts import Accounts
from bot.app import DATABASE_NAME, KEY_NAME, BotApp
from bot.build import build_app
from bot.chat.background import Background
from bot.chat.cards.drawing import Drawing
from bot.chat.i18n import load_translators
from bot.chat.notices import Notices
from bot.chat.people import People
from bot.chat.reporter import Reporter
from bot.chat.telegram_application import AnyApplication
from bot.clock import Clock, PlatformClock, SystemClock
from bot.courses.drafts import Drafts
from bot.digest.settings import DigestSettingsService
from bot.jobs.control import JobControl
from bot.jobs.dispatcher import JobDispatcher
from bot.jobs.listener import JobListener
from bot.jobs.queue import WorkQueue
from bot.jobs.recovery import recover
from bot.jobs.runner import JobRunner
from bot.jobs.running import RunningJobs
from bot.login.credentials import Credential
from bot.login.pending_logins import PendingLogins
from bot.login.service import LoggedIn, LoginService
from bot.outbox.outbox import Outbox
from bot.outbox.reachability import Reachability
from bot.outbox.telegram_calls import Calls
from bot.platforms import Platforms
from bot.process import begin, end
from bot.settings import Settings
from bot.spoc.client import SpocClient
from bot.study.progress import Snapshot
from bot.zjy.client import Client
from bot.zjy.errors import ZjyError
from bot.zjy.gate import Gate
from storage import chats
from storage.accounts import Account
from storage.database import Database
from storage.enums import Pace, Platform
from storage.key_file import open_vault
from tests.support.clocks import VirtualQueue, standing_loop
from tests.support.in_process_transport import PlatformTransport, TelegramTransport
from tests.support.names import ANNA, TOKEN
from tests.support.new_database import put_new_database
from tests.support.telegram_bots import bot_in_process, plain_request

JOBS_END_WITHIN = 5.0
_translators = cache(load_translators)


class Floor(IntEnum):
    """How much of the bot is built; each floor has those below it."""

    STORAGE = 0
    """The database and the vault."""
    JOBS = 1
    """The gate to the platform, accounts and logins, drafts, jobs, and what a digest is made of."""
    CHAT = 2
    """The outbox with the library's bot, notices, and the reporter of jobs."""
    APP = 3
    """The application itself, with handlers, as the program builds it from ``settings``."""


class Heard:
    """A listener that keeps what it was told."""

    def __init__(self) -> None:
        self.changed: list[int] = []
        self.moved: list[tuple[int, Snapshot]] = []
        self.moved_up: list[int] = []
        self.notices = 0

    def job_changed(self, job_id: int) -> None:
        self.changed.append(job_id)

    def place_changed(self, job_id: int) -> None:
        self.moved_up.append(job_id)

    def progress_changed(self, job_id: int, snapshot: Snapshot) -> None:
        self.moved.append((job_id, snapshot))

    def notices_waiting(self) -> None:
        self.notices += 1


class Bot:
    """One process of the bot up to a floor, and the next one after :meth:`restart`.

    ``clock`` is real time; the platform's is ``speed`` times as fast.
    """

    db: Database
    app: BotApp | None = None

    def __init__(
        self,
        folder: Path,
        *,
        upto: Floor,
        platform: PlatformTransport | None = None,
        telegram: TelegramTransport | None = None,
        clock: Clock | None = None,
        speed: float = 1.0,
        requests_per_second: float = 1e6,
        max_running: int = 200,
        database: type[Database] = Database,
        job_queue: VirtualQueue | None = None,
        settings: Mapping[str, Any] | None = None,
    ) -> None:
        self.folder = folder
        self.upto = upto
        self.clock: Clock = clock or SystemClock()
        self.platform_clock = PlatformClock(self.clock, speed)
        self.heard = Heard()
        self.broken: list[str] = []
        self.settings: dict[str, Any] = dict(settings or {})
        self._platform = platform
        self._telegram = telegram
        self._requests_per_second = requests_per_second
        self._max_running = max_running
        self._database = database
        self._job_queue = job_queue
        self._held = AsyncExitStack()

    async def __aenter__(self) -> Self:
        await self.open()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def open(self) -> None:
        """Build the parts on what the folder holds, and recover the jobs of the process before."""
        if self.upto is Floor.APP:
            settings = Settings(**self.settings)
            put_new_database(settings.data_dir / DATABASE_NAME)
            self.app = await build_app(settings, clock=self.clock)
            await self.app.application.initialize()
            await begin(self.app)
            return
        put_new_database(self.folder / DATABASE_NAME)
        with standing_loop():
            opened = await self._database.open(self.folder / DATABASE_NAME)
            self.db = await self._held.enter_async_context(opened)
        self.vault = open_vault(self.folder / KEY_NAME)
        self.wishes = DigestSettingsService(self.db, self.clock)
        if self.upto >= Floor.CHAT:
            await self._open_chat()
        if self.upto >= Floor.JOBS:
            await self._open_jobs()

    async def _open_chat(self) -> None:
        assert self._telegram is not None, "a chat needs a way to Telegram"
        bot = await self._held.enter_async_context(bot_in_process(self._telegram))
        self.people = People(self.db, _translators("zh"), self.clock)
        self.reach = Reachability(self.db, self.clock)
        self.outbox = Outbox(Calls(bot), self.clock, self.reach)
        self.background = Background(self._on_failure)
        about = self.db, self.platform_clock, self.people, self.outbox
        quiet = self.wishes.is_quiet
        self.notices = Notices(*about, self.background, quiet, Drawing())
        self.reporter = Reporter(
            *about, self.notices, self.background, quiet, places=self._max_running
        )

    async def _open_jobs(self) -> None:
        assert self._platform is not None, "jobs need a way to the platform"
        db, clock = self.db, self.platform_clock
        self.client = Client("http://127.0.0.1", transport=self._platform)
        self._held.push_async_callback(self.client.aclose)
        self.gate = Gate(self.client, clock, requests_per_second=self._requests_per_second)
        self.platforms = Platforms(self.gate, SpocClient(self.client.exchange))
        self.accounts = Accounts(db, self.vault, self.platforms, clock)
        listener = self._job_listener()
        if self._job_queue is None:
            # The library's queue has but a weak reference to its application.
            self._application = _application()
        queue = self._job_queue or self._application.job_queue
        assert queue is not None
        await queue.start()
        self._held.push_async_callback(queue.stop, wait=False)
        self.queue = WorkQueue(cast("JobQueue[Any]", queue))
        self.running = RunningJobs()
        self.runner = JobRunner(db, self.accounts, clock, self.running, listener)
        self.dispatcher = JobDispatcher(
            db,
            self.clock,
            self.queue,
            self.runner,
            listener,
            max_running=self._max_running,
            keys=self.vault.key_ids,
        )
        self.control = JobControl(db, self.clock, self.running, listener, self.dispatcher.wake)
        self.login = LoginService(
            db, self.vault, self.platforms, clock, self.accounts, self.control
        )
        self.pending = PendingLogins(db, self.vault, clock)
        self.drafts = Drafts(db, clock, self.accounts)
        self.recovered = (await recover(db, self.clock.now())).jobs

    def _job_listener(self) -> JobListener:
        """What is told of jobs: the reporter, where there is one."""
        return self.reporter if self.upto >= Floor.CHAT else self.heard

    def begin(self) -> None:
        """Look for work from now on."""
        self.dispatcher.begin()

    async def close(self, *, orderly: bool = True) -> None:
        """End the process; not ``orderly`` drops every running job where it is."""
        if self.app is not None:
            await end(self.app)
            self.app = None
        if Floor.JOBS <= self.upto < Floor.APP:
            self.dispatcher.close()
            self.queue.close()
            if orderly:
                await self.running.stop_all(JOBS_END_WITHIN)
            tasks = list(self.running._tasks.values())
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
        if self.upto is Floor.CHAT:
            await self.outbox.close(0)
            await self.background.close()
        with standing_loop():
            await self._held.aclose()

    async def restart(self) -> None:
        await self.close()
        await self.open()

    async def _on_failure(self, chat_id: int | None, reference: str) -> None:
        self.broken.append(reference)

    # what the conversation does

    async def paste(
        self, chat_id: int, auth: str, platform: Platform = Platform.ZJY
    ) -> LoggedIn | None:
        """The chat pastes a cookie or a token, which is kept sealed, proved, and made an account's.

        None if the chat logged out meanwhile. Raises a ZjyError, and keeps nothing then.
        """
        pasted = Credential(auth, platform=platform)
        await self.db.write(lambda c: chats.ensure(c, chat_id, chat_id, self.clock.now()))
        await self.pending.begin(chat_id, [], [pasted])
        for each in await self.pending.cookies(chat_id):
            if await self.pending.open(each) != pasted:
                continue
            try:
                student = await self.login.prove(chat_id, pasted)
            except ZjyError:
                await self.pending.remove(each)
                raise
            logged_in = await self.login.keep(each, pasted, student, in_use=True)
            begun = await self.pending.login(chat_id)
            if begun is not None:
                await self.pending.told(begun)
            return logged_in
        return None

    async def read_preview(
        self, account: Account, course: str, pace: Pace = Pace.NORMAL
    ) -> int | None:
        """Read all unfinished modules of a course; the draft's id, or None where there is no such
        course or the draft is gone. Raises a ZjyError."""
        listed = {each.name: each for each in await self.drafts.read_courses(account)}
        opened = None
        if course in listed:
            opened = await self.drafts.begin(account, listed[course], 5, pace)
        if opened is None:
            return None
        draft_id = opened.draft.id
        await self.drafts.tick_all(account.chat_id, draft_id)
        claimed = await self.drafts.claim_reading(draft_id)
        ticked = await self.drafts.get(account.chat_id, draft_id)
        if ticked is None or not claimed:
            return None
        async for _ in self.drafts.read(account, ticked):
            continue
        return draft_id

    async def heard_from(self, chat_id: int = ANNA) -> None:
        """An update of the person arrived."""
        self.outbox.heard_from(chat_id)
        since = await self.reach.heard_from(chat_id)
        self.outbox.release(chat_id)
        if since is not None:
            self.notices.wake()
            await self.reporter.show_again(since, chat_id)


def open_bot(folder: Path, *, upto: Floor, **parts: Any) -> Bot:  # noqa: ANN401 - those of a Bot
    """``async with open_bot(folder, upto=…) as bot``: its parts, as a Bot takes them."""
    return Bot(folder, upto=upto, **parts)


def _application() -> AnyApplication:
    """An application that is never connected."""
    request = plain_request()
    return Application.builder().token(TOKEN).request(request).get_updates_request(request).build()
