"""Whether the bot works: its event loop turns, Telegram was asked for updates, the database takes
writes, and each running job shows a sign of life."""

import asyncio
from collections.abc import Sequence

from bot.clock import Clock
from bot.jobs.heartbeats import Heartbeats
from bot.logs import get_log
from storage.database import Database
from storage.errors import StorageError
from storage.vital_signs import take_write

POLLED_WITHIN = 90.0
"""Real seconds since the last poll that Telegram answered, or since the last look at the webhook
that found it delivered to. A poll waits for updates for 10 s."""
WRITTEN_WITHIN = 10.0
"""Real seconds in which the database takes a write; it waits 5 s for another process's lock."""
TOLD_WITHIN = 60.0
"""Real seconds for which a verdict counts; unless the event loop hangs, it is renewed before."""

STARTING = "The bot is starting: it has not looked at itself yet."
NOT_POLLED = "Telegram has not answered a request for updates since the start."
POLLED_LATE = f"Telegram has answered no request for updates for {POLLED_WITHIN:.0f} seconds."
NOT_REGISTERED = "Telegram has not accepted the webhook since the start."
NOT_DELIVERED = (
    f"Telegram has not delivered to the webhook, or not said so, for {POLLED_WITHIN:.0f} seconds."
)
WRITES_LATE = f"The database has taken no write for {WRITTEN_WITHIN:.0f} seconds."

_log = get_log(__name__)


def late_verdict(seconds: float) -> str:
    """The cause if the last verdict is ``seconds`` old."""
    return (
        f"The bot has not looked at itself for {seconds:.0f} seconds: its event loop is blocked, "
        "or its data folder takes no writes."
    )


class HealthMonitor:
    """``polls`` False: updates come by a webhook."""

    def __init__(
        self, db: Database, clock: Clock, heartbeats: Heartbeats, *, polls: bool = True
    ) -> None:
        self._db = db
        self._clock = clock
        self._heartbeats = heartbeats
        self._never, self._late = (
            (NOT_POLLED, POLLED_LATE) if polls else (NOT_REGISTERED, NOT_DELIVERED)
        )
        self._reached_at: float | None = None
        self._writing: asyncio.Task[list[int]] | None = None
        self._looked_at: float | None = None
        self._found: tuple[str, ...] = ()
        self._logged: tuple[str, ...] = ()
        self._began = clock.monotonic()

    def reached(self) -> None:
        """Telegram answered a poll, or delivers what waits to the webhook."""
        self._reached_at = self._clock.monotonic()

    async def look(self) -> tuple[str, ...]:
        """Look at everything; returns one sentence per cause that makes the bot unhealthy."""
        self._found = tuple(await self._database_and_jobs())
        self._looked_at = self._clock.monotonic()
        found = (*self._telegram(), *self._found)
        self._log_changes(found)
        return found

    @property
    def causes(self) -> tuple[str, ...]:
        """What the last look found and what is known of Telegram now, or only that the look is
        too old to count; empty if the bot is healthy."""
        if self._looked_at is None:
            return (STARTING,)
        age = self._clock.monotonic() - self._looked_at
        return (late_verdict(age),) if age > TOLD_WITHIN else (*self._telegram(), *self._found)

    @property
    def works(self) -> bool:
        """Whether the last look found the database and the jobs well. Telegram does not count: that
        it is away is no reason to start the process again."""
        return self._looked_at is not None and not self._found

    async def close(self) -> None:
        """Wait for a write that is under way."""
        if self._writing is not None:
            await asyncio.wait({self._writing})

    def _log_changes(self, found: Sequence[str]) -> None:
        is_starting = self._clock.monotonic() - self._began <= POLLED_WITHIN
        causes = tuple(c for c in found if not (is_starting and c == self._never))
        if causes == self._logged:
            return
        self._logged = causes
        if causes:
            _log.warning("the bot is unhealthy", causes=list(causes))
        else:
            _log.info("the bot is healthy again")

    def _telegram(self) -> Sequence[str]:
        if self._reached_at is None:
            return (self._never,)
        age = self._clock.monotonic() - self._reached_at
        return (self._late,) if age > POLLED_WITHIN else ()

    async def _database_and_jobs(self) -> Sequence[str]:
        # A write that hangs is waited for again, so that no further ones queue up behind it.
        if self._writing is None:
            self._writing = asyncio.create_task(self._db.write(take_write))
        writing = self._writing
        await asyncio.wait({writing}, timeout=WRITTEN_WITHIN)
        if not writing.done():
            return (WRITES_LATE,)
        self._writing = None
        try:
            running = writing.result()
        except StorageError as error:
            return (f"The database takes no write: {error}",)
        return [
            f"Job {job_id} runs and shows no sign of life."
            for job_id in self._heartbeats.silent(running)
        ]
