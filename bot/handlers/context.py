"""The input of a handler: the person, the text or press, and the ways to answer.

A handler is called with a :class:`Context` and holds only logic. A command and the button that does
the same share one handler: :meth:`Context.show` edits the button's message, and sends a new message
for a command. A button whose message is worth keeping is routed like a command, to a new message.

Each press is answered once. The router answers it before the handler begins. Where the route says
that the handler answers in words, the handler does so, with a :meth:`Context.toast` or a
:meth:`Context.alert`. A press without an answer gets one before a message is sent, and when the
handler has ended or raised.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from telegram import CallbackQuery
from telegram.error import TelegramError

from bot.answer_times import answered
from bot.chat.callbacks import Action, Callback
from bot.chat.i18n import Translator
from bot.chat.people import Person
from bot.chat.views import home
from bot.chat.views import limits as limit_views
from bot.chat.views import login as login_views
from bot.chat.zones import Now
from bot.handlers.services import Services, behind
from bot.handlers.trouble import trouble_screen
from bot.limits import Limit, LimitReachedError
from bot.logs import get_log
from bot.outbox.budget import Rank
from bot.outbox.chat_queue import fixed
from bot.outbox.outbox import Outbox
from bot.outbox.screen import Screen
from bot.zjy.errors import SessionExpired, ZjyError
from storage.accounts import Account

Read = Callable[[int], Awaitable[Screen | None]]
"""Reads from the platform for the message with this id; None if another task shows the next
screen."""

_NO_BUTTON = Callback(Action.NOTHING)

_log = get_log(__name__)


class Press:
    """A press of a button; only the first answer to it is sent."""

    def __init__(self, query: CallbackQuery, outbox: Outbox) -> None:
        self._query_id = query.id
        self._outbox = outbox
        self._is_answered = False

    async def answer(self, words: str | None = None, *, alert: bool = False) -> None:
        """Stop the button's spinner, with a toast or an in-app alert. Errors of Telegram, such as
        an expired query, «wait» or an outage, do not change the effect of the press."""
        if self._is_answered:
            return
        self._is_answered = True
        try:
            await self._outbox.answer(self._query_id, words[:200] if words else None, alert=alert)
            answered()
        except TelegramError as error:
            _log.info("a button could not be answered", trouble=str(error))


@dataclass(frozen=True, slots=True)
class Context:
    """``text`` is the person's message, and ``data`` the button's; without a button it holds no
    ids. ``message_id`` is the message that :meth:`show` edits; None makes it send a new one.

    ``is_resumed``: no person waits; the handler brings a message of the last process to its end,
    and a chat that cannot be written to is waited for.
    """

    services: Services
    person: Person
    text: str | None = None
    data: Callback = _NO_BUTTON
    press: Press | None = None
    message_id: int | None = None
    is_resumed: bool = False

    @property
    def chat_id(self) -> int:
        return self.person.chat_id

    @property
    def tr(self) -> Translator:
        return self.person.tr

    def now(self) -> Now:
        """The present moment, in the person's zone."""
        return Now(self.services.clock.now(), self.person.zone)

    async def toast(self, words: str) -> None:
        await self._answer(words)

    async def alert(self, words: str) -> None:
        await self._answer(words, alert=True)

    async def show(self, screen: Screen) -> int | None:
        """Edit the pressed message to the screen, or send the screen. Returns the id of the message
        for the next screen, also during an outage of Telegram; None if no message was sent."""
        if self.message_id is None:
            return await self.say(screen)
        await self._answer()
        for key in (behind(self.chat_id, self.message_id), _later(self.chat_id, self.message_id)):
            self.services.background.cancel(key)
        shown = await self._edit(self.message_id, screen)
        await self.services.loading.end(self.chat_id, self.message_id)
        return self.message_id if shown is None else shown

    async def say(self, screen: Screen) -> int | None:
        """Send a new message; returns its id, None if it could not be sent."""
        await self._answer()
        return await self.services.outbox.send(self.chat_id, screen)

    async def show_job(self, job_id: int) -> None:
        """Update a job's progress message."""
        await self._answer()
        await self.services.reporter.show_now(job_id)

    async def say_limit(self, limit: Limit) -> None:
        """Say that a limit per person is reached, in a new message."""
        await self.services.access.limited(self.chat_id, limit)
        await self.say(limit_views.reached(self.tr, limit))

    async def outdated(self) -> None:
        """The button is out of date: send a fresh menu; a message of the last process gets it
        itself."""
        menu = await self.old_button()
        await (self.show(menu) if self.is_resumed else self.say(menu))

    async def old_button(self) -> Screen:
        return home.old_button(self.tr, logged_in=await self.is_logged_in())

    async def is_logged_in(self) -> bool:
        return await self.services.accounts.active(self.chat_id) is not None

    async def account(self) -> Account | None:
        """The account in use; without one, shows how to log in and returns None."""
        account = await self.services.accounts.active(self.chat_id)
        if account is None:
            await self.show(login_views.log_in_first(self.tr))
        return account

    async def account_of(self, account_id: int | None) -> Account | None:
        """The chat's account with this id."""
        accounts = await self.services.accounts.of_chat(self.chat_id)
        return next((each for each in accounts if each.id == account_id), None)

    async def show_later(
        self, account: Account, placeholder: Screen, read: Read, again: Callback
    ) -> None:
        """Show the placeholder, then call :meth:`show_read` for its message in the background."""
        message_id = await self.show(placeholder)
        if message_id is not None:
            work = self.show_read(account, message_id, read, again)
            self.services.background.start(self.chat_id, _later(self.chat_id, message_id), work)

    async def show_read(
        self,
        account: Account,
        message_id: int,
        read: Read,
        again: Callback | None = None,
        *,
        back: Callback | None = None,
    ) -> None:
        """Edit the message to the screen that ``read`` returns, or to its error; records an expired
        session. After an unexpected error, which the person is told of, the message leads ``back``,
        or to the main screens.

        If the process ends meanwhile, the next start calls the handler of ``again`` for the
        message.
        """
        try:
            if again is not None:
                await self.services.loading.begin(self.chat_id, message_id, again)
            screen = await self._read(account, message_id, read)
        except Exception:
            broken = fixed(home.broken_off(self.tr, back))
            self.services.outbox.show(self.chat_id, message_id, broken, rank=Rank.PERSON)
            await self.services.loading.end(self.chat_id, message_id)
            raise
        if screen is not None:
            await self._edit(message_id, screen)
        await self.services.loading.end(self.chat_id, message_id)

    async def _read(self, account: Account, message_id: int, read: Read) -> Screen | None:
        """What ``read`` returns, or the screen of the trouble or limit that it met."""
        try:
            return await read(message_id)
        except ZjyError as error:
            if isinstance(error, SessionExpired):
                await self.services.accounts.expired(account)
            return trouble_screen(self.tr, account, error)
        except LimitReachedError as reached:
            await self.services.access.limited(self.chat_id, reached.limit)
            return limit_views.reached(self.tr, reached.limit)

    async def _edit(self, message_id: int, screen: Screen) -> int | None:
        outbox = self.services.outbox
        if self.is_resumed:
            return await outbox.bring(self.chat_id, message_id, fixed(screen))
        return await outbox.edit(self.chat_id, message_id, screen)

    async def _answer(self, words: str | None = None, *, alert: bool = False) -> None:
        if self.press is not None:
            await self.press.answer(words, alert=alert)


Handler = Callable[[Context], Awaitable[None]]


def _later(chat_id: int, message_id: int) -> tuple[str, int, int]:
    """The background key of a reading for a message: it ends when the message shows another
    screen."""
    return ("message", chat_id, message_id)
