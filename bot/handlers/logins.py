"""Logging in with pasted cookies: sealed as soon as they are found, proved in the background, and
resumed by the next start."""

import asyncio
from collections import deque
from collections.abc import Collection, Sequence
from functools import partial

from bot.chat.people import Person
from bot.chat.views import limits as limit_views
from bot.chat.views import login as views
from bot.handlers.hub import Hubs
from bot.handlers.login_message import LoginMessages
from bot.handlers.proving import Proving
from bot.handlers.services import Services
from bot.limits import MOST, Limit
from bot.login.credentials import Credential
from bot.login.pending_logins import PendingLogins

WITHIN = 60.0
"""Real seconds in which a chat's logins are counted against the limit."""


class Logins:
    """Runs at most one task per chat that proves cookies."""

    def __init__(self, services: Services, pending: PendingLogins, hubs: Hubs) -> None:
        self._services = services
        self._pending = pending
        self._hubs = hubs
        self._messages = LoginMessages(services, pending)
        self._wakes: dict[int, asyncio.Event] = {}
        self._begun: dict[int, deque[float]] = {}
        self._closed = False

    async def begin(
        self, person: Person, message_ids: Sequence[int], found: Sequence[Credential]
    ) -> None:
        """Store the cookies found in these messages, say that they are being checked, and check
        them; after too many within a minute, only say so."""
        if self._is_limited(person.chat_id):
            await self._services.access.limited(person.chat_id, Limit.LOGINS)
            screen = limit_views.reached(person.tr, Limit.LOGINS)
            await self._services.outbox.send(person.chat_id, screen)
            return
        prove = partial(self._prove, person.chat_id, is_pressed=True)
        await self._messages.begin(person, message_ids, found, prove)

    def _is_limited(self, chat_id: int) -> bool:
        """Whether the chat began as many logins within a minute as it may; counts this one if
        not."""
        now = self._services.clock.clock.monotonic()
        begun = self._begun.setdefault(chat_id, deque(maxlen=MOST[Limit.LOGINS]))
        if len(begun) == begun.maxlen and now - begun[0] < WITHIN:
            return True
        begun.append(now)
        return False

    async def recover(self, shut_out: Collection[int]) -> None:
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
