"""Students who study at the same time: what they cost, how late their reports are, how people are
answered meanwhile, and how the bot starts and ends with them."""

import asyncio
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from itertools import pairwise

from benchmarks import answers
from benchmarks.figures import Cell, Measured, Result, Table, rank
from benchmarks.machine import Usage
from benchmarks.presser import COURSE, MODULE
from benchmarks.samples import Sample
from benchmarks.seeds import Seed, people
from benchmarks.stage import SeededStage
from benchmarks.watch import watching
from demo.platform import Endpoint, School, Student, course, module, school_of, topic, video
from demo.platform.endpoints import STUDY_CALLS
from demo.platform.server import Request

PRESSERS = 20
CELLS = 40
GAP = 10.0
"""Seconds from an answer to the next report at 1×."""
RESUMED_WITHIN = 45.0
STEP = 5.0
"""Seconds between looks. A part of the time is two steps long, as long as the gap between a
student's reports, and begins with each step."""
WITHIN, WITHOUT = "within 30 a second", "without limit"


@dataclass(frozen=True, slots=True)
class Plan:
    """So many students for so many steps, with Telegram's limit or without."""

    students: int
    steps: int
    limited: bool

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


def school(students: int) -> School:
    """So many students of a course of 40 cells, which no job finishes while it is measured."""
    named = tuple(Student(stu_id=f"s{n:04}XX", name=f"学生{n:04}号") for n in range(students))
    cells = [video(3600.0, name=f"第{n}课") for n in range(CELLS)]
    topics = [topic(cells[at : at + 10]) for at in range(0, CELLS, 10)]
    return school_of(courses=[course([module(topics, name=MODULE)], name=COURSE)], students=named)


def settings(students: int, *, limited: bool) -> dict[str, str]:
    """As an operator sets the bounds for so many; without Telegram's limit, no budget either."""
    bounds = {
        "MAX_RUNNING_JOBS": f"{max(students, 200)}",
        "PLATFORM_REQUESTS_PER_SECOND": f"{max(students * 0.3, 20):g}",
    }
    return bounds if limited else {**bounds, "TELEGRAM_MESSAGES_PER_SECOND": "100000"}


@asynccontextmanager
async def staged(students: int, *, limited: bool) -> AsyncIterator[tuple[SeededStage, list[Seed]]]:
    """A stage with so many jobs, and those people whose jobs rest."""
    made = school(students + PRESSERS)
    running, resting = people(made, students, PRESSERS)
    stage = SeededStage(made, [*running, *resting], settings=settings(students, limited=limited))
    stage.timed.limit(on=limited)
    async with stage:
        yield stage, list(resting)


async def reported(stage: SeededStage, students: int, since: int) -> tuple[float, int]:
    """Wait until so many students have reported, of the requests from ``since`` on, or the time is
    over; returns the seconds, and how many had."""
    began = time.monotonic()
    seen: set[str | None] = set()
    while len(seen) < students and time.monotonic() - began < RESUMED_WITHIN:
        new, since = stage.platform.requests[since:], len(stage.platform.requests)
        seen |= {each.student for each in new if each.endpoint is Endpoint.REPORT}
        await asyncio.sleep(0.05)
    return time.monotonic() - began, len(seen)


async def start(stage: SeededStage, students: int, who: Sequence[Seed]) -> Start:
    """Start the bot, and let people press until all jobs report."""
    since = len(stage.platform.requests)
    polled = await stage.begin()
    done = asyncio.create_task(reported(stage, students, since))
    samples: list[Sample] = []
    async with watching(stage.telegram) as watch:
        pressers = await answers.gather(stage.telegram, watch, who)
        while not done.done():
            samples += await answers.press(pressers, 1.0, seed=len(samples))
    resumed, by_then = await done
    return Start(polled, polled + resumed, by_then, samples)


@dataclass(frozen=True, slots=True)
class Look:
    """What had happened until a moment."""

    at: float
    usage: Usage
    calls: int
    requests: int

    @classmethod
    def now(cls, stage: SeededStage) -> "Look":
        calls, requests = len(stage.telegram.calls), len(stage.platform.requests)
        return cls(time.monotonic(), stage.usage(), calls, requests)


async def observe(stage: SeededStage, plan: Plan, who: Sequence[Seed]) -> Load:
    """Look at a bot whose jobs all run, while people press."""
    async with watching(stage.telegram) as watch:
        pressers = await answers.gather(stage.telegram, watch, who)
        watch.late()
        looks, steps = [Look.now(stage)], list[Sequence[Sample]]()
        for step in range(plan.steps):
            steps.append(await answers.press(pressers, STEP, seed=step))
            looks.append(Look.now(stage))
        load = Load(plan, own_late=watch.late())
    late = lateness(stage.platform.requests)
    for first, last in zip(looks, looks[2:], strict=False):
        _add(load, stage, late, first, last)
    load.samples = [[*one, *other] for one, other in pairwise(steps)]
    return load


