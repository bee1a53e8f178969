"""A small site on the loopback that answers as a test says, and clients that are closed."""

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field

import pytest
from aiohttp import web

from bot.zjy.client import Client

Answer = Callable[[web.Request], Awaitable[web.StreamResponse]]


async def _fine(_: web.Request) -> web.StreamResponse:
    return web.json_response({"code": 1})


@dataclass
class Got:
    """One request as the site got it."""

    method: str
    path: str
    headers: dict[str, str]
    form: dict[str, str]


@dataclass
class Site:
    """A server on 127.0.0.1 at ``url``; set ``answer`` to change what it says."""

    url: str = ""
    answer: Answer = _fine
    got: list[Got] = field(default_factory=list)

    async def handle(self, request: web.Request) -> web.StreamResponse:
        form = {key: str(value) for key, value in (await request.post()).items()}
        headers = {key.lower(): value for key, value in request.headers.items()}
        self.got.append(Got(request.method, request.path, headers, form))
        return await self.answer(request)


async def _served(site: Site) -> AsyncIterator[Site]:
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", site.handle)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    place = web.TCPSite(runner, "127.0.0.1", 0)
    await place.start()
    host, port = runner.addresses[0][:2]
    site.url = f"http://{host}:{port}"
    yield site
    await runner.cleanup()


@pytest.fixture
async def site() -> AsyncIterator[Site]:
    async for each in _served(Site()):
        yield each


@pytest.fixture
async def other_site() -> AsyncIterator[Site]:
    async for each in _served(Site()):
        yield each


@pytest.fixture
async def client(site: Site) -> AsyncIterator[Client]:
    client = Client(site.url, timeout=5.0)
    yield client
    await client.aclose()
