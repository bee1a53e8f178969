"""The bot's parts together: started, ended and closed. :mod:`bot.build` builds them."""

from collections.abc import Coroutine
from dataclasses import dataclass
from typing import Any

from bot.access.access import Access
from bot.backups import NightlyBackups
from bot.chat.background import Background
from bot.chat.i18n import Translators
from bot.chat.owner_menu import OwnerMenu
from bot.chat.owner_notices import OwnerNotices
from bot.chat.telegram_application import AnyApplication
from bot.chat.webhook import Webhook
from bot.clock import Clock
from bot.digest.service import Digests
from bot.handlers.logins import Logins
from bot.handlers.pasted import PastedCookies
from bot.handlers.restart import RestartHandlers
from bot.health.watch import HealthWatch
from bot.jobs.dispatcher import JobDispatcher
from bot.jobs.queue import WorkQueue
from bot.jobs.recovery import recover, suspend
from bot.jobs.running import RunningJobs
from bot.outbox.outbox import Outbox
from bot.outbox.stranger_answers import StrangerAnswers
from bot.proxies.routes import Route
from bot.scheduler import Scheduler
from bot.settings import Settings
from bot.zjy.client import Client
from storage.database import Database
from storage.lock import FolderLock

DATABASE_NAME = "bot.sqlite3"
KEY_NAME = "key"


@dataclass(slots=True)
class BotApp:
    """The parts that the process starts and closes."""

    settings: Settings
    telegram_route: Route
    application: AnyApplication
    webhook: Webhook | None
    """None if the bot polls."""
    lock: FolderLock
    db: Database
    client: Client
    outbox: Outbox
    background: Background
    running: RunningJobs
    queue: WorkQueue
    dispatcher: JobDispatcher
    scheduler: Scheduler
    digests: Digests
    backups: NightlyBackups
    logins: Logins
    pasted: PastedCookies
    restart: RestartHandlers
    translators: Translators
    health: HealthWatch
    clock: Clock
    access: Access
    owner_notices: OwnerNotices
    menu: OwnerMenu
    strangers: StrangerAnswers

    async def begin_jobs(self) -> None:
        """Recover the jobs of the last process, then start the dispatcher. Needs no connection to
        Telegram."""
        now = self.clock.now()
        recovered = await recover(self.db, now)
        await suspend(self.db, self.access.shut_out, now)
        await self.queue.start()
        self.restart.resume(recovered)
        self.dispatcher.begin()
        await self.restart.go_on(recovered, now)
        self.scheduler.begin()
        await self.owner_notices.begin()

    def end_jobs(self, seconds: float) -> list[Coroutine[Any, Any, None]]:
        """Start no new job. Returns what must then be awaited, at the same time: running jobs stop
        before their next report, and are cancelled after ``seconds`` real seconds; digests that
        were not handed over are cancelled."""
        self.dispatcher.close()
        self.queue.close()
        self.logins.close()
        self.backups.close()
        return [self.running.stop_all(seconds), self.digests.close()]

    async def close(self) -> None:
        """Close everything that was opened to build it."""
        if self.webhook is not None:
            await self.webhook.close()
        await self.health.close()
        await self.strangers.close()
        await self.background.close()
        await self.client.aclose()
        await self.db.close()
        self.lock.release()
