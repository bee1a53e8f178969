"""The platform's rules of study for one student: opening cells, switching, bars.

Pure but for the records it keeps: the time of every step is passed in, as platform seconds. What
a report does is in `reports`. Source of the rules: docs/platform.md, sections *Studying a cell*
and *Result codes*.
"""

from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import Enum, auto

from demo.platform.progress import FULL, Progress
from demo.platform.school import Method, Place, School
from demo.platform.violations import ViolationKind

STRIKES_TO_BAR = 3
STRIKE_WINDOW = 60.0
BAR_MINUTES = 20
BAR_MINUTES_UNSAID = 30
MAX_SWITCHES_IN_A_ROW = 3

OK = 1
REFUSED = -1
STEP_REFUSED = -2
NOT_OPEN_YET = -33
OTHER_CELL_OPEN = -100
FAILED = -500

Note = Callable[[ViolationKind, str], None]
"""Takes a violation and its detail."""


class Shape(Enum):
    """Which answer a verdict becomes on the wire."""

    PLAIN = auto()
    """`code` and `msg`."""
    VIEW = auto()
    """The full answer of an opened cell."""
    OTHER_CELL = auto()
    """The -100 answer with the values for a switch."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the platform says to a view, switch or report."""

    code: int
    msg: str = ""
    shape: Shape = Shape.PLAIN


NO_SUCH_CELL = Verdict(FAILED, "操作失败！")


@dataclass(slots=True)
class Bar:
    """A bar for abnormal study: until when (platform seconds), its text, whether it was told."""

    until: float
    msg: str
    told: bool = False


class StudyState:
    """What the platform stores of one student's study; one object per student."""

    def __init__(self, school: School, stu_id: str, note: Note, lag: float = 0.0) -> None:
        self.school = school
        self.stu_id = stu_id
        self.note = note
        self.lag = lag
        self.open_cell: str | None = None
        self.token = ""
        self.log_id = ""
        self.viewed_at = float("-inf")
        self.reported_at = float("-inf")
        self.finished_by = ""
        """The token whose answered report brought its cell to 100."""
        self.accepted_at: float | None = None
        """The position of the last report that was accepted without being counted."""
        self._strikes: deque[float] = deque()
        self._bar: Bar | None = None
        self._switched_to = ""
        self._switches = 0

    def progress(self, cell_id: str) -> Progress:
        """This student's record of a cell."""
        return self.school.progress(self.stu_id, cell_id)

    def blocking(self, cell_id: str) -> Place | None:
        """The other cell that is open and unfinished, if there is one."""
        if self.open_cell in (None, cell_id) or self.progress(self.open_cell).is_full:
            return None
        return self.school.place(self.open_cell)

    def view(self, place: Place, now: float, token: str, log_id: str, *, count: bool) -> Verdict:
        """Open a cell under a new token; `count` False leaves the study of it as it is."""
        cell = place.cell
        if cell.is_folder:
            return NO_SUCH_CELL
        if cell.method is Method.BY_HAND:
            self.note(ViolationKind.BY_HAND, f"view of {cell.category} {cell.id}")
        if cell.gone:
            return Verdict(REFUSED, "该课件不存在或已被删除")
        if cell.locked:
            return Verdict(NOT_OPEN_YET, "该课件尚未开放！")
        if not self._is_its_turn(place, now):
            return Verdict(NOT_OPEN_YET, "请先完成上一课件，限制30分钟后开放！")
        if self.blocking(cell.id):
            return Verdict(OTHER_CELL_OPEN, shape=Shape.OTHER_CELL)
        self.open_cell, self.token, self.log_id = cell.id, token, log_id
        self._switched_to, self._switches = "", 0
        self.accepted_at = None
        if cell.method is Method.VIEW and count:
            self.progress(cell.id).raise_to(FULL, now)
        return Verdict(OK, shape=Shape.VIEW)

    def _is_its_turn(self, place: Place, now: float) -> bool:
        """Whether the cell before shows 100, as late as everything is shown."""
        before = place.course.before(place.cell) if place.course.in_order else None
        return before is None or self.progress(before.id).percent_at(now - self.lag) >= FULL

    def switch(self, place: Place | None, form: Mapping[str, str]) -> Verdict:
        """Make the named cell the one being studied, in place of whatever is open.

        All five values must be the cell's own. The cell named is then the open one: naming the
        cell that blocks instead of the wanted one gains nothing.
        """
        if place is None or place.cell.is_folder or not _is_exactly(place, form):
            return NO_SUCH_CELL
        cell_id = place.cell.id
        self._switches = self._switches + 1 if cell_id == self._switched_to else 1
        self._switched_to = cell_id
        if self._switches > MAX_SWITCHES_IN_A_ROW:
            self.note(ViolationKind.LOOP, f"{self._switches} switches in a row to {cell_id}")
        self.open_cell, self.token = cell_id, ""
        return Verdict(OK)

    def bar(self, minutes: int | None, now: float) -> Bar:
        """Bar the student from now on for so many minutes (None: 30, and the text says none)."""
        if minutes is None:
            msg = "您的账号存在刷课记录，请稍后再试"
        else:
            msg = f"您的账号存在异常学习行为，请{minutes}分钟后再试"
        lasts = (BAR_MINUTES_UNSAID if minutes is None else minutes) * 60.0
        self._bar = Bar(now + lasts, msg)
        return self._bar

    def barred(self, now: float) -> Bar | None:
        """The bar that lasts at that time, if any."""
        if self._bar is not None and now >= self._bar.until:
            self._bar = None
        return self._bar

    def refuse_barred(self, bar: Bar) -> Verdict:
        """The answer to a view or report during a bar; asking again after it is a violation."""
        if bar.told:
            self.note(ViolationKind.DURING_BAR, bar.msg)
        bar.told = True
        return Verdict(REFUSED, bar.msg)

    def strike(self, now: float) -> None:
        """Count a step that was too large or too soon; three within a minute are a bar."""
        self._strikes.append(now)
        while now - self._strikes[0] > STRIKE_WINDOW:
            self._strikes.popleft()
        if len(self._strikes) >= STRIKES_TO_BAR:
            self._strikes.clear()
            self.bar(BAR_MINUTES, now)


def _is_exactly(place: Place, form: Mapping[str, str]) -> bool:
    return (
        form.get("courseOpenId") == place.course.course_open_id
        and form.get("openClassId") == place.course.open_class_id
        and form.get("moduleId") == place.module.id
        and form.get("cellName") == _whole(place.cell.name)
    )


def _whole(name: str) -> str:
    """The name as a form can carry it: half a character becomes U+FFFD on its way."""
    return name.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
