"""A crowd of people in front of one bot, and the scenes in which they press."""

import asyncio
import time
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import partial
from random import Random

from benchmarks.presser import COURSE, MODULE, Presser
from benchmarks.samples import Kind, Scene
from benchmarks.watch import Watch
from demo.platform import School, Student, course, module, school_of, topic, video
from tests.support.uneven_stage import UnevenPlatform, UnevenStage

FIRST_CHAT = 3001
LOGIN_AT_ONCE = 40


def school_for(count: int) -> School:
    """A student for each chat, and a course that no job finishes while it is measured."""
    students = tuple(Student(stu_id=f"student{n:03}XX", name=f"学生{n:03}号") for n in range(count))
    cells = [video(3600.0) for _ in range(6)]
    modules = [module([topic(cells[:3]), topic(cells[3:])], name=MODULE)]
    return school_of(courses=[course(modules, name=COURSE)], students=students)


@dataclass(frozen=True, slots=True)
class Crowd:
    """``stoppers`` press what stops and resumes their jobs, ``workers`` have jobs that go on all
    the time and press other things, as ``idlers`` do, who have no jobs."""

    stage: UnevenStage
    watch: Watch
    stoppers: Sequence[Presser]
    workers: Sequence[Presser]
    idlers: Sequence[Presser]

    @classmethod
    async def gather(
        cls, stage: UnevenStage, watch: Watch, *, stoppers: int, workers: int, idlers: int
    ) -> "Crowd":
        """Log everybody in and begin the jobs. Raises NothingCame."""
        students = stage.platform.school.students[: stoppers + workers + idlers]
        people = [
            Presser(
                watch,
                stage.telegram.person(FIRST_CHAT + n),
                student,
                cookie=stage.platform.cookie_for(student.stu_id),
                is_troubled=partial(_is_troubled, stage.uneven, student.stu_id),
            )
            for n, student in enumerate(students)
        ]
        door = asyncio.Semaphore(LOGIN_AT_ONCE)

        async def come(number: int, person: Presser) -> None:
            async with door:
                await person.log_in()
                if number < stoppers + workers:
                    await person.begin_job()

        async with asyncio.TaskGroup() as group:
            for number, person in enumerate(people):
                group.create_task(come(number, person))
        return cls(
            stage,
            watch,
            stoppers=people[:stoppers],
            workers=people[stoppers : stoppers + workers],
            idlers=people[stoppers + workers :],
        )

    @property
    def everybody(self) -> list[Presser]:
        return [*self.stoppers, *self.workers, *self.idlers]

    def trouble(self, *, slow: int, seconds: float, away: int) -> None:
        """From now on the platform takes so many seconds for the last ``slow`` of each group of
        people, in turn, and is away for ``away`` others."""
        groups = [list(self.stoppers), list(self.workers), list(self.idlers)]
        chosen: list[Presser] = []
        while len(chosen) < slow + away:
            chosen += [group.pop() for group in groups if group]
        platform = self.stage.uneven
        platform.slow = {each.student.stu_id: seconds for each in chosen[:slow]}
        platform.away = {each.student.stu_id for each in chosen[slow : slow + away]}

    async def press_steadily(
        self,
        scene: Scene,
        seconds: float,
        think: float,
        seed: int,
        *,
        but: Collection[Presser] = (),
    ) -> None:
        """Each person, ``but`` for some, does one thing after the other for so many seconds,
        ``think`` seconds apart on average, and nobody does two at once."""
        until = time.monotonic() + seconds
        async with asyncio.TaskGroup() as group:
            for number, person in enumerate(self.everybody):
                rng = Random(f"{seed} {number}")
                if person not in but:
                    group.create_task(self._go_on(scene, person, rng, until, think))

    async def press_together(self, scene: Scene, times: int, seed: int) -> None:
        """All people press in the same instant, again when everything of it is answered."""
        rng = Random(seed)
        for _ in range(times):
            done = await asyncio.gather(
                *(person.act(self._choose(person, rng)) for person in self.everybody)
            )
            scene.samples += done

    async def _go_on(
        self, scene: Scene, person: Presser, rng: Random, until: float, think: float
    ) -> None:
        while (pause := rng.uniform(0, 2 * think)) < until - time.monotonic():
            await asyncio.sleep(pause)
            scene.samples.append(await person.act(self._choose(person, rng)))

    def _choose(self, person: Presser, rng: Random) -> Kind:
        kinds = person.kinds_about_job if person in self.stoppers else person.kinds
        return rng.choice(kinds)


def _is_troubled(platform: UnevenPlatform, stu_id: str) -> bool:
    """Whether the platform is slow or away for the student."""
    return stu_id in platform.slow or stu_id in platform.away
