"""Many chats press at once: nobody is lost, and nobody waits for another's slow platform."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from contextlib import AsyncExitStack

import pytest

from benchmarks.figures import rank
from benchmarks.presser import Presser
from benchmarks.samples import Kind, Sample, Scene
from benchmarks.watch import watching
from bot.zjy.client import Client
from demo.platform.endpoints import STUDY_CALLS
from tests.support.crowd import Crowd, school_for
from tests.support.uneven_stage import UnevenPlatform, UnevenStage

pytestmark = pytest.mark.process

HANG = 12.0
"""Real seconds for which the platform says nothing to some."""
SOON = HANG / 2
"""By far less than a hang, and by far more than a press takes on a machine that is busy."""
SPEED = 20.0
SEED = 7

Gather = Callable[[int, int, int], Awaitable[Crowd]]


@pytest.fixture
async def gather() -> AsyncIterator[Gather]:
    """Gathers so many who stop and resume their jobs, so many with jobs, and so many without, in
    front of a bot that is a process of its own; no rule of the platform may be broken."""
    async with AsyncExitStack() as stack:
        stages: list[UnevenStage] = []

        async def made(stoppers: int, workers: int, idlers: int) -> Crowd:
            stage = UnevenStage(
                school_for(stoppers + workers + idlers),
                speed=SPEED,
                settings={"PLATFORM_REQUESTS_PER_SECOND": "1000"},
            )
            stages.append(await stack.enter_async_context(stage))
            watch = await stack.enter_async_context(watching(stage.telegram))
            return await Crowd.gather(
                stage, watch, stoppers=stoppers, workers=workers, idlers=idlers
            )

        yield made
        assert [stage.platform.violations for stage in stages] == [[]] * len(stages)


def p95(times: Iterable[float | None]) -> float:
    return rank((time for time in times if time is not None), 0.95)


@pytest.mark.timeout(180)
async def test_nobody_is_lost_or_waits_while_the_platform_hangs_for_some(gather: Gather) -> None:
    crowd = await gather(6, 6, 18)
    crowd.trouble(slow=10, seconds=HANG, away=2)
    scene = Scene("the platform hangs for ten of thirty chats")

    await crowd.press_steadily(scene, 3.0, 0.5, SEED)
    await crowd.press_together(scene, 1, SEED)

    healthy = [each for each in scene.samples if not each.troubled]
    assert scene.lost == []
    assert crowd.stage.uneven.most_hanging >= 5
    assert {each.kind for each in scene.samples} >= {Kind.START, Kind.COURSES, Kind.TICK}
    assert p95(each.answered for each in scene.samples) < SOON
    assert p95(each.shown for each in scene.samples) < SOON
    assert p95(each.listed for each in healthy) < SOON


@pytest.mark.timeout(180)
async def test_a_pause_is_answered_and_followed_while_everybody_presses(gather: Gather) -> None:
    crowd = await gather(4, 4, 12)
    scene = Scene("four pause while sixteen press")

    pressing = asyncio.create_task(crowd.press_steadily(scene, 3.0, 0.3, SEED, but=crowd.stoppers))
    paused = await asyncio.gather(*(pause(crowd, each) for each in crowd.stoppers))
    studied = [studies(crowd, each) for each in crowd.stoppers]
    await pressing

    assert scene.lost == [each.lost for each in paused if each.lost] == []
    assert len(scene.samples) > len(crowd.everybody)
    assert p95(each.answered for each in paused) < SOON
    assert [studies(crowd, each) for each in crowd.stoppers] == studied
    assert all(studies(crowd, each) > 0 for each in crowd.workers)


async def pause(crowd: Crowd, person: Presser) -> Sample:
    """Pause, and wait until the chat shows that the job rests."""
    sample = await person.act(Kind.PAUSE)
    assert await crowd.watch.until(
        person.person.user_id, lambda: "已暂停" in person.job.text, HANG
    ), person.job.text
    return sample


def studies(crowd: Crowd, person: Presser) -> int:
    """How often the platform heard of the student's study."""
    return sum(
        request.student == person.student.stu_id and request.endpoint in STUDY_CALLS
        for request in crowd.stage.platform.requests
    )


async def test_requests_that_hang_keep_no_other_student_from_the_platform() -> None:
    school = school_for(121)
    platform = UnevenPlatform(school, speed=1)
    *slow, quick = (student.stu_id for student in school.students)
    platform.slow = dict.fromkeys(slow, 60.0)
    client = Client(await platform.start())
    hanging = [asyncio.create_task(client.me(platform.cookie_for(each))) for each in slow]
    try:
        student = await asyncio.wait_for(client.me(platform.cookie_for(quick)), HANG)
        while platform.hanging < len(slow):  # noqa: ASYNC110 - nobody tells
            await asyncio.sleep(0.01)
        again = await asyncio.wait_for(client.me(platform.cookie_for(quick)), HANG)
    finally:
        for each in hanging:
            each.cancel()
        await asyncio.gather(*hanging, return_exceptions=True)
        await client.aclose()
        await platform.stop()

    assert student.stu_id == again.stu_id == quick
