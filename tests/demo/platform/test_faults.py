import asyncio
import gzip
import json
import time
from typing import Any

import aiohttp
import pytest

from demo.platform import Endpoint, Fault, Phase, folder, school_of, video
from demo.platform.odd_bodies import ODD_ROWS
from tests.demo.platform.conftest import Enrol
from tests.support.student_client import StudentClient


async def at_ten_of_20(enrol: Enrol) -> StudentClient:
    """A video of 20 s at half, and time for the next report."""
    client = await enrol(school_of([video(20)]))
    await client.watch_to("cell-1", 10)
    client.clock.advance(10)
    return client


@pytest.mark.parametrize(
    ("fault", "status", "words"),
    [
        (Fault.HTTP_502, 502, "Bad Gateway"),
        (Fault.HTTP_503, 503, "Service Temporarily Unavailable"),
        (Fault.HTTP_504, 504, "Gateway Time-out"),
        (Fault.FIREWALL_200, 200, "blocked"),
        (Fault.EMPTY, 200, ""),
        (Fault.LOGIN_PAGE, 200, "登录"),
        (Fault.REDIRECT_LOGIN, 302, ""),
        (Fault.EXPIRED_STRING, 200, '"code": "-1"'),
        (Fault.EXPIRED_TEXT, 200, "用户信息异常"),
        (Fault.EXPIRED_WORDS, 200, "其他地方登录"),
        (Fault.json({"code": -500, "msg": "坏"}), 200, '{"code": -500, "msg": "坏"}'),
    ],
    ids=lambda value: value.kind if isinstance(value, Fault) else "",
)
async def test_a_fault_answers_instead_and_applies_nothing(
    enrol: Enrol, fault: Fault, status: int, words: str
) -> None:
    client = await at_ten_of_20(enrol)
    client.server.faults.add("report", fault)
    response = await client.send(
        Endpoint.REPORT,
        **client.ids("cell-1"),
        studyNewlyTime=20,
        token=client.tokens["cell-1"],
    )
    body = await response.text()
    assert response.status == status
    assert words in body
    assert bool(body) == bool(words)
    assert client.shown("cell-1") == 50
    client.clock.advance(10)
    assert (await client.report("cell-1", 20))["code"] == 1


RAW: list[tuple[str | bytes, bytes]] = [
    ("[]", b"[]"),
    ("半", "半".encode()),
    (b"\xff\x00", b"\xff\x00"),
    ('{"code": 1, "code": -1}', b'{"code": 1, "code": -1}'),
    ("", b""),
]


@pytest.mark.parametrize(("body", "sent"), RAW)
@pytest.mark.parametrize("applied", [False, True])
async def test_any_bytes_can_stand_in_place_of_an_answer_before_or_after_it_is_applied(
    enrol: Enrol, body: str | bytes, sent: bytes, applied: bool
) -> None:
    client = await at_ten_of_20(enrol)
    fault = Fault.raw_body(body, status=203, headers={"X-Odd": "1"}, applied=applied)
    client.server.faults.add("report", fault)
    response = await client.send(
        Endpoint.REPORT, **client.ids("cell-1"), studyNewlyTime=20, token=client.tokens["cell-1"]
    )
    assert (response.status, await response.text("latin-1")) == (203, sent.decode("latin-1"))
    assert response.headers["X-Odd"] == "1"
    assert client.shown("cell-1") == (100 if applied else 50)
    assert client.server.requests[-1].code is None


