"""The services that every handler uses, built once by the app."""

from dataclasses import dataclass

from telegram import Update

from bot.access.access import Access
from bot.accounts import Accounts
from bot.chat.background import Background
from bot.chat.loading import LoadingScreens
from bot.chat.notices import Notices
from bot.chat.people import People, Person
from bot.chat.reporter import Reporter
from bot.clock import PlatformClock
from bot.courses.drafts import Drafts
from bot.jobs.control import JobControl
from bot.login.service import LoginService
from bot.outbox.outbox import Outbox


@dataclass(frozen=True, slots=True)
class Services:
    people: People
    access: Access
    outbox: Outbox
    reporter: Reporter
    notices: Notices
    background: Background
    loading: LoadingScreens
    accounts: Accounts
    login: LoginService
    drafts: Drafts
    control: JobControl
    clock: PlatformClock

    async def person(self, update: Update) -> Person:
        """The person of an update; only for updates of private chats."""
        chat, user = update.effective_chat, update.effective_user
        if chat is None or user is None:
            raise ValueError("an update without a chat or a user")
        return await self.people.meet(chat.id, user.id, user.language_code)


def behind(chat_id: int, message_id: int) -> tuple[str, int, int]:
    """The background key of an unprompted update of a screen: the task ends when the message shows
    another screen."""
    return ("behind", chat_id, message_id)
