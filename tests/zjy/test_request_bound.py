"""The bound on the whole bot's requests: whose turn it is, and how long each waits, in virtual
time."""

import asyncio
from collections.abc import AsyncIterator, Coroutine
from dataclasses import dataclass, field
from itertools import pairwise
from random import Random
from statistics import median

import pytest

from bot.clock import PlatformClock, SystemClock
from bot.zjy.client import Client
from bot.zjy.endpoints import Endpoint
from bot.zjy.gate import Gate, Priority
from bot.zjy.priority import LEAST_SHARE
from bot.zjy.request_bound import LATE
from bot.zjy.student_queue import PAUSE
from tests.support.scripted_platform import ScriptedPlatform

pytestmark = pytest.mark.looptime(start=0)

RATE = 20.0
INTERVAL = 1 / RATE
LATENCY = 0.05
SLACK = 0.01


class CountingClock(SystemClock):
    """Counts how often it is read."""

    reads = 0

    def monotonic(self) -> float:
        self.reads += 1
        return super().monotonic()


@dataclass(frozen=True, slots=True)
class Sent:
    student: str
    priority: Priority
    asked: float
    at: float
    answered: float

    @property
    def waited(self) -> float:
        return self.at - self.asked


@dataclass
class Line:
    """Asks the gate for requests that the platform answers after :data:`LATENCY` seconds, and notes
    each."""

    gate: Gate
    clock: CountingClock
    sent: list[Sent] = field(default_factory=list)
    in_flight: set[str] = field(default_factory=set)

    async def ask(
        self, student: str, priority: Priority, endpoint: Endpoint = Endpoint.COURSES
    ) -> Sent:
        loop = asyncio.get_running_loop()
        asked = loop.time()

        async def request() -> float:
            at = loop.time()
            assert student not in self.in_flight
            self.in_flight.add(student)
            try:
                await asyncio.sleep(LATENCY)
            finally:
                self.in_flight.discard(student)
            return at

        is_report = endpoint is Endpoint.REPORT
        at = await self.gate.pass_one(student, priority, request, is_report=is_report)
        self.sent.append(Sent(student, priority, asked, at, loop.time()))
        return self.sent[-1]

    async def job(self, student: str, gap: float) -> None:
        """A job that reports ``gap`` seconds after each answer, for ever."""
        while True:
            await self.ask(student, Priority.JOB, Endpoint.REPORT)
            await asyncio.sleep(gap)

    async def reads(self, student: str, priority: Priority) -> None:
        """Reads one after the other, for ever."""
        while True:
            await self.ask(student, priority)

    def of(self, priority: Priority, *, since: float = 0.0) -> list[Sent]:
        return [each for each in self.sent if each.priority is priority and each.asked >= since]


@pytest.fixture
async def line() -> AsyncIterator[Line]:
    clock = CountingClock()
    client = Client("http://127.0.0.1", transport=ScriptedPlatform())
    yield Line(Gate(client, PlatformClock(clock), requests_per_second=RATE), clock)
    await client.aclose()


async def run_for(seconds: float, *works: Coroutine[None, None, None]) -> None:
    """Run the works side by side, and cancel what is left of them."""
    tasks = [asyncio.create_task(each) for each in works]
    await asyncio.sleep(seconds)
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


def crowd(line: Line, jobs: int, gap: float) -> list[Coroutine[None, None, None]]:
    return [line.job(f"job-{number}", gap) for number in range(jobs)]


async def test_a_persons_read_is_sent_at_once_while_jobs_want_twice_what_the_bound_allows(
    line: Line,
) -> None:
    async def person() -> None:
        for number in range(30):
            await asyncio.sleep(3 + number * 0.01)
            await line.ask(f"job-{number}" if number % 2 else f"idle-{number}", Priority.PERSON)

    await run_for(100, *crowd(line, 200, 5), person())
    read = line.of(Priority.PERSON, since=10)
    assert len(read) >= 25
    # A second of pause, if the student's own job was answered just now.
    assert max(each.waited for each in read) <= PAUSE + LATENCY + 2 * INTERVAL + SLACK
    assert median(each.waited for each in read if "idle" in each.student) <= INTERVAL + SLACK


