"""Resumes the conversations that the end of the last process interrupted."""

from collections.abc import Collection, Mapping
from datetime import datetime

from bot.chat.callbacks import Action, decode
from bot.handlers.context import Context, Handler
from bot.handlers.logins import Logins
from bot.handlers.pasted import PastedCookies
from bot.handlers.readings import Readings
from bot.handlers.services import Services
from bot.jobs.recovery import Recovered
from storage.loading_screens import LoadingScreen


class RestartHandlers:
    """``again`` are the handlers that show what a message that is loading waits for, by the action
    of its stored button. The chats in ``shut_out`` belong to people who may no longer use the
    bot."""

    def __init__(
        self,
        services: Services,
        pasted: PastedCookies,
        logins: Logins,
        readings: Readings,
        again: Mapping[Action, Handler],
        shut_out: Collection[int],
    ) -> None:
        self._services = services
        self._pasted = pasted
        self._logins = logins
        self._readings = readings
        self._again = again
        self._shut_out = shut_out

    def resume(self, recovered: Recovered) -> None:
        """Before the first job is taken up."""
        self._services.reporter.resume(recovered.jobs)

    async def go_on(self, recovered: Recovered, now: datetime) -> None:
        """Resume pastes, logins and the readings that were cut off, and send the messages that were
        not sent. Returns before that is done."""
        await self._pasted.recover()
        await self._logins.recover(self._shut_out)
        for draft in recovered.drafts:
            if draft.chat_id not in self._shut_out:
                key = ("go on reading", draft.id)
                self._services.background.start(draft.chat_id, key, self._readings.go_on(draft))
        for screen in await self._services.loading.left_over():
            if screen.chat_id not in self._shut_out:
                self._services.background.start(screen.chat_id, None, self._load(screen))
        # The last process may have ended before it showed the last changes.
        await self._services.reporter.show_changed(recovered.last_change or now)
        self._services.notices.wake()

    async def _load(self, screen: LoadingScreen) -> None:
        """Read again what the message waits for, in that message."""
        person = await self._services.people.of_chat(screen.chat_id)
        data = decode(screen.data)
        if person is None or data is None or data.action not in self._again:
            await self._services.loading.end(screen.chat_id, screen.message_id)
            return
        ctx = Context(
            self._services, person, data=data, message_id=screen.message_id, is_resumed=True
        )
        await self._again[data.action](ctx)
