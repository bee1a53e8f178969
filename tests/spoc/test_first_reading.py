"""What one reading of a list lacks, the other one of a first look brings; before the stand-in."""

from collections.abc import AsyncIterator

import pytest

from bot.clock import PlatformClock
from bot.digest.first_reading import first_cells, first_courses, first_modules
from bot.spoc.client import SpocClient
from bot.spoc.session import SpocSession
from bot.zjy.client import Client
from bot.zjy.gate import Gate, Priority
from demo.platform import Fault, PlatformServer, school_of
from demo.spoc import Read, SpocSite, folder, lesson, spoc_course, spoc_school
from tests.support.clocks import LoopClock
from tests.support.in_process_transport import PlatformTransport

pytestmark = pytest.mark.looptime(start=0)


@pytest.fixture
def site() -> SpocSite:
    units = [folder([lesson(f"课{u}.{n}") for n in range(4)], name=f"单元{u}") for u in range(4)]
    courses = [spoc_course(units, name="护理学")]
    courses += [spoc_course(name=f"课程{n}", created="2026-08-01 08:00:00") for n in range(5)]
    return SpocSite(spoc_school(courses), monotonic=LoopClock().monotonic)


@pytest.fixture
async def session(site: SpocSite) -> AsyncIterator[SpocSession]:
    transport = PlatformTransport(PlatformServer(school_of([])))
    transport.site = site
    client = Client("http://127.0.0.1", transport=transport)
    gate = Gate(client, PlatformClock(LoopClock()), requests_per_second=1000)
    token = site.token_for(site.school.pupils[0].user_id)
    spoc = SpocClient(client.exchange)
    yield SpocSession(gate, spoc, token, stu_id=None, priority=Priority.DIGEST)
    await client.aclose()
    assert site.violations == []


@pytest.mark.parametrize("good_ones_before", [0, 1])
async def test_a_first_look_has_all_though_one_of_two_lists_is_incomplete(
    site: SpocSite, session: SpocSession, good_ones_before: int
) -> None:
    for read in Read:
        site.faults.add(read, Fault.INCOMPLETE, after=good_ones_before)
    courses = await first_courses(session)
    assert {each.name for each in courses.courses} == {each.name for each in site.school.courses}
    assert [term.name for term in courses.terms] == ["2026秋"]
    (course,) = (each for each in courses.courses if each.name == "护理学")
    modules = (await first_modules(session, course.ref)).modules
    assert {each.name for each in modules} == {f"单元{n}" for n in range(4)}


@pytest.mark.parametrize("good_ones_before", [0, 1])
async def test_a_module_that_is_read_for_the_first_time_has_all_its_lessons(
    site: SpocSite, session: SpocSession, good_ones_before: int
) -> None:
    (course,) = (each for each in (await session.courses()).courses if each.name == "护理学")
    unit = site.school.course_named("护理学").tree[2]
    site.faults.add(Read.RECORD, Fault.INCOMPLETE, after=good_ones_before)
    read = await first_cells(session, course.ref, unit.id, unit.name)
    assert {cell.name for cell in read.cells} == {f"课2.{n}" for n in range(4)}
    assert (read.requests, read.is_whole) == (2, True)
