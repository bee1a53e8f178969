"""Reads the cells of modules whose cells are unknown or changed, so that a digest can say what is
left in them and name what is published in them."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from math import ceil

from aiosqlite import Connection

from bot.clock import Clock
from bot.logs import get_log
from bot.platforms import Reading
from bot.study.outline import CellsRead, read_cells
from bot.tracking.missing import Missing, with_missing
from bot.tracking.snapshot_store import keep_cells
from bot.zjy.endpoints import Endpoint
from bot.zjy.errors import OddAnswer, Refused
from bot.zjy.models import CourseRef
from storage import courses, unknown_modules
from storage.accounts import Account
from storage.courses import Course
from storage.database import Database
from storage.known import KnownModule

_log = get_log(__name__)


@dataclass(slots=True)
class Allowance:
    """The requests that may still be spent on unknown modules. A module that was begun is read to
    its end."""

    requests: int
    whole: "Allowance | None" = None
    """The allowance that this is a share of."""

    @property
    def is_spent(self) -> bool:
        return self.requests <= 0 or (self.whole is not None and self.whole.is_spent)

    def spend(self, requests: int) -> None:
        self.requests -= requests
        if self.whole is not None:
            self.whole.spend(requests)

    def share(self, among: int) -> "Allowance":
        """One of ``among`` equal shares of what is left."""
        return Allowance(ceil(self.requests / among), self)

    def end(self) -> None:
        """Begin no further module: more urgent work waits."""
        self.requests = 0


Find = Callable[[Connection, int], Awaitable[list[tuple[int, KnownModule]]]]
"""The modules of the account with this row id to read, each with its course's row id."""


ReadCells = Callable[[Reading, CourseRef, str, str], Awaitable[CellsRead]]


class Backfill:
    """Reads the modules that ``find`` names, for the first time with ``read_first``. With
    ``missing``, known cells that a reading lacks stay until they are taken for gone."""

    def __init__(
        self,
        db: Database,
        clock: Clock,
        find: Find = unknown_modules.modules,
        missing: Missing | None = None,
        read_first: ReadCells = read_cells,
    ) -> None:
        self._db = db
        self._clock = clock
        self._find = find
        self._missing = missing
        self._read_first = read_first
        self._in_trouble: set[int] = set()
        """The row ids of modules whose last reading failed: they come last."""

    async def fill(self, account: Account, session: Reading, allowance: Allowance) -> None:
        """Read unknown modules one after the other while the allowance lasts, and skip those that
        the platform refuses. Modules that were read stay stored after an error. Raises the
        session's other errors."""
        unknown = await self._db.read(lambda c: self._find(c, account.id))
        for course_id, module in sorted(unknown, key=lambda each: each[1].id in self._in_trouble):
            if allowance.is_spent:
                return
            course = await self._course(account, course_id)
            if course is None:
                continue  # logged out meanwhile
            self._in_trouble.add(module.id)
            try:
                await self._fill(course, module, session, allowance)
                self._in_trouble.discard(module.id)
            except (Refused, OddAnswer) as trouble:
                _log.info("a module could not be read", module=module.id, trouble=str(trouble))
                allowance.spend(1)

    async def _course(self, account: Account, course_id: int) -> Course | None:
        return await self._db.read(lambda c: courses.course(c, account.chat_id, course_id))

    async def _fill(
        self, course: Course, module: KnownModule, session: Reading, allowance: Allowance
    ) -> None:
        ref = CourseRef(course.course_open_id, course.open_class_id)
        read_now = self._read_first if module.read_at is None else read_cells
        read = await read_now(session, ref, module.module_id, module.name)
        allowance.spend(read.requests)
        if not read.is_whole:
            raise OddAnswer(Endpoint.CELLS.short, detail="unreadable cells")
        now = self._clock.now()
        cells = read.cells
        if self._missing is not None:
            about = course.id, module.module_id
            cells = await with_missing(self._db, self._missing, *about, cells, now)
        await self._db.write(lambda c: keep_cells(c, course.id, module.module_id, cells, now))