async def test_jobs_beyond_the_bound_are_late_alike_and_never_early(line: Line) -> None:
    await run_for(100, *crowd(line, 200, 5))
    by_student: dict[str, list[Sent]] = {}
    for each in line.sent:
        by_student.setdefault(each.student, []).append(each)
    for reports in by_student.values():
        assert all(later.at - earlier.answered >= 5 for earlier, later in pairwise(reports))
    # 200 jobs share 20 requests a second: one in 10 seconds each, of which 5 were owed.
    late = [each.waited for each in line.of(Priority.JOB, since=30)]
    assert median(late) == pytest.approx(5, abs=0.2)
    assert max(late) - min(late) <= 0.5
    assert len(line.sent) == pytest.approx(100 * RATE, rel=0.02)


async def test_a_job_that_waits_at_the_bound_does_not_keep_out_its_own_student(line: Line) -> None:
    async def person() -> None:
        await asyncio.sleep(20)
        assert line.gate.waiting >= line.gate._bound._count > 50
        await asyncio.gather(
            *(line.ask(f"job-{number}", Priority.PERSON) for number in range(0, 200, 20))
        )

    await run_for(30, *crowd(line, 200, 5), person())
    waited = [each.waited for each in line.of(Priority.PERSON)]
    assert len(waited) == 10
    assert max(waited) <= PAUSE + LATENCY + 11 * INTERVAL + SLACK


async def test_of_those_that_wait_the_most_urgent_class_goes_first_and_each_class_in_order(
    line: Line,
) -> None:
    wanted = [
        (number, priority)
        for number, priority in enumerate(
            Random(1).choices([Priority.JOB, Priority.OUTLINE, Priority.PERSON], k=30)
        )
    ]
    async with asyncio.TaskGroup() as group:
        group.create_task(line.ask("first", Priority.DIGEST))
        await asyncio.sleep(0)
        for number, priority in wanted:
            group.create_task(line.ask(f"{number:02}", priority))
            await asyncio.sleep(0)
    order = [
        each for each in sorted(line.sent, key=lambda each: each.at) if each.student != "first"
    ]
    for priority in Priority:
        of_it = [each.student for each in order if each.priority is priority]
        assert of_it == sorted(of_it)
    ranks = [each.priority for each in order]
    out_of_rank = sum(a > b for a, b in pairwise(ranks))
    assert out_of_rank <= len(wanted) / LEAST_SHARE[Priority.JOB] + 2


@pytest.mark.parametrize("starved", [Priority.JOB, Priority.OUTLINE, Priority.DIGEST])
async def test_each_class_is_sent_within_a_bounded_time_whatever_else_waits(
    line: Line, starved: Priority
) -> None:
    others = [
        line.reads(f"{each.name}-{number}", each)
        for each in Priority
        if each is not starved
        for number in range(60)
    ]
    few = 10
    mine = [line.reads(f"mine-{number}", starved) for number in range(few)]
    await run_for(120, *others, *mine)
    waited = [each.waited for each in line.of(starved)]
    assert len(waited) >= 0.9 * 120 * RATE / LEAST_SHARE[starved] - few
    assert max(waited) <= PAUSE + (few + 1) * LEAST_SHARE[starved] * INTERVAL * 1.1


