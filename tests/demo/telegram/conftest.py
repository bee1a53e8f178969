from collections.abc import AsyncIterator

import aiohttp
import pytest

from demo.telegram import Person, TelegramServer
from tests.support.bot_api_client import Api
from tests.support.clocks import SettableClock


@pytest.fixture
def clock() -> SettableClock:
    return SettableClock(seconds=1_700_000_000.0)


@pytest.fixture
async def server(clock: SettableClock) -> AsyncIterator[TelegramServer]:
    telegram = TelegramServer(now=clock)
    await telegram.start()
    yield telegram
    await telegram.stop()


@pytest.fixture
async def session() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as http:
        yield http


@pytest.fixture
def api(server: TelegramServer, session: aiohttp.ClientSession) -> Api:
    return Api(server, session)


@pytest.fixture
def student(server: TelegramServer) -> Person:
    """A person who has written to the bot."""
    person = server.person(1001)
    person.send("/start")
    return person
