"""A message with a cookie: deleted at once, its cookie proved, over a restart too."""

import asyncio

from telegram import Message

from bot.chat.i18n import Voice
from bot.chat.people import Person
from bot.chat.screen import Screen
from bot.chat.views import account as views
from bot.clock import PlatformClock
from bot.handlers.desk import Desk
from bot.jobs.accounts import LoggedIn
from bot.logs import get_log
from bot.zjy.cookies import PastedCookie
from bot.zjy.errors import SessionExpired, Temporary, ZjyError
from storage.pasted_messages import PastedMessage

_log = get_log(__name__)


class PastedCookies:
    def __init__(self, desk: Desk, clock: PlatformClock) -> None:
        self._desk = desk
        self._clock = clock

    async def take(self, person: Person, message: Message, pasted: PastedCookie) -> None:
        """Delete the message, then prove the cookie without keeping anybody waiting."""
        chat_id, message_id = person.chat_id, message.message_id
        await self._desk.accounts.remember_paste(chat_id, message_id)
        key = ("pasted", chat_id, message_id)
        self._desk.background.start(chat_id, key, self._take(person, message_id, pasted))

    async def left_over(self) -> list[PastedMessage]:
        """What the last process had not done with."""
        return await self._desk.accounts.pastes_left_over()

    async def go_on(self, left: PastedMessage) -> None:
        """The last process was still at it: delete the message, and say what became of it."""
        person = await self._desk.people.of_chat(left.chat_id)
        if person is not None:
            await self._desk.outbox.delete(left.chat_id, left.message_id)
            if left.shown_in is not None:
                screen = await self._what_became(person, left)
                await self._desk.outbox.edit(left.chat_id, left.shown_in, screen)
        await self._desk.accounts.forget_paste(left.chat_id, left.message_id)

    async def _take(self, person: Person, message_id: int, pasted: PastedCookie) -> None:
        await asyncio.gather(
            self._delete(person, message_id), self._check(person, message_id, pasted)
        )
        await self._desk.accounts.forget_paste(person.chat_id, message_id)

    async def _delete(self, person: Person, message_id: int) -> None:
        """Nobody else shall find the cookie in the chat."""
        if not await self._desk.outbox.delete(person.chat_id, message_id):
            account = await self._desk.accounts.active(person.chat_id)
            screen = views.delete_it_yourself(person.voice, logged_in=account is not None)
            await self._desk.say(person, screen)

    async def _check(self, person: Person, message_id: int, pasted: PastedCookie) -> None:
        shown = await self._desk.say(person, views.checking(person.voice))
        if shown is not None:
            await self._desk.accounts.paste_shown(person.chat_id, message_id, shown)
        screen = await self._prove(person, pasted)
        if shown is None:
            await self._desk.say(person, screen)
        else:
            await self._desk.outbox.edit(person.chat_id, shown, screen)

    async def _prove(self, person: Person, pasted: PastedCookie) -> Screen:
        voice = person.voice
        try:
            login = await self._desk.accounts.log_in(person.chat_id, pasted)
        except SessionExpired:
            told = pasted.expires_at is not None and pasted.expires_at <= self._clock.clock.now()
            trouble = views.LoginTrouble.EXPIRED if told else views.LoginTrouble.NOT_TAKEN
            return views.login_failed(voice, trouble)
        except Temporary as error:
            _log.warning("a cookie could not be checked", trouble=str(error))
            return views.login_failed(voice, views.LoginTrouble.AWAY)
        except ZjyError as error:
            _log.warning("a cookie was not accepted", trouble=str(error))
            detail = error.msg or str(error.code or type(error).__name__)
            return views.login_failed(voice, views.LoginTrouble.STRANGE, detail)
        return _greeting(voice, login)

    async def _what_became(self, person: Person, left: PastedMessage) -> Screen:
        """The login was stored before the restart, or nobody has the cookie any more."""
        account = await self._desk.accounts.active(person.chat_id)
        if account is not None and account.pasted_at and account.pasted_at >= left.at:
            return views.welcome_student(person.voice, account.name, resumed=[], waiting=[])
        return views.checking_cut_off(person.voice)


def _greeting(voice: Voice, login: LoggedIn) -> Screen:
    return views.welcome_student(
        voice,
        login.account.name,
        resumed=[job.course_name for job in login.resumed],
        waiting=[(job.course_name, name) for job, name in login.waiting],
    )
