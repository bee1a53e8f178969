"""The gate's queues, pauses, priorities and bounds, in virtual time."""

import asyncio
from collections.abc import AsyncIterator, Awaitable
from itertools import pairwise

import pytest

from bot.clock import PlatformClock, SystemClock
from bot.loop_lag import LoopLag
from bot.zjy.client import Client
from bot.zjy.endpoints import Endpoint
from bot.zjy.gate import KNOWN_COOKIES, Gate, Priority, Session
from bot.zjy.models import OpenCell, Report
from tests.support.scripted_platform import COURSE, VIEW, ScriptedPlatform, auth_of

pytestmark = pytest.mark.looptime(start=0)
PAGE = Report(page=1)
OPEN = OpenCell(course_open_id="a", open_class_id="b", cell_id="c")


@pytest.fixture
def platform() -> ScriptedPlatform:
    return ScriptedPlatform(latency=0.25)


@pytest.fixture
async def gate(platform: ScriptedPlatform) -> AsyncIterator[Gate]:
    client = Client("http://127.0.0.1", transport=platform)
    yield Gate(client, PlatformClock(SystemClock()), requests_per_second=1000)
    await client.aclose()


def session(
    gate: Gate,
    letter: str = "a",
    *,
    stu_id: str | None = "stu-a",
    priority: Priority = Priority.JOB,
) -> Session:
    return Session(gate, auth_of(letter), stu_id=stu_id, priority=priority)


def report(of: Session) -> Awaitable[None]:
    return of.report(COURSE, "m", "cell", VIEW, PAGE)


async def test_one_request_of_a_student_is_in_flight_whichever_cookies_and_sessions_ask(
    gate: Gate, platform: ScriptedPlatform
) -> None:
    first = session(gate)
    second = session(gate, "b", priority=Priority.PERSON)
    async with asyncio.TaskGroup() as group:
        for each in (first, second, first):
            group.create_task(each.courses())
            group.create_task(each.view(COURSE, "cell", "m"))
            group.create_task(_awaited(report(each)))
    assert len(platform.seen) == 9
    assert all(gap >= 0 for gap in platform.gaps())


async def _awaited(each: Awaitable[None]) -> None:
    await each


async def test_students_go_side_by_side(gate: Gate, platform: ScriptedPlatform) -> None:
    async with asyncio.TaskGroup() as group:
        for letter in "abcdefgh":
            group.create_task(session(gate, letter, stu_id=f"stu-{letter}").courses())
    assert asyncio.get_running_loop().time() < 0.3


@pytest.mark.parametrize("speed", [1.0, 10.0])
async def test_a_platform_second_lies_before_everything_but_a_report(
    platform: ScriptedPlatform, speed: float
) -> None:
    client = Client("http://127.0.0.1", transport=platform)
    gate = Gate(client, PlatformClock(SystemClock(), speed), requests_per_second=1000)
    own = session(gate)
    await own.me()
    await own.courses()
    await own.modules(COURSE)
    await own.topics(COURSE, "m")
    await own.cells(COURSE, "t")
    await own.view(COURSE, "cell", "m")
    await report(own)
    await own.view(COURSE, "cell", "m")
    await own.switch_cell(OPEN)
    await report(own)
    await report(own)
    await own.me()
    await client.aclose()
    for seen, gap in zip(platform.seen[1:], platform.gaps(), strict=True):
        owed = 0.0 if seen.endpoint is Endpoint.REPORT else 1 / speed
        assert gap == pytest.approx(owed, abs=0.02)
        assert gap >= owed - 1e-9


async def test_the_pause_is_not_waited_twice(gate: Gate, platform: ScriptedPlatform) -> None:
    own = session(gate)
    await own.courses()
    await asyncio.sleep(5)
    await own.courses()
    assert platform.gaps() == [pytest.approx(5, abs=0.02)]


async def test_a_persons_request_goes_before_the_jobs_that_wait_and_those_keep_their_order(
    gate: Gate, platform: ScriptedPlatform
) -> None:
    job, person = session(gate), session(gate, priority=Priority.PERSON)
    async with asyncio.TaskGroup() as group:
        group.create_task(job.courses())
        await platform.first_request.wait()
        group.create_task(job.topics(COURSE, "m"))
        group.create_task(_awaited(report(job)))
        await asyncio.sleep(0)
        group.create_task(person.modules(COURSE))
    assert platform.order == [
        Endpoint.COURSES,
        Endpoint.MODULES,
        Endpoint.TOPICS,
        Endpoint.REPORT,
    ]


