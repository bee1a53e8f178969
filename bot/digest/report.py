"""What a digest says, frozen: numbers and names, no words. Percents are 0-100, moments UTC."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from bot.study.estimate import Estimate
from bot.study.methods import CellKind
from bot.study.progress import Counts
from storage.cells import Cell, Counted
from storage.enums import JobState, Pace

LEAST_GAIN = 0.05
"""Percent points; a smaller change would read as 0 with one decimal and does not count as news."""


class Standing(StrEnum):
    """Where an account's numbers come from."""

    READ = "read"
    """The platform was asked for this report."""
    EXPIRED = "expired"
    """The cookie no longer works: the numbers are the last known ones."""
    AWAY = "away"
    """The platform was in trouble: the numbers are the last known ones, some may be new."""
    REFUSED = "refused"
    """The platform answered, but not with what was asked: as with AWAY."""
    LOCKED = "locked"
    """The cookie is sealed with a key that is not here: the numbers are the last known ones."""


class Missed(StrEnum):
    """Why a digest of an earlier day did not come, as far as the student is told."""

    DOWN = "down"
    """It could not be sent between the set time and the end of that day: the bot or Telegram was
    unavailable, the chat could not be written to, or too many digests were due."""
    LOST = "lost"
    """The bot ended while sending it, or Telegram gave no answer: its delivery is unknown."""
    BROKEN = "broken"
    """The bot could not build it."""


@dataclass(frozen=True, slots=True)
class MissedDigest:
    local_date: date
    why: Missed


@dataclass(frozen=True, slots=True)
class NewLessons:
    """The cells published in one module. With ``is_new`` the module itself is new; the cells of a
    new module are empty until it is read."""

    module_id: str
    """The platform's own id."""
    module_name: str
    is_new: bool
    cells: Sequence[Cell]


@dataclass(frozen=True, slots=True)
class ModuleLine:
    """``gained`` is in percent points since the last digest, None without an earlier value.
    ``percent`` is None if the platform never reported it."""

    module_id: str
    name: str
    percent: float | None
    gained: float | None


@dataclass(frozen=True, slots=True)
class Left:
    """The unfinished cells of the modules whose cells are known, as last read.

    No count is guessed: ``unread_modules`` counts the unfinished modules that were never read; no
    other number here includes their cells.
    """

    by_kind: Sequence[tuple[CellKind, int]]
    """Cells that can be studied, kinds in their own order, none with 0."""
    by_hand: Sequence[str]
    """Names of the cells to be done by hand."""
    unsupported: int
    estimate: Estimate | None
    """At the chat's pace; a range where lengths are not known. None where nothing can be
    studied."""
    unread_modules: int
    as_of: datetime | None
    """When the oldest reading of cells whose percent can have changed since was made; None if none
    can."""

    @property
    def to_study(self) -> int:
        return sum(count for _, count in self.by_kind)


@dataclass(frozen=True, slots=True)
class CourseLine(Counted):
    """One course. ``cell_count`` and ``studied_count`` are the platform's own numbers, None until
    it reports them; ``gained`` as in :class:`ModuleLine`."""

    course_id: int
    """The row's id, as buttons carry it."""
    name: str
    is_current: bool
    """Whether its term is a current one."""
    is_new: bool
    """Newly joined since the last digest."""
    percent: float | None
    """None if the platform never reported it."""
    percent_at: datetime | None
    """When the platform reported the percent, if not together with the rest of the course."""
    gained: float | None
    cell_count: int | None
    studied_count: int | None
    modules: Sequence[ModuleLine]
    left: Left
    news: Sequence[NewLessons]
    unnamed: int
    """The number of newly published cells in modules that had not been read before: the platform
    counts them but does not identify them."""
    as_of: datetime
    """When the platform reported the oldest percent here."""
    done_by: date | None = None
    """The local date on which it is complete at the rate of the last days; None if that is not
    known."""

    @property
    def has_moved(self) -> bool:
        """Whether its percent differs from the one in the last digest, or appears for the first
        time."""
        if self.percent is None:
            return False
        return self.gained is None or abs(self.gained) >= LEAST_GAIN

    @property
    def has_news(self) -> bool:
        return self.is_new or bool(self.news) or self.unnamed > 0


@dataclass(frozen=True, slots=True)
class JobLine:
    """A job that is not ended, or ended since the last digest."""

    course_name: str
    state: JobState
    counts: Counts
    resume_at: datetime | None
    is_news: bool
    """Whether its state changed since the last digest."""


@dataclass(frozen=True, slots=True)
class AccountPart:
    """One student. ``as_of`` is when the platform reported the oldest number here, None if it never
    reported any."""

    account_id: int
    name: str
    standing: Standing
    as_of: datetime | None
    asks_for_cookie: bool
    """Whether the digest asks for a new cookie: one is needed, and no digest has asked today."""
    courses: Sequence[CourseLine]
    """Those of current terms first, else in the platform's order."""
    jobs: Sequence[JobLine]
    homework: int
    exams: int
    unread: int
    more_homework: int
    """The increase since the last digest; 0 without an earlier value."""
    more_exams: int
    can_study: bool = True

    @property
    def has_news(self) -> bool:
        """Whether something worth more than one line happened since the last digest, or that is
        unknown."""
        return (
            self.standing is not Standing.READ
            or self.more_homework > 0
            or self.more_exams > 0
            or any(job.is_news for job in self.jobs)
            or any(course.has_news or course.has_moved for course in self.courses)
        )


@dataclass(frozen=True, slots=True)
class DigestReport:
    """The content of one digest. ``since`` is when the last one was made, None for the first;
    ``missed`` are the undelivered ones in between. It must not be sent from ``until`` on, the end
    of the local day."""

    chat_id: int
    local_date: date
    zone: str
    made_at: datetime
    until: datetime
    since: datetime | None
    pace: Pace
    accounts: Sequence[AccountPart]
    missed: Sequence[MissedDigest]

    @property
    def has_news(self) -> bool:
        """If False, the digest is one line or none, as the student set it."""
        is_first = self.since is None
        return is_first or bool(self.missed) or any(part.has_news for part in self.accounts)
