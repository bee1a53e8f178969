"""Many chats at once, and a bot that is killed again and again at moments drawn from a seed."""

import asyncio
import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import partial
from random import Random

from demo.platform import (
    School,
    Student,
    course,
    document,
    module,
    picture,
    quiz,
    school_of,
    topic,
    video,
)
from demo.stage import Launch, Process
from tests.prove.crash_checks import broken_promises
from tests.prove.crash_person import COURSE, MODULE, Pupil
from tests.prove.crash_stage import CrashStage, summaries

SPEED = 60.0
FIRST_CHAT = 2001
LIVES = (0.05, 3.0)
"""Real seconds from a start to the next kill: from before the bot can do anything to where most
jobs of a chat come to their end."""
LONGEST = 3600.0
PATIENCE = 120.0
"""Real seconds after the last kill in which every job must end."""


@dataclass(slots=True)
class Soaked:
    """What a soak came to; ``broken`` has a line for each promise that did not hold."""

    seed: int
    chats: int
    kills: int
    seconds: float = 0.0
    requests: int = 0
    interrupted: int = 0
    """Jobs under way at a kill, added up over the kills."""
    slowest: float = 0.0
    told_twice: int = 0
    broken: list[str] = field(default_factory=list)


async def soak(launch: Launch[Process], seed: int, *, chats: int, kills: int) -> Soaked:
    """Let so many chats study, each a student of its own, one beginning after the other, while
    the bot is killed so often; each start follows at once."""
    began = time.monotonic()
    found = Soaked(seed, chats, kills)
    students = [Student(stu_id=f"student{n:02}XX", name=f"学生{n:02}号") for n in range(chats)]
    async with CrashStage(_school(students), launch, speed=SPEED) as stage:
        pupils = [
            Pupil(stage, stage.telegram.person(FIRST_CHAT + n), student)
            for n, student in enumerate(students)
        ]
        try:
            async with asyncio.TaskGroup() as group:
                for n, pupil in enumerate(pupils):
                    group.create_task(_study_from(pupil, n * kills // chats))
                group.create_task(_kill(stage, Random(seed), kills))
            async with asyncio.timeout(PATIENCE):
                await stage.settled()
        except* (AssertionError, TimeoutError, LookupError) as errors:
            found.broken += [f"{type(each).__name__}: {each}" for each in errors.exceptions]
        await stage.stop_bot()
        found.broken += broken_promises(stage, pupils)
        if found.broken:
            found.broken.append(stage.said())
        found.requests = len(stage.platform.requests)
        found.slowest = max((death.slowest for death in stage.deaths), default=0.0)
        found.interrupted = sum(death.unfinished for death in stage.deaths)
        found.told_twice = sum(len(summaries(pupil.person.chat)) - 1 for pupil in pupils)
    found.seconds = time.monotonic() - began
    return found


def _school(students: Iterable[Student]) -> School:
    """Enough to study that kills find jobs on their way: about two minutes of the platform's."""
    cells = [video(70), document(4), picture(), quiz(), video(30.5)]
    modules = [module([topic(cells[:3]), topic(cells[3:])], name=MODULE)]
    return school_of(courses=[course(modules, name=COURSE)], students=tuple(students))


async def _study_from(pupil: Pupil, kills: int) -> None:
    """Begin when the bot has been killed so often."""
    stage = pupil.stage
    await stage.telegram.wait_for(lambda: stage.restarts >= kills, LONGEST)
    await pupil.study()


async def _kill(stage: CrashStage, rng: Random, kills: int) -> None:
    for number in range(kills):
        await asyncio.sleep(rng.uniform(*LIVES))
        await stage.kill_bot()
        await stage.telegram.wait_for(partial(_restarted, stage, number), PATIENCE)


def _restarted(stage: CrashStage, number: int) -> bool:
    return stage.restarts > number
