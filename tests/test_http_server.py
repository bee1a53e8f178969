"""The small HTTP server: what it reads, and what it refuses to wait for or to hold."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from http import HTTPStatus

import pytest

from bot.http_server import LARGEST_HEAD, Answer, Bounds, Head, HttpServer
from bot.listen_address import ListenAddress
from tests.support.free_port import free_port

PATIENCE = 10.0
QUICK = Bounds(
    largest_body=1000,
    connections=4,
    head_within=0.5,
    idle_within=1.0,
    body_within=0.5,
    linger_within=0.2,
)


class Echo:
    """Answers with the body; refuses what has no header ``known``."""

    def admit(self, head: Head) -> Answer | None:
        return None if head.values("known") else Answer(HTTPStatus.FORBIDDEN)

    def respond(self, head: Head, body: bytes) -> Answer:
        return Answer(HTTPStatus.OK, body + b" of " + head.path.encode())


class Line:
    """One connection to the server."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader, self.writer = reader, writer

    def send(self, text: str) -> None:
        self.writer.write(text.replace("\n", "\r\n").encode("latin-1"))

    async def status(self) -> int:
        """The status of the next answer; 0 if the connection is closed instead."""
        try:
            head = await asyncio.wait_for(self.reader.readuntil(b"\r\n\r\n"), PATIENCE)
        except (asyncio.IncompleteReadError, OSError):
            return 0
        return int(head.split()[1])

    async def answer(self) -> tuple[int, bytes]:
        head = await asyncio.wait_for(self.reader.readuntil(b"\r\n\r\n"), PATIENCE)
        length = next(
            line for line in head.lower().splitlines() if line.startswith(b"content-length:")
        )
        body = await self.reader.readexactly(int(length.split(b":")[1]))
        return int(head.split()[1]), body

    async def ended(self) -> float:
        """Seconds until the server closed the connection."""
        began = time.monotonic()
        with suppress(OSError):
            await asyncio.wait_for(self.reader.read(), PATIENCE)
        return time.monotonic() - began


class Server:
    def __init__(self, port: int) -> None:
        self.port = port
        self.lines: list[Line] = []

    async def line(self) -> Line:
        line = Line(*await asyncio.open_connection("127.0.0.1", self.port))
        self.lines.append(line)
        return line


@asynccontextmanager
async def serving(bounds: Bounds = QUICK) -> AsyncIterator[Server]:
    port = free_port()
    server = HttpServer(ListenAddress("127.0.0.1", port), Echo(), bounds)
    await server.open("HEALTH_ADDRESS")
    found = Server(port)
    try:
        yield found
    finally:
        for each in found.lines:
            each.writer.close()
        await server.close()


async def test_several_requests_go_over_one_connection_also_when_sent_at_once() -> None:
    async with serving() as server:
        line = await server.line()
        one = "POST /a HTTP/1.1\nHost: x\nKnown: 1\nContent-Length: 3\n\none"
        line.send(one + one)
        assert await line.answer() == (200, b"one of /a")
        assert await line.answer() == (200, b"one of /a")
        line.send("POST /b HTTP/1.1\nHost: x\nKnown: 1\nTransfer-Encoding: chunked\n\n")
        line.send("2\nab\n1\nc\n0\n\n")
        assert await line.answer() == (200, b"abc of /b")


async def test_a_body_that_was_asked_for_is_sent_after_the_go_ahead() -> None:
    async with serving() as server:
        line = await server.line()
        line.send("POST / HTTP/1.1\nHost: x\nKnown: 1\nContent-Length: 3\nExpect: 100-continue\n\n")
        assert await line.status() == 100
        line.send("one")
        assert (await line.answer())[0] == 200


@pytest.mark.parametrize(
    ("request_text", "status"),
    [
        ("nonsense\n\n", 400),
        ("POST / HTTP/1.1\n\n", 400),
        ("POST / HTTP/1.1\nHost: x\nContent-Length: x\nKnown: 1\n\n", 400),
        ("POST / HTTP/1.1\nHost: x\nContent-Length: 3\nContent-Length: 4\nKnown: 1\n\n", 400),
        ("POST / HTTP/1.1\nHost: x\nTransfer-Encoding: odd\nKnown: 1\n\n", 501),
        (f"POST / HTTP/1.1\nHost: x\nX: {'x' * 8 * LARGEST_HEAD}\n\n", 431),
        ("POST / HTTP/1.1\nHost: x\nContent-Length: 3\n\none", 403),
        ("POST / HTTP/1.1\nHost: x\nKnown: 1\nContent-Length: 1001\n\n", 413),
        (
            (
                "POST / HTTP/1.1\nHost: x\nKnown: 1\nTransfer-Encoding: chunked\n\n"
                f"3e9\n{'x' * 1001}\n"
            ),
            413,
        ),
    ],
)
async def test_what_is_no_request_of_the_other_program_is_refused_and_the_connection_closed(
    request_text: str, status: int
) -> None:
    async with serving() as server:
        line = await server.line()
        line.send(request_text)
        assert await line.status() == status
        assert await line.ended() < 2


@pytest.mark.parametrize(
    "sent",
    [
        "",
        "POST / HTTP/1.1\nHo",
        "POST / HTTP/1.1\nHost: x\nKnown: 1\nContent-Length: 3\n\no",
    ],
)
async def test_what_does_not_come_in_time_is_given_up(sent: str) -> None:
    async with serving() as server:
        line = await server.line()
        line.send(sent)
        assert 0.3 < await line.ended() < 3


async def test_a_head_that_drips_is_given_up_although_bytes_go_on_coming() -> None:
    async with serving() as server:
        line = await server.line()
        began = time.monotonic()
        ended = asyncio.create_task(line.ended())
        while not ended.done():
            line.send("P")
            await asyncio.sleep(0.05)
            assert time.monotonic() - began < 5


async def test_an_admitted_connection_may_rest_and_is_closed_in_the_end() -> None:
    async with serving() as server:
        line = await server.line()
        request_text = "POST /a HTTP/1.1\nHost: x\nKnown: 1\nContent-Length: 0\n\n"
        line.send(request_text)
        assert (await line.answer())[0] == 200
        await asyncio.sleep(0.7)
        line.send(request_text)
        assert (await line.answer())[0] == 200
        assert await line.ended() < 3


async def test_connections_that_say_nothing_give_way_and_admitted_ones_do_not() -> None:
    async with serving(Bounds(connections=3, head_within=30.0)) as server:
        request_text = "POST /a HTTP/1.1\nHost: x\nKnown: 1\nContent-Length: 0\n\n"
        known = await server.line()
        known.send(request_text)
        assert (await known.answer())[0] == 200
        silent = [await server.line() for _ in range(6)]
        await asyncio.gather(*(each.ended() for each in silent[:4]))
        late = await server.line()
        late.send(request_text)
        assert (await late.answer())[0] == 200
        known.send(request_text)
        assert (await known.answer())[0] == 200


async def test_the_end_of_the_server_waits_for_no_connection() -> None:
    async with serving(Bounds()) as server:
        lines = [await server.line() for _ in range(5)]
        lines[0].send("POST /a HTTP/1.1\nHost: x\nKnown: 1\nContent-Length: 9\n\nx")
        await asyncio.sleep(0.1)
        began = time.monotonic()
    assert time.monotonic() - began < 5  # a moment; the head alone may take ten seconds to come
    for each in lines:
        assert await each.ended() < 5
