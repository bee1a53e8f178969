from base64 import b64encode
from typing import Any

import pytest

from demo.platform import STUDENT, Endpoint, Fault, school_of, video
from tests.demo.platform.conftest import Enrol
from tests.support.student_client import StudentClient


async def command(
    client: StudentClient, name: str, body: object, status: int = 200
) -> dict[str, Any]:
    url = f"{client.server.url}/__stand-in__/{name}"
    async with client.session.post(url, json=body) as response:
        assert response.status == status
        answer: dict[str, Any] = await response.json()
        return answer


async def test_the_state_tells_violations_percents_and_requests(enrol: Enrol) -> None:
    client = await enrol(school_of([video(30)]))
    await client.watch_to("cell-1", 15)
    await client.report("cell-1", 20, token="")
    async with client.session.get(f"{client.server.url}/__stand-in__/state") as response:
        state = await response.json()
    assert state == {
        "now": 1010,
        "violations": [
            {
                "at": 1010,
                "student": STUDENT.stu_id,
                "kind": "no_token",
                "detail": "report on cell-1",
            }
        ],
        "requests": 3,
        "students": {STUDENT.stu_id: {"cell-1": 50}, "p4xkaw6sbnlh1m0qzy7wXX": {"cell-1": 0}},
    }


async def test_another_process_can_log_a_student_in_and_out(enrol: Enrol) -> None:
    client = await enrol(school_of([]))
    client.server.faults.expired_form = Fault.EXPIRED_STRING
    assert await command(client, "expire", {"stuId": STUDENT.stu_id}) == {"ok": True}
    assert (await client.ask(Endpoint.ME))["code"] == "-1"
    client.auth = (await command(client, "cookie", {"stuId": STUDENT.stu_id}))["cookie"]
    assert (await client.ask(Endpoint.ME))["code"] == 1
    short = {"stuId": STUDENT.stu_id, "lifetime": 5}
    client.auth = (await command(client, "cookie", short))["cookie"]
    client.clock.advance(5)
    assert (await client.ask(Endpoint.ME))["code"] == "-1"


async def test_another_process_can_plan_and_clear_faults(enrol: Enrol) -> None:
    client = await enrol(school_of([video(30)]))
    await command(client, "faults", {"kind": "HTTP_502", "endpoint": "me", "times": 2})
    statuses = [(await client.send(Endpoint.ME)).status for _ in range(3)]
    assert statuses == [502, 502, 200]
    await command(client, "faults", {"kind": "http_503", "times": None})
    assert (await client.send(Endpoint.ME)).status == 503
    await command(client, "clear", {})
    assert (await client.send(Endpoint.ME)).status == 200
    await command(client, "faults", {"kind": "bar", "endpoint": "view", "minutes": 7})
    assert "请7分钟后" in (await client.view("cell-1"))["msg"]
    await command(client, "faults", {"kind": "json", "endpoint": "me", "body": {"code": 9}})
    assert await client.ask(Endpoint.ME) == {"code": 9}


async def test_another_process_can_say_an_answer_byte_by_byte(enrol: Enrol) -> None:
    client = await enrol(school_of([video(20)]))
    raw = {"kind": "raw", "endpoint": "me", "raw": "[]", "status": 418, "headers": {"X-Odd": "1"}}
    await command(client, "faults", raw | {"after": 1})
    assert (await client.send(Endpoint.ME)).status == 200
    response = await client.send(Endpoint.ME)
    assert (response.status, await response.text()) == (418, "[]")
    assert response.headers["X-Odd"] == "1"
    packed = b64encode(b"\xff\x00").decode()
    await command(client, "faults", {"kind": "raw", "endpoint": "me", "base64": packed})
    assert await (await client.send(Endpoint.ME)).text("latin-1") == "\xff\x00"
    await client.view("cell-1")
    client.clock.advance(10)
    await command(client, "faults", {"kind": "raw", "endpoint": "report", "applied": True})
    answer = client.send(
        Endpoint.REPORT, **client.ids("cell-1"), studyNewlyTime=10, token=client.tokens["cell-1"]
    )
    assert await (await answer).text() == ""
    assert client.shown("cell-1") == 50
    await command(client, "faults", {"kind": "packed", "endpoint": "me", "unpacked": 1000})
    assert await (await client.send(Endpoint.ME)).text() == " " * 1000
    await command(client, "faults", {"kind": "odd_rows", "endpoint": "courses"})
    assert None in (await client.ask(Endpoint.COURSES))["courseList"]


async def test_the_stand_ins_own_routes_know_no_trouble(enrol: Enrol) -> None:
    client = await enrol(school_of([]))
    client.server.faults.add("*", Fault.AWAY, times=None)
    await command(client, "clear", {})
    assert (await client.send(Endpoint.ME)).status == 200


@pytest.mark.parametrize(
    ("name", "body"),
    [
        ("expire", {"stuId": "nobody"}),
        ("cookie", {}),
        ("cookie", {"stuId": STUDENT.stu_id, "lifetime": "long"}),
        ("faults", {"kind": "earthquake"}),
        ("faults", {"kind": "empty", "endpoint": "nowhere"}),
        ("faults", {"kind": "empty", "times": "often"}),
        ("faults", {"kind": "raw", "base64": "h"}),
        ("faults", {"kind": "raw", "status": "high"}),
        ("faults", []),
    ],
)
async def test_a_wrong_body_is_answered_with_400(enrol: Enrol, name: str, body: object) -> None:
    client = await enrol(school_of([]))
    assert (await command(client, name, body, status=400))["error"]
    assert client.server.faults.pending() == 0
