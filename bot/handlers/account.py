"""Start, log in, switch, log out, erase."""

import asyncio

from telegram import CallbackQuery, Update

from bot.chat.callbacks import Callback
from bot.chat.drawings import where_cookie
from bot.chat.people import Person
from bot.chat.views import account as views
from bot.chat.views import home
from bot.clock import PlatformClock
from bot.handlers.desk import Desk, answer
from bot.handlers.logins import Logins
from bot.jobs.records import Job
from bot.logs import get_log
from bot.zjy.cookies import NotACookie, parse_cookie
from storage.accounts import Account

_log = get_log(__name__)


class AccountHandlers:
    def __init__(self, desk: Desk, logins: Logins, clock: PlatformClock) -> None:
        self._desk = desk
        self._logins = logins
        self._clock = clock

    async def login(self, update: Update) -> None:
        """``/login``: how to send a cookie."""
        person = await self._desk.person(update)
        await self._ask_for_cookie(person)

    async def show_login(self, query: CallbackQuery, person: Person, data: Callback) -> None:
        """In a message of its own: the one pressed may be a notice worth keeping."""
        await answer(query)
        await self._ask_for_cookie(person)

    async def _ask_for_cookie(self, person: Person) -> None:
        """A drawing, then the steps; a second press while they are on their way brings no more."""
        await self._desk.login.expect_cookie(person.chat_id, expecting=True)
        key = ("ask for a cookie", person.chat_id)
        self._desk.background.start(person.chat_id, key, self._say_where(person))

    async def _say_where(self, person: Person) -> None:
        voice, outbox = person.voice, self._desk.outbox
        # Queued together: nothing comes between them, and the steps come without the drawing too.
        await asyncio.gather(
            outbox.send_photo(
                person.chat_id, where_cookie(voice.language), views.where_cookie(voice)
            ),
            outbox.send(person.chat_id, views.ask_for_cookie(voice)),
        )

    async def not_a_cookie(self, person: Person, text: str) -> None:
        """A text that does not look like a cookie: what is wrong with it, if one was asked for."""
        if person.chat.awaiting == "cookie":
            try:
                parse_cookie(text)
            except NotACookie as error:
                await self._desk.say(person, views.not_a_cookie(person.voice, error.reason))
                return
        await self.not_understood(person)

    async def not_understood(self, person: Person) -> None:
        account = await self._desk.accounts.active(person.chat_id)
        screen = home.not_understood(person.voice, logged_in=account is not None)
        await self._desk.say(person, screen)

    async def accounts(self, update: Update) -> None:
        person = await self._desk.person(update)
        await self._desk.say(person, views.accounts(person.voice, await self._lines(person)))

    async def show_accounts(self, query: CallbackQuery, person: Person, data: Callback) -> None:
        await answer(query)
        await self._desk.show(query, views.accounts(person.voice, await self._lines(person)))

    async def use_account(self, query: CallbackQuery, person: Person, data: Callback) -> None:
        await self._desk.accounts.use(person.chat_id, data.id(0))
        await self.show_accounts(query, person, data)

    async def logout(self, update: Update) -> None:
        """``/logout``: whose account; where there is none, pending cookies are removed at once."""
        person = await self._desk.person(update)
        lines = await self._lines(person)
        if not lines:
            await self._logins.withdraw(person.chat_id)
        await self._desk.say(person, views.choose_logout(person.voice, lines))

    async def press_logout(self, query: CallbackQuery, person: Person, data: Callback) -> None:
        """Without an id: which account; with one: remove it. It was asked by the screen before."""
        await answer(query)
        if not data.ids:
            screen = views.choose_logout(person.voice, await self._lines(person))
        else:
            await self._logins.withdraw(person.chat_id)
            account = await self._desk.login.log_out(person.chat_id, data.id(0), self._farewell)
            if account is not None:
                left = await self._desk.accounts.active(person.chat_id)
                in_use = left.name if left is not None else None
                screen = views.logged_out(person.voice, account.name, in_use=in_use)
            else:
                screen = views.choose_logout(person.voice, await self._lines(person))
        await self._desk.show(query, screen)

    async def ask_logout(self, query: CallbackQuery, person: Person, data: Callback) -> None:
        """From the list of accounts: ask about one, by its name."""
        await answer(query)
        lines = await self._lines(person)
        line = next((each for each in lines if each.id == data.id(0)), None)
        screen = (
            views.confirm_logout(person.voice, line)
            if line is not None
            else views.accounts(person.voice, lines)
        )
        await self._desk.show(query, screen)

    async def erase(self, update: Update) -> None:
        person = await self._desk.person(update)
        await self._desk.say(person, home.confirm_erase(person.voice))

    async def press_erase(self, query: CallbackQuery, person: Person, data: Callback) -> None:
        await answer(query)
        await self._logins.withdraw(person.chat_id)
        await self._desk.login.erase(person.chat_id, self._farewell)
        await self._desk.show(query, home.erased(person.voice))

    async def _farewell(self, job: Job) -> None:
        """The last words of a job whose row is about to go."""
        await self._desk.reporter.show_now(job.id)

    async def _lines(self, person: Person) -> list[views.AccountLine]:
        active = await self._desk.accounts.active(person.chat_id)
        return [
            views.AccountLine(
                id=account.id,
                name=account.name,
                number=account.number,
                active=active is not None and active.id == account.id,
                age=self._age(person, account) if account.has_cookie else None,
            )
            for account in await self._desk.accounts.of_chat(person.chat_id)
        ]

    def _age(self, person: Person, account: Account) -> str | None:
        if account.pasted_at is None:
            return None
        return person.voice.duration(self._clock.since(account.pasted_at))
