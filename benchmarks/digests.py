"""Many digests that are due in the same minute: what each costs, when the last one is out, and how
people are answered meanwhile."""

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from benchmarks import answers
from benchmarks.engine import cells
from benchmarks.figures import Measured, Result, Table
from benchmarks.load import PRESSERS
from benchmarks.samples import Sample
from benchmarks.seeds import FIRST_CHAT, Seed
from benchmarks.stage import SeededStage
from benchmarks.watch import watching
from demo.platform import School, Student, course, module, school_of, topic
from storage.enums import JobState

DUE = "21:00"
ZONE = ZoneInfo("Asia/Shanghai")
BEFORE = 41.0
"""Real seconds from the start of the bot to the moment when they are due: it looks every twenty,
and reads a crowd ahead from the second look on."""
HALF_AN_HOUR = 1800.0
LOOK = 0.1
OUT_WITHIN = 300.0
ALL = 2000
PARTS = 3
SENDING = {"sendphoto", "sendmessage"}


@dataclass(frozen=True, slots=True)
class Look:
    """Seconds since they were due, processor seconds so far, and digests that are out."""

    at: float
    cpu: float
    out: int


@dataclass(frozen=True, slots=True)
class Evening:
    """What was seen: the seconds of processor and the requests before they were due, the looks
    since, and what people saw meanwhile."""

    count: int
    cpu_before: float
    requests: int
    looks: Sequence[Look]
    samples: Sequence[Sample]

    def when(self, out: int) -> Look:
        """The first look at which so many were out."""
        return next(look for look in self.looks if look.out >= out)


def ahead(before: float) -> float:
    """In how many seconds it is so long before 21:00 in China, the next time."""
    now = datetime.now(ZONE)
    hour, minute = map(int, DUE.split(":"))
    due = now.replace(hour=hour, minute=minute, second=0, microsecond=0)
    begin = due - timedelta(seconds=before)
    return (begin + timedelta(days=begin < now) - now).total_seconds()


def school(students: int) -> School:
    """Three courses, of ten cells each."""
    courses = [course([module([topic(cells())], name="模块")], name=f"课程{n}") for n in range(3)]
    named = tuple(Student(stu_id=f"s{n:04}XX", name=f"学生{n:04}号") for n in range(students))
    return school_of(courses=courses, students=named)


async def evening(count: int, before: float) -> Evening:
    """Let so many digests be due, so many seconds after the start."""
    made = school(count + PRESSERS)
    wanting = [
        Seed(FIRST_CHAT + n, student, digest=True)
        for n, student in enumerate(made.students[:count])
    ]
    resting = [
        Seed(FIRST_CHAT + count + n, student, JobState.PAUSED)
        for n, student in enumerate(made.students[count:])
    ]
    stage = SeededStage(
        made,
        [*wanting, *resting],
        # The half hour of reading ahead takes as long as the bot is given here.
        speed=HALF_AN_HOUR / before,
        settings={"PLATFORM_REQUESTS_PER_SECOND": "1000"},
        launch=("-m", "benchmarks.shifted", f"{ahead(before):.3f}"),
    )
    stage.timed.limit(on=True)
    async with stage:
        due = time.monotonic() + before
        await stage.begin()
        async with watching(stage.telegram) as watch:
            pressers = await answers.gather(stage.telegram, watch, resting)
            await asyncio.sleep(max(due - time.monotonic(), 0))
            before, requests = stage.usage().cpu, len(stage.platform.requests)
            watched = asyncio.create_task(_watch(stage, wanting, due))
            samples: list[Sample] = []
            while not watched.done():
                samples += await answers.press(pressers, 1.0, seed=len(samples))
            return Evening(count, before, requests, await watched, samples)


async def _watch(stage: SeededStage, wanting: Sequence[Seed], due: float) -> list[Look]:
    """Look until all are out."""
    chats, out, seen = {seed.chat_id for seed in wanting}, set[int](), 0
    looks = [Look(0.0, stage.usage().cpu, 0)]
    async with asyncio.timeout(OUT_WITHIN):
        while len(out) < len(chats):
            await asyncio.sleep(LOOK)
            calls, seen = stage.telegram.calls[seen:], len(stage.telegram.calls)
            out |= {
                each.chat_id
                for each in calls
                if each.ok and each.chat_id in chats and each.method.lower() in SENDING
            }
            looks.append(Look(time.monotonic() - due, stage.usage().cpu, len(out)))
    return looks


async def measure(count: int = 200, before: float = BEFORE) -> Result:
    """One evening; the part of the time in which each third went out is a repetition."""
    seen = await evening(count, before)
    marks = [seen.when(count * part // PARTS) for part in range(PARTS + 1)]
    thirds = list(pairwise(marks))
    out = [max(to.out - of.out, 1) for of, to in thirds]
    took = [max(to.at - of.at, LOOK) for of, to in thirds]
    rate = Measured.of((each / seconds for each, seconds in zip(out, took, strict=True)), 1)
    spent = [1000 * (to.cpu - of.cpu) for of, to in thirds]
    cost = Measured.of((each / digests for each, digests in zip(spent, out, strict=True)), 1)
    last = seen.looks[-1].at
    whole = Measured.of(ALL / each for each in rate.values)
    p50, p95, *_ = answers.row([seen.samples], seen.samples)
    rows = {
        "digests, all due at 21:00": (Measured((count,)),),
        "requests before, for each": (Measured((seen.requests / count,), 1),),
        "CPU ms before, for each": (Measured((1000 * seen.cpu_before / count,), 1),),
        "CPU ms to send, each": (cost,),
        "out in a second": (rate,),
        "the last one out, s": (Measured((last,), 1),),
        f"the last of {ALL:,} at this rate, s": (whole,),
        "answers meanwhile, p50 ms": (p50,),
        "answers meanwhile, p95 ms": (p95,),
    }
    table = Table(
        "Digests due at the same minute",
        f"Three courses each, and a picture, because it is the first. The bot's clock is set to "
        f"{before:g} seconds before {DUE}, and the platform's runs so fast that they are the half "
        "hour in which a crowd is read ahead. Telegram refuses what is beyond 30 calls a second; "
        "the pressed-for answers share the bot's budget of 25. CPU includes those.",
        ("what", "measured"),
        rows,
    )
    return Result((table,), ())
