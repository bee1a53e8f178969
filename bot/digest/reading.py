"""Reads an account for its digest: one request for the student, one for the courses, one per
unfinished course. It reads modules with newly published cells too and, within an allowance, modules
whose cells are unknown or changed. It stores what it reads and sends no message.
"""

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime

from aiosqlite import Connection

from bot.accounts import Accounts
from bot.clock import PlatformClock
from bot.courses.course_names import entries_of, keep_courses
from bot.digest.circuit_breaker import CircuitBreaker
from bot.digest.occasion import Occasion
from bot.digest.report import Standing
from bot.digest.sparing_reading import SparingReader
from bot.logs import get_log
from bot.platforms import Reading
from bot.study.outline import read_cells
from bot.tracking.backfill import Backfill
from bot.tracking.changes import explained, maybe_changed, risen, surely_changed
from bot.tracking.snapshot_store import absorb, before_look, catch_up
from bot.zjy.errors import CookieLocked, OddAnswer, Refused, SessionExpired, Temporary, ZjyError
from bot.zjy.gate import Priority
from bot.zjy.models import CourseRef, WireModule
from storage import accounts, courses, known, snapshots, unknown_modules
from storage.accounts import Account
from storage.cells import Cell
from storage.courses import Course
from storage.database import Database
from storage.enums import Platform

_log = get_log(__name__)


class AccountReader:
    def __init__(self, db: Database, accounts_: Accounts, clock: PlatformClock) -> None:
        self._db = db
        self._accounts = accounts_
        self._clock = clock
        # Apart: one platform may be away for ever.
        self._breakers = {each: CircuitBreaker(clock.clock) for each in Platform}
        self._backfill = Backfill(db, clock.clock)
        self._sparing = SparingReader(db, clock.clock)

    async def read(self, account: Account, occasion: Occasion) -> Standing:
        """Update what is stored of the account as far as the platform allows."""
        await self._db.write(lambda conn: catch_up(conn, account, self._clock.now()))

        async def work(session: Reading) -> None:
            if not account.can_study:
                await self._sparing.read(account, session, occasion)
                return
            await self._read(account, session, occasion)
            await self._fill(account, session, occasion)

        if not account.can_study and not await self._sparing.may_ask(account, occasion):
            return await self._sparing.standing(account, occasion)
        return await self._standing(account, occasion.priority, work)

    async def read_ahead(self, account: Account, occasion: Occasion) -> Standing:
        """Read the unknown cells of the account's courses; the courses themselves are read only if
        they never were."""
        if not await self._db.read(lambda conn: unknown_modules.was_looked_at(conn, account.id)):
            return await self.read(account, occasion)

        async def work(session: Reading) -> None:
            await self._fill(account, session, occasion)

        return await self._standing(account, occasion.priority, work)

    async def _standing(
        self, account: Account, priority: Priority, work: Callable[[Reading], Awaitable[None]]
    ) -> Standing:
        """Run ``work`` in a session of the account; returns the account's standing."""
        breaker = self._breakers[account.platform]
        if breaker.is_open and priority is not Priority.PERSON:
            return Standing.AWAY
        try:
            await self._work(account, priority, work)
        except SessionExpired:
            breaker.answered()
            return Standing.EXPIRED
        except ZjyError as trouble:
            if isinstance(trouble, Temporary):
                breaker.trouble()
            _log.warning("an account could not be read", account=account.id, trouble=str(trouble))
            return _standing_after(trouble)
        breaker.answered()
        return Standing.READ

    async def _work(
        self, account: Account, priority: Priority, work: Callable[[Reading], Awaitable[None]]
    ) -> None:
        """As :meth:`_standing`. An expired session is stored, unless another cookie was pasted
        meanwhile: then ``work`` runs with that one."""
        breaker = self._breakers[account.platform]
        try:
            await work(
                await self._accounts.session(account, priority, stopped=lambda: breaker.is_likely)
            )
        except SessionExpired:
            if await self._accounts.expired(account):
                raise
            renewed = await self._accounts.get(account.chat_id, account.id)
            if renewed is None:
                raise
            await self._work(renewed, priority, work)

    async def _read(self, account: Account, session: Reading, occasion: Occasion) -> None:
        work = (await session.me()).school_work
        found = await session.courses()
        listed = entries_of(found)
        now = self._clock.now()

        async def unit(conn: Connection) -> list[Course]:
            if await accounts.get(conn, account.chat_id, account.id) is None:
                return []  # logged out meanwhile
            await accounts.set_school_work(
                conn, account.id, homework=work.homework, exams=work.exams, unread=work.unread
            )
            kept = await keep_courses(conn, account, listed, now, whole=not found.unreadable)
            to_read = []
            for course in kept:
                await snapshots.keep_course(conn, course.id, occasion.local_date, now)
                if not await _is_done(conn, course):
                    to_read.append(course)
            return to_read

        for course in await self._db.write(unit):
            try:
                await self._read_course(account, course, session, occasion, now)
            except (Refused, OddAnswer) as trouble:
                # Only this course is affected: the others are read.
                _log.warning("a course could not be read", course=course.id, trouble=str(trouble))

    async def _fill(self, account: Account, session: Reading, occasion: Occasion) -> None:
        """Raises SessionExpired only: other trouble is tolerated, since the account's numbers are
        read."""
        try:
            await self._backfill.fill(account, session, occasion.allowance)
        except SessionExpired:
            raise
        except ZjyError as trouble:
            _log.info("a module could not be read", account=account.id, trouble=str(trouble))

    async def _read_course(
        self,
        account: Account,
        course: Course,
        session: Reading,
        occasion: Occasion,
        listed_at: datetime,
    ) -> None:
        ref = CourseRef(course.course_open_id, course.open_class_id)
        listing = await session.modules(ref)
        before = await self._db.read(lambda conn: before_look(conn, course.id))
        if before.is_unlike(listing):
            raise OddAnswer("getProcessList", detail="no modules, where there were some")
        trees: dict[str, Sequence[Cell]] = {}

        async def go_deeper(module: WireModule) -> None:
            read = await read_cells(session, ref, module.id, module.name)
            # Cells missing in a tree count as removed.
            if read.is_whole:
                trees[module.id] = read.cells

        for module in surely_changed(before, listing):
            await go_deeper(module)
        for module in maybe_changed(before, listing, trees):
            if explained(before, trees) >= risen(before, listing):
                break
            await go_deeper(module)
        now = self._clock.now()

        async def unit(conn: Connection) -> None:
            if await courses.course(conn, account.chat_id, course.id) is None:
                return
            await absorb(conn, account, course, listing, trees, now=now, tell=occasion.tell)
            await snapshots.keep_course(conn, course.id, occasion.local_date, listed_at)

        await self._db.write(unit)


def _standing_after(trouble: ZjyError) -> Standing:
    match trouble:
        case Temporary():
            return Standing.AWAY
        case CookieLocked():
            return Standing.LOCKED
        case _:
            return Standing.REFUSED


async def _is_done(conn: Connection, course: Course) -> bool:
    """Whether the course and all its known modules are complete."""
    if not course.is_complete or await known.course(conn, course.id) is None:
        return False
    return all(module.is_complete for module in await known.modules(conn, course.id))