async def test_digests_beside_as_many_jobs_as_the_bound_allows_make_reports_hardly_late(
    line: Line,
) -> None:
    digests = [line.reads(f"digest-{number}", Priority.DIGEST) for number in range(24)]
    await run_for(200, *crowd(line, 190, 10), *digests)
    late = sorted(each.waited for each in line.of(Priority.JOB, since=50))
    assert late[len(late) * 99 // 100] < LATE
    assert len(line.of(Priority.DIGEST)) >= 0.9 * 200 * RATE / LEAST_SHARE[Priority.DIGEST]


async def test_a_digest_of_a_student_with_a_job_that_is_always_late_is_sent_too(line: Line) -> None:
    own = line.reads("job-7", Priority.DIGEST)
    await run_for(120, *crowd(line, 300, 5), own)
    assert len(line.of(Priority.DIGEST)) >= 10


async def test_a_read_that_waits_at_the_bound_pauses_anew_after_another_answer_of_its_student(
    line: Line,
) -> None:
    async with asyncio.TaskGroup() as group:
        for number in range(40):
            group.create_task(line.ask(f"other-{number}", Priority.PERSON))
        await asyncio.sleep(0.01)
        waiting = group.create_task(line.ask("own", Priority.JOB))
        await asyncio.sleep(0.1)
        line.gate.bind("cookie:of-own", "own")
        bound_at = asyncio.get_running_loop().time()
    assert waiting.result().at >= bound_at + PAUSE - 1e-9


async def test_requests_cancelled_at_any_moment_take_no_place_and_leave_nothing_behind(
    line: Line,
) -> None:
    rng = Random(3)
    for _ in range(40):
        tasks = [
            asyncio.create_task(line.ask(f"s{rng.randrange(4)}", rng.choice(list(Priority))))
            for _ in range(12)
        ]
        for task in rng.sample(tasks, 8):
            await asyncio.sleep(rng.random() * 0.2)
            task.cancel()
        await asyncio.wait_for(asyncio.wait(tasks), 60)
        assert line.gate._bound._count == line.gate.waiting == 0
    assert line.in_flight == set()
    spaces = [later - earlier for earlier, later in pairwise(sorted(s.at for s in line.sent))]
    assert min(spaces) >= INTERVAL - 1e-9
    await asyncio.sleep(2 * PAUSE)
    before = asyncio.get_running_loop().time()
    assert (await line.ask("s0", Priority.DIGEST)).at == before
    assert len(line.gate.queues) == 1


async def test_nothing_runs_on_once_all_that_waited_at_the_bound_was_cancelled(line: Line) -> None:
    before = asyncio.all_tasks()
    await line.ask("a", Priority.JOB)
    asked = [asyncio.create_task(line.ask(f"b{n}", Priority.JOB)) for n in range(3)]
    await asyncio.sleep(0.01)
    for task in asked:
        task.cancel()
    await asyncio.gather(*asked, return_exceptions=True)
    await asyncio.sleep(0)
    assert asyncio.all_tasks() == before


async def test_reports_that_the_bound_made_late_are_counted_and_others_are_not(line: Line) -> None:
    await run_for(60, *crowd(line, 100, 10))
    counts = line.gate.reports
    assert counts.sent == len(line.of(Priority.JOB)) >= 400
    settled = counts.late  # all began in the same instant
    await run_for(60, *crowd(line, 300, 10))
    counted = counts.late - settled
    really = [each for each in line.of(Priority.JOB, since=60) if each.waited > LATE]
    assert counted == pytest.approx(len(really), abs=2)
    assert counted > 500
    assert counts.late <= counts.sent


async def test_a_request_costs_the_same_steps_however_many_students_have_queues(
    line: Line,
) -> None:
    async def steps(students: int) -> float:
        asked = [line.ask(f"{students}-{number}", Priority.JOB) for number in range(students)]
        await asyncio.gather(*asked)
        await run_for(30, *crowd(line, students, 10))
        before, sent = line.clock.reads, len(line.sent)
        await run_for(30, *crowd(line, students, 10))
        return (line.clock.reads - before) / (len(line.sent) - sent)

    few, many = await steps(10), await steps(200)
    assert many <= few + 8
