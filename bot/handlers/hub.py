"""The first screen: an introduction for a new person; for a student the hub, built of what is
stored and brought up to date behind it."""

from collections.abc import Callable
from dataclasses import replace

from bot.chat.callbacks import Action, Callback
from bot.chat.i18n import Translator
from bot.chat.people import Person
from bot.chat.views import home
from bot.chat.views import hub as views
from bot.chat.views.hub import JOBS_SHOWN, Hub, Reading
from bot.chat.zones import Now
from bot.handlers.context import Context
from bot.handlers.services import Services, behind
from bot.jobs.items import counts_of
from bot.logs import get_log
from bot.outbox.budget import Rank
from bot.outbox.screen import Screen
from bot.zjy.errors import SessionExpired, ZjyError
from storage.accounts import Account
from storage.courses import newest_percent_at
from storage.enums import JobState
from storage.jobs import Job

HubView = Callable[[Translator, Hub], Screen]

_ORDER = (JobState.NEEDS_LOGIN, JobState.RUNNING, JobState.WAITING, JobState.PAUSED)
"""The states in the order of the screen, before ``QUEUED``."""

_log = get_log(__name__)


class Hubs:
    def __init__(self, services: Services) -> None:
        self._services = services

    async def of(self, person: Person, account: Account, reading: Reading | None = None) -> Hub:
        """What is stored of the account. Without ``reading``, it is ``GOING_ON`` if the courses are
        outdated and can be read."""
        drafts, control = self._services.drafts, self._services.control
        kept = await drafts.courses(account)
        is_fresh = await drafts.are_fresh(account, kept)
        if reading is None:
            may_read = account.has_cookie and not is_fresh
            reading = Reading.GOING_ON if may_read else Reading.DONE
        jobs = sorted(await control.unfinished(person.chat_id), key=_place)
        return Hub(
            account=account,
            courses=kept,
            jobs=[(job, counts_of(await control.items(job))) for job in jobs[:JOBS_SHOWN]],
            more_jobs=len(jobs[JOBS_SHOWN:]),
            now=Now(self._services.clock.now(), person.zone),
            told_at=None if is_fresh else newest_percent_at(kept),
            reading=reading,
        )

    def bring_up_to_date(self, chat_id: int, message_id: int, hub: Hub, view: HubView) -> None:
        """Read the courses if they are outdated, and then edit the message, unless it shows another
        screen by then."""
        if hub.reading is Reading.GOING_ON:
            work = self._read(chat_id, message_id, hub, view)
            self._services.background.start(chat_id, behind(chat_id, message_id), work)

    async def _read(self, chat_id: int, message_id: int, hub: Hub, view: HubView) -> None:
        services = self._services
        try:
            if not hub.courses:
                await services.loading.begin(chat_id, message_id, Callback(Action.HOME))
            shown = await self._read_anew(chat_id, hub)
        except Exception:
            if not hub.courses:
                failed = replace(hub, reading=Reading.FAILED)
                render = services.people.render(chat_id, lambda tr: view(tr, failed))
                services.outbox.show(chat_id, message_id, render, rank=Rank.PERSON)
                await services.loading.end(chat_id, message_id)
            raise
        if shown is not None:
            # Not an edit prompted by a press: that would bring back a message the person deleted.
            render = services.people.render(chat_id, lambda tr: view(tr, shown))
            await services.outbox.bring(chat_id, message_id, render)
        await services.loading.end(chat_id, message_id)

    async def _read_anew(self, chat_id: int, hub: Hub) -> Hub | None:
        """The screen after a reading; None if it stays as it is."""
        account, reading = hub.account, Reading.DONE
        try:
            await self._services.accounts.refresh(account)
            await self._services.drafts.read_courses(account)
        except SessionExpired:
            await self._services.accounts.expired(account)
        except ZjyError as trouble:
            _log.info("the first screen was not brought up to date", trouble=str(trouble))
            if hub.courses:
                # The read is not prompted by a press: the stored state stays on the screen.
                return None
            reading = Reading.FAILED
        person = await self._services.people.of_chat(chat_id)
        now = await self._services.accounts.get(chat_id, account.id)
        return None if person is None or now is None else await self.of(person, now, reading)


class HomeHandlers:
    def __init__(self, services: Services, hubs: Hubs) -> None:
        self._accounts = services.accounts
        self._access = services.access
        self._hubs = hubs

    async def home(self, ctx: Context) -> None:
        """Show the stored state at once; if it is old, read the platform in the background and
        update the same message."""
        account = await self._accounts.active(ctx.chat_id)
        if account is None:
            await ctx.show(home.welcome(ctx.tr))
            return
        hub = await self._hubs.of(ctx.person, account)
        message_id = await ctx.show(views.hub(ctx.tr, hub))
        if message_id is not None:
            self._hubs.bring_up_to_date(ctx.chat_id, message_id, hub, views.hub)

    async def help(self, ctx: Context) -> None:
        is_owner = ctx.chat_id == self._access.owner
        logged_in = await ctx.is_logged_in()
        await ctx.show(home.help_screen(ctx.tr, logged_in=logged_in, is_owner=is_owner))


def _place(job: Job) -> int:
    return _ORDER.index(job.state) if job.state in _ORDER else len(_ORDER)
