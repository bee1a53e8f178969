"""What is held against a client: anything beside the three reads, and a pace that is too quick."""

import asyncio
import json

import aiohttp
import pytest

from demo.platform import Fault
from demo.spoc import (
    ANTI_BOT,
    ELSEWHERE,
    FORBIDDEN_BODY,
    FORBIDDEN_HTTP,
    OTHER_CODE,
    PREFIX,
    Read,
    SpocSchool,
    lesson,
    spoc_course,
    spoc_school,
)
from tests.demo.spoc.conftest import Visit

HARMFUL = (
    "spoc/exam/paper/getPaper",
    "spoc/exam/enter",
    "spoc/exam/preview",
    "spoc/problemRecord/list",
    "spoc/courseInfoStudent/saveStudentVisitCourseInfo",
    "system/verifyQrCode",
    "spoc/classSign/gesture",
    "spoc/classmate/list",
    "spoc/study/flushSpeed",
    "auth/refresh",
    "spoc/courseDesign/getStudyCellInfo",
    "spoc/studyRecord/report",
    "auth/login",
)


def school() -> SpocSchool:
    return spoc_school([spoc_course([lesson("第一课")])], pupils=(("张三", "z"), ("李四", "l")))


async def test_the_three_reads_at_a_polite_pace_break_no_rule(visit: Visit) -> None:
    reader = await visit(school())
    await reader.ask(Read.ME)
    await reader.courses()
    await reader.record()
    assert reader.kinds() == []
    assert reader.site.asked() == {("GET", read.value) for read in Read}


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize("path", HARMFUL)
async def test_what_has_effects_is_answered_and_held_against_the_client(
    visit: Visit, path: str, method: str
) -> None:
    reader = await visit(school())
    response, text = await reader.send(f"{PREFIX}/{path}", method=method)
    assert (response.status, '"code": 200' in text) == (200, True)
    (violation,) = reader.site.violations
    assert (violation.kind.value, violation.student) == ("forbidden", reader.pupil.user_id)
    assert path in violation.detail


@pytest.mark.parametrize("read", Read)
@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "HEAD"])
async def test_a_read_by_another_method_is_forbidden(visit: Visit, read: Read, method: str) -> None:
    reader = await visit(school())
    await reader.send(read, method=method)
    assert reader.kinds() == ["forbidden"]


async def test_a_path_that_is_not_known_is_forbidden_with_or_without_a_token(
    visit: Visit,
) -> None:
    reader = await visit(school())
    assert (await reader.ask(f"{PREFIX}/spoc/courseInfoStudent/other"))["code"] == 404
    reader.token = ""
    await reader.send(f"{Read.ME}/")
    assert reader.kinds() == ["forbidden", "forbidden"]


async def test_two_requests_within_a_second_are_held_against_the_student_alone(
    visit: Visit,
) -> None:
    reader = await visit(school())
    await reader.ask(Read.ME)
    reader.clock.advance(-0.1)
    await reader.courses()
    assert reader.kinds() == ["read_too_soon"]
    reader.token = reader.site.token_for(reader.site.school.pupils[1].user_id)
    reader.clock.advance(-0.9)
    await reader.courses()
    assert reader.kinds() == ["read_too_soon"]


async def test_the_second_counts_from_the_answer(visit: Visit) -> None:
    reader = await visit(school())
    arrived, go_on = asyncio.Event(), asyncio.Event()

    async def hold(_path: str) -> None:
        if not arrived.is_set():
            arrived.set()
            await go_on.wait()

    reader.site.on_request = hold
    first = asyncio.create_task(reader.ask(Read.ME))
    await arrived.wait()
    reader.clock.advance(5)
    go_on.set()
    await first
    reader.clock.advance(-0.5)
    await reader.ask(Read.ME)
    assert reader.kinds() == ["read_too_soon"]


@pytest.mark.parametrize("same_student", [True, False])
async def test_two_requests_of_one_student_at_once_are_held_against_it(
    visit: Visit, same_student: bool
) -> None:
    reader = await visit(school())
    arrived, go_on = asyncio.Event(), asyncio.Event()

    async def hold(_path: str) -> None:
        if not arrived.is_set():
            arrived.set()
            await go_on.wait()

    reader.site.on_request = hold
    first = asyncio.create_task(reader.ask(Read.ME))
    await arrived.wait()
    if not same_student:
        reader.token = reader.site.token_for(reader.site.school.pupils[1].user_id)
    await reader.ask(Read.COURSES)
    go_on.set()
    await first
    assert reader.kinds() == (["concurrent"] if same_student else [])


async def test_a_request_whose_client_left_is_no_longer_in_flight(visit: Visit) -> None:
    reader = await visit(school())
    reader.site.faults.add(Read.ME, Fault.hang(60))
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.05):
            await reader.ask(Read.ME)
    await reader.ask(Read.ME)
    assert reader.kinds() == []


async def test_a_cookie_is_not_needed_and_held_against_the_client(
    visit: Visit, session: aiohttp.ClientSession
) -> None:
    reader = await visit(school())
    headers = {"Authorization": reader.token, "Cookie": "acw_tc=1"}
    async with session.get(reader.server.url + Read.ME, headers=headers) as response:
        assert "acw_tc=" in response.headers["Set-Cookie"]
    assert reader.kinds() == ["stray_cookie"]


@pytest.mark.parametrize("path", ["/api/student/Studio/index", "/study/coursePreview/x"])
async def test_a_token_that_goes_elsewhere_is_held_against_the_client(
    visit: Visit, path: str
) -> None:
    reader = await visit(school())
    await reader.send(path, method="POST")
    assert [each.kind.value for each in reader.server.violations] == ["stray_token"]


@pytest.mark.parametrize(
    ("fault", "status", "part"),
    [
        (ANTI_BOT, 200, "<html>"),
        (FORBIDDEN_BODY, 200, '"code": 403'),
        (FORBIDDEN_HTTP, 403, '"code": 403'),
        (OTHER_CODE, 200, '"code": 500'),
        (ELSEWHERE, 302, ""),
        (Fault.HTTP_502, 502, "nginx"),
        (Fault.EMPTY, 200, ""),
    ],
)
@pytest.mark.parametrize("read", Read)
async def test_trouble_stands_in_place_of_an_answer_once(
    visit: Visit, read: Read, fault: Fault, status: int, part: str
) -> None:
    reader = await visit(school())
    reader.site.faults.add(read, fault)
    response, text = await reader.send(read)
    assert (response.status, part in text) == (status, True)
    assert (await reader.send(Read.ME))[0].status == 200
    if fault is ELSEWHERE:
        assert response.headers["Location"].startswith("https://login.invalid/")


async def test_half_an_answer_and_none_at_all(visit: Visit) -> None:
    reader = await visit(school())
    reader.site.faults.add(Read.RECORD, Fault.HALF_JSON)
    reader.site.faults.add(Read.ME, Fault.RESET, times=2)  # aiohttp asks twice
    with pytest.raises(json.JSONDecodeError):
        await reader.record()
    with pytest.raises(aiohttp.ClientError):
        await reader.ask(Read.ME)
    assert [each.status for each in reader.site.requests] == [200, None, None]
