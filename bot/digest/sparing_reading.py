"""Reads an account of a platform that is only read, with few requests: one for the list, one for
each course that moved, and those for the folders that moved. The rest of the tree is read over
several days, because a new lesson need not move any percent.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from aiosqlite import Connection

from bot.clock import Clock
from bot.courses.course_names import entries_of, keep_courses
from bot.digest.first_reading import first_cells, first_courses, first_modules
from bot.digest.occasion import Occasion
from bot.digest.report import Standing
from bot.logs import get_log
from bot.platforms import Reading
from bot.study.outline import read_cells
from bot.tracking.backfill import Allowance, Backfill
from bot.tracking.changes import Before, surely_changed
from bot.tracking.missing import Missing, with_missing
from bot.tracking.snapshot_store import absorb, before_look
from bot.zjy.errors import OddAnswer, Refused, ServerTrouble, SessionExpired, ZjyError
from bot.zjy.gate import Priority
from bot.zjy.models import CourseList, CourseRef, ModuleList
from storage import (
    accounts,
    courses,
    known,
    known_changes,
    request_counts,
    snapshots,
    unknown_modules,
)
from storage.accounts import Account
from storage.cells import Cell
from storage.courses import Course
from storage.database import Database
from storage.known import KnownModule

MOST_A_DAY = 40
"""The requests of one account and local date after which nothing more of the tree is read."""
WITH_LISTS = MOST_A_DAY + 10
"""Those after which the bot by itself asks nothing any more on that date."""
LOOK_AGAIN = timedelta(days=3)
"""Real time after which a current course's modules are listed again though nothing moved."""
READ_AGAIN = timedelta(days=7)
"""Real time after which a current course's module is read again though nothing moved."""

_log = get_log(__name__)