@pytest.mark.parametrize("announced", [10**9, 3])
async def test_an_announced_length_can_lie(enrol: Enrol, announced: int) -> None:
    client = await enrol(school_of([]))
    client.server.faults.add("me", Fault.raw_body('{"code": 1}', announced=announced))
    host, port = client.server.url.removeprefix("http://").split(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    writer.write(f"POST {Endpoint.ME} HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n".encode())
    heads, _, body = (await reader.read()).partition(b"\r\n\r\n")
    writer.close()
    assert f"Content-Length: {announced}" in heads.decode()
    assert body == b'{"code": 1}'


async def test_a_packed_answer_unpacks_to_a_thousand_times_its_length(enrol: Enrol) -> None:
    client = await enrol(school_of([]))
    client.server.faults.add("me", Fault.packed(10_000_000))
    async with aiohttp.ClientSession(auto_decompress=False) as session:
        response = await session.post(client.server.url + Endpoint.ME)
        body = await response.read()
    assert response.headers["Content-Encoding"] == "gzip"
    assert len(body) < 20_000
    assert gzip.decompress(body) == b" " * 10_000_000


async def test_odd_rows_stand_in_every_list_and_the_good_ones_between_them(enrol: Enrol) -> None:
    client = await enrol(school_of([folder([video(30)]), video(30)]))
    course, rest = client.school.courses[0], {"topicId": "topic-1", "moduleId": "module-1"}
    client.server.faults.add("*", Fault.ODD_ROWS, times=None)
    lists = {
        Endpoint.COURSES: ["courseList"],
        Endpoint.MODULES: ["progress", "moduleList"],
        Endpoint.TOPICS: ["topicList"],
        Endpoint.CELLS: ["cellList"],
    }
    rows: list[Any] = []
    for endpoint, path in lists.items():
        client.clock.advance(1)
        ids = {"courseOpenId": course.course_open_id, "openClassId": course.open_class_id}
        found: Any = await client.ask(endpoint, **ids, **rest)
        for name in path:
            found = found[name]
        rows = [row for row in found if row not in ODD_ROWS]
        assert rows
        assert [row for row in found if row in ODD_ROWS] == list(ODD_ROWS)
    assert [len(row["childNodeList"]) for row in rows] == [len(ODD_ROWS) + 1, 0]


async def test_one_entry_can_lack_its_id(enrol: Enrol) -> None:
    client = await enrol(school_of([folder([video(30)]), video(30)]))
    client.server.faults.add("cells", Fault.without_id("cell-2"))
    first, second = await client.cells()
    assert first["childNodeList"][0]["Id"] is None
    assert (first["Id"], second["Id"]) == ("cell-1", "cell-3")


@pytest.mark.parametrize("odd", [None, "--", {}])
async def test_courses_and_modules_can_have_odd_percents_and_cells_keep_theirs(
    enrol: Enrol, odd: object
) -> None:
    client = await enrol(school_of([video(30)]))
    client.server.faults.add("*", Fault.percents(odd), times=None)
    course = client.server.school.courses[0]
    listed = await client.ask(Endpoint.COURSES)
    assert [row["process"] for row in listed["courseList"]] == [odd]
    client.clock.advance(1)
    ids = {"courseOpenId": course.course_open_id, "openClassId": course.open_class_id}
    found = await client.ask(Endpoint.MODULES, **ids)
    assert [row["percent"] for row in found["progress"]["moduleList"]] == [odd]
    client.clock.advance(1)
    assert (await client.cells())[0]["stuCellPercent"] == 0


async def test_trouble_can_begin_after_so_many_requests(enrol: Enrol) -> None:
    client = await enrol(school_of([]))
    client.server.faults.add("me", Fault.HTTP_502, times=2, after=2)
    statuses = [(await client.send(Endpoint.ME)).status for _ in range(5)]
    assert statuses == [200, 200, 502, 502, 200]


async def test_half_a_json_is_the_beginning_of_the_answer_to_an_applied_request(
    enrol: Enrol,
) -> None:
    client = await at_ten_of_20(enrol)
    client.server.faults.add("report", Fault.HALF_JSON)
    with pytest.raises(json.JSONDecodeError):
        await client.report("cell-1", 20)
    assert client.shown("cell-1") == 100


async def test_a_reset_applies_nothing_and_resets_the_connection(enrol: Enrol) -> None:
    client = await at_ten_of_20(enrol)
    client.server.faults.add("report", Fault.RESET)
    await client.gets_no_answer(client.report("cell-1", 20))
    assert client.shown("cell-1") == 50
    client.server.faults.add("*", Fault.RESET)
    host, port = client.server.url.removeprefix("http://").split(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    writer.write(f"POST {Endpoint.ME} HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n".encode())
    with pytest.raises(ConnectionResetError):
        await reader.read()
    writer.close()


async def test_a_lost_answer_is_applied_and_the_connection_ends(enrol: Enrol) -> None:
    client = await at_ten_of_20(enrol)
    client.server.faults.add("report", Fault.LOST_AFTER)
    await client.gets_no_answer(client.report("cell-1", 20))
    assert client.shown("cell-1") == 100


async def test_the_gap_runs_anew_from_a_lost_answer(enrol: Enrol) -> None:
    client = await at_ten_of_20(enrol)
    client.server.faults.add("report", Fault.LOST_AFTER)
    await client.gets_no_answer(client.report("cell-1", 15))
    client.clock.advance(4)
    assert (await client.report("cell-1", 17))["code"] == -2
    assert client.kinds() == ["too_soon"]


async def test_a_hang_delays_the_answer_by_real_seconds(enrol: Enrol) -> None:
    client = await at_ten_of_20(enrol)
    client.server.faults.add("report", Fault.hang(0.2))
    began = time.monotonic()
    assert (await client.report("cell-1", 20))["code"] == 1
    assert time.monotonic() - began >= 0.19
    assert client.shown("cell-1") == 100


async def test_a_hang_that_the_client_does_not_wait_out_applies_nothing(enrol: Enrol) -> None:
    client = await at_ten_of_20(enrol)
    client.server.faults.add("report", Fault.hang(60))
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.05):
            await client.report("cell-1", 20)
    assert (await client.cells())[0]["stuCellPercent"] == 50


async def test_the_server_stops_at_once_in_the_middle_of_a_hang(enrol: Enrol) -> None:
    client = await at_ten_of_20(enrol)
    arrived = asyncio.Event()

    async def tell(_endpoint: Endpoint, _phase: Phase) -> None:
        arrived.set()

    client.server.on_request = tell
    client.server.faults.add("*", Fault.hang(60))
    asked = asyncio.create_task(client.gets_no_answer(client.send(Endpoint.ME)))
    await arrived.wait()
    async with asyncio.timeout(5):
        await client.server.stop()
        await asked


async def test_while_it_is_away_every_connection_ends_until_it_is_cleared(enrol: Enrol) -> None:
    client = await enrol(school_of([]))
    client.server.faults.add("*", Fault.AWAY, times=None)
    for endpoint in Endpoint:
        await client.gets_no_answer(client.send(endpoint))
    client.server.faults.clear()
    assert (await client.send(Endpoint.ME)).status == 200


async def test_stopped_and_started_on_its_port_it_refuses_in_between_and_forgets_nothing(
    enrol: Enrol,
) -> None:
    client = await at_ten_of_20(enrol)
    url = client.server.url
    await client.server.stop()
    port = int(url.rsplit(":", 1)[1])
    with pytest.raises(ConnectionRefusedError):
        await asyncio.open_connection("127.0.0.1", port)
    assert await client.server.start(port) == url
    assert (await client.report("cell-1", 20))["code"] == 1
    assert client.shown("cell-1") == 100


async def test_faults_come_in_order_as_often_as_planned_and_where_they_are_meant(
    enrol: Enrol,
) -> None:
    client = await enrol(school_of([video(30), video(30, finished=True)]))
    faults = client.server.faults
    faults.add("*", Fault.HTTP_503, where=lambda form: form.get("cellId") == "cell-2")
    faults.add(Endpoint.VIEW, Fault.HTTP_502, times=2)
    faults.add(Endpoint.VIEW.value, Fault.HTTP_504)
    statuses = [
        (await client.send(Endpoint.VIEW, **client.ids(cell_id))).status
        for cell_id in ("cell-1", "cell-2", "cell-1", "cell-2", "cell-1")
    ]
    assert statuses == [502, 503, 502, 504, 200]
    assert faults.pending() == 0


async def test_no_count_waits_for_a_view_or_report(enrol: Enrol) -> None:
    client = await at_ten_of_20(enrol)
    client.server.faults.add("*", Fault.NO_COUNT)
    assert (await client.send(Endpoint.ME)).status == 200
    assert (await client.report("cell-1", 20))["code"] == 1
    assert client.shown("cell-1") == 50
    client.clock.advance(10)
    await client.report("cell-1", 20)
    assert client.shown("cell-1") == 100


async def test_an_unknown_endpoint_cannot_have_faults(enrol: Enrol) -> None:
    client = await enrol(school_of([]))
    with pytest.raises(ValueError, match="nowhere"):
        client.server.faults.add("nowhere", Fault.EMPTY)


async def test_faults_reach_requests_without_a_session_too(enrol: Enrol) -> None:
    client = await enrol(school_of([]))
    client.auth = "unknown"
    client.server.faults.add("me", Fault.HTTP_502)
    assert (await client.send(Endpoint.ME)).status == 502
    client.server.faults.expired_form = Fault.EMPTY
    client.server.faults.add("me", Fault.LOST_AFTER)
    assert await (await client.send(Endpoint.ME)).text() == ""
