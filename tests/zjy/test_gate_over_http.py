"""The gate, the client and the stand-in of the platform together, over the loopback."""

import asyncio
from collections.abc import AsyncIterator
from decimal import Decimal

import pytest

from bot.clock import PlatformClock, SystemClock
from bot.zjy.client import Client
from bot.zjy.errors import OtherCellOpen, SessionExpired
from bot.zjy.gate import Gate, Priority, Session
from bot.zjy.models import Report
from demo.platform.builders import STUDENT, document, folder, quiz, school_of, video
from demo.platform.endpoints import Endpoint as Theirs
from demo.platform.faults import Fault, FaultKind
from demo.platform.server import PlatformServer

SPEED = 20.0


@pytest.fixture
async def platform() -> AsyncIterator[PlatformServer]:
    school = school_of(
        cells=[
            video(12.345678, id="video"),
            document(3, id="document"),
            folder([document(2, id="child", finished=True), quiz()]),
        ]
    )
    server = PlatformServer(school, speed=SPEED)
    await server.start()
    yield server
    await server.stop()


@pytest.fixture
async def gate(platform: PlatformServer) -> AsyncIterator[Gate]:
    client = Client(platform.url)
    yield Gate(client, PlatformClock(SystemClock(), SPEED), requests_per_second=200)
    await client.aclose()


@pytest.fixture
def own(gate: Gate, platform: PlatformServer) -> Session:
    return Session(
        gate, platform.cookie_for(STUDENT.stu_id), stu_id=STUDENT.stu_id, priority=Priority.JOB
    )


async def test_the_whole_tree_is_read_without_a_violation(
    own: Session, platform: PlatformServer
) -> None:
    assert (await own.me()).name == STUDENT.name
    (course,) = (await own.courses()).courses
    (module,) = (await own.modules(course.ref)).modules
    (topic,) = (await own.topics(course.ref, module.id)).topics
    leaves = (await own.cells(course.ref, topic.id)).leaves
    assert {leaf.id: leaf.percent for leaf in leaves if leaf.category != "测验"} == {
        "video": 0,
        "document": 0,
        "child": 100,
    }
    assert platform.violations == []


async def test_a_video_is_studied_to_its_last_digit_and_a_second_cell_waits_for_the_first(
    own: Session, gate: Gate, platform: PlatformServer
) -> None:
    (course,) = (await own.courses()).courses
    (module,) = (await own.modules(course.ref)).modules
    view = await own.view(course.ref, "video", module.id)
    with pytest.raises(OtherCellOpen) as caught:
        await own.view(course.ref, "document", module.id)
    assert caught.value.open_cell is not None
    assert caught.value.open_cell.cell_id == "document"
    view = await own.view(course.ref, "video", module.id)
    assert view.length == Decimal("12.345678")
    await gate.clock.sleep(7)
    await own.report(course.ref, module.id, "video", view, Report(position=view.length))
    assert platform.shown(STUDENT.stu_id, "video") == 100
    assert platform.violations == []


async def test_many_readers_of_one_student_break_no_rule(
    own: Session, gate: Gate, platform: PlatformServer
) -> None:
    cookie = platform.cookie_for(STUDENT.stu_id)
    person = Session(gate, cookie, stu_id=STUDENT.stu_id, priority=Priority.PERSON)
    async with asyncio.TaskGroup() as group:
        for _ in range(5):
            group.create_task(own.courses())
            group.create_task(person.me())
    assert platform.violations == []


@pytest.mark.parametrize("kind", [FaultKind.EMPTY, FaultKind.LOGIN_PAGE, FaultKind.HTTP_504])
async def test_passing_trouble_is_not_seen_by_the_caller(
    kind: FaultKind, own: Session, platform: PlatformServer
) -> None:
    platform.faults.add(Theirs.COURSES, Fault(kind), times=1)
    assert len((await own.courses()).courses) == 1


async def test_every_form_of_an_expired_session_is_understood(
    own: Session, platform: PlatformServer
) -> None:
    platform.expire(STUDENT.stu_id)
    for _ in range(6):
        with pytest.raises(SessionExpired):
            await own.courses()
