"""Reads an account for its digest: a call for the student, one for the courses, one per unfinished
course, and deeper only where something was published. What it learns is stored; nothing is told.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from aiosqlite import Connection

from bot.clock import PlatformClock
from bot.digest.absorbing import absorb, before_look, catch_up
from bot.digest.newly import as_stored, explained, maybe_changed, risen, surely_changed
from bot.digest.outage import Outage
from bot.digest.report import Standing
from bot.jobs.drafts import entries_of
from bot.logs import get_log
from bot.study.outline import COMPLETE, read_outline
from bot.zjy.errors import SessionExpired, ZjyError
from bot.zjy.gate import Gate, Priority, Session
from bot.zjy.models import CourseRef, Module
from storage import accounts, courses, known, snapshots
from storage.accounts import Account
from storage.courses import Course
from storage.database import Database
from storage.drafts import DraftCell
from storage.vault import Vault, VaultError

_log = get_log(__name__)


@dataclass(frozen=True, slots=True)
class Occasion:
    """For whom an account is read. With ``tell`` new lessons leave a notice of their own."""

    local_date: date
    priority: Priority
    tell: bool


class AccountReader:
    def __init__(self, db: Database, vault: Vault, gate: Gate, clock: PlatformClock) -> None:
        self._db = db
        self._vault = vault
        self._gate = gate
        self._clock = clock
        self._outage = Outage(clock.clock)

    async def read(self, account: Account, occasion: Occasion) -> Standing:
        """Bring what is stored of the account up to date as far as the platform lets it."""
        await self._db.write(lambda conn: catch_up(conn, account, self._clock.clock.now()))
        if self._outage.is_on and occasion.priority is not Priority.PERSON:
            return Standing.AWAY
        try:
            await self._read(account, await self._session(account, occasion.priority), occasion)
        except SessionExpired:
            await self._expired(account)
            self._outage.answered()
            return Standing.EXPIRED
        except ZjyError as trouble:
            self._outage.trouble()
            _log.warning("an account could not be read", account=account.id, trouble=str(trouble))
            return Standing.AWAY
        self._outage.answered()
        return Standing.READ

    async def _session(self, account: Account, priority: Priority) -> Session:
        try:
            cookie = await self._db.read(lambda c: accounts.cookie(c, self._vault, account.id))
        except VaultError as error:
            raise SessionExpired("vault", str(error)) from error
        if cookie is None:
            raise SessionExpired("vault", "no cookie is stored")
        return self._gate.session(
            cookie,
            stu_id=account.stu_id,
            priority=priority,
            stopped=lambda: self._outage.is_likely,
        )

    async def _expired(self, account: Account) -> None:
        now = self._clock.clock.now()
        await self._db.write(
            lambda c: accounts.mark_expired(c, account.id, now, pasted_at=account.pasted_at)
        )

    async def _read(self, account: Account, session: Session, occasion: Occasion) -> None:
        work = (await session.me()).school_work
        listed = entries_of(await session.courses())
        now = self._clock.clock.now()

        async def unit(conn: Connection) -> list[Course]:
            if await accounts.get(conn, account.chat_id, account.id) is None:
                return []  # logged out meanwhile
            await accounts.set_school_work(
                conn, account.id, homework=work.homework, exams=work.exams, unread=work.unread
            )
            kept = await courses.replace_courses(conn, account.id, listed, now)
            to_read = []
            for course in kept:
                await snapshots.keep_course(conn, course.id, occasion.local_date)
                if await _is_done(conn, course):
                    await snapshots.keep_modules(conn, course.id, occasion.local_date)
                else:
                    to_read.append(course)
            return to_read

        for course in await self._db.write(unit):
            await self._read_course(account, course, session, occasion)

    async def _read_course(
        self, account: Account, course: Course, session: Session, occasion: Occasion
    ) -> None:
        ref = CourseRef(course.course_open_id, course.open_class_id)
        listing = await session.modules(ref)
        before = await self._db.read(lambda conn: before_look(conn, course.id))
        trees: dict[str, Sequence[DraftCell]] = {}
        for module in surely_changed(before, listing):
            trees[module.id] = await _cells(session, ref, module)
        for module in maybe_changed(before, listing, trees):
            if explained(before, trees) >= risen(before, listing):
                break
            trees[module.id] = await _cells(session, ref, module)
        now = self._clock.clock.now()

        async def unit(conn: Connection) -> None:
            if await courses.course(conn, account.chat_id, course.id) is None:
                return
            await absorb(conn, account, course, listing, trees, now=now, tell=occasion.tell)
            await snapshots.keep_course(conn, course.id, occasion.local_date)
            await snapshots.keep_modules(conn, course.id, occasion.local_date)

        await self._db.write(unit)


async def _is_done(conn: Connection, course: Course) -> bool:
    """Whether the course is complete, and so are its modules as they are known."""
    if course.percent < COMPLETE or await known.course(conn, course.id) is None:
        return False
    return all(module.percent >= COMPLETE for module in await known.modules(conn, course.id))


async def _cells(session: Session, ref: CourseRef, module: Module) -> list[DraftCell]:
    """All cells of one module as the platform shows them now."""
    # Without its percent, so that a complete one is read too.
    wanted = [Module(id=module.id, name=module.name)]
    cells: list[DraftCell] = []
    async for read in read_outline(session, ref, wanted):
        cells = [as_stored(cell) for cell in read.cells or ()]
    return cells