async def test_a_person_passes_a_job_that_is_only_pausing(
    gate: Gate, platform: ScriptedPlatform
) -> None:
    job, person = session(gate), session(gate, priority=Priority.PERSON)
    await job.courses()
    async with asyncio.TaskGroup() as group:
        group.create_task(job.topics(COURSE, "m"))
        await asyncio.sleep(0.5)
        group.create_task(person.modules(COURSE))
    assert platform.order == [Endpoint.COURSES, Endpoint.MODULES, Endpoint.TOPICS]
    assert min(platform.gaps()) >= 1


async def test_the_whole_bots_requests_are_spaced_in_real_time_at_any_clock_speed(
    platform: ScriptedPlatform,
) -> None:
    client = Client("http://127.0.0.1", transport=platform)
    gate = Gate(client, PlatformClock(SystemClock(), 50), requests_per_second=4)
    async with asyncio.TaskGroup() as group:
        for number in range(12):
            group.create_task(session(gate, stu_id=f"stu-{number}").courses())
    await client.aclose()
    starts = [each.started for each in platform.seen]
    spaces = [later - earlier for earlier, later in pairwise(starts)]
    assert len(starts) == 12
    assert min(spaces) >= 0.25 - 1e-6
    assert starts[-1] - starts[0] == pytest.approx(11 / 4, abs=0.1)


@pytest.mark.parametrize("rate", [3, 7, 20, 1000])
async def test_the_bound_holds_at_rates_whose_interval_has_no_exact_number(
    rate: float, platform: ScriptedPlatform
) -> None:
    client = Client("http://127.0.0.1", transport=platform)
    gate = Gate(client, PlatformClock(SystemClock()), requests_per_second=rate)
    async with asyncio.TaskGroup() as group:
        for number in range(30):
            group.create_task(session(gate, stu_id=f"stu-{number}").courses())
    await client.aclose()
    spaces = [later.started - earlier.started for earlier, later in pairwise(platform.seen)]
    assert min(spaces) >= 1 / rate - 1e-6
    assert sum(spaces) == pytest.approx(29 / rate, rel=0.05)


async def test_a_cancelled_waiter_never_blocks_its_queue(
    gate: Gate, platform: ScriptedPlatform
) -> None:
    own = session(gate)
    await own.courses()
    pausing = asyncio.create_task(own.topics(COURSE, "m"))
    waiting = asyncio.create_task(own.cells(COURSE, "t"))
    last = asyncio.create_task(own.modules(COURSE))
    await asyncio.sleep(0.5)
    pausing.cancel()
    waiting.cancel()
    await asyncio.wait_for(last, 5)
    assert platform.order == [Endpoint.COURSES, Endpoint.MODULES]
    assert platform.gaps() == [pytest.approx(1, abs=0.02)]


async def test_a_request_that_is_cancelled_in_flight_frees_its_queue(
    gate: Gate, platform: ScriptedPlatform
) -> None:
    platform.latency = 60
    own = session(gate)
    flying = asyncio.create_task(own.courses())
    await platform.first_request.wait()
    platform.latency = 0.25
    flying.cancel()
    await asyncio.wait_for(own.modules(COURSE), 5)
    assert platform.order == [Endpoint.COURSES, Endpoint.MODULES]
    assert platform.gaps() == [pytest.approx(1, abs=0.02)]


async def test_a_request_cancelled_while_the_bots_bound_holds_it_frees_its_queue(
    platform: ScriptedPlatform,
) -> None:
    client = Client("http://127.0.0.1", transport=platform)
    gate = Gate(client, PlatformClock(SystemClock()), requests_per_second=0.1)
    await session(gate, stu_id="other").courses()
    held = asyncio.create_task(session(gate).courses())
    await asyncio.sleep(1)
    held.cancel()
    await asyncio.wait_for(session(gate).modules(COURSE), 15)
    await client.aclose()
    assert platform.order == [Endpoint.COURSES, Endpoint.MODULES]