def _add(
    load: Load, stage: SeededStage, late: Sequence[float | None], first: Look, last: Look
) -> None:
    """What happened between two looks."""
    took = last.at - first.at
    calls = stage.telegram.calls[first.calls : last.calls]
    made = [each for each in calls if each.method != "getUpdates"]
    load.cpu.append((last.usage.cpu - first.usage.cpu) / took)
    load.memory.append(last.usage.memory)
    load.calls.append(len(made) / took)
    load.refused.append(sum(each.error_code == 429 for each in made) / took)
    load.requests.append((last.requests - first.requests) / took)
    within = late[first.requests : last.requests]
    sent = stage.platform.requests[first.requests : last.requests]
    reporting = {each.student for each in sent if each.endpoint is Endpoint.REPORT}
    load.reporting.append(len(reporting))
    load.late.append([each for each in within if each is not None])


def lateness(requests: Sequence[Request]) -> list[float | None]:
    """For each request, if it is a report after an answer, by how many seconds it came later than
    the pace asks for."""
    answered: dict[str | None, float] = {}
    late: list[float | None] = []
    for each in requests:
        is_study = each.endpoint in STUDY_CALLS
        before = answered.get(each.student)
        is_report = each.endpoint is Endpoint.REPORT and before is not None
        late.append(each.at - before - GAP if is_report and before is not None else None)
        if is_study and each.answered_at is not None:
            answered[each.student] = each.answered_at
    return late


async def small(counts: Sequence[int], steps: int) -> list[Load]:
    """Few students, a bot for each count and limit, all bots at the same time."""

    async def one(students: int, *, limited: bool) -> Load:
        async with staged(students, limited=limited) as (stage, who):
            await start(stage, students, who)
            return await observe(stage, Plan(students, steps, limited), who)

    made = [one(count, limited=limited) for count in counts for limited in (True, False)]
    return list(await asyncio.gather(*made))


async def large(students: int, steps: int, again: int) -> tuple[list[Load], list[Life]]:
    """Many students, first with Telegram's limit and then without; before that, the bot is started
    and ended ``again`` times more."""
    loads, lives = [], []
    async with staged(students, limited=True) as (stage, who):
        for limited, is_observed in [*([(True, False)] * again), (True, True), (False, True)]:
            stage.settings.update(settings(students, limited=limited))
            stage.timed.limit(on=limited)
            started = await start(stage, students, who)
            if is_observed:
                loads.append(await observe(stage, Plan(students, steps, limited), who))
            lives.append(Life(started, await stage.end()))
    return loads, lives


async def measure(
    counts: Sequence[int] = (0, 1, 10, 100),
    many: int = 1000,
    most: int = 3000,
    steps: int = 4,
) -> Result:
    """All counts of students."""
    loads = await small(counts, steps)
    more, lives = await large(many, steps, again=1)
    loads += more
    # The first start finds jobs that were never begun: no restart.
    loads += (await large(most, steps, again=0))[0]
    return Result((_students(loads), _memory(loads), _answers(loads), _lives(many, lives)), ())


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


def _answers(loads: Sequence[Load]) -> Table:
    return answers.table({load.plan.name: answers.row(load.samples) for load in loads})


def _lives(students: int, lives: Sequence[Life]) -> Table:
    shown = [
        [each.shown for each in life.start.samples if each.shown is not None] for life in lives
    ]
    rows: dict[str, tuple[Cell, ...]] = {
        "to the first getUpdates, s": (Measured.of((life.start.polled for life in lives), 2),),
        "until the last job reported, s": (Measured.of((life.start.resumed for life in lives), 1),),
        "jobs that had reported then": (Measured.of(life.start.reported for life in lives),),
        "answers meanwhile, p50 ms": (Measured.of(1000 * rank(each, 0.5) for each in shown),),
        "answers meanwhile, p95 ms": (Measured.of(1000 * rank(each, 0.95) for each in shown),),
        "from SIGTERM to the end, s": (Measured.of((life.ended for life in lives), 2),),
    }
    return Table(
        f"Start and end with {students:,} jobs",
        "From the start of the process; of the time until the last job reported, ten seconds are "
        "the pace's own.",
        ("what", "measured"),
        rows,
    )
