"""The only place that builds everything: settings → storage → services → the application."""

from functools import partial
from typing import Any

from telegram.ext import JobQueue

from bot.access.records import Records
from bot.accounts import Accounts
from bot.app import BotApp
from bot.backups import NightlyBackups
from bot.chat.background import Background
from bot.chat.cards.drawing import Drawing
from bot.chat.digest_sender import DigestSender
from bot.chat.i18n import load_translators
from bot.chat.loading import LoadingScreens
from bot.chat.notices import Notices
from bot.chat.owner_menu import OwnerMenu
from bot.chat.owner_notices import PLATFORM_LONG, TELEGRAM_LONG, OwnerNotices
from bot.chat.people import People
from bot.chat.reporter import Reporter
from bot.chat.telegram_application import build_application
from bot.chat.telegram_request import TelegramWatch
from bot.chat.update_trouble import UpdateTrouble
from bot.chat.webhook import Webhook, new_secret
from bot.clock import Clock, PlatformClock, SystemClock
from bot.courses.drafts import Drafts
from bot.digest.build import build_digests
from bot.digest.settings import DigestSettingsService
from bot.handlers.access import AccessControl
from bot.handlers.batches import BatchHandlers
from bot.handlers.digest import DigestHandlers
from bot.handlers.door import Door, answer_stranger
from bot.handlers.errors import ErrorHandlers
from bot.handlers.hub import HomeHandlers, Hubs
from bot.handlers.logins import Logins
from bot.handlers.pasted import PastedCookies
from bot.handlers.people import PeopleHandlers
from bot.handlers.progress import ProgressHandlers
from bot.handlers.readings import Readings
from bot.handlers.restart import RestartHandlers
from bot.handlers.returning import ReturnHandlers
from bot.handlers.routes import add_handlers
from bot.handlers.services import Services
from bot.health.build import build_health, metrics_for
from bot.health.monitor import HealthMonitor
from bot.jobs.batches import Batches
from bot.jobs.control import JobControl
from bot.jobs.dispatcher import JobDispatcher
from bot.jobs.heartbeats import Heartbeats
from bot.jobs.queue import WorkQueue
from bot.jobs.runner import JobRunner
from bot.jobs.running import RunningJobs
from bot.login.expiry import ExpiryWatch
from bot.login.pending_logins import PendingLogins
from bot.login.service import LoginService
from bot.logs import get_log
from bot.loop_lag import LoopLag
from bot.outages import Outage, PollGap
from bot.outbox.outbox import Outbox
from bot.outbox.reachability import Reachability
from bot.outbox.stranger_answers import StrangerAnswers
from bot.outbox.telegram_calls import Calls
from bot.platforms import Platforms
from bot.proxies.routes import find_routes
from bot.scheduler import Scheduler
from bot.settings import DEFAULT_WEBHOOK_LISTEN, Settings
from bot.spoc.client import SpocClient
from bot.stored import Stored
from bot.tracking.history import History
from bot.zjy.client import Client
from bot.zjy.gate import Gate

_log = get_log(__name__)


async def build_app(
    settings: Settings,
    *,
    clock: Clock | None = None,
    webhook_secret: str | None = None,
) -> BotApp:
    """Open the storage, build the services around it, and listen if there is to be a webhook.
    Raises SettingsError, StorageError or VaultError, each with one sentence for the operator;
    everything opened so far is closed before that."""
    real = clock or SystemClock()
    stored = await Stored.open(settings, real)
    try:
        app = _assemble(settings, real, stored, webhook_secret or new_secret())
    except BaseException:
        await stored.close()
        raise
    try:
        if app.webhook is not None:
            await app.webhook.open()
        await app.health.open()
    except BaseException:
        await app.close()
        raise
    return app


