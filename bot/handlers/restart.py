"""Resumes the conversations that the end of the last process interrupted."""

from datetime import datetime

from bot.handlers.batches import BatchHandlers
from bot.handlers.logins import Logins
from bot.handlers.pasted import PastedCookies
from bot.handlers.readings import Readings
from bot.handlers.services import Services
from bot.jobs.recovery import Recovered


class RestartHandlers:
    """The chats in ``shut_out`` belong to people who may no longer use the bot."""

    def __init__(
        self,
        services: Services,
        pasted: PastedCookies,
        logins: Logins,
        readings: Readings,
        batches: BatchHandlers,
        shut_out: frozenset[int],
    ) -> None:
        self._services = services
        self._pasted = pasted
        self._logins = logins
        self._readings = readings
        self._batches = batches
        self._shut_out = shut_out

    async def go_on(self, recovered: Recovered, now: datetime) -> None:
        """Resume pastes, logins and the readings that were cut off, and send the messages that were
        not sent. Returns before that is done."""
        await self._pasted.recover()
        await self._logins.recover(self._shut_out)
        for draft in recovered.drafts:
            if draft.chat_id not in self._shut_out:
                key = ("go on reading", draft.id)
                self._services.background.start(draft.chat_id, key, self._readings.go_on(draft))
        for batch in recovered.batches:
            if batch.chat_id not in self._shut_out:
                key = ("go on batch", batch.chat_id)
                self._services.background.start(batch.chat_id, key, self._batches.go_on(batch))
        # The last process may have ended before it sent a job's final text.
        await self._services.reporter.show_again(now)
        self._services.notices.wake()
