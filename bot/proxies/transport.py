"""httpx's transport through a proxy, which works around two faults of its pool (httpcore 1.0.9).

A connection that breaks or is cancelled after the proxy's first answer keeps its place in the pool
for ever: with one place, as for polling, no request is sent again (httpcore 1093). The handshake
with a SOCKS proxy has no timeout (httpcore 1015).
"""

import asyncio
import ssl
from collections.abc import Callable
from typing import Any

import httpcore
import httpx
from socksio import SOCKSError

from bot.proxies.address import Proxy

HANDSHAKE_WITHIN = 10.0
"""Real seconds for the handshake with a SOCKS proxy."""

_HANDSHAKE = "setup_socks5_connection"


class ProxiedTransport(httpx.AsyncHTTPTransport):
    """All requests go through ``proxy``; httpx's own errors are raised. ``connections`` and
    ``kept`` bound the pool; ``authorities`` are the trusted certificate authorities, None the
    default ones."""

    def __init__(
        self,
        proxy: Proxy,
        *,
        connections: int | None,
        kept: int | None = None,
        authorities: ssl.SSLContext | None = None,
    ) -> None:
        limits = httpx.Limits(max_connections=connections, max_keepalive_connections=kept)
        verify = True if authorities is None else authorities
        super().__init__(proxy=proxy.url, limits=limits, trust_env=False, verify=verify)
        pool: Any = self._pool
        create: Callable[[httpcore.Origin], httpcore.AsyncConnectionInterface]
        create = pool.create_connection
        pool.create_connection = lambda origin: _Connection(create(origin))


class _Connection(httpcore.AsyncConnectionInterface):
    """A connection of the pool that is closed as soon as a request on it fails."""

    def __init__(self, inner: httpcore.AsyncConnectionInterface) -> None:
        self._inner = inner
        self._stream: httpcore.AsyncNetworkStream | None = None
        self._failed = False

    async def handle_async_request(self, request: httpcore.Request) -> httpcore.Response:
        try:
            async with asyncio.timeout(None) as bound:
                request.extensions = {**request.extensions, "trace": self._watching(bound)}
                return await self._inner.handle_async_request(request)
        except httpcore.ConnectionNotAvailable:
            raise
        except SOCKSError as error:
            await self._fail()
            raise httpcore.ProxyError("what answers does not speak SOCKS5") from error
        except TimeoutError as error:
            await self._fail()
            raise httpcore.ProxyError("no answer to the handshake of SOCKS5") from error
        except BaseException:
            await self._fail()
            raise

    def _watching(self, bound: asyncio.Timeout) -> Callable[[str, dict[str, Any]], Any]:
        """httpcore's hook for the steps of a request."""

        async def step(name: str, facts: dict[str, Any]) -> None:
            if name.endswith("connect_tcp.complete"):
                self._stream = facts["return_value"]
            elif name.endswith(f"{_HANDSHAKE}.started"):
                bound.reschedule(asyncio.get_running_loop().time() + HANDSHAKE_WITHIN)
            elif name.endswith(f"{_HANDSHAKE}.complete"):
                bound.reschedule(None)

        return step

    async def _fail(self) -> None:
        self._failed = True
        if self._stream is not None:
            await self._stream.aclose()

    async def aclose(self) -> None:
        await self._inner.aclose()

    def info(self) -> str:
        return self._inner.info()

    def can_handle_request(self, origin: httpcore.Origin) -> bool:
        return self._inner.can_handle_request(origin)

    def is_available(self) -> bool:
        return not self._failed and self._inner.is_available()

    def has_expired(self) -> bool:
        return self._failed or self._inner.has_expired()

    def is_idle(self) -> bool:
        return self._failed or self._inner.is_idle()

    def is_closed(self) -> bool:
        return self._failed or self._inner.is_closed()
