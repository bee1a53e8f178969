"""The message that shows a chat the result of its login. It says that the cookies are being
checked, then perhaps that this takes some minutes, then the result, all in the same message."""

import asyncio
from collections.abc import Callable, Hashable, Sequence
from itertools import count
from typing import Any
from weakref import WeakValueDictionary

from bot.chat.i18n import Translator
from bot.chat.people import Person, View
from bot.chat.views import login as views
from bot.handlers.services import Services
from bot.handlers.trouble import words_of
from bot.login.credentials import Credential
from bot.login.pending_logins import PendingLogins
from bot.outbox.budget import Rank
from bot.outbox.chat_queue import Render
from bot.outbox.screen import Screen
from bot.zjy.errors import PageInstead, ZjyError
from storage.pending_logins import PendingLogin


class LoginMessages:
    """The messages are queued: the task that proves cookies waits for no answer of Telegram. A
    chat's messages are sent one after the other."""

    def __init__(self, services: Services, pending: PendingLogins) -> None:
        self._services = services
        self._pending = pending
        self._locks: WeakValueDictionary[int, asyncio.Lock] = WeakValueDictionary()
        self._keys: set[Hashable] = set()
        self._numbers = count()

    async def begin(
        self,
        person: Person,
        message_ids: Sequence[int],
        found: Sequence[Credential],
        on_kept: Callable[[], None],
    ) -> None:
        """Store the cookies of a paste, and send a new message that they are being checked. It
        replaces the chat's earlier login message."""
        chat_id = person.chat_id
        async with self._lock(chat_id):
            replaced = await self._pending.begin(chat_id, message_ids, found)
            on_kept()
            shown = await self._services.outbox.send(person.chat_id, views.checking(person.tr))
            if shown is not None:
                await self._pending.set_shown(chat_id, shown)
                if await self._pending.login(chat_id) is None:  # withdrawn meanwhile
                    replaced = shown
        if replaced is not None:
            await self._services.outbox.delete(chat_id, replaced)

    def say_waiting(self, login: PendingLogin, *, is_pressed: bool) -> None:
        """Say that there is no result yet. ``is_pressed``: the person sent the cookie just now."""
        self._queue(login.chat_id, self._say_waiting(login, is_pressed=is_pressed))

    def say_result(
        self,
        login: PendingLogin,
        words: View,
        *,
        is_pressed: bool,
        on_said: Callable[[int], None] | None = None,
    ) -> None:
        """Say the result, which ends the login. ``on_said`` gets the id of its message, before the
        person can press a button of it."""
        work = self._say_result(login, words, is_pressed=is_pressed, on_said=on_said)
        self._queue(login.chat_id, work)

    def say_more(self, chat_id: int, words: View) -> None:
        """Say the result of a further cookie in a message of its own."""
        self._queue(chat_id, self._say_more(chat_id, words))

    def close(self) -> None:
        """Send nothing more; the next start sends the results that were not sent."""
        for key in self._keys:
            self._services.background.cancel(key)

    def _queue(self, chat_id: int, work: Any) -> None:  # noqa: ANN401 - a coroutine
        key = ("login message", chat_id, next(self._numbers))

        async def in_turn() -> None:
            try:
                await work
            finally:
                self._keys.discard(key)

        self._keys.add(key)
        self._services.background.start(chat_id, key, in_turn())

    def _lock(self, chat_id: int) -> asyncio.Lock:
        return self._locks.setdefault(chat_id, asyncio.Lock())

    async def _say_waiting(self, login: PendingLogin, *, is_pressed: bool) -> None:
        async with self._lock(login.chat_id):
            shown, render = await self._shown(login), self._render(login, views.still_checking)
            if shown is None:
                return
            if not is_pressed:
                self._services.outbox.show(login.chat_id, shown, render, rank=Rank.PERSON)
                return
            said = await self._services.outbox.edit(login.chat_id, shown, render)
            if said not in (None, shown):
                await self._pending.set_shown(login.chat_id, said)

    async def _say_result(
        self,
        login: PendingLogin,
        words: View,
        *,
        is_pressed: bool,
        on_said: Callable[[int], None] | None,
    ) -> None:
        """Send the result as a new message if the login's message cannot be edited or was not sent.
        If the bot cannot write to the chat, wait until it can."""
        chat_id, outbox, said = login.chat_id, self._services.outbox, None
        is_known = False
        async with self._lock(chat_id):
            shown, render = await self._shown(login), self._render(login, words)
            if shown is not None and is_pressed:
                if on_said is not None:
                    on_said(shown)
                said = await outbox.edit(chat_id, shown, render)
                is_known = said == shown
            if shown is not None and said is None:
                said = await outbox.bring(chat_id, shown, render)
            if said is None:
                said = await outbox.say(chat_id, render, rank=Rank.PERSON)
            await self._pending.told(login)
        if said is not None and on_said is not None and not is_known:
            on_said(said)

    async def _say_more(self, chat_id: int, words: View) -> None:
        async with self._lock(chat_id):
            render = self._services.people.render(chat_id, words)
            await self._services.outbox.say(chat_id, render, rank=Rank.PERSON)

    async def _shown(self, login: PendingLogin) -> int | None:
        """The id of the login's message; None if the login is over or another paste replaced it."""
        now = await self._pending.login(login.chat_id)
        return now.shown_in if now is not None and now.began_at == login.began_at else None

    def _render(self, login: PendingLogin, words: View) -> Render:
        """A render of the screen; it returns None if the login is over when the message is sent."""
        of_person = self._services.people.render(login.chat_id, words)

        async def render() -> Screen | None:
            now = await self._pending.login(login.chat_id)
            is_over = now is None or now.began_at != login.began_at
            return None if is_over else await of_person()

        return render


def unchecked(tr: Translator, *, error: ZjyError) -> Screen:
    """The time for proving is over; ``error`` is the platform's last answer."""
    is_page = isinstance(error, PageInstead)
    trouble = views.LoginTrouble.PAGE if is_page else views.LoginTrouble.UNCHECKED
    return views.login_failed(tr, trouble, words_of(tr, error))
