"""Real proxies on this machine: an HTTP one as a process, a SOCKS5 one in the test's own loop.

Names that end in ``.test`` lead to 127.0.0.1 there and nowhere else: a request to one arrives only
if the proxy was asked to look the name up.
"""

import asyncio
import re
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import anyio
from anyio.abc import SocketAttribute
from tiny_proxy import (  # type: ignore[import-untyped]
    SocketStream,
    Socks5Proxy,
    Socks5ProxyHandler,
)

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 30.0
HOST = "127.0.0.1"
_LINE = re.compile(r" - ([A-Z]+) (\S+:\d+)")


def resolved(host: str) -> str:
    """Where the proxies look for a host."""
    return HOST if host.endswith(".test") else host


def named(url: str, name: str) -> str:
    """The address of a stand-in under a name that only the proxies know."""
    return url.replace(HOST, name)


@dataclass(slots=True)
class RunningProxy:
    """``passed`` are the hosts with ports that were asked for, in order."""

    scheme: str
    port: int
    passed: list[str]

    def url(self, login: str = "") -> str:
        return f"{self.scheme}://{login}{HOST}:{self.port}"


@asynccontextmanager
async def http_proxy(folder: Path, login: str = "") -> AsyncIterator[RunningProxy]:
    """A proxy that forwards and tunnels; ``login`` is ``user:password``."""
    port_file = folder / "proxy-port"
    asked = ["--basic-auth", login] if login else []
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "proxy", "--hostname", HOST, "--port", "0"),
        *("--port-file", str(port_file), "--num-acceptors", "1", "--num-workers", "1"),
        *("--plugins", "tests.proxies.names.TestNames", *asked),
        cwd=ROOT,
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.PIPE,
    )
    assert process.stderr is not None
    passed: list[str] = []
    reading = asyncio.create_task(_read(process.stderr, passed))
    try:
        async with asyncio.timeout(PATIENCE):
            while not (port_file.exists() and port_file.read_text().strip()):  # noqa: ASYNC110
                await asyncio.sleep(0.01)
        yield RunningProxy("http", int(port_file.read_text()), passed)
    finally:
        process.terminate()
        await process.wait()
        await reading


async def _read(lines: asyncio.StreamReader, passed: list[str]) -> None:
    async for line in lines:
        passed.extend(found[2] for found in _LINE.finditer(line.decode(errors="replace")))


class _Socks5(Socks5Proxy):  # type: ignore[misc]
    def __init__(self, passed: list[str], stream: SocketStream, user: str, password: str) -> None:
        super().__init__(stream, user, password)
        self._passed = passed

    async def negotiate(self) -> tuple[str, int]:
        host, port = await super().negotiate()
        self._passed.append(f"{host}:{port}")
        return resolved(host), port


class _Handler(Socks5ProxyHandler):  # type: ignore[misc]
    def __init__(self, passed: list[str], user: str, password: str) -> None:
        super().__init__(user, password)
        self._passed = passed

    def create_proxy(self, stream: SocketStream) -> Socks5Proxy:
        return _Socks5(self._passed, stream, self.username, self.password)


@asynccontextmanager
async def socks_proxy(login: str = "", *, scheme: str = "socks5") -> AsyncIterator[RunningProxy]:
    """A SOCKS5 proxy; ``login`` is ``user:password``."""
    user, _, password = login.partition(":")
    passed: list[str] = []
    listener = await anyio.create_tcp_listener(local_host=HOST)
    handler = _Handler(passed, user, password)
    serving = asyncio.create_task(listener.serve(handler.handle))
    try:
        port: int = listener.extra(SocketAttribute.local_port)  # noqa: S610 - it is no query
        yield RunningProxy(scheme, port, passed)
    finally:
        serving.cancel()
        await asyncio.wait({serving})
        await listener.aclose()
