"""Logging in with pasted cookies: sealed as soon as they are found, proved in the background, and
resumed by the next start."""

import asyncio
from collections.abc import Sequence
from functools import partial

from bot.chat.people import Person
from bot.chat.views import login as views
from bot.handlers.hub import Hubs
from bot.handlers.login_message import LoginMessages
from bot.handlers.proving import Proving
from bot.handlers.services import Services
from bot.login.pending_logins import PendingLogins
from bot.zjy.cookies import PastedCookie


class Logins:
    """Runs at most one task per chat that proves cookies."""

    def __init__(self, services: Services, pending: PendingLogins, hubs: Hubs) -> None:
        self._services = services
        self._pending = pending
        self._hubs = hubs
        self._messages = LoginMessages(services, pending)
        self._wakes: dict[int, asyncio.Event] = {}
        self._closed = False

    async def begin(
        self, person: Person, message_ids: Sequence[int], found: Sequence[PastedCookie]
    ) -> None:
        """Store the cookies found in these messages, say that they are being checked, and check
        them."""
        prove = partial(self._prove, person.chat_id, is_pressed=True)
        await self._messages.begin(person, message_ids, found, prove)

    async def recover(self, shut_out: frozenset[int]) -> None:
        """Resume the logins of the last process. The cookie of a person who may no longer use the
        bot is removed unused."""
        for chat_id in await self._pending.chats():
            if chat_id in shut_out:
                key = ("withdraw", chat_id)
                self._services.background.start(chat_id, key, self.withdraw(chat_id))
            else:
                self._prove(chat_id, is_pressed=False)

    async def withdraw(self, chat_id: int) -> None:
        """Remove the chat's pending cookies, and say so in the message that promised a result."""
        login = await self._pending.withdraw(chat_id)
        person = await self._services.people.of_chat(chat_id)
        if login is not None and login.shown_in is not None and person is not None:
            screen = views.cookie_withdrawn(person.tr)
            await self._services.outbox.edit(chat_id, login.shown_in, screen)

    def close(self) -> None:
        """Start no further task, and stop; the next start resumes."""
        self._closed = True
        for chat_id, wake in self._wakes.items():
            self._services.background.cancel(("login", chat_id, wake))
        self._messages.close()

    def _prove(self, chat_id: int, *, is_pressed: bool) -> None:
        if self._closed:
            return
        if chat_id in self._wakes:
            self._wakes[chat_id].set()
            return
        wake = self._wakes[chat_id] = asyncio.Event()
        proving = Proving(
            self._services,
            self._pending,
            self._messages,
            self._hubs,
            chat_id,
            wake,
            is_pressed=is_pressed,
        )
        work = self._run(chat_id, proving)
        self._services.background.start(chat_id, ("login", chat_id, wake), work)

    async def _run(self, chat_id: int, proving: Proving) -> None:
        try:
            await proving.run()
        finally:
            del self._wakes[chat_id]
