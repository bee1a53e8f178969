"""The first screen: for a newcomer what this is, for a student how things stand."""

from telegram import CallbackQuery, Update

from bot.chat.callbacks import Callback
from bot.chat.people import Person
from bot.chat.screen import Screen
from bot.chat.views import home as views
from bot.handlers.desk import Desk, answer, behind
from bot.logs import get_log
from bot.zjy.errors import SessionExpired, ZjyError
from storage.accounts import Account

_log = get_log(__name__)


class HomeHandlers:
    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    async def start(self, update: Update) -> None:
        """``/start``."""
        person = await self._desk.person(update)
        message_id = await self._desk.say(person, await self._screen(person))
        await self._bring_up_to_date(person, message_id)

    async def show_home(self, query: CallbackQuery, person: Person, data: Callback) -> None:
        await answer(query)
        await self._desk.login.expect_cookie(person.chat_id, expecting=False)
        message_id = await self._desk.show_in(query, await self._screen(person))
        await self._bring_up_to_date(person, message_id)

    async def help(self, update: Update) -> None:
        person = await self._desk.person(update)
        await self._desk.say(person, await self._help(person))

    async def show_help(self, query: CallbackQuery, person: Person, data: Callback) -> None:
        await answer(query)
        await self._desk.show(query, await self._help(person))

    async def _help(self, person: Person) -> Screen:
        account = await self._desk.accounts.active(person.chat_id)
        return views.help_screen(person.voice, logged_in=account is not None)

    async def _screen(self, person: Person) -> Screen:
        """What is known without asking the platform."""
        account = await self._desk.accounts.active(person.chat_id)
        if account is None:
            return views.welcome(person.voice)
        return views.known(person.voice, account, await self._desk.drafts.courses(account))

    async def _bring_up_to_date(self, person: Person, message_id: int | None) -> None:
        """Ask the platform behind the screen, where what is kept is old, and show the new state
        in the same message."""
        account = await self._desk.accounts.active(person.chat_id)
        if account is None or not account.has_cookie or not message_id:
            return
        if not await self._desk.drafts.are_fresh(account, await self._desk.drafts.courses(account)):
            key = behind(person.chat_id, message_id)
            work = self._refresh(person, account, message_id)
            self._desk.background.start(person.chat_id, key, work)

    async def _refresh(self, person: Person, account: Account, message_id: int) -> None:
        try:
            await self._desk.accounts.refresh(account)
            await self._desk.drafts.read_courses(account)
        except SessionExpired:
            await self._desk.accounts.expired(account)
        except ZjyError as trouble:
            # Nobody asked for it: what is kept stays on the screen.
            _log.info("the first screen was not brought up to date", trouble=str(trouble))
            return
        await self._desk.outbox.edit(person.chat_id, message_id, await self._screen(person))
