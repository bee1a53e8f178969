"""The only place that builds everything: settings → storage → services → the application."""

import os
import ssl
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import Any, Self

from telegram.ext import Application, JobQueue

from bot.chat.background import Background
from bot.chat.cards.drawing import Drawing
from bot.chat.digest_post import DigestPost
from bot.chat.downloads import BOUNDED
from bot.chat.i18n import Voices, load_voices
from bot.chat.notices import Notices
from bot.chat.outbox import Outbox
from bot.chat.people import People
from bot.chat.processor import UpdateProcessor
from bot.chat.reachability import Reachability
from bot.chat.reporter import Reporter
from bot.chat.telegram_bot import PatientBot
from bot.chat.telegram_calls import Calls
from bot.chat.telegram_request import (
    ProxiedTelegramRequest,
    TelegramRequest,
    WatchedTelegramRequest,
)
from bot.clock import Clock, PlatformClock, SystemClock
from bot.digest.build import build_digests
from bot.digest.history import KEEP_SEEN, History
from bot.digest.service import TICK, Digests
from bot.digest.wishes import Wishes
from bot.fault_point import Boundary, FaultPoint
from bot.handlers.batches import BatchHandlers
from bot.handlers.desk import Desk
from bot.handlers.digest import DigestHandlers
from bot.handlers.errors import ErrorHandlers
from bot.handlers.logins import Logins
from bot.handlers.pasted import PastedCookies
from bot.handlers.progress import ProgressHandlers
from bot.handlers.readings import Readings
from bot.handlers.returning import ReturnHandlers
from bot.handlers.routes import AnyApplication, add_handlers
from bot.jobs.accounts import Accounts
from bot.jobs.backups import LOOK, NightlyBackups
from bot.jobs.batches import Batches
from bot.jobs.control import JobControl
from bot.jobs.drafts import Drafts
from bot.jobs.expiry import ExpiryWatch
from bot.jobs.login import LoginService
from bot.jobs.pending_logins import PendingLogins
from bot.jobs.queue import JobDispatcher
from bot.jobs.recovery import forget_old_drafts, recover, suspend, without_access
from bot.jobs.runner import JobRunner
from bot.jobs.running import RunningJobs
from bot.logs import get_log
from bot.proxies.routes import Route, Routes, find_routes
from bot.proxies.transport import ProxiedTransport
from bot.settings import Settings, SettingsError, die_at
from bot.zjy.client import Client
from bot.zjy.gate import Gate
from storage import accounts
from storage.database import Database
from storage.lock import FolderLock
from storage.vault import Vault

DATABASE_NAME = "bot.sqlite3"
KEY_NAME = "key"
DAILY = timedelta(days=1)
CONNECTIONS = 48
"""More than the processor's slots: what goes at once, and what jobs have to say, finds a free one
while all slots wait for Telegram (docs/load.md)."""
POOL_TIMEOUT = 20.0
POLL_POOL_TIMEOUT = 1.0
READ_TIMEOUT = 15.0

_log = get_log(__name__)


