"""Kills the real bot at each boundary of a small job, one after the other, and looks whether its
promises hold after the next start."""

from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass

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
from demo.stage import Launch, Process
from tests.prove.boundaries import Deaths, Sweep
from tests.prove.crash_checks import broken_promises, left_in_chat
from tests.prove.crash_person import COURSE, MODULE, Pupil
from tests.prove.crash_stage import CrashStage, summaries
from tests.support.names import ANNA

SPEED = 600.0


@dataclass(slots=True)
class Crashes(Deaths):
    """What the trials of the small job came to."""

    slowest: float = 0.0
    """Real seconds from a start to when the job went on, at most; after the death there."""
    slowest_at: str = ""
    told_twice: int = 0
    cookies_left: int = 0


def small_school() -> School:
    """One module with a cell of each way to be studied, and one that is left to the person."""
    cells = [video(15), document(2), picture(), quiz()]
    return school_of(courses=[course([module([topic(cells)], name=MODULE)], name=COURSE)])


class CrashSweep(Sweep[Pupil]):
    """Trials of the small job."""

    every = 15

    def __init__(self, launch: Launch[Process]) -> None:
        self._launch = launch
        self.found = Crashes()
        super().__init__(self.found)

    @asynccontextmanager
    async def _staged(self, die_at: str) -> AsyncIterator[Pupil]:
        async with CrashStage(small_school(), self._launch, speed=SPEED, die_at=die_at) as stage:
            yield Pupil(stage, stage.telegram.person(ANNA), STUDENT)

    async def _play(self, played: Pupil, die_at: str) -> Iterable[str]:
        await played.study()
        await played.stage.settled()
        await played.stage.stop_bot()
        broken = broken_promises(played.stage, [played])
        if not broken:
            self.found.told_twice += len(summaries(played.person.chat)) - 1
            self.found.cookies_left += left_in_chat(played)
        return broken

    def _note(self, played: Pupil) -> None:
        super()._note(played)
        death = played.deaths[0]
        slowest = self.found.slowest, self.found.slowest_at
        self.found.slowest, self.found.slowest_at = max(slowest, (death.slowest, death.where))


async def crash_everywhere(launch: Launch[Process], *, at_once: int) -> Crashes:
    """Die at every boundary of the job."""
    sweep = CrashSweep(launch)
    await sweep.everywhere(at_once=at_once)
    return sweep.found
