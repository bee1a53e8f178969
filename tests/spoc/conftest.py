"""The scripted site, a client of it, and a session behind a gate."""

from collections.abc import AsyncIterator

import pytest

from bot.clock import PlatformClock, SystemClock
from bot.spoc.client import SpocClient
from bot.spoc.session import SpocSession
from bot.zjy.client import Client
from bot.zjy.gate import Gate, Priority
from tests.spoc.scripted_site import ScriptedSite, jwt


@pytest.fixture
def site() -> ScriptedSite:
    return ScriptedSite()


@pytest.fixture
async def old(site: ScriptedSite) -> AsyncIterator[Client]:
    client = Client("https://zjy2.icve.com.cn", transport=site)
    yield client
    await client.aclose()


@pytest.fixture
def client(old: Client) -> SpocClient:
    return SpocClient(old.exchange)


@pytest.fixture
def session(old: Client, client: SpocClient) -> SpocSession:
    gate = Gate(old, PlatformClock(SystemClock()), requests_per_second=1000)
    return SpocSession(gate, client, jwt(), stu_id=None, priority=Priority.DIGEST)