@dataclass(slots=True)
class BotApp:
    """Everything that runs, in the order in which it must be let go of."""

    settings: Settings
    telegram_route: Route
    application: AnyApplication
    lock: FolderLock
    db: Database
    client: Client
    outbox: Outbox
    background: Background
    reporter: Reporter
    notices: Notices
    running: RunningJobs
    dispatcher: JobDispatcher
    runner: JobRunner
    expiry: ExpiryWatch
    digests: Digests
    history: History
    backups: NightlyBackups
    logins: Logins
    pasted: PastedCookies
    readings: Readings
    batches: BatchHandlers
    voices: Voices
    clock: Clock
    shut_out: frozenset[int]
    """Chats that are stored, but whose person may not use the bot."""

    @classmethod
    async def build(cls, settings: Settings, *, clock: Clock | None = None) -> Self:
        """Open the storage and build the services around it. Raises StorageError or VaultError,
        each with one sentence for the operator; nothing is left open then."""
        real = clock or SystemClock()
        deadly = die_at(settings)
        boundary = FaultPoint(deadly) if deadly is not None else None
        lock = FolderLock.take(settings.data_dir)
        try:
            db = await Database.open(settings.data_dir / DATABASE_NAME, boundary=boundary)
        except BaseException:
            lock.release()
            raise
        try:
            sealed = await db.read(accounts.holds_cookies)
            vault = Vault.open(settings.data_dir / KEY_NAME, expect_existing=sealed)
            shut_out = await without_access(db, settings.allowed_users)
            return cls._assemble(settings, real, lock, db, vault, shut_out, boundary)
        except BaseException:
            # An open connection would keep the process from ending.
            await db.close()
            lock.release()
            raise

    @classmethod
    def _assemble(
        cls,
        settings: Settings,
        real: Clock,
        lock: FolderLock,
        db: Database,
        vault: Vault,
        shut_out: frozenset[int],
        boundary: Boundary | None,
    ) -> Self:
        clock = PlatformClock(real, settings.clock_speed)
        routes = find_routes(settings)
        _say_routes(routes)
        client = Client(settings.zjy_base_url, proxy=routes.platform.proxy, boundary=boundary)
        gate = Gate(client, clock, requests_per_second=settings.platform_requests_per_second)
        application = _application(settings, routes.telegram, boundary)
        job_queue: JobQueue[Any] | None = application.job_queue
        if job_queue is None:
            raise RuntimeError("the application was built without a job queue")

        voices = load_voices(settings.default_language.value)
        people = People(db, voices, real)
        reach = Reachability(db, real)
        outbox = Outbox(Calls(application.bot), real, reach)
        errors: list[ErrorHandlers] = []

        async def tell(chat_id: int, reference: str) -> None:
            await errors[0].tell(chat_id, reference)

        background = Background(tell)
        wishes = Wishes(db, real)
        notices = Notices(db, clock, people, outbox, background, wishes.is_quiet)
        reporter = Reporter(db, clock, people, outbox, notices, background, wishes.is_quiet)
        running = RunningJobs()
        dispatcher = JobDispatcher(db, real, job_queue, max_running=settings.max_running_jobs)
        control = JobControl(db, real, running, reporter, dispatcher.wake)
        accounts_ = Accounts(db, vault, gate, clock)
        login = LoginService(db, vault, gate, clock, accounts_, control)
        desk = Desk(
            people=people,
            outbox=outbox,
            reporter=reporter,
            notices=notices,
            background=background,
            accounts=accounts_,
            login=login,
            drafts=Drafts(db, clock, accounts_),
            control=control,
            clock=clock,
        )
        errors.append(ErrorHandlers(desk))
        batches = BatchHandlers(desk, Batches(db, desk.drafts, control))
        drawing = Drawing()
        post = DigestPost(people, outbox, drawing, real, wishes)
        digests = build_digests(db, accounts_, clock, control, post.prepare, notices.wake, shut_out)
        history = History(db, real)
        digest = DigestHandlers(desk, digests, wishes, post)
        progress = ProgressHandlers(desk, history, drawing)
        returning = ReturnHandlers(desk, reach, digests.catch_up)
        logins = Logins(desk, clock, PendingLogins(db, vault, clock))
        pasted = PastedCookies(desk, logins)
        add_handlers(
            application,
            desk,
            returning,
            batches,
            digest,
            progress,
            logins,
            pasted,
            clock,
            settings.allowed_users,
        )
        return cls(
            settings=settings,
            telegram_route=routes.telegram,
            application=application,
            lock=lock,
            db=db,
            client=client,
            outbox=outbox,
            background=background,
            reporter=reporter,
            notices=notices,
            running=running,
            dispatcher=dispatcher,
            runner=JobRunner(db, accounts_, clock, running, reporter),
            expiry=ExpiryWatch(db, clock, reporter),
            digests=digests,
            history=history,
            backups=NightlyBackups(db, real, keep_days=settings.backup_keep_days),
            logins=logins,
            pasted=pasted,
            readings=Readings(desk),
            batches=batches,
            voices=voices,
            clock=real,
            shut_out=shut_out,
        )

    async def begin_jobs(self) -> None:
        """Recover what the last process left, then look for work. Telegram may be away."""
        now = self.clock.now()
        recovered = await recover(self.db, now)
        await suspend(self.db, self.shut_out, now)
        if self.application.job_queue is not None:
            await self.application.job_queue.start()
        self.dispatcher.begin(self.runner, self.reporter)
        self.dispatcher.every(self.expiry.interval, "cookies: those that end", self.expiry.look)
        self.dispatcher.every(LOOK, "the nightly backup", self.backups.look, at_once=True)
        self.dispatcher.every(DAILY, "drafts: the old ones", self._forget_old_drafts, at_once=True)
        await self.pasted.recover()
        await self.logins.recover(self.shut_out)
        self.dispatcher.every(TICK, "digests: those that are due", self.digests.tick, at_once=True)
        self.dispatcher.every(
            KEEP_SEEN, "progress: what was seen", self.history.keep_seen, at_once=True
        )
        self.dispatcher.every(DAILY, "progress: the old days", self.history.forget, at_once=True)
        for draft in recovered.drafts:
            if draft.chat_id in self.shut_out:
                continue
            key = ("go on reading", draft.id)
            go_on = self.readings.go_on if draft.batch is None else self.batches.go_on
            self.background.start(draft.chat_id, key, go_on(draft))
        # Its last words can have been lost with the last process.
        await self.reporter.show_again(now)
        self.notices.wake()

    async def _forget_old_drafts(self) -> None:
        await forget_old_drafts(self.db, self.clock.now())

    async def end_jobs(self, seconds: float) -> None:
        """No new work; running jobs stop before their next report."""
        self.dispatcher.close()
        self.logins.close()
        self.backups.close()
        await self.digests.close()
        await self.running.stop_all(seconds)

    async def close(self) -> None:
        """Let go of everything that :meth:`build` opened."""
        await self.background.close()
        await self.client.aclose()
        await self.db.close()
        self.lock.release()