def _assemble(settings: Settings, real: Clock, stored: Stored, webhook_secret: str) -> BotApp:
    db, vault, access, boundary = stored.db, stored.vault, stored.access, stored.boundary
    clock = PlatformClock(real, settings.clock_speed)
    routes = find_routes(settings)
    metrics = metrics_for(settings)
    heartbeats = Heartbeats(real.monotonic)
    monitor = HealthMonitor(db, real, heartbeats, polls=settings.webhook_url is None)
    told = OwnerNotices(db, real, access)
    client = Client(
        settings.zjy_base_url,
        proxy=routes.platform.proxy,
        boundary=boundary,
        metrics=metrics,
        on_answer=Outage(real.monotonic, PLATFORM_LONG, told.platform_is_away).answered,
    )
    lag = LoopLag()
    rate = settings.platform_requests_per_second
    gate = Gate(client, clock, requests_per_second=rate, lag=lag)
    spoc = SpocClient(
        client.exchange,
        metrics=metrics,
        on_answer=Outage(real.monotonic, PLATFORM_LONG, told.platform_is_away).answered,
    )
    platforms = Platforms(gate, spoc)
    accounts_ = Accounts(db, vault, platforms, clock)
    history = History(db, real)
    digest_settings = DigestSettingsService(db, real)

    gap = PollGap(real.monotonic, TELEGRAM_LONG, told.telegram_was_away)

    def reached() -> None:
        monitor.reached()
        gap.answered()

    application = build_application(
        settings, routes.telegram, boundary, real, TelegramWatch(metrics, reached)
    )
    job_queue: JobQueue[Any] | None = application.job_queue
    if job_queue is None:
        raise RuntimeError("the application was built without a job queue")
    translators = load_translators(settings.default_language.value)
    people = People(db, translators, real)
    reach = Reachability(db, real)
    calls = Calls(application.bot)
    strangers = StrangerAnswers(real, partial(answer_stranger, calls, translators))
    application.bot.updates.refuses = Door(access, strangers, real).refuses
    outbox = Outbox(calls, real, reach, per_second=settings.telegram_messages_per_second, lag=lag)
    errors = ErrorHandlers(people, accounts_, outbox)
    background = Background(errors.tell)
    told.open(people, outbox, background)
    drawing = Drawing()
    notices = Notices(db, clock, people, outbox, background, digest_settings.is_quiet, drawing)
    quiet, places = digest_settings.is_quiet, settings.max_running_jobs
    reporter = Reporter(db, clock, people, outbox, notices, background, quiet, places=places)
    digest_sender = DigestSender(people, outbox, drawing, real, digest_settings, metrics)

    queue = WorkQueue(job_queue)
    running = RunningJobs(heartbeats)
    runner = JobRunner(db, accounts_, clock, running, reporter)
    dispatcher = JobDispatcher(
        db,
        real,
        queue,
        runner,
        reporter,
        max_running=settings.max_running_jobs,
        without_access=access.shut_out,
        keys=vault.key_ids,
    )
    control = JobControl(db, real, running, reporter, dispatcher.wake)
    drafts = Drafts(db, clock, accounts_)
    digests = build_digests(
        db, accounts_, clock, control, digest_sender.prepare, notices.wake, access.shut_out
    )
    backups = NightlyBackups(
        db, real, keep_days=settings.backup_keep_days, on_failure=told.backup_failed
    )
    scheduler = Scheduler(
        queue,
        db,
        real,
        expiry=ExpiryWatch(db, clock, reporter),
        backups=backups,
        digests=digests,
        history=history,
        owner_notices=told,
    )

    health = build_health(settings, db, real, monitor, metrics, outbox, gate)

    services = Services(
        people=people,
        access=access,
        outbox=outbox,
        reporter=reporter,
        notices=notices,
        background=background,
        loading=LoadingScreens(db, lambda: outbox.is_closed),
        accounts=accounts_,
        login=LoginService(db, vault, platforms, clock, accounts_, control),
        drafts=drafts,
        control=control,
        clock=clock,
    )
    readings = Readings(services)
    batches = BatchHandlers(services, Batches(db, drafts, control))
    hubs = Hubs(services)
    logins = Logins(services, PendingLogins(db, vault, clock), hubs)
    pasted = PastedCookies(services, logins)
    menu = OwnerMenu(application.bot, translators, db, access)
    members = PeopleHandlers(
        services, Records(db, access), logins, lambda: application.bot.username
    )
    again = add_handlers(
        application,
        services,
        errors,
        HomeHandlers(services, hubs),
        readings,
        ReturnHandlers(services, reach, digests.catch_up),
        batches,
        DigestHandlers(services, digests, digest_settings, digest_sender),
        ProgressHandlers(services, history, drawing),
        logins,
        pasted,
        members,
        AccessControl(services, menu, strangers),
    )
    webhook = None
    if settings.webhook_url is not None:
        webhook = Webhook(
            application,
            real,
            reader=application.bot.updates,
            url=settings.webhook_url,
            address=settings.webhook_listen or DEFAULT_WEBHOOK_LISTEN,
            secret=webhook_secret,
            on_delivery=reached,
            on_trouble=UpdateTrouble(routes.telegram, real.monotonic),
        )
    return BotApp(
        settings=settings,
        telegram_route=routes.telegram,
        application=application,
        webhook=webhook,
        lock=stored.lock,
        db=db,
        client=client,
        outbox=outbox,
        background=background,
        running=running,
        queue=queue,
        dispatcher=dispatcher,
        scheduler=scheduler,
        digests=digests,
        backups=backups,
        logins=logins,
        pasted=pasted,
        restart=RestartHandlers(services, pasted, logins, readings, again, access.shut_out),
        translators=translators,
        health=health,
        clock=real,
        access=access,
        owner_notices=told,
        menu=menu,
        strangers=strangers,
    )
