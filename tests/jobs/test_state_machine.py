"""Whatever people, the platform, time and the process do, in any order: jobs keep to the model."""

import asyncio
import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from bot.jobs.answers import Answer, Result
from demo.platform import OTHER_STUDENT, STUDENT, Endpoint, Fault
from storage.jobs import Job
from tests.support.names import ANNA, BORIS

from .machine import COURSES, PEOPLE, Machine
from .model import pressed
from .watched_database import Press

EXAMPLES = int(os.environ.get("JOB_MACHINE_EXAMPLES", "15"))
STEPS = int(os.environ.get("JOB_MACHINE_STEPS", "30"))
TICK = 6.0
"""Longer than the dispatcher's own."""
FAULTS = {
    "away": Fault.AWAY,
    "lost": Fault.LOST_AFTER,
    "not counted": Fault.NO_COUNT,
    "refused": Fault.json({"code": -1, "msg": "操作失败！"}),
}

students = st.sampled_from([STUDENT.stu_id, OTHER_STUDENT.stu_id])
people = st.sampled_from(PEOPLE)
presses = st.sampled_from(["pause", "resume", "cancel", "retry"])
places = st.integers(0, 50)
turns = st.integers(0, 60)
strangers = st.sampled_from([False] * 5 + [True])
waits = st.sampled_from([0.0, 12.0, 40.0])
"""Platform seconds: no, one or some requests of each running job."""
courses = st.integers(0, len(COURSES) - 1)


class Jobs(Machine):
    @initialize(
        max_running=st.sampled_from([1, 2]),
        seed=st.integers(0, 100),
        numbers=st.tuples(courses, courses, courses),
    )
    def open(self, max_running: int, seed: int, numbers: tuple[int, ...]) -> None:
        self.begin(max_running, seed)
        for person, number in zip(PEOPLE, numbers, strict=True):
            self.log_in(person)
            self.start(person, number, twice=False)

    # people

    @rule(person=people)
    def logs_in(self, person: tuple[int, str]) -> None:
        self.log_in(person)

    @rule(person=people, number=courses, twice=st.booleans())
    def starts(self, person: tuple[int, str], number: int, twice: bool) -> None:
        self.start(person, number, twice)

    @precondition(lambda self: self.drafts)
    @rule(place=places)
    def start_again(self, place: int) -> None:
        draft_id = sorted(self.drafts)[place % len(self.drafts)]
        self.press_start(draft_id, self.drafts[draft_id], twice=False)

    @precondition(lambda self: self.log.now)
    @rule(place=places, actions=st.lists(presses, min_size=1, max_size=3), stranger=strangers)
    def press(self, place: int, actions: list[str], stranger: bool) -> None:
        """Of several presses at once, each is answered by what is true when its turn comes."""
        self.press_at_once(self.job(place), actions, stranger=stranger)

    @precondition(lambda self: any(job.state.is_ended for job in self.log.now.values()))
    @rule(place=places)
    def try_again(self, place: int) -> None:
        """What ended is tried again, with a finger that trembles."""
        ended = [job for job in self.log.now.values() if job.state.is_ended]
        self.press_at_once(ended[place % len(ended)], ["retry", "retry"])

    def press_at_once(self, job: Job, actions: list[str], *, stranger: bool = False) -> None:
        chat_id = ANNA + BORIS - job.chat_id if stranger else job.chat_id

        async def at_once() -> list[tuple[Result, Press]]:
            return await asyncio.gather(
                *(self.pressing(action, chat_id, job.id) for action in actions)
            )

        for action, (result, press) in zip(actions, self.run(at_once()), strict=True):
            if stranger:
                assert result == Result(Answer.UNKNOWN)
                assert press.before == press.after
                continue
            answer, state, wanted = pressed(action, press.stands[job.id])
            after = press.after[job.id]
            assert (result.answer, after.state, after.requested) == (answer, state, wanted)
            new = len(press.after) - len(press.before)
            assert new == (action == "retry" and answer is Answer.STARTED)

    # the platform and time

    @rule(seconds=st.sampled_from([0.5, TICK, 30.0, 200.0, 1000.0]))
    def tick(self, seconds: float) -> None:
        self.run(asyncio.sleep(seconds))

    @rule(stu_id=students, wait=waits)
    def expire(self, stu_id: str, wait: float) -> None:
        self.platform.expire(stu_id)
        self.fresh = {p: until for p, until in self.fresh.items() if p[1] != stu_id}
        self.tick(wait)

    @rule(person=people)
    def expire_and_log_in(self, person: tuple[int, str]) -> None:
        """The new cookie comes before a running job learns that its own is no longer good."""
        self.expire(person[1], 0.0)
        self.log_in(person)

    @rule(stu_id=students, minutes=st.sampled_from([5, None]), wait=waits)
    def bar(self, stu_id: str, minutes: int | None, wait: float) -> None:
        self.platform.bar(stu_id, minutes)
        self.tick(wait)

    @rule(
        endpoint=st.sampled_from(["*", Endpoint.VIEW, Endpoint.REPORT, Endpoint.CELLS]),
        fault=st.sampled_from([*FAULTS]),
        times=st.sampled_from([1, 3, 12]),
        wait=waits,
    )
    def trouble(self, endpoint: str, fault: str, times: int, wait: float) -> None:
        self.platform.faults.add(endpoint, FAULTS[fault], times=times)
        self.tick(wait)

    # the process

    @rule(down=st.sampled_from([2.0, 600.0]))
    def restart(self, down: float) -> None:
        self.run(self.process.end())
        folder = self.process.folder
        self.run(asyncio.sleep(down))
        self.process = self.next_process()
        self.process.folder = folder
        self.run(self.process.start())

    @precondition(lambda self: self.log.now)
    @rule(place=places, action=presses, after=turns, down=st.sampled_from([2.0, 600.0]))
    def crash(self, place: int, action: str, after: int, down: float) -> None:
        """The process is killed so many turns of the loop after a press."""
        job = self.job(place)

        async def crash(elsewhere: Path) -> None:
            pressing = asyncio.ensure_future(self.pressing(action, job.chat_id, job.id))
            for _ in range(after):
                await asyncio.sleep(0)
            await self.process.kill(elsewhere)
            await asyncio.gather(pressing, return_exceptions=True)
            await asyncio.sleep(down)

        following = self.next_process()
        self.run(crash(following.folder))
        self.process = following
        self.run(self.process.start())

    # what holds after each

    @invariant()
    def keep_to_the_model(self) -> None:
        if self.processes > 0:
            self.check()

    @rule()
    def nothing_that_may_run_is_left_lying(self) -> None:
        """Nobody presses anything: a job that could run runs, or what kept it did change."""

        async def look() -> list[Job]:
            changes = self.log.changes
            claimable = self.claimable()
            await asyncio.sleep(TICK)
            return claimable if changes == self.log.changes else []

        assert self.run(look()) == []


@pytest.mark.slow
@pytest.mark.timeout(3600)
def test_whatever_is_done_in_whatever_order_jobs_keep_to_the_model() -> None:
    run_state_machine_as_test(
        Jobs,
        settings=settings(
            max_examples=EXAMPLES,
            stateful_step_count=STEPS,
            deadline=None,
            suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
        ),
    )
