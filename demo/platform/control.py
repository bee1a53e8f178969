"""The stand-in's own routes, for other processes: its judgement, and trouble on demand.

`GET  /__stand-in__/state`   violations, every leaf's percent per student, number of requests
`POST /__stand-in__/expire`  `{"stuId"}` ends all sessions of a student
`POST /__stand-in__/cookie`  `{"stuId", "lifetime"?}` gives `{"cookie"}`, a new session
`POST /__stand-in__/faults`  `{"kind", "endpoint"?, "times"?, "after"?, "seconds"?, "minutes"?,
                             "body"?, "raw"?, "base64"?, "status"?, "headers"?, "applied"?,
                             "announced"?, "unpacked"?, "id"?}`
`POST /__stand-in__/clear`   forgets all planned trouble

Bodies and answers are JSON; a wrong body is answered with 400 and `{"error"}`.
"""

import json
from base64 import b64decode
from collections.abc import Awaitable, Callable
from dataclasses import asdict
from typing import TYPE_CHECKING

from aiohttp import web

from demo.platform.faults import Fault, FaultKind

if TYPE_CHECKING:
    from demo.platform.server import PlatformServer

PREFIX = "/__stand-in__"

Body = dict[str, object]
Act = Callable[["PlatformServer", Body], Body]


class BadBody(Exception):  # noqa: N818
    """The body of a request to these routes cannot be used; says why."""


def add_routes(app: web.Application, server: "PlatformServer") -> None:
    """Put the routes into the application."""

    async def state(_request: web.Request) -> web.Response:
        return web.json_response(state_of(server))

    app.router.add_get(f"{PREFIX}/state", state)
    acts: dict[str, Act] = {
        "expire": _expire,
        "cookie": _cookie,
        "faults": _add_fault,
        "clear": _clear,
    }
    for name, act in acts.items():
        app.router.add_post(f"{PREFIX}/{name}", _acting(server, act))


def _acting(server: "PlatformServer", act: Act) -> Callable[[web.Request], Awaitable[web.Response]]:
    async def handle(request: web.Request) -> web.Response:
        try:
            body = json.loads(await request.text() or "{}")
            if not isinstance(body, dict):
                raise BadBody("the body is no JSON object")
            return web.json_response(act(server, body))
        except (BadBody, json.JSONDecodeError) as error:
            return web.json_response({"error": str(error)}, status=400)

    return handle


def state_of(server: "PlatformServer") -> Body:
    """Everything that the judge knows, as plain values."""
    school = server.school
    leaves = school.leaves()
    return {
        "now": server.now(),
        "violations": [asdict(violation) for violation in server.violations],
        "requests": len(server.requests),
        "students": {
            student.stu_id: {leaf.id: server.shown(student.stu_id, leaf.id) for leaf in leaves}
            for student in school.students
        },
    }


def _expire(server: "PlatformServer", body: Body) -> Body:
    server.expire(_student(server, body))
    return {"ok": True}


def _cookie(server: "PlatformServer", body: Body) -> Body:
    stu_id = _student(server, body)
    lifetime = _number(body, "lifetime")
    if lifetime is None:
        return {"cookie": server.cookie_for(stu_id)}
    return {"cookie": server.cookie_for(stu_id, lifetime=lifetime)}


def _add_fault(server: "PlatformServer", body: Body) -> Body:
    times, answer, headers = body.get("times", 1), body.get("body"), body.get("headers")
    if times is not None and not isinstance(times, int):
        raise BadBody("times is neither a whole number nor null")
    try:
        fault = Fault(
            FaultKind(str(body.get("kind", "")).lower()),
            seconds=_number(body, "seconds") or 0.0,
            minutes=_whole(body, "minutes"),
            body=answer if isinstance(answer, dict) else {},
            raw=_raw(body),
            status=_whole(body, "status") or 200,
            headers=headers if isinstance(headers, dict) else {},
            applied=body.get("applied") is True,
            announced=_whole(body, "announced"),
            unpacked=_whole(body, "unpacked") or 0,
            id=str(body.get("id", "")),
        )
        endpoint = str(body.get("endpoint", "*"))
        server.faults.add(endpoint, fault, times=times, after=_whole(body, "after") or 0)
    except ValueError as error:
        raise BadBody(str(error)) from error
    return {"ok": True}


def _clear(server: "PlatformServer", _body: Body) -> Body:
    server.faults.clear()
    return {"ok": True}


def _student(server: "PlatformServer", body: Body) -> str:
    stu_id = body.get("stuId")
    if stu_id not in {student.stu_id for student in server.school.students}:
        raise BadBody("no student has that stuId")
    return str(stu_id)


def _raw(body: Body) -> str | bytes:
    """The bytes of a fault's answer: as text, or in Base64 where they are none."""
    packed = body.get("base64")
    return str(body.get("raw", "")) if packed is None else b64decode(str(packed), validate=True)


def _whole(body: Body, name: str) -> int | None:
    number = _number(body, name)
    return None if number is None else int(number)


def _number(body: Body, name: str) -> float | None:
    value = body.get(name)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise BadBody(f"{name} is no number")
    return float(value)
