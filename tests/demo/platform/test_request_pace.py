import asyncio

import pytest

from demo.platform import Endpoint, Fault, Phase, school_of, video
from tests.demo.platform.conftest import Enrol


async def test_a_read_too_soon_after_another_gets_a_504_and_is_held_against_it(
    enrol: Enrol,
) -> None:
    client = await enrol(school_of([video(30)]))
    assert (await client.send(Endpoint.COURSES)).status == 200
    client.clock.advance(0.8)
    response = await client.send(Endpoint.CELLS)
    assert response.status == 504
    assert "nginx" in await response.text()
    assert client.kinds() == ["read_too_soon"]
    client.clock.advance(0.95)
    assert (await client.send(Endpoint.COURSES)).status == 200
    assert client.kinds() == ["read_too_soon"]


async def test_the_pause_also_follows_a_read_that_a_gateway_refused(enrol: Enrol) -> None:
    client = await enrol(school_of([video(30)]))
    client.server.faults.add("courses", Fault.HTTP_502)
    assert (await client.send(Endpoint.COURSES)).status == 502
    assert (await client.send(Endpoint.COURSES)).status == 504


async def test_only_reads_of_the_tree_need_the_pause(enrol: Enrol) -> None:
    client = await enrol(school_of([video(30)]))
    await client.send(Endpoint.COURSES)
    assert (await client.send(Endpoint.ME)).status == 200
    assert (await client.view("cell-1"))["code"] == 1
    assert client.kinds() == []


async def test_two_students_do_not_slow_each_other(enrol: Enrol) -> None:
    client = await enrol(school_of([video(30)]))
    await client.send(Endpoint.COURSES)
    client.auth = client.server.cookie_for(client.school.students[1].stu_id)
    assert (await client.send(Endpoint.COURSES)).status == 200


@pytest.mark.parametrize("same_student", [True, False])
async def test_two_requests_of_one_student_at_once_are_held_against_it(
    enrol: Enrol, same_student: bool
) -> None:
    client = await enrol(school_of([video(30)]))
    arrived, go_on = asyncio.Event(), asyncio.Event()

    async def hold(_endpoint: Endpoint, phase: Phase) -> None:
        if phase is Phase.BEFORE and not arrived.is_set():
            arrived.set()
            await go_on.wait()

    client.server.on_request = hold
    first = asyncio.create_task(client.send(Endpoint.ME))
    await arrived.wait()
    if not same_student:
        client.auth = client.server.cookie_for(client.school.students[1].stu_id)
    assert (await client.send(Endpoint.ME)).status == 200
    go_on.set()
    assert (await first).status == 200
    kinds = [violation.kind.value for violation in client.server.violations]
    assert kinds == (["concurrent"] if same_student else [])


async def test_a_request_whose_client_left_is_no_longer_in_flight(enrol: Enrol) -> None:
    client = await enrol(school_of([video(30)]))
    client.server.faults.add("me", Fault.hang(60))
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.05):
            await client.send(Endpoint.ME)
    assert (await client.send(Endpoint.ME)).status == 200
    assert client.kinds() == []


async def test_the_log_of_requests_tells_when_who_what_and_how_it_was_answered(
    enrol: Enrol,
) -> None:
    client = await enrol(school_of([video(30)]))
    await client.view("cell-1")
    client.clock.advance(10)
    client.server.faults.add("report", Fault.RESET)
    await client.gets_no_answer(client.report("cell-1", 10))
    viewed, lost = client.server.requests
    assert (viewed.endpoint, viewed.student) == (Endpoint.VIEW, client.stu_id)
    assert (viewed.at, viewed.answered_at, viewed.status, viewed.code) == (1000, 1000, 200, 1)
    assert viewed.form == {**client.ids("cell-1"), "flag": "s"}
    assert (lost.at, lost.answered_at, lost.status, lost.code) == (1010, None, None, None)
    assert lost.form["studyNewlyTime"] == "10"


async def test_the_hook_is_called_before_a_request_and_after_it_was_applied(enrol: Enrol) -> None:
    client = await enrol(school_of([video(10)]))
    await client.view("cell-1")
    client.clock.advance(10)
    seen: list[tuple[Endpoint, Phase, float]] = []

    async def look(endpoint: Endpoint, phase: Phase) -> None:
        seen.append((endpoint, phase, client.shown("cell-1")))

    client.server.on_request = look
    await client.report("cell-1", 10)
    assert seen == [
        (Endpoint.REPORT, Phase.BEFORE, 0),
        (Endpoint.REPORT, Phase.APPLIED, 100),
    ]
