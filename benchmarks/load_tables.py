"""What was seen of students who study at the same time, and the tables made of it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from benchmarks import answers
from benchmarks.figures import Cell, Goal, Measured, Result, Table, rank, ratio
from benchmarks.samples import Sample

POLLED, RESUMED = "to the first getUpdates, s", "until the last job reported, s"
MEANWHILE = "answers meanwhile, p95 ms"
MEASURED = "measured"
WITHIN, WITHOUT = "within 30 a second", "without limit"


@dataclass(frozen=True, slots=True)
class Length:
    """How long it is looked at: so many ``steps``, of so many real seconds each. A ``part`` of the
    time is so many steps, as long as the gap between a student's reports, and one begins with each
    step. ``speed`` is the platform's clock's."""

    steps: int = 6
    step: float = 2.5
    part: int = 4
    speed: float = 1.0


@dataclass(frozen=True, slots=True)
class Plan:
    """So many students, with Telegram's limit or without."""

    students: int
    limited: bool
    length: Length

    @property
    def name(self) -> str:
        return f"{self.students:,}, {WITHIN if self.limited else WITHOUT}"


@dataclass(slots=True)
class Load:
    """What was seen while students studied; a value for each part of the time."""

    plan: Plan
    cpu: list[float] = field(default_factory=list)
    memory: list[float] = field(default_factory=list)
    late: list[list[float]] = field(default_factory=list)
    reporting: list[float] = field(default_factory=list)
    calls: list[float] = field(default_factory=list)
    refused: list[float] = field(default_factory=list)
    requests: list[float] = field(default_factory=list)
    samples: list[list[Sample]] = field(default_factory=list)
    all_samples: list[Sample] = field(default_factory=list)
    own_late: list[float] = field(default_factory=list)

    def row(self) -> tuple[Cell, ...]:
        """In the order of ``COLUMNS``."""
        return (
            Measured.of(self.reporting),
            Measured.of((100 * each for each in self.cpu), 1),
            Measured.of(self.memory),
            *(Measured.of(1000 * rank(part, share) for part in self.late) for share in (0.5, 0.99)),
            Measured.of(self.requests, 1),
            Measured.of(self.calls, 1),
            Measured.of(self.refused, 1),
            Measured((1000 * rank(self.own_late, 0.99),)),
        )


@dataclass(frozen=True, slots=True)
class Start:
    """A start with jobs: seconds to the first poll and until all had reported, how many had until
    the time was over, and the answers meanwhile."""

    polled: float
    resumed: float
    reported: int
    samples: Sequence[Sample]


@dataclass(frozen=True, slots=True)
class Life:
    """A start, and the seconds from SIGTERM to the end."""

    start: Start
    ended: float


COLUMNS = (
    "reporting",
    "CPU % of a core",
    "MiB",
    "reports late, ms p50",
    "p99",
    "requests a second",
    "Telegram calls a second",
    "refused with 429",
    "stand-ins late, ms p99",
)


def result(loads: Sequence[Load], many: int, lives: Sequence[Life]) -> Result:
    """All tables, and what ``many`` students and the most of them should keep to."""
    students, waited, begun = _students(loads), answered(loads), _lives(many, lives)
    limited = {each.plan.students: each.plan.name for each in loads if each.plan.limited}
    among, most = limited[many], limited[max(limited)]
    p95 = waited.cell(among, "p95")
    beside = ratio([p95.median], [waited.cell(limited[min(limited)], "p95").median])
    goals = (
        Goal(f"answers beside {among}, p95 ms", p95, 300),
        Goal("the same over answers beside nothing", beside, 3),
        Goal(
            f"reports late with {most}, p99 ms",
            students.cell(most, "p99"),
            1000,
        ),
        Goal(f"MiB with {most}", students.cell(most, "MiB"), 250),
        Goal(
            f"start with {many:,} jobs {POLLED}",
            begun.cell(POLLED, MEASURED),
            1.5,
        ),
        Goal(f"with {many:,} jobs {RESUMED}", begun.cell(RESUMED, MEASURED), 20),
        Goal("answers meanwhile, p95 ms", begun.cell(MEANWHILE, MEASURED), 1000),
    )
    return Result((students, _memory(loads), waited, begun), goals)


def _students(loads: Sequence[Load]) -> Table:
    return Table(
        "Students at the same time",
        f"Each studies videos at 1×, so a report every ten seconds, while people press (see "
        f"*Answers*). A report is late by what passed beyond those ten seconds since the answer "
        f"before. {WITHIN.capitalize()}, the Telegram refuses what is beyond 30 calls a second "
        f"and the bot has its budget of 25; {WITHOUT} there is neither. Up to 100 students, all "
        "bots of these rows ran at the same time.",
        ("students", *COLUMNS),
        {load.plan.name: load.row() for load in loads},
    )


def _memory(loads: Sequence[Load]) -> Table:
    """How memory grows from one count to the next."""
    limited = [each for each in loads if each.plan.limited and each.plan.students >= 10]
    rows: dict[str, tuple[Cell, ...]] = {}
    for fewer, more in pairwise(limited):
        students = more.plan.students - fewer.plan.students
        grown = [now - then for now, then in zip(more.memory, fewer.memory, strict=True)]
        rows[f"{fewer.plan.students:,} to {more.plan.students:,}"] = (
            Measured.of((1024 * each / students for each in grown), 1),
        )
    return Table(
        "Memory of a student",
        "KiB for each further student, within 30 calls a second.",
        ("students", "KiB each"),
        rows,
    )


def answered(loads: Sequence[Load]) -> Table:
    return answers.table(
        {load.plan.name: answers.row(load.samples, load.all_samples) for load in loads}
    )


def _lives(students: int, lives: Sequence[Life]) -> Table:
    shown = [answers.shown(life.start.samples) for life in lives]
    rows: dict[str, tuple[Cell, ...]] = {
        POLLED: (Measured.of((life.start.polled for life in lives), 2),),
        RESUMED: (Measured.of((life.start.resumed for life in lives), 1),),
        "jobs that had reported then": (Measured.of(life.start.reported for life in lives),),
        "answers meanwhile, p50 ms": (Measured.of(1000 * rank(each, 0.5) for each in shown),),
        MEANWHILE: (Measured.of(1000 * rank(each, 0.95) for each in shown),),
        "from SIGTERM to the end, s": (Measured.of((life.ended for life in lives), 2),),
    }
    return Table(
        f"Start and end with {students:,} jobs",
        "From the start of the process; of the time until the last job reported, ten seconds are "
        "the pace's own.",
        ("what", MEASURED),
        rows,
    )