async def test_cancelling_at_any_moment_leaves_the_lane_usable(
    gate: Gate, platform: ScriptedPlatform
) -> None:
    own, person = session(gate), session(gate, priority=Priority.PERSON)
    for step in range(60):
        tasks = [
            asyncio.create_task(own.courses()),
            asyncio.create_task(person.modules(COURSE)),
            asyncio.create_task(own.cells(COURSE, "t")),
        ]
        await asyncio.sleep(step * 0.07)
        tasks[step % 3].cancel()
        tasks[(step + 1) % 3].cancel()
        await asyncio.wait_for(asyncio.wait(tasks), 10)
    assert all(gap >= 1 - 1e-6 for gap in platform.gaps())


async def test_me_binds_the_cookie_so_that_later_sessions_share_the_students_queue(
    gate: Gate, platform: ScriptedPlatform
) -> None:
    await session(gate, "a", stu_id=None).me()
    async with asyncio.TaskGroup() as group:
        group.create_task(session(gate, "a", stu_id=None).courses())
        group.create_task(session(gate, "b", stu_id="stu-a").courses())
    assert min(platform.gaps()) >= 1 - 1e-6


async def test_the_platforms_word_on_whose_cookie_it_is_goes_before_the_callers(
    gate: Gate, platform: ScriptedPlatform
) -> None:
    wrong = session(gate, "b", stu_id="stu-a")
    await wrong.me()
    assert gate.queue_key(wrong._cookie_key, "stu-a") == "stu-b"


async def test_cookies_of_unknown_students_have_lanes_of_their_own(
    gate: Gate, platform: ScriptedPlatform
) -> None:
    async with asyncio.TaskGroup() as group:
        for letter in "ab":
            group.create_task(session(gate, letter, stu_id=None).courses())
    assert platform.seen[1].started < 0.1


async def test_idle_lanes_are_dropped_but_not_while_they_owe_a_pause(
    gate: Gate, platform: ScriptedPlatform
) -> None:
    async with asyncio.TaskGroup() as group:
        for number in range(50):
            group.create_task(session(gate, stu_id=f"stu-{number}").courses())
    await session(gate, stu_id="soon").courses()
    assert len(gate.queues) == 51
    await asyncio.sleep(2)
    await session(gate, stu_id="later").courses()
    assert len(gate.queues) == 1


async def test_the_lane_of_a_request_that_was_given_up_is_dropped_too(
    gate: Gate, platform: ScriptedPlatform
) -> None:
    await session(gate).courses()
    given_up = asyncio.create_task(session(gate).topics(COURSE, "m"))
    await asyncio.sleep(0.5)
    given_up.cancel()
    await asyncio.sleep(2)
    await session(gate, stu_id="later").courses()
    assert len(gate.queues) == 1


async def test_remembered_cookies_are_bounded(gate: Gate) -> None:
    for number in range(KNOWN_COOKIES + 10):
        gate.bind(f"cookie:{number}", "stu")
    assert gate.queue_key("cookie:0", None) == "cookie:0"
    assert gate.queue_key(f"cookie:{KNOWN_COOKIES + 9}", None) == "stu"


def test_a_person_goes_before_a_job() -> None:
    assert Priority.PERSON < Priority.JOB


async def test_neither_a_session_nor_a_lane_shows_the_cookie(gate: Gate) -> None:
    own = session(gate, stu_id=None)
    assert auth_of("a") not in repr(own)
    assert auth_of("a") not in own._cookie_key


@pytest.mark.parametrize(("late", "waited"), [(0.1, 0.0), (0.4, 0.4), (30.0, 1.0)])
async def test_reports_give_way_by_a_second_while_the_event_loop_is_late_and_people_do_not(
    platform: ScriptedPlatform, late: float, waited: float
) -> None:
    lag = Late(late)
    client = Client("http://127.0.0.1", transport=platform)
    gate = Gate(client, PlatformClock(SystemClock()), requests_per_second=1000, lag=lag)
    asking = asyncio.create_task(session(gate, "b", priority=Priority.PERSON).courses())
    await report(session(gate, "c", stu_id="stu-c"))
    await asking
    began = {each.endpoint: each.started for each in platform.seen}
    assert began == {
        Endpoint.COURSES: pytest.approx(0.0, abs=0.01),
        Endpoint.REPORT: pytest.approx(waited, abs=0.01),
    }
    await client.aclose()


class Late(LoopLag):
    """A loop that is late by as much as a test says."""

    def __init__(self, late: float) -> None:
        super().__init__()
        self.late = late

    def seconds(self, now: float) -> float:
        return self.late
