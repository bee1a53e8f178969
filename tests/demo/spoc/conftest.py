"""The stand-in of the site of today, and a browser that speaks to it."""

import json
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import aiohttp
import pytest

from demo.platform import PlatformServer, school_of
from demo.spoc import Pupil, Read, SpocSchool, SpocSite
from tests.support.clocks import SettableClock

WALL = datetime(2026, 11, 29, 14, 30, tzinfo=UTC)


@dataclass
class Reader:
    """Speaks to the stand-in as one student, at a polite distance."""

    server: PlatformServer
    site: SpocSite
    session: aiohttp.ClientSession
    clock: SettableClock
    pupil: Pupil
    token: str

    async def send(
        self, path: str, *, method: str = "GET", query: Mapping[str, object] | None = None
    ) -> tuple[aiohttp.ClientResponse, str]:
        self.clock.advance(1)
        async with self.session.request(
            method,
            self.server.url + path,
            params={name: str(value) for name, value in (query or {}).items()},
            headers={"Authorization": f"Bearer {self.token}"} if self.token else {},
            allow_redirects=False,
        ) as response:
            return response, await response.text()

    async def ask(self, path: str, **query: object) -> Any:  # noqa: ANN401 - any JSON
        response, text = await self.send(path, query=query)
        assert response.status == 200
        return json.loads(text)

    async def courses(self) -> Any:  # noqa: ANN401 - any JSON
        return await self.ask(Read.COURSES, pageNum=1, pageSize=999)

    async def record(self, parent: str = "0", level: int = 1, course: int = 0) -> Any:  # noqa: ANN401
        """The answer about a folder of the course of that number."""
        held = self.site.school.courses[course]
        ids = {"courseId": held.course_id, "courseInfoId": held.course_info_id}
        return await self.ask(
            Read.RECORD, **ids, classId=held.class_id, parentId=parent, level=level
        )

    def kinds(self) -> list[str]:
        return [violation.kind.value for violation in self.site.violations]


Visit = Callable[..., Awaitable[Reader]]


@pytest.fixture
async def session() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar()) as session:
        yield session


@pytest.fixture
async def visit(session: aiohttp.ClientSession) -> AsyncIterator[Visit]:
    """Start a stand-in of a school of today and give its first student's browser."""
    servers: list[PlatformServer] = []
    clock = SettableClock(seconds=1000.0)

    async def start(school: SpocSchool, **options: Any) -> Reader:  # noqa: ANN401 - the site's
        site = SpocSite(school, monotonic=clock, wall=lambda: WALL, **options)
        server = PlatformServer(school_of([]), monotonic=clock, beside=[site])
        servers.append(server)
        await server.start()
        pupil = school.pupils[0]
        token = site.token_for(pupil.user_id)
        return Reader(server, site, session, clock, pupil, token)

    yield start
    for server in servers:
        await server.stop()