def _say_routes(routes: Routes) -> None:
    if routes.unusable:
        _log.warning(
            "proxy variables that cannot be used are left out", names=", ".join(routes.unusable)
        )
    if routes.telegram.proxy is not None:
        _log.info("Telegram is reached through a proxy", **routes.telegram.facts)
    if routes.platform.proxy is not None:
        _log.info("the platform is reached through a proxy", **routes.platform.facts)


def _application(settings: Settings, route: Route, boundary: Boundary | None) -> AnyApplication:
    # Else the library warns at each "wait" of Telegram that it will give a timedelta one day.
    os.environ.setdefault("PTB_TIMEDELTA", "true")
    api = settings.telegram_api_url
    bot = PatientBot(
        settings.bot_token,
        base_url=f"{api}/bot",
        base_file_url=f"{api}/file/bot",
        request=_request(route, boundary, CONNECTIONS, POOL_TIMEOUT),
        get_updates_request=_request(route, boundary, 1, POLL_POOL_TIMEOUT),
    )
    return Application.builder().bot(bot).concurrent_updates(UpdateProcessor()).build()


def _request(
    route: Route, boundary: Boundary | None, connections: int, pool_timeout: float
) -> TelegramRequest:
    request: Callable[..., TelegramRequest] = TelegramRequest
    plain: dict[str, Any] = {"trust_env": False}
    authorities = _own_authorities()
    if authorities is not None:
        plain["verify"] = authorities
    if boundary is not None:
        request = partial(WatchedTelegramRequest, boundary=boundary)
    elif route.proxy is not None:
        request = ProxiedTelegramRequest
        plain["transport"] = ProxiedTransport(
            route.proxy, connections=connections, authorities=authorities
        )
    return request(
        connection_pool_size=connections,
        pool_timeout=pool_timeout,
        read_timeout=READ_TIMEOUT,
        httpx_kwargs={**BOUNDED, **plain},
    )


def _own_authorities() -> ssl.SSLContext | None:
    """Those that the operator trusts instead of the usual ones. The HTTP library would read
    these variables too, but only together with those of proxies. Raises SettingsError."""
    file, folder = os.environ.get("SSL_CERT_FILE"), os.environ.get("SSL_CERT_DIR")
    if not file and not folder:
        return None
    try:
        return ssl.create_default_context(cafile=file or None, capath=folder or None)
    except OSError as error:
        why = error.strerror or type(error).__name__
        raise SettingsError(f"SSL_CERT_FILE or SSL_CERT_DIR cannot be used: {why}.") from error
