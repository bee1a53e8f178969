"""How scripts study a course: the same requests as the engine's, without anything around them.

``python -m benchmarks.scripts`` is a process of its own. It reads one JSON object from standard
input, the platform's address and the rounds, and writes what each round took, a line each.
"""

import asyncio
import json
import sys
import time
import urllib.request
from collections.abc import Awaitable, Callable, Generator
from enum import StrEnum
from typing import Any
from urllib.parse import urlencode

import httpx

from bot.clock import PlatformClock, SystemClock
from bot.study.events import CellEnded
from bot.study.outline import read_outline
from bot.study.run import Study
from bot.study.stop import StopFlag
from bot.zjy.client import Client
from bot.zjy.endpoints import Endpoint
from bot.zjy.gate import Gate, Priority, Session
from bot.zjy.models import CourseRef
from storage.cells import Cell
from storage.enums import Pace

Json = dict[str, Any]
Script = Generator[tuple[Endpoint, dict[str, str]], Json, int]
SPEED = 1e8
"""Of the platform's clock: a wait of the pace takes no time, and none is too short."""
SECONDS_A_REPORT = 10


class Way(StrEnum):
    """How the requests of a round are sent."""

    ENGINE = "the engine"
    HTTPX = "one httpx client"
    HTTPX_POST = "httpx.post for each call"
    URLLIB = "urllib.request for each call"


def study(course: CourseRef) -> Script:
    """Study a course without waits: yields requests, takes their answers, and returns how many
    cells it studied."""
    ids = {"courseOpenId": course.course_open_id, "openClassId": course.open_class_id}
    studied = 0
    modules = yield Endpoint.MODULES, ids
    for module in modules["progress"]["moduleList"]:
        form = {"courseOpenId": course.course_open_id, "moduleId": module["id"]}
        for topic in (yield Endpoint.TOPICS, form)["topicList"]:
            listed = {**ids, "topicId": topic["id"]}
            for cell in (yield Endpoint.CELLS, listed)["cellList"]:
                opened = {**ids, "cellId": cell["Id"], "moduleId": module["id"]}
                view = yield Endpoint.VIEW, {**opened, "flag": "s"}
                for seconds, page in _reports(view):
                    yield (
                        Endpoint.REPORT,
                        {
                            **opened,
                            "cellLogId": view["cellLogId"],
                            "picNum": str(page),
                            "studyNewlyTime": str(seconds),
                            "studyNewlyPicNum": str(page),
                            "token": view["guIdToken"],
                        },
                    )
                studied += 1
            yield Endpoint.CELLS, listed
    return studied


def _reports(view: Json) -> list[tuple[int, int]]:
    """The seconds and the page of each report of an opened cell."""
    category, pages = view["categoryName"], view["pageCount"]
    if category in ("视频", "音频"):
        length = int(view["audioVideoLong"])
        return [(at, 0) for at in range(SECONDS_A_REPORT, length + 1, SECONDS_A_REPORT)]
    if "文档" in category:
        return [(0, 1), (0, pages)] if pages > 1 else [(0, 1)]
    return [(0, 1)] if category in ("图片", "压缩包") else []


async def by_engine(url: str, auth: str, course: CourseRef) -> int:
    """As the bot does; returns how many cells it finished."""
    clock = PlatformClock(SystemClock(), SPEED)
    gate = Gate(client := Client(url), clock, requests_per_second=1e9)
    session = Session(gate, auth, stu_id=auth, priority=Priority.JOB)
    try:
        modules = (await session.modules(course)).modules
        cells: tuple[Cell, ...] = ()
        async for read in read_outline(session, course, modules):
            cells = read.cells or cells
        run = Study(session, course, clock, pace=Pace.NORMAL, stop=StopFlag())
        return sum(
            [isinstance(event, CellEnded) async for event in run.run(cells, look_first=False)]
        )
    finally:
        await client.aclose()


async def by_client(url: str, auth: str, course: CourseRef) -> int:
    """One client of httpx for all requests, as a careful script has it."""
    async with httpx.AsyncClient(headers={"Cookie": f"auth={auth}"}, trust_env=False) as client:

        async def send(endpoint: Endpoint, form: dict[str, str]) -> Json:
            answer: Json = (await client.post(url + endpoint, data=form)).json()
            return answer

        return await _drive(study(course), send)


async def by_posts(url: str, auth: str, course: CourseRef) -> int:
    """``httpx.post`` for each call."""

    async def send(endpoint: Endpoint, form: dict[str, str]) -> Json:
        headers = {"Cookie": f"auth={auth}"}
        answer: Json = httpx.post(url + endpoint, data=form, headers=headers).json()  # noqa: ASYNC210
        return answer

    return await _drive(study(course), send)


async def by_urllib(url: str, auth: str, course: CourseRef) -> int:
    """``urllib.request`` for each call."""

    async def send(endpoint: Endpoint, form: dict[str, str]) -> Json:
        request = urllib.request.Request(  # noqa: S310 - the stand-in's address
            url + endpoint, urlencode(form).encode(), {"Cookie": f"auth={auth}"}
        )
        with urllib.request.urlopen(request) as response:  # noqa: S310, ASYNC210
            answer: Json = json.load(response)
            return answer

    return await _drive(study(course), send)


async def _drive(
    script: Script, send: Callable[[Endpoint, dict[str, str]], Awaitable[Json]]
) -> int:
    answer = None
    try:
        while True:
            request = next(script) if answer is None else script.send(answer)
            answer = await send(*request)
    except StopIteration as end:
        return int(end.value)


WAYS: dict[Way, Callable[[str, str, CourseRef], Awaitable[int]]] = {
    Way.ENGINE: by_engine,
    Way.HTTPX: by_client,
    Way.HTTPX_POST: by_posts,
    Way.URLLIB: by_urllib,
}


async def main(asked: Json) -> None:
    """Go through the rounds in their order."""
    course = CourseRef(*asked["course"])
    for way, auth in asked["rounds"]:
        began, cpu = time.monotonic(), time.process_time()
        cells = await WAYS[Way(way)](asked["url"], auth, course)
        took = {"cpu": time.process_time() - cpu, "seconds": time.monotonic() - began}
        sys.stdout.write(json.dumps({"way": way, "cells": cells, **took}) + "\n")


if __name__ == "__main__":
    asyncio.run(main(json.load(sys.stdin)))
