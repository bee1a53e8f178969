"""Sends the digests that are due: each at most once, few at a time, and none after its day.

The job queue only calls :meth:`Digests.tick`; the rows decide.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Collection, Coroutine
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from typing import Any
from weakref import WeakValueDictionary

from bot.clock import Clock
from bot.delivery_status import DeliveryStatus
from bot.digest.agenda import NotDueCache, Todo
from bot.digest.collect import Collector, keep_asked
from bot.digest.delivery import DigestDelivery, Prepare, Ready
from bot.digest.early_reading import EarlyReading, Upcoming
from bot.digest.new_lesson_watch import NewLessonWatch
from bot.digest.patience import Patience
from bot.digest.reading_ahead import ReadAhead
from bot.digest.spacing import Spacing
from bot.digest.starting import Starting
from bot.digest.store import DigestStore
from bot.logs import get_log, new_reference
from bot.tracking.backfill import Allowance
from bot.zjy.gate import Priority
from storage import digest_settings
from storage.database import Database
from storage.digest_settings import DigestSettings
from storage.enums import DigestKind, SkipReason
from storage.errors import StorageError

TICK = timedelta(seconds=20)
"""Real time between two checks for chats that are due."""
AT_ONCE = 24
"""Chats that are read at the same time. Each has one request in flight and pauses after it, so that
together they reach the request rate that the gate allows the whole bot."""
BACKFILL = 30
"""Requests that a digest spends on modules whose cells are unknown, if few digests wait behind
it."""
SAY_APART = 0.1
"""Real seconds between two digests. Telegram accepts 30 messages a second from one bot, and answers
to button presses need most of them."""
SETTLE_WITHIN = 0.5
"""Real seconds that the end of the process allows for storing the delivery of digests that were
handed over."""

_log = get_log(__name__)


class Digests:
    """``prepare`` makes a report ready to be sent, ``tell`` reports new notices and must not block;
    the chats ``without_access`` are not served."""

    def __init__(
        self,
        db: Database,
        clock: Clock,
        collector: Collector,
        starting: Starting,
        prepare: Prepare,
        tell: Callable[[], None],
        without_access: Collection[int] = (),
    ) -> None:
        self._without_access = without_access
        self._db = db
        self._clock = clock
        self._collector = collector
        self._prepare = prepare
        self._ahead = ReadAhead(db, clock, collector)
        self._early = EarlyReading(clock, collector, TICK)
        self._store = DigestStore(db, clock)
        self._not_due = NotDueCache()
        self._patience = Patience(clock)
        self._delivery = DigestDelivery(db, clock, collector, self._store, self._patience, prepare)
        self._watch = NewLessonWatch(
            db, clock, collector, starting, self._store, self._patience, tell
        )
        self._places = asyncio.Semaphore(AT_ONCE)
        self._apart = Spacing(clock, SAY_APART)
        self._locks: WeakValueDictionary[int, asyncio.Lock] = WeakValueDictionary()
        self._serving: set[int] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        self._handing_over: set[asyncio.Task[Any]] = set()
        self._closed = False

    async def tick(self) -> None:
        """Find the chats that are due and begin to serve them. Looks for new lessons and reading
        ahead begin only while no digest is being served. Returns before any of it is done."""
        try:
            if not self._closed:
                await self._look()
        except StorageError:
            if not self._closed:  # else the storage was closed while this read it
                raise

    async def _look(self) -> None:
        now = self._clock.now()
        idle: list[DigestSettings] = []
        watchers: list[int] = []
        for settings in await self._db.read(digest_settings.in_use):
            chat_id = settings.chat_id
            if not self._may_serve(chat_id) or self._patience.lasts(chat_id):
                continue
            found = await self._due(settings, now)
            if found is None:
                idle.append(settings)
            elif found.is_for_later:
                watchers.append(chat_id)
            else:
                self._begin(chat_id)
        if not self._serving:
            for chat_id in watchers:
                self._begin(chat_id)
        upcoming = self._early.choose(idle, self._not_due)
        for each in upcoming:
            self._keep(self._read_early(each))
        if self._serving or upcoming:
            self._ahead.make_room()
        else:
            for settings in await self._ahead.choose(idle):
                self._keep(self._read_ahead(settings))

    async def _due(self, settings: DigestSettings, now: datetime) -> Todo | None:
        """What is due for the chat; None while nothing can be due."""
        if self._not_due.lasts(settings, now):
            return None
        mark = self._not_due.mark
        found = await self._store.look(settings, now)
        if not found.is_empty:
            return found
        self._not_due.begin(settings, now, found.again_at, mark)
        return None

    async def send_now(self, chat_id: int, prepare: Prepare | None = None) -> bool:
        """Send the chat a current report that the student requested, made ready by ``prepare`` if
        given. It replaces no day's digest, and the next digest still counts from the last digest.
        False if it could not be sent."""
        self._ahead.make_room()
        async with self._alone(chat_id):
            now = self._clock.now()
            settings = await self._db.write(lambda c: digest_settings.ensure(c, chat_id, now))
            report = await self._collector.collect(settings, Priority.PERSON, Allowance(BACKFILL))
            if not report.accounts:
                return False  # the last account was removed meanwhile
            send = await (prepare or self._prepare)(report)
            if await send() is not DeliveryStatus.SENT:
                return False
            await self._db.write(lambda conn: keep_asked(conn, report))
            return True

    async def catch_up(self, chat_id: int) -> None:
        """The chat can be written to again: the next tick may still send today's digest."""
        await self._store.reopen_today(chat_id)
        self._not_due.end(chat_id)

    async def close(self) -> None:
        """Serve no further chat; :meth:`settle` waits for the digests that were handed over."""
        self._closed = True
        ending = self._tasks - self._handing_over
        for task in ending:
            task.cancel()
        await asyncio.gather(*ending, return_exceptions=True)

    async def settle(self, seconds: float = SETTLE_WITHIN) -> None:
        """Store the delivery of the digests in the outbox, after that is closed. One that was never
        sent is sent after the next start; one whose delivery is unknown counts as lost."""
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=seconds)
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def _may_serve(self, chat_id: int) -> bool:
        """Checked again after each wait: two ticks can overlap, and the service can be closed."""
        is_free = chat_id not in self._serving and chat_id not in self._without_access
        return is_free and not self._closed

    def _begin(self, chat_id: int) -> None:
        if self._may_serve(chat_id):
            self._serving.add(chat_id)
            self._keep(self._serve(chat_id))

    def _keep(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def _alone(self, chat_id: int) -> asyncio.Lock:
        """The chat's lock: one report of a chat at a time, so that two never tell the same news."""
        return self._locks.setdefault(chat_id, asyncio.Lock())

    async def _serve(self, chat_id: int) -> None:
        try:
            async with self._logged(chat_id), self._alone(chat_id):
                async with self._places:
                    ready = await self._make_ready(chat_id) if not self._closed else None
                if ready is not None:
                    await self._hand_over(chat_id, ready)
        finally:
            self._serving.discard(chat_id)
            self._not_due.end(chat_id)

    async def _read_ahead(self, settings: DigestSettings) -> None:
        try:
            async with self._logged(settings.chat_id), self._alone(settings.chat_id):
                await self._ahead.read(settings)
        finally:
            self._ahead.ended(settings.chat_id)

    async def _read_early(self, upcoming: Upcoming) -> None:
        chat_id = upcoming.settings.chat_id
        async with self._logged(chat_id):
            await self._early.read(upcoming, self._alone(chat_id))

    @asynccontextmanager
    async def _logged(self, chat_id: int) -> AsyncIterator[None]:
        """Logs an error of one chat under a reference; the other chats go on."""
        try:
            yield
        except StorageError as error:
            _log.error("a digest could not be stored; trying again", trouble=str(error))
        except Exception:  # noqa: BLE001 - logged
            _log.exception("a chat could not be served", chat=chat_id, reference=new_reference())

    async def _make_ready(self, chat_id: int) -> Ready | None:
        """Look again, since time has passed, and do all that is due now up to sending the digest,
        which is returned if one is due."""
        settings = await self._db.read(lambda conn: digest_settings.get(conn, chat_id))
        if settings is None:
            return None
        found = await self._store.look(settings, self._clock.now())
        if found.missed:
            await self._store.skip(settings, found.missed, SkipReason.DOWN)
        if settings.blocked_at is not None:
            await self._skip_blocked(settings, found)
            return None
        # One reading serves all that is due.
        ready = None
        if found.digest is not None:
            crowded = len(self._serving) > AT_ONCE
            allowance = Allowance(0 if crowded else BACKFILL)
            ready = await self._delivery.make(settings, found.digest, allowance)
        if self._patience.lasts(chat_id):
            return None
        if found.start is not None:
            await self._watch.start(settings, found.start, is_read=found.digest is not None)
        elif found.watch and found.digest is None:
            await self._watch.watch(settings)
        return ready

    async def _skip_blocked(self, settings: DigestSettings, found: Todo) -> None:
        """Skip what is due for a chat that the bot cannot write to."""
        if found.digest is not None:
            await self._store.skip(settings, [found.digest.local_date], SkipReason.BLOCKED)
        if found.start is not None:
            kind = DigestKind.START
            await self._store.skip(settings, [found.start.local_date], SkipReason.BLOCKED, kind)

    async def _hand_over(self, chat_id: int, ready: Ready) -> None:
        if ready.send is not None:
            await self._apart.my_turn()
        if (task := asyncio.current_task()) is not None:
            # An orderly shutdown waits briefly for a digest that was claimed.
            self._handing_over.add(task)
            task.add_done_callback(self._handing_over.discard)
        await self._delivery.deliver(chat_id, ready)
