"""Drafts: a student picks a course and ticks modules, and those are read into a plan."""

from collections.abc import AsyncGenerator, Callable, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from aiosqlite import Connection

from bot.accounts import Accounts
from bot.clock import PlatformClock
from bot.courses.course_names import entries_of, keep_courses
from bot.courses.plan import OpenDraft, Plan, plan_of
from bot.limits import MOST, Limit, LimitReachedError
from bot.study.outline import OutlineRead, read_cells, read_outline
from bot.zjy.gate import Priority
from bot.zjy.models import CourseRef, WireModule
from storage import accounts, courses, drafts, jobs, lengths, planned
from storage.accounts import Account
from storage.cells import Cell
from storage.courses import FRESH, Course, Module, ModuleEntry
from storage.database import Database
from storage.enums import DraftState, Pace

WITHIN = timedelta(hours=1)
"""Real time in which a chat's drafts are counted against the limit."""


@dataclass(frozen=True, slots=True)
class CoursesRead:
    """The courses, and how many are unreadable: those are left out or keep their earlier
    reading."""

    courses: Sequence[Course]
    unreadable: int


class Drafts:
    """Each call names the chat and finds only that chat's rows."""

    def __init__(self, db: Database, clock: PlatformClock, accounts: Accounts) -> None:
        self._db = db
        self._clock = clock
        self._accounts = accounts

    async def read_courses(self, account: Account) -> list[Course]:
        """As :meth:`read_course_list`, without the count of unreadable courses."""
        return list((await self.read_course_list(account)).courses)

    async def read_course_list(self, account: Account) -> CoursesRead:
        """Read the account's courses from the platform and store them. Raises a ZjyError."""
        session = await self._accounts.session(account)
        found = await session.courses()
        entries = entries_of(found)
        now, is_whole = self._clock.now(), not found.unreadable and _may_drop(account)

        async def unit(conn: Connection) -> None:
            # The account may have been logged out during the read.
            if await accounts.get(conn, account.chat_id, account.id) is not None:
                await keep_courses(conn, account, entries, now, whole=is_whole)

        await self._db.write(unit)
        return CoursesRead(await self.courses(account), found.unreadable)

    async def courses(self, account: Account) -> list[Course]:
        """The courses as last read: those of current terms first, else in the platform's order."""
        found = await self._db.read(
            lambda conn: courses.courses_of(conn, account.chat_id, account.id)
        )
        return sorted(found, key=lambda course: not course.current)

    async def are_fresh(self, account: Account, kept: Sequence[Course]) -> bool:
        """Whether stored courses are still current: they were read a moment ago, and no job of the
        student has ended since."""
        now = self._clock.now()
        # The newest moment counts: an unreadable course keeps that of an earlier reading.
        seen_at = max((course.seen_at for course in kept), default=None)
        if seen_at is None or now - seen_at >= FRESH:
            return False
        ended = await self._db.read(lambda conn: jobs.last_ended(conn, account.stu_id))
        return ended is None or ended <= seen_at

    async def course(self, chat_id: int, course_id: int) -> Course | None:
        return await self._db.read(lambda conn: courses.course(conn, chat_id, course_id))

    async def begin(
        self, account: Account, course: Course, message_id: int, pace: Pace
    ) -> OpenDraft | None:
        """Read the course's modules and begin a draft in the given message. Raises a ZjyError, or
        LimitReachedError before the platform is asked; None if the course was removed meanwhile."""
        await self._check_limit(account.chat_id)
        session = await self._accounts.session(account)
        found = await session.modules(CourseRef(course.course_open_id, course.open_class_id))
        entries = [ModuleEntry(each.id, each.name, each.percent) for each in found.modules]
        chat_id, now = account.chat_id, self._clock.now()
        is_whole = not found.unreadable and _may_drop(account)

        async def unit(conn: Connection) -> int | None:
            if await courses.course(conn, chat_id, course.id) is None:
                return None
            await courses.replace_modules(conn, course.id, entries, whole=is_whole)
            await courses.set_counts(conn, course.id, found.cell_count, found.studied_count)
            draft = await drafts.create(
                conn,
                chat_id=chat_id,
                account_id=account.id,
                course_id=course.id,
                pace=pace,
                message_id=message_id,
                now=now,
            )
            return draft.id if draft is not None else None

        draft_id = await self._db.write(unit)
        opened = None if draft_id is None else await self.get(chat_id, draft_id)
        return None if opened is None else replace(opened, unreadable=found.unreadable)

    async def _check_limit(self, chat_id: int) -> None:
        since = self._clock.now() - WITHIN
        begun = await self._db.read(lambda conn: drafts.count_since(conn, chat_id, since))
        if begun >= MOST[Limit.DRAFTS]:
            raise LimitReachedError(Limit.DRAFTS)

    async def get(self, chat_id: int, draft_id: int) -> OpenDraft | None:
        async def unit(conn: Connection) -> OpenDraft | None:
            draft = await drafts.get(conn, chat_id, draft_id)
            course = await courses.course(conn, chat_id, draft.course_id) if draft else None
            if draft is None or course is None:
                return None
            account = await accounts.get(conn, chat_id, draft.account_id)
            return OpenDraft(
                draft,
                course,
                await courses.modules_of(conn, chat_id, course.id),
                frozenset(await drafts.ticked(conn, draft_id)),
                can_study=account is None or account.can_study,
            )

        return await self._db.read(unit)

    async def tick(self, chat_id: int, draft_id: int, module_row: int) -> None:
        await self._db.write(lambda conn: drafts.tick(conn, chat_id, draft_id, module_row))

    async def untick(self, chat_id: int, draft_id: int, module_row: int) -> None:
        await self._db.write(lambda conn: drafts.untick(conn, chat_id, draft_id, module_row))

    async def tick_all(self, chat_id: int, draft_id: int) -> None:
        """Tick every unfinished module; a second call changes nothing."""
        await self._db.write(lambda conn: drafts.tick_all(conn, chat_id, draft_id))

    async def clear(self, chat_id: int, draft_id: int) -> None:
        await self._db.write(lambda conn: drafts.clear(conn, chat_id, draft_id))

    async def set_pace(self, chat_id: int, draft_id: int, pace: Pace) -> None:
        await self._db.write(lambda conn: drafts.set_pace(conn, chat_id, draft_id, pace))

    async def back_to_choosing(self, draft_id: int) -> None:
        """Return from a preview or an interrupted reading to the tick boxes, if not started."""

        async def unit(conn: Connection) -> None:
            for state in (DraftState.READING, DraftState.READY):
                await drafts.set_state(conn, draft_id, state, DraftState.CHOOSING)

        await self._db.write(unit)

    async def claim_reading(self, draft_id: int) -> bool:
        """Compare-and-set, so that a second press does not read the draft twice."""
        return await self._db.write(
            lambda conn: drafts.set_state(conn, draft_id, DraftState.CHOOSING, DraftState.READING)
        )

    async def take_notice(self, chat_id: int, draft_id: int, notice_id: int | None) -> bool:
        """Let the draft take only a notice's lessons, or whole modules (None). False if refused."""
        return await self._db.write(
            lambda conn: drafts.set_notice(conn, chat_id, draft_id, notice_id)
        )

    async def read(
        self,
        account: Account,
        opened: OpenDraft,
        takes: Callable[[Cell], bool] | None = None,
    ) -> AsyncGenerator[OutlineRead, None]:
        """Read the ticked modules and store their cells, or those of them that the draft ``takes``;
        the draft is ready when this ends.

        Raises a ZjyError; the draft is still ``reading`` then.
        """
        session = await self._accounts.session(account, Priority.OUTLINE)
        course = CourseRef(opened.course.course_open_id, opened.course.open_class_id)
        chosen = [
            WireModule(id=module.module_id, name=module.name, percent=module.percent)
            for module in opened.modules
            if module.id in opened.ticked
        ]
        async for read in read_outline(session, course, chosen):
            if read.cells is not None:
                taken = [cell for cell in read.cells if takes is None or takes(cell)]
                await self._keep(
                    opened.draft.id, taken, whole=takes is None and not read.unreadable
                )
            yield read

    async def contents(self, account: Account, course: Course, module: Module) -> Sequence[Cell]:
        """All cells of one module as the platform shows them now. Raises a ZjyError."""
        session = await self._accounts.session(account)
        ref = CourseRef(course.course_open_id, course.open_class_id)
        return (await read_cells(session, ref, module.module_id, module.name)).cells

    async def _keep(self, draft_id: int, cells: Sequence[Cell], *, whole: bool) -> None:
        now = self._clock.now()

        async def unit(conn: Connection) -> None:
            # The reading may have been stopped meanwhile, or the account removed.
            if await drafts.set_state(conn, draft_id, DraftState.READING, DraftState.READY):
                await drafts.store_cells(conn, draft_id, cells, now, whole=whole)

        await self._db.write(unit)

    async def plan(self, opened: OpenDraft) -> Plan:
        """The plan of the draft's job, computed by the code that the job itself uses."""
        cells = await self._db.read(lambda conn: drafts.cells(conn, opened.draft.id))
        ids = [cell.cell_id for cell in cells]
        known = await self._db.read(
            lambda conn: lengths.of_course(
                conn, opened.draft.chat_id, opened.course.course_open_id, ids
            )
        )
        taken = await self._db.read(lambda conn: planned.cells_of_draft(conn, opened.draft.id))
        return plan_of(opened, cells, known, taken)


def _may_drop(account: Account) -> bool:
    """Whether a list that a person looks at shows what is gone. That of today's site can be
    incomplete; only the bot's own readings, days apart, tell."""
    return account.can_study
