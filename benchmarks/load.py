"""Students who study at the same time: what they cost, how late their reports are, how people are
answered meanwhile, and how the bot starts and ends with them."""

import asyncio
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass

from benchmarks import answers
from benchmarks.figures import Result
from benchmarks.load_tables import Length, Life, Load, Plan, Start, result
from benchmarks.machine import Usage
from benchmarks.presser import COURSE, MODULE
from benchmarks.samples import Sample
from benchmarks.seeds import Seed, people
from benchmarks.stage import SeededStage
from benchmarks.watch import watching
from demo.platform import Endpoint, School, Student, course, module, school_of, topic, video
from demo.platform.endpoints import STUDY_CALLS
from demo.platform.requests import Request

PRESSERS = 20
CELLS = 40
GAP = 10.0
"""Seconds from an answer to the next report at 1×."""
RESUMED_WITHIN = 30.0
"""Real seconds; whatever runs then is looked at."""
SET_UP = 3.0
"""Seconds in which a new bot gives itself a name and a menu, a dozen calls, before people come."""
LENGTH = Length()


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
async def staged(
    students: int, length: Length, *, limited: bool
) -> AsyncIterator[tuple[SeededStage, list[Seed]]]:
    """A stage with so many jobs, and those people whose jobs rest."""
    made = school(students + PRESSERS)
    running, resting = people(made, students, PRESSERS)
    stage = SeededStage(
        made, [*running, *resting], speed=length.speed, settings=settings(students, limited=limited)
    )
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
    await asyncio.sleep(SET_UP)
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
        for step in range(plan.length.steps):
            steps.append(await answers.press(pressers, plan.length.step, seed=step))
            looks.append(Look.now(stage))
        load = Load(plan, own_late=watch.late())
    late = lateness(stage.platform.requests, plan.length.speed)
    part = plan.length.part
    for begin in range(plan.length.steps - part + 1):
        _add(load, stage, late, looks[begin], looks[begin + part])
        load.samples.append([each for step in steps[begin : begin + part] for each in step])
    load.all_samples = [each for step in steps for each in step]
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


def lateness(requests: Sequence[Request], speed: float) -> list[float | None]:
    """For each request, if it is a report after an answer, by how many real seconds it came later
    than the pace asks for."""
    answered: dict[str | None, float] = {}
    late: list[float | None] = []
    for each in requests:
        is_study = each.endpoint in STUDY_CALLS
        before = answered.get(each.student)
        is_report = each.endpoint is Endpoint.REPORT and before is not None
        late.append((each.at - before - GAP) / speed if is_report and before is not None else None)
        if is_study and each.answered_at is not None:
            answered[each.student] = each.answered_at
    return late


async def small(counts: Sequence[int], length: Length) -> list[Load]:
    """Few students, a bot for each count and limit, all bots at the same time."""

    async def one(students: int, *, limited: bool) -> Load:
        async with staged(students, length, limited=limited) as (stage, who):
            await start(stage, students, who)
            return await observe(stage, Plan(students, limited, length), who)

    made = [one(count, limited=limited) for count in counts for limited in (True, False)]
    return list(await asyncio.gather(*made))


async def large(students: int, length: Length, again: int) -> tuple[list[Load], list[Life]]:
    """Many students, first with Telegram's limit and then without; before that, the bot is started
    and ended ``again`` times more."""
    loads, lives = [], []
    async with staged(students, length, limited=True) as (stage, who):
        for limited, is_observed in [*([(True, False)] * again), (True, True), (False, True)]:
            stage.settings.update(settings(students, limited=limited))
            stage.timed.limit(on=limited)
            started = await start(stage, students, who)
            if is_observed:
                loads.append(await observe(stage, Plan(students, limited, length), who))
            lives.append(Life(started, await stage.end()))
    return loads, lives


async def measure(
    counts: Sequence[int] = (0, 1, 10, 100),
    many: int = 1000,
    most: int = 3000,
    length: Length = LENGTH,
) -> Result:
    """All counts of students."""
    loads = await small(counts, length)
    more, lives = await large(many, length, again=1)
    loads += more
    # The first start finds jobs that were never begun: no restart.
    loads += (await large(most, length, again=0))[0]
    return result(loads, many, lives)
