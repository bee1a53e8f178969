"""The one harmless request that shows whether the platform can be reached."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from bot.proxies.address import Proxy
from bot.zjy.errors import AnswerLost, Unreachable
from bot.zjy.probe import probe


class Site:
    """Answers every connection with the same bytes, and keeps what it was asked."""

    def __init__(self, answer: bytes) -> None:
        self.asked: list[bytes] = []
        self._answer = answer
        self.url = ""
        self._open = 0
        self._closed = asyncio.Event()

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._open += 1
        self.asked.append(await reader.readuntil(b"\r\n\r\n"))
        writer.write(self._answer)
        await reader.read()
        writer.close()
        await writer.wait_closed()
        self._open -= 1
        self._closed.set()

    async def left(self) -> None:
        """Wait until every connection is closed."""
        while self._open:
            self._closed.clear()
            await asyncio.wait_for(self._closed.wait(), 10)


@asynccontextmanager
async def site(answer: bytes) -> AsyncIterator[Site]:
    made = Site(answer)
    server = await asyncio.start_server(made.serve, "127.0.0.1", 0)
    made.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    async with server:
        yield made
        await made.left()


@pytest.mark.parametrize("status", [200, 302, 403, 404, 500, 502])
async def test_any_answer_shows_that_it_can_be_reached(status: int) -> None:
    """One request, without a cookie; a redirect is not followed."""
    headers = "Location: http://127.0.0.1:9/elsewhere\r\nSet-Cookie: auth=x\r\nContent-Length: 0"
    async with site(f"HTTP/1.1 {status} X\r\n{headers}\r\n\r\n".encode()) as made:
        assert await probe(made.url, None) == status
    (asked,) = made.asked
    assert asked.startswith(b"GET / HTTP/1.1\r\n")
    assert b"cookie" not in asked.lower()
    assert b"zjy-study-bot" in asked


async def test_an_endless_page_is_not_read() -> None:
    async with site(b"HTTP/1.1 200 OK\r\nContent-Length: 1000000000\r\n\r\nx") as made:
        assert await asyncio.wait_for(probe(made.url, None), 5) == 200


async def test_no_answer_in_time_is_told() -> None:
    async with site(b"") as made:
        with pytest.raises(AnswerLost):
            await probe(made.url, None, within=0.2)


async def test_a_port_where_nothing_listens_is_told() -> None:
    with pytest.raises(Unreachable):
        await probe("http://127.0.0.1:9", None)


async def test_a_proxy_that_asks_for_a_login_is_no_platform() -> None:
    async with site(b"HTTP/1.1 407 X\r\nContent-Length: 0\r\n\r\n") as made:
        with pytest.raises(Unreachable, match="another user or password"):
            await probe("http://platform.example", Proxy.parse(made.url))