class SparingReader:
    """Each reading counts its requests against the account's local date."""

    def __init__(self, db: Database, clock: Clock) -> None:
        self._db = db
        self._clock = clock
        self._missing = Missing()
        self._refused_at: dict[int, datetime] = {}
        """By course, when the site last refused its modules: it is left alone for days."""
        self._backfill = Backfill(db, clock, self._to_fill, self._missing, first_cells)

    async def may_ask(self, account: Account, occasion: Occasion) -> bool:
        """Whether this reading may ask anything: one that only looks for new lessons is skipped
        once anything was asked on that date."""
        if occasion.priority is Priority.PERSON:
            return True
        asked = await self._asked(account, occasion)
        return asked == 0 if occasion.tell else asked < WITH_LISTS

    async def standing(self, account: Account, occasion: Occasion) -> Standing:
        """The account's standing without a further request: it was read if percents of that date
        are known."""
        if not account.has_cookie:
            return Standing.EXPIRED
        day = occasion.local_date
        told = await self._db.read(
            lambda conn: snapshots.of_account(conn, account.chat_id, account.id, day)
        )
        return Standing.READ if told else Standing.AWAY

    async def read(self, account: Account, session: Reading, occasion: Occasion) -> None:
        """Update what is stored of the account. Raises what the session raises on the list, and
        everywhere SessionExpired."""
        left = MOST_A_DAY - await self._asked(account, occasion)
        try:
            for course in await self._list(account, session, occasion):
                if session.requests >= left:
                    return
                if self._is_left_alone(course):
                    continue
                await self._looked(account, course, session, occasion, left)
            await self._fill(account, session, occasion, left - session.requests)
        finally:
            day, spent = occasion.local_date, session.requests
            await self._db.write(lambda c: request_counts.add(c, account.id, day, spent))

    async def _asked(self, account: Account, occasion: Occasion) -> int:
        day = occasion.local_date
        return await self._db.read(lambda conn: request_counts.on(conn, account.id, day))

    async def _list(
        self, account: Account, session: Reading, occasion: Occasion
    ) -> Sequence[Course]:
        """Read the list of courses; returns those whose modules are to be listed."""
        held = await self._held(account)
        found = await (session.courses() if held else first_courses(session))
        now, held = self._clock.now(), await self._held(account)
        is_whole = self._may_drop(account, held, found, now) and not found.unreadable

        async def unit(conn: Connection) -> list[Course]:
            if await accounts.get(conn, account.chat_id, account.id) is None:
                return []  # logged out meanwhile
            kept = await keep_courses(conn, account, entries_of(found), now, whole=is_whole)
            for course in kept:
                await snapshots.keep_course(conn, course.id, occasion.local_date, now)
            return [course for course in kept if await _is_due(conn, course, now)]

        return await self._db.write(unit)

    async def _held(self, account: Account) -> Sequence[Course]:
        return await self._db.read(lambda c: courses.courses_of(c, account.chat_id, account.id))

    def _may_drop(
        self, account: Account, held: Sequence[Course], found: CourseList, now: datetime
    ) -> bool:
        listed = {course.ref for course in found.courses}
        missing = {_ref(course) for course in held} - listed
        return self._missing.may_go(("courses", account.id), missing, now)

    def _is_left_alone(self, course: Course) -> bool:
        refused_at = self._refused_at.get(course.id)
        if refused_at is not None and self._clock.now() - refused_at >= LOOK_AGAIN:
            del self._refused_at[course.id]
        return course.id in self._refused_at

    async def _looked(
        self, account: Account, course: Course, session: Reading, occasion: Occasion, left: int
    ) -> None:
        try:
            await self._look(account, course, session, occasion, left)
        except ZjyError as trouble:
            if not _is_of_one_course(trouble):
                raise
            self._refused_at[course.id] = self._clock.now()
            _log.warning("a course could not be read", course=course.id, trouble=str(trouble))

    async def _look(
        self, account: Account, course: Course, session: Reading, occasion: Occasion, left: int
    ) -> None:
        """List a course's modules, and read those that certainly have new lessons."""
        is_first = await self._db.read(lambda conn: known.course(conn, course.id)) is None
        ref = _ref(course)
        listing = await (first_modules(session, ref) if is_first else session.modules(ref))
        before = await self._db.read(lambda conn: before_look(conn, course.id))
        trees: dict[str, Sequence[Cell]] = {}
        for module in surely_changed(before, listing):
            if session.requests >= left:
                break
            read = await read_cells(session, ref, module.id, module.name)
            if read.is_whole:
                about, now = (course.id, module.id), self._clock.now()
                cells = await with_missing(self._db, self._missing, *about, read.cells, now)
                trees[module.id] = cells
        now = self._clock.now()
        missing = _missing_modules(before, listing)
        is_whole = self._missing.may_go(("modules", course.id), missing, now)

        async def unit(conn: Connection) -> None:
            if await courses.course(conn, account.chat_id, course.id) is None:
                return
            about = conn, account, course, listing, trees
            await absorb(*about, now=now, tell=occasion.tell, whole=is_whole)
            await known_changes.set_looked(conn, course.id, course.percent)

        await self._db.write(unit)

    async def _fill(
        self, account: Account, session: Reading, occasion: Occasion, left: int
    ) -> None:
        """Read modules that moved, were never read, or were read long ago. Raises SessionExpired
        only: other trouble is tolerated, since the account's numbers are read."""
        # A look for new lessons brings no allowance, and is the day's only reading.
        allowance = Allowance(left, None if occasion.tell else occasion.allowance)
        try:
            await self._backfill.fill(account, session, allowance)
        except SessionExpired:
            raise
        except ZjyError as trouble:
            _log.info("a module could not be read", account=account.id, trouble=str(trouble))

    async def _to_fill(self, conn: Connection, account_id: int) -> list[tuple[int, KnownModule]]:
        before = self._clock.now() - READ_AGAIN
        return await unknown_modules.to_read_again(conn, account_id, before)


async def _is_due(conn: Connection, course: Course, now: datetime) -> bool:
    """Whether a course's modules are to be listed: it moved, or was never looked at, or not for
    days."""
    held = await known.course(conn, course.id)
    if held is None:
        return not course.is_complete or course.current
    if held.looked_percent != course.percent:
        return True
    return course.current and now - held.modules_at >= LOOK_AGAIN


def _is_of_one_course(trouble: ZjyError) -> bool:
    """Whether other courses may be read all the same: the list came, and so did an answer in the
    site's form, with a code of its own."""
    if isinstance(trouble, ServerTrouble):
        return trouble.code is not None
    return isinstance(trouble, (Refused, OddAnswer))


def _missing_modules(before: Before, listing: ModuleList) -> set[str]:
    there = {module.id for module in listing.modules}
    return {each.module_id for each in before.modules.values() if each.listed} - there


def _ref(course: Course) -> CourseRef:
    return CourseRef(course.course_open_id, course.open_class_id)
