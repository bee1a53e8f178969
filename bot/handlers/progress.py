"""``/progress``: the last 30 days of an account as a chart."""

from datetime import datetime
from functools import partial

from bot.chat.cards.content import ChartLine, HistoryCard
from bot.chat.cards.drawing import Drawing
from bot.chat.cards.history import history_chart
from bot.chat.people import Person
from bot.chat.views import progress as views
from bot.handlers.context import Context
from bot.handlers.services import Services
from bot.logs import get_log
from bot.outbox.screen import Photo
from bot.tracking.history import History
from bot.zjy.errors import SessionExpired, ZjyError
from storage.accounts import Account
from storage.courses import newest_percent_at
from storage.snapshots import KEEP_DAYS

_log = get_log(__name__)


class ProgressHandlers:
    def __init__(self, services: Services, history: History, drawing: Drawing) -> None:
        self._services = services
        self._history = history
        self._drawing = drawing

    async def progress(self, ctx: Context) -> None:
        """Show the chart of the account that the button names, else of the one in use. A second
        press while the chart is drawn has no effect."""
        account = await ctx.account_of(ctx.data.id(0)) or await ctx.account()
        if account is not None:
            work = self._draw(ctx.person, account)
            self._services.background.start(ctx.chat_id, ("progress", ctx.chat_id), work)

    async def _draw(self, person: Person, account: Account) -> None:
        begun = self._services.clock.now()
        is_away = not await self._read(account)
        # The chart includes the numbers that were just read from the platform.
        await self._history.keep_seen_of(account.id)
        kept = await self._history.of_account(person.chat_id, account.id, KEEP_DAYS)
        others = [
            each
            for each in await self._services.accounts.of_chat(person.chat_id)
            if each.id != account.id
        ]
        days = [moment for course in kept for moment, _ in course.points]
        if not days:
            screen = views.nothing_yet(person.tr, account, others)
            await self._services.outbox.send(person.chat_id, screen)
            return
        chart = HistoryCard(
            courses=[ChartLine(course.name, course.points) for course in kept],
            today=self._services.clock.now().astimezone(person.zone).date(),
            student=account.name,
            kept_since=min(days),
        )
        outbox = self._services.outbox
        async with outbox.announced_picture(person.chat_id):
            drawn = await self._drawing.draw(partial(history_chart, person.tr, chart))
        as_of = await self._told_before(begun, person, account)
        caption = views.chart(person.tr, account, others, min(days), as_of, is_away=is_away)
        await outbox.send_file(person.chat_id, Photo(drawn, "progress.png"), caption)

    async def _read(self, account: Account) -> bool:
        """Read the courses from the platform if the stored ones are old. False if it gave no
        answer."""
        drafts = self._services.drafts
        if await drafts.are_fresh(account, await drafts.courses(account)):
            return True
        try:
            await drafts.read_courses(account)
        except SessionExpired:
            await self._services.accounts.expired(account)
        except ZjyError as trouble:
            _log.info("the chart shows what was known last", trouble=str(trouble))
        else:
            return True
        return False

    async def _told_before(self, begun: datetime, person: Person, account: Account) -> str | None:
        """The moment of the newest percent, on the person's clock; None if the platform returned
        one since ``begun``."""
        kept = await self._services.drafts.courses(account)
        told_at = newest_percent_at(kept)
        if told_at is None or told_at >= begun:
            return None
        return person.tr.clock_time(told_at, person.zone, begun)
