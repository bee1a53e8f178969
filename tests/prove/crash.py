"""Kills the real bot at each boundary of a small job, one after the other, and looks whether its
promises hold after the next start."""

import asyncio
import time
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from demo.platform import (
    STUDENT,
    School,
    course,
    document,
    module,
    picture,
    quiz,
    school_of,
    topic,
    video,
)
from tests.prove.boundaries import NOWHERE, die_at_each, die_at_some, named, sort_of
from tests.prove.crash_checks import broken_promises, left_in_chat
from tests.prove.crash_launch import Launch
from tests.prove.crash_person import COURSE, MODULE, Pupil
from tests.prove.crash_stage import CrashStage, summaries
from tests.support.names import ANNA

SPEED = 600.0
EVERY = 10
"""Of so many boundaries a sample has one."""
LONGEST = 120.0
"""Real seconds for one trial; it takes about five."""


@dataclass(slots=True)
class Crashes:
    """What the trials came to. ``missed`` are boundaries to which the bot did not come again,
    ``failures`` what broke, by the boundary that the bot was to die at."""

    boundaries: int = 0
    deaths: int = 0
    seconds: float = 0.0
    slowest: float = 0.0
    """Real seconds from a start to when the job went on, at most; after the death there."""
    slowest_at: str = ""
    told_twice: int = 0
    cookies_left: int = 0
    sorts: Counter[str] = field(default_factory=Counter)
    missed: list[str] = field(default_factory=list)
    failures: dict[str, str] = field(default_factory=dict)


def small_school() -> School:
    """One module with a cell of each way to be studied, and one that is left to the person."""
    cells = [video(15), document(2), picture(), quiz()]
    return school_of(courses=[course([module([topic(cells)], name=MODULE)], name=COURSE)])


class Sweep:
    """Trials of the small job, each with its own folder, stand-ins and person."""

    def __init__(self, launch: Launch) -> None:
        self._launch = launch
        self.found = Crashes()

    async def count(self) -> list[str]:
        """Play the job without a death; returns its boundaries in order, each as it can be died
        at. Raises AssertionError where even that breaks a promise."""
        async with self._played(NOWHERE) as stage:
            boundaries = named(stage.boundaries())
        self.found.boundaries = len(boundaries)
        return boundaries

    async def crash(self, die_at: str) -> bool:
        """Let the bot die at the boundary; False if the job was over before it came to that."""
        try:
            async with self._played(die_at) as stage:
                if not stage.deaths:
                    return False
                self._note(stage)
        except AssertionError as broken:
            self.found.failures[die_at] = str(broken)
        self.found.deaths += 1
        return True

    @asynccontextmanager
    async def _played(self, die_at: str) -> AsyncIterator[CrashStage]:
        """The stage after the whole job. Raises AssertionError with all that is broken."""
        async with CrashStage(small_school(), self._launch, speed=SPEED, die_at=die_at) as stage:
            pupil = Pupil(stage, stage.telegram.person(ANNA), STUDENT)
            try:
                async with asyncio.timeout(LONGEST):
                    await pupil.study()
                    await stage.settled()
                await stage.stop_bot()
                broken = broken_promises(stage, [pupil])
            except (AssertionError, TimeoutError, LookupError) as error:
                broken = [f"{type(error).__name__}: {error}"]
            if broken:
                where = [death.where for death in stage.deaths]
                raise AssertionError(
                    "\n".join([*broken, f"died at: {where}", pupil.as_text(), stage.said()])
                )
            self.found.told_twice += len(summaries(pupil.person.chat)) - 1
            self.found.cookies_left += left_in_chat(pupil)
            yield stage

    def _note(self, stage: CrashStage) -> None:
        death = stage.deaths[0]
        self.found.sorts[sort_of(death.where)] += 1
        slowest = self.found.slowest, self.found.slowest_at
        self.found.slowest, self.found.slowest_at = max(slowest, (death.slowest, death.where))


async def crash_everywhere(launch: Launch, *, at_once: int) -> Crashes:
    """Die at every boundary of the job."""
    began = time.monotonic()
    sweep = Sweep(launch)
    boundaries = await sweep.count()
    sweep.found.missed = await die_at_each(sweep.crash, boundaries, at_once=at_once)
    sweep.found.seconds = time.monotonic() - began
    return sweep.found


async def crash_at_some(launch: Launch, first: int, *, at_once: int) -> Crashes:
    """Die at every tenth boundary from number ``first`` on, to the job's end."""
    began = time.monotonic()
    sweep = Sweep(launch)
    await die_at_some(sweep.crash, first, EVERY, at_once=at_once)
    sweep.found.seconds = time.monotonic() - began
    return sweep.found
