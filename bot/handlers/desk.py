"""What every handler works with, and the two things that each of them does first: find the
person and answer the button."""

from dataclasses import dataclass

from telegram import CallbackQuery, Update
from telegram.error import TelegramError

from bot.chat.background import Background
from bot.chat.notices import Notices
from bot.chat.outbox import Outbox
from bot.chat.people import People, Person
from bot.chat.reporter import Reporter
from bot.chat.screen import Screen
from bot.clock import PlatformClock
from bot.jobs.accounts import Accounts
from bot.jobs.control import JobControl
from bot.jobs.drafts import Drafts
from bot.jobs.login import LoginService
from bot.logs import get_log

_log = get_log(__name__)


@dataclass(frozen=True, slots=True)
class Desk:
    """The services, built once by the app and shared by all handlers."""

    people: People
    outbox: Outbox
    reporter: Reporter
    notices: Notices
    background: Background
    accounts: Accounts
    login: LoginService
    drafts: Drafts
    control: JobControl
    clock: PlatformClock

    async def person(self, update: Update) -> Person:
        """Whose update this is; only for updates of private chats."""
        chat, user = update.effective_chat, update.effective_user
        if chat is None or user is None:
            raise ValueError("an update without a chat or a user")
        return await self.people.meet(chat.id, user.id, user.language_code)

    async def say(self, person: Person, screen: Screen) -> int | None:
        return await self.outbox.send(person.chat_id, screen)

    async def show(self, query: CallbackQuery, screen: Screen) -> int | None:
        """Put the screen in place of the message whose button was pressed."""
        if query.message is None:
            return None
        self.background.cancel(behind(query.message.chat.id, query.message.message_id))
        return await self.outbox.edit(query.message.chat.id, query.message.message_id, screen)

    async def show_in(self, query: CallbackQuery, screen: Screen) -> int:
        """Like :meth:`show`, and say where to show what comes next: in the message that was
        pressed, or in the one that took its place. An outage of Telegram does not change that."""
        shown = await self.show(query, screen)
        if shown is not None or query.message is None:
            return shown or 0
        return query.message.message_id


def behind(chat_id: int, message_id: int) -> tuple[str, int, int]:
    """The background key of what brings a screen up to date that nobody waits for: it ends when
    the message shows something else."""
    return ("behind", chat_id, message_id)


async def answer(query: CallbackQuery, text: str | None = None, *, alert: bool = False) -> None:
    """Stop the button's spinner, with a toast or a pop-up. Whatever Telegram says to that, too
    old a query, «wait» or an outage, changes nothing about what the press does."""
    try:
        await query.answer(text[:200] if text else None, show_alert=alert)
    except TelegramError as error:
        _log.info("a button could not be answered", trouble=str(error))
