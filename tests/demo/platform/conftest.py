from collections.abc import AsyncIterator, Awaitable, Callable

import aiohttp
import pytest

from demo.platform import STUDENT, PlatformServer, School
from tests.support.clocks import SettableClock
from tests.support.student_client import StudentClient

Enrol = Callable[..., Awaitable[StudentClient]]


@pytest.fixture
def clock() -> SettableClock:
    return SettableClock(seconds=1000.0)


@pytest.fixture
async def session() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar()) as session:
        yield session


@pytest.fixture
async def enrol(clock: SettableClock, session: aiohttp.ClientSession) -> AsyncIterator[Enrol]:
    """Start a stand-in of a school and give its first student's browser."""
    servers: list[PlatformServer] = []

    async def start(
        school: School,
        stu_id: str = STUDENT.stu_id,
        *,
        speed: float = 1.0,
        lag: float = 0.0,
        seed: int = 0,
    ) -> StudentClient:
        server = PlatformServer(school, speed=speed, monotonic=clock, lag=lag, seed=seed)
        servers.append(server)
        await server.start()
        return StudentClient(server, session, clock, stu_id, server.cookie_for(stu_id))

    yield start
    for server in servers:
        await server.stop()
