"""Sends what is due: each digest once, few at a time, and none whose day is over.

The job queue only calls :meth:`Digests.tick`; the rows decide. A digest is collected first and
claimed right before it is handed over, so that a kill can lose one in the shortest time.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

from bot.clock import Clock
from bot.digest.agenda import DigestKind, NoNews, Quiet, Reason, Todo
from bot.digest.collect import Collector, keep_asked
from bot.digest.due import Due
from bot.digest.learning import Allowance
from bot.digest.ledger import Ledger
from bot.digest.report import DigestReport
from bot.digest.starting import Starting
from bot.digest.survey import Survey
from bot.logs import get_log, new_reference
from bot.zjy.gate import Priority
from bot.zjy.spacing import Spacing
from storage import digest_settings
from storage.database import Database, StorageError
from storage.digest_settings import DigestSettings

TICK = timedelta(seconds=20)
"""Real time between two looks at who is due."""
AT_ONCE = 8
"""Chats that are served at the same time; each has one request in flight."""
LEARN = 30
"""Requests that a digest spends on modules that nobody knows, if no crowd waits behind it."""
SAY_APART = 0.1
"""Real seconds between two digests. Telegram takes 30 messages a second of one bot, and people
who press something need most of them."""
CLOSE_WITHIN = 1.5
"""Real seconds that a digest which was handed over has at the end of the process."""

Say = Callable[[int, DigestReport], Awaitable[bool]]
"""Sends a chat its report; whether Telegram took it. Must not send it twice."""

_log = get_log(__name__)


class Digests:
    """``say`` sends a report, ``tell`` says that there are new notices and must not wait."""

    def __init__(
        self,
        db: Database,
        clock: Clock,
        collector: Collector,
        starting: Starting,
        say: Say,
        tell: Callable[[], None],
    ) -> None:
        self._db = db
        self._clock = clock
        self._collector = collector
        self._starting = starting
        self._say = say
        self._tell = tell
        self._survey = Survey(db, clock, collector)
        self._ledger = Ledger(db, clock)
        self._quiet = Quiet()
        self._places = asyncio.Semaphore(AT_ONCE)
        self._apart = Spacing(clock, SAY_APART)
        self._locks: dict[int, asyncio.Lock] = {}
        self._serving: set[int] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        self._handing_over: set[asyncio.Task[Any]] = set()
        self._closed = False

    async def tick(self) -> None:
        """Look who is due, and begin to serve them, or, where nobody is, to read ahead; returns
        before that is done."""
        if self._closed:
            return
        now, idle = self._clock.now(), []
        for settings in await self._db.read(digest_settings.in_use):
            chat_id = settings.chat_id
            if not self._may_serve(chat_id):
                continue
            if self._quiet.lasts(settings, now):
                idle.append(settings)
                continue
            found = await self._ledger.look(settings, now)
            if found.is_empty:
                self._quiet.begin(settings, now, found.again_at)
                idle.append(settings)
            elif self._may_serve(chat_id):
                self._serving.add(chat_id)
                self._keep(self._serve(chat_id))
        if self._serving:
            self._survey.make_room()
        else:
            for settings in await self._survey.choose(idle):
                self._keep(self._read_ahead(settings))

    async def send_now(self, chat_id: int, say: Say | None = None) -> bool:
        """Send the chat a report of now because somebody pressed for it, with ``say`` if given.
        It takes no day's place, and the next digest counts from the last one as if it had not
        been. False if it could not be sent."""
        self._survey.make_room()
        async with self._alone(chat_id):
            now = self._clock.now()
            settings = await self._db.write(lambda c: digest_settings.ensure(c, chat_id, now))
            report = await self._collector.collect(settings, Priority.PERSON, Allowance(LEARN))
            sent = await (say or self._say)(chat_id, report)
            if sent:
                await self._db.write(lambda conn: keep_asked(conn, report))
            return sent

    async def idle(self) -> None:
        """Wait until nobody is being served."""
        while self._tasks:
            await asyncio.wait(self._tasks)

    async def close(self, seconds: float = CLOSE_WITHIN) -> None:
        """Serve nobody any more. A digest that was handed over has so many seconds to come; then
        it counts as lost, as by a kill."""
        self._closed = True
        for task in self._tasks - self._handing_over:
            task.cancel()
        if self._handing_over:
            await asyncio.wait(self._handing_over, timeout=seconds)
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def _may_serve(self, chat_id: int) -> bool:
        """Asked again after each wait: two looks can meet, and the end can come."""
        return not self._closed and chat_id not in self._serving

    def _keep(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def _alone(self, chat_id: int) -> asyncio.Lock:
        """One at a time works on a chat's report: what one tells, the next must not."""
        return self._locks.setdefault(chat_id, asyncio.Lock())

    async def _serve(self, chat_id: int) -> None:
        try:
            async with self._places, self._logged(chat_id), self._alone(chat_id):
                if not self._closed:
                    await self._serve_alone(chat_id)
        finally:
            self._serving.discard(chat_id)
            self._quiet.end(chat_id)

    async def _read_ahead(self, settings: DigestSettings) -> None:
        async with self._logged(settings.chat_id), self._alone(settings.chat_id):
            await self._survey.read(settings)

    @asynccontextmanager
    async def _logged(self, chat_id: int) -> AsyncIterator[None]:
        """One chat's trouble is logged with its reference; the others go on."""
        try:
            yield
        except StorageError as error:
            _log.error("a digest could not be stored; trying again", trouble=str(error))
        except Exception:  # noqa: BLE001 - logged
            _log.exception("a chat could not be served", chat=chat_id, reference=new_reference())

    async def _serve_alone(self, chat_id: int) -> None:
        """Do what is due now: time has passed since the look."""
        settings = await self._db.read(lambda conn: digest_settings.get(conn, chat_id))
        if settings is None:
            return
        now = self._clock.now()
        found = await self._ledger.look(settings, now)
        if found.missed:
            await self._ledger.skip(settings, found.missed, Reason.DOWN)
        if settings.blocked_at is not None:
            await self._skip_blocked(settings, found)
            return
        if found.start is not None:
            await self._start(settings, found.start)
        if found.digest is not None:
            await self._digest(settings, found.digest)
        elif found.watch:
            await self._watch(settings)

    async def _skip_blocked(self, settings: DigestSettings, found: Todo) -> None:
        """Nobody is there to be told anything."""
        if found.digest is not None:
            await self._ledger.skip(settings, [found.digest.local_date], Reason.BLOCKED)
        if found.start is not None:
            kind = DigestKind.START
            await self._ledger.skip(settings, [found.start.local_date], Reason.BLOCKED, kind)

    async def _watch(self, settings: DigestSettings) -> None:
        """Look for new lessons; what is found is a notice by then."""
        now = self._clock.now()
        await self._db.write(lambda c: digest_settings.set_watched(c, settings.chat_id, now))
        try:
            await self._collector.read(settings, Priority.DIGEST, Allowance(0), tell=True)
        except StorageError:
            raise
        except Exception:  # noqa: BLE001 - logged with its reference
            _log.exception("a look for new lessons broke off", reference=new_reference())
        self._tell()

    async def _start(self, settings: DigestSettings, due: Due) -> None:
        """Start jobs of the new lessons, at most once a day."""
        watched_at, now = settings.watched_at, self._clock.now()
        if watched_at is None or not now - timedelta(hours=1) < watched_at <= now:
            await self._watch(settings)
        row = await self._ledger.claim_start(settings.chat_id, due)
        if row is None:
            return
        if await self._starting.start_new(settings):
            await self._ledger.sent(row)
        else:
            await self._ledger.unsent(row, Reason.NOTHING_TO_START, told=True)

    async def _digest(self, settings: DigestSettings, due: Due) -> None:
        now = self._clock.now()
        await self._db.write(lambda c: digest_settings.set_watched(c, settings.chat_id, now))
        try:
            report = await self._collector.collect(
                settings, Priority.DIGEST, self._allowance(), due
            )
        except StorageError:
            raise
        except Exception:  # noqa: BLE001 - logged with its reference, and told with the next one
            _log.exception("a digest broke off", reference=new_reference())
            await self._ledger.skip(settings, [due.local_date], Reason.BROKEN)
            return
        silent = not report.has_news and settings.no_news == NoNews.SILENT
        if not silent:
            await self._apart.my_turn()
        self._hold(asyncio.current_task())
        row = await self._ledger.claim_digest(settings.chat_id, due)
        if row is None:
            return
        if silent:
            await self._ledger.unsent(row, Reason.NO_NEWS, told=True)
        else:
            await self._hand_over(row, report)

    def _allowance(self) -> Allowance:
        return Allowance(0 if len(self._serving) > AT_ONCE else LEARN)

    def _hold(self, task: "asyncio.Task[Any] | None") -> None:
        """From the claim on, an orderly end waits a little for the digest."""
        if task is not None:
            self._handing_over.add(task)
            task.add_done_callback(self._handing_over.discard)

    async def _hand_over(self, row: int, report: DigestReport) -> None:
        try:
            sent = await self._say(report.chat_id, report)
        except Exception:  # noqa: BLE001 - logged with its reference, and told with the next one
            _log.exception("a digest could not be sent", reference=new_reference())
            sent = False
        if sent:
            await self._ledger.sent(row, report)
        else:
            await self._ledger.not_taken(row, report)
