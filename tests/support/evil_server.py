"""A server that answers as no honest one does: without end, packed a thousandfold, byte by byte."""

import asyncio
import zlib
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager, suppress
from functools import cache
from typing import Any

MEGABYTE = 1024 * 1024
GIGABYTE = 1024 * MEGABYTE
Send = Callable[[asyncio.StreamWriter], Coroutine[Any, Any, None]]


@cache
def bomb(wbits: int) -> bytes:
    """A gigabyte of blanks, packed: with ``wbits`` 31 by gzip, 15 by zlib, -15 by deflate alone.
    One packed megabyte is repeated; the checksum at the end is wrong."""
    packer = zlib.compressobj(9, wbits=wbits)
    first, again = (
        packer.compress(b" " * MEGABYTE) + packer.flush(zlib.Z_FULL_FLUSH) for _ in range(2)
    )
    return first + again * (GIGABYTE // MEGABYTE - 1) + packer.flush()


def _head(*lines: str) -> bytes:
    return "\r\n".join(["HTTP/1.1 200 OK", *lines, "", ""]).encode()


async def _write(writer: asyncio.StreamWriter, data: bytes) -> None:
    writer.write(data)
    await writer.drain()


async def endless(writer: asyncio.StreamWriter) -> None:
    await _write(writer, _head("Content-Type: application/json"))
    while True:
        await _write(writer, b" " * MEGABYTE)


async def endless_chunks(writer: asyncio.StreamWriter) -> None:
    await _write(writer, _head("Transfer-Encoding: chunked"))
    chunk = b"100000\r\n" + b" " * MEGABYTE + b"\r\n"
    while True:
        await _write(writer, chunk)


async def endless_head(writer: asyncio.StreamWriter) -> None:
    await _write(writer, b"HTTP/1.1 200 OK\r\n")
    while True:
        await _write(writer, b"X-More: " + b"x" * 60_000 + b"\r\n")


async def dripping(writer: asyncio.StreamWriter) -> None:
    await _write(writer, _head("Content-Type: application/json"))
    while True:
        await _write(writer, b" ")
        await asyncio.sleep(0.05)


async def dripping_head(writer: asyncio.StreamWriter) -> None:
    await _write(writer, b"HTTP/1.1 200 OK\r\nX-More: ")
    while True:
        await _write(writer, b"x")
        await asyncio.sleep(0.05)


def packed(coding: str, wbits: int) -> Send:
    async def send(writer: asyncio.StreamWriter) -> None:
        await _write(writer, _head(f"Content-Encoding: {coding}"))
        await _write(writer, bomb(wbits))

    return send


def elsewhere(url: str, status: int) -> Send:
    async def send(writer: asyncio.StreamWriter) -> None:
        head = f"HTTP/1.1 {status} Moved\r\nLocation: {url}\r\nContent-Length: 0\r\n\r\n"
        await _write(writer, head.encode())

    return send


LARGE: dict[str, Send] = {
    "endless": endless,
    "endless in chunks": endless_chunks,
    "an endless head": endless_head,
    "a gigabyte by gzip": packed("gzip", 31),
    "a gigabyte by zlib": packed("deflate", 15),
    "a gigabyte by deflate": packed("deflate", -15),
    # The packed bytes are others, but nothing may come to unpack them.
    "said to be brotli": packed("br", 31),
    "said to be zstd": packed("zstd", 31),
}
SLOW: dict[str, Send] = {"dripping": dripping, "a dripping head": dripping_head}


class EvilServer:
    """Sends ``send`` to each request; ``requests`` are the first lines of those that came."""

    def __init__(self, send: Send) -> None:
        self.send = send
        self.honest: Callable[[str], bytes | None] = lambda line: None
        """The body of an honest answer to a request, None for a dishonest one."""
        self.requests: list[str] = []
        self.url = ""

    async def take(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError, asyncio.IncompleteReadError):
            while True:
                head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
                line = head.partition("\r\n")[0]
                self.requests.append(line)
                for each in head.lower().split("\r\n"):
                    if each.startswith("content-length:"):
                        await reader.readexactly(int(each.partition(":")[2]))
                body = self.honest(line)
                if body is None:
                    await self.send(writer)
                    break
                await _write(writer, _head(f"Content-Length: {len(body)}") + body)
        writer.close()


@asynccontextmanager
async def evil_server(send: Send) -> AsyncIterator[EvilServer]:
    """A server on loopback; ``url`` is its address."""
    found = EvilServer(send)
    tasks: set[asyncio.Task[None]] = set()

    async def accept(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        tasks.add(task)
        with suppress(asyncio.CancelledError):
            await found.take(reader, writer)
        writer.transport.abort()
        tasks.discard(task)

    server = await asyncio.start_server(accept, "127.0.0.1", 0)
    found.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    try:
        yield found
    finally:
        server.close()
        for each in tasks:
            each.cancel()
        if tasks:
            await asyncio.wait(tasks)
