"""What is in a module: its topics and cells, read when somebody opens it."""

from collections.abc import Sequence

from telegram import CallbackQuery

from bot.chat.callbacks import Callback
from bot.chat.people import Person
from bot.chat.views import courses as course_views
from bot.chat.views import home
from bot.chat.views import modules as views
from bot.handlers.desk import Desk, answer
from bot.handlers.readings import Readings
from bot.jobs.drafts import OpenDraft
from bot.study.outline import PlannedCell
from bot.zjy.errors import ZjyError
from storage.accounts import Account
from storage.courses import Module

REMEMBERED = 200
"""Opened modules that are remembered, for turning their pages; the oldest go."""


class ModuleHandlers:
    def __init__(self, desk: Desk, readings: Readings) -> None:
        self._desk = desk
        self._readings = readings
        self._cells: dict[tuple[int, int], Sequence[PlannedCell]] = {}

    async def open(self, query: CallbackQuery, person: Person, data: Callback) -> None:
        """A module of a draft's course, as it is now."""
        await answer(query)
        self._cells.pop((person.chat_id, data.id(1)), None)
        await self._show(query, person, data)

    async def turn(self, query: CallbackQuery, person: Person, data: Callback) -> None:
        """Another page of it; read again if it is no longer remembered."""
        await answer(query)
        await self._show(query, person, data)

    async def _show(self, query: CallbackQuery, person: Person, data: Callback) -> None:
        opened = await self._desk.drafts.get(person.chat_id, data.id(0))
        module = next((m for m in opened.modules if m.id == data.id(1)), None) if opened else None
        accounts = await self._desk.accounts.of_chat(person.chat_id)
        account = next((a for a in accounts if opened and a.id == opened.draft.account_id), None)
        if opened is None or module is None or account is None:
            active = await self._desk.accounts.active(person.chat_id)
            screen = home.old_button(person.voice, logged_in=active is not None)
            await self._desk.say(person, screen)
            return
        cells = self._cells.get((person.chat_id, module.id))
        if cells is not None:
            screen = views.contents(person.voice, module, cells, opened.draft.id, data.page)
            await self._desk.show(query, screen)
            return
        message_id = await self._desk.show_in(query, course_views.loading(person.voice))
        self._desk.background.start(
            person.chat_id,
            ("message", person.chat_id, message_id),
            self._read(person, account, opened, module, message_id, data.page),
        )

    async def _read(
        self,
        person: Person,
        account: Account,
        opened: OpenDraft,
        module: Module,
        message_id: int,
        page: int,
    ) -> None:
        try:
            cells = await self._desk.drafts.contents(account, opened.course, module)
        except ZjyError as error:
            screen = await self._readings.trouble(person, account, error)
        else:
            self._remember((person.chat_id, module.id), cells)
            screen = views.contents(person.voice, module, cells, opened.draft.id, page)
        await self._desk.outbox.edit(person.chat_id, message_id, screen)

    def _remember(self, key: tuple[int, int], cells: Sequence[PlannedCell]) -> None:
        self._cells.pop(key, None)
        self._cells[key] = cells
        while len(self._cells) > REMEMBERED:
            del self._cells[next(iter(self._cells))]
