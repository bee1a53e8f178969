"""``/progress``: the last 30 days of an account as a chart."""

from collections.abc import Sequence
from datetime import datetime
from functools import partial

from telegram import CallbackQuery, Update

from bot.chat.callbacks import Callback
from bot.chat.cards import CourseLine, history_chart
from bot.chat.cards import History as Chart
from bot.chat.cards.drawing import Drawing
from bot.chat.people import Person
from bot.chat.uploads import Photo
from bot.chat.views import account as account_views
from bot.chat.views import progress as views
from bot.digest.history import CourseHistory, History
from bot.handlers.desk import Desk, answer
from bot.logs import get_log
from bot.zjy.errors import SessionExpired, ZjyError
from storage.accounts import Account
from storage.snapshots import KEEP_DAYS

_log = get_log(__name__)


class ProgressHandlers:
    def __init__(self, desk: Desk, history: History, drawing: Drawing) -> None:
        self._desk = desk
        self._history = history
        self._drawing = drawing

    async def progress(self, update: Update) -> None:
        """``/progress``: of the account in use."""
        person = await self._desk.person(update)
        await self._show(person, await self._desk.accounts.active(person.chat_id))

    async def press(self, query: CallbackQuery, person: Person, data: Callback) -> None:
        """Of the account that the button names, else of the one in use; in a new message."""
        await answer(query)
        accounts = await self._desk.accounts.of_chat(person.chat_id)
        named = next((each for each in accounts if each.id == data.id(0)), None)
        await self._show(person, named or await self._desk.accounts.active(person.chat_id))

    async def _show(self, person: Person, account: Account | None) -> None:
        """A second press while the chart is drawn brings no more."""
        if account is None:
            await self._desk.say(person, account_views.log_in_first(person.voice))
            return
        key = ("progress", person.chat_id)
        self._desk.background.start(person.chat_id, key, self._draw(person, account))

    async def _draw(self, person: Person, account: Account) -> None:
        begun = self._desk.clock.clock.now()
        is_away = not await self._read(account)
        # What the platform told a moment ago belongs to it.
        await self._history.keep_seen_of(account.id)
        kept = await self._history.of_account(person.chat_id, account.id, KEEP_DAYS)
        others = [
            each
            for each in await self._desk.accounts.of_chat(person.chat_id)
            if each.id != account.id
        ]
        days = [moment for course in kept for moment, _ in course.points]
        if not days:
            screen = views.nothing_yet(person.voice, account, others)
            await self._desk.say(person, screen)
            return
        chart = Chart(
            courses=_lines(kept),
            today=self._desk.clock.clock.now().astimezone(person.zone).date(),
            student=account.name,
            kept_since=min(days),
        )
        drawn = await self._drawing.draw(partial(history_chart, person.voice, chart))
        as_of = await self._told_before(begun, person, account)
        caption = views.chart(person.voice, account, others, min(days), as_of, is_away=is_away)
        await self._desk.outbox.send_photo(person.chat_id, Photo(drawn, "progress.png"), caption)

    async def _read(self, account: Account) -> bool:
        """Ask the platform for the courses where what is kept is old. False if it gave no
        answer."""
        drafts = self._desk.drafts
        if await drafts.are_fresh(account, await drafts.courses(account)):
            return True
        try:
            await drafts.read_courses(account)
        except SessionExpired:
            await self._desk.accounts.expired(account)
        except ZjyError as trouble:
            _log.info("the chart shows what was known last", trouble=str(trouble))
        else:
            return True
        return False

    async def _told_before(self, begun: datetime, person: Person, account: Account) -> str | None:
        """From when the newest percent is, as the person's clock shows it; None if the platform
        told one since ``begun``."""
        kept = await self._desk.drafts.courses(account)
        told_at = max((each.percent_at for each in kept if each.percent_at), default=None)
        if told_at is None or told_at >= begun:
            return None
        return person.voice.clock_time(told_at, person.zone, begun)


def _lines(kept: Sequence[CourseHistory]) -> list[CourseLine]:
    return [CourseLine(course.name, course.points) for course in kept]
