"""Sends one request to the platform and reads the answer, within bounds of time and bytes.

Only this module sends requests to the platform by httpx, whose errors it translates to the
project's own. It uses httpx's transport without its client: that follows redirects, keeps cookies
and merges settings, of which nothing is wanted here, and costs a third of a request.
"""

import asyncio
from collections.abc import Callable, Mapping, Sequence

import httpx

from bot.proxies.address import Proxy
from bot.proxies.transport import ProxiedTransport
from bot.version import VERSION
from bot.zjy.bodies import ACCEPTED, read_body
from bot.zjy.errors import AnswerLost, Temporary, Unreachable

USER_AGENT = f"zjy-study-bot/{VERSION} (+personal study bot)"
TIMEOUT = 30.0
"""Real seconds for one whole request; connecting has a third of it."""
KEPT_CONNECTIONS = 20

TRANSLATION: Mapping[type[Exception], type[Temporary]] = {
    # Nothing was sent.
    httpx.ConnectError: Unreachable,
    httpx.ConnectTimeout: Unreachable,
    httpx.PoolTimeout: Unreachable,
    httpx.ProxyError: Unreachable,
    httpx.UnsupportedProtocol: Unreachable,
    httpx.InvalidURL: Unreachable,
    # The request may have been sent: whether it was applied is unknown.
    httpx.HTTPError: AnswerLost,
    httpx.RequestError: AnswerLost,
    httpx.TransportError: AnswerLost,
    httpx.TimeoutException: AnswerLost,
    httpx.ReadTimeout: AnswerLost,
    httpx.WriteTimeout: AnswerLost,
    httpx.NetworkError: AnswerLost,
    httpx.ReadError: AnswerLost,
    httpx.WriteError: AnswerLost,
    httpx.CloseError: AnswerLost,
    httpx.ProtocolError: AnswerLost,
    httpx.LocalProtocolError: AnswerLost,
    httpx.RemoteProtocolError: AnswerLost,
    httpx.DecodingError: AnswerLost,
    httpx.TooManyRedirects: AnswerLost,
    httpx.HTTPStatusError: AnswerLost,
    httpx.StreamError: AnswerLost,
    httpx.StreamConsumed: AnswerLost,
    httpx.StreamClosed: AnswerLost,
    httpx.ResponseNotRead: AnswerLost,
    httpx.RequestNotRead: AnswerLost,
    httpx.CookieConflict: AnswerLost,
    TimeoutError: AnswerLost,
    OSError: AnswerLost,
}

_REDACTED = "[cookie]"
_SHORTEST_SECRET = 16

Headers = Sequence[tuple[str, str]]
Answer = tuple[int, str | None, bytes]
"""The status, the header ``location`` and the body of an answer."""


class Exchange:
    """The connections to the platform at ``base_url`` (scheme and host).

    ``proxy`` is used for all requests; without it none is, even if the environment names one.
    ``transport`` is httpx's own kind of transport, for tests; ``timeout`` bounds one request in
    real seconds; ``boundary`` is called right before each send and right after each answer, for
    tests that end the process there. Close it with :meth:`aclose`.
    """

    def __init__(
        self,
        base_url: str,
        *,
        proxy: Proxy | None = None,
        transport: httpx.AsyncBaseTransport | None = None,
        timeout: float = TIMEOUT,
        boundary: Callable[[str, str], None] | None = None,
    ) -> None:
        self.base_url = base_url.rstrip("/")
        self._timeout = timeout
        self._boundary = boundary
        # The gate bounds the requests, one per student. With a bound here, hanging requests would
        # block all other students.
        if transport is None and proxy is not None:
            transport = ProxiedTransport(proxy, connections=None, kept=KEPT_CONNECTIONS)
        self._transport = transport or httpx.AsyncHTTPTransport(
            limits=httpx.Limits(max_connections=None, max_keepalive_connections=KEPT_CONNECTIONS),
            trust_env=False,
        )
        self._headers = [
            ("Host", httpx.URL(self.base_url).netloc.decode("ascii")),
            ("User-Agent", USER_AGENT),
            ("Accept", "application/json, */*"),
            ("Accept-Encoding", ACCEPTED),
            ("Connection", "keep-alive"),
        ]
        # Only connecting has a bound of its own: what comes after is part of the whole request's.
        self._extensions = {"timeout": {"connect": timeout / 3}}

    async def aclose(self) -> None:
        """Close all connections."""
        await self._transport.aclose()

    async def send(
        self,
        name: str,
        method: str,
        url: httpx.URL,
        headers: Headers,
        secret: str,
        content: bytes | None = None,
    ) -> Answer:
        """Send the request once; ``headers`` come after the usual ones. ``secret`` is taken out of
        the answer, in which the platform may echo it.

        Raises Unreachable or AnswerLost, with ``name`` as their endpoint, and BadBody.
        """
        request = httpx.Request(
            method,
            url,
            headers=[*self._headers, *headers],
            content=content,
            extensions=self._extensions,
        )
        try:
            status, location, body = await self._sent(name, request)
        except tuple(TRANSLATION) as error:
            trouble = translate(name, error)
        else:
            if len(secret) >= _SHORTEST_SECRET:
                location = location and location.replace(secret, _REDACTED)
                body = body.replace(secret.encode(), _REDACTED.encode())
            return status, location, body
        # Raised outside the handler, because a protocol error's message can quote the header.
        raise trouble

    async def _sent(self, name: str, request: httpx.Request) -> Answer:
        # httpx bounds single reads only: a slow body would hold the student's queue for ever.
        async with asyncio.timeout(self._timeout):
            if self._boundary is not None:
                self._boundary("before send", f"platform {name}")
            response = await self._transport.handle_async_request(request)
            try:
                coding: str = response.headers.get("content-encoding", "")
                # The transport's stream: the bytes as they were sent.
                body = await read_body(coding, _stream_of(response))
            finally:
                await response.aclose()
            if self._boundary is not None:
                self._boundary("after answer", f"platform {name}")
            return response.status_code, response.headers.get("location"), body


def _stream_of(response: httpx.Response) -> httpx.AsyncByteStream:
    if not isinstance(response.stream, httpx.AsyncByteStream):
        raise TypeError("not the answer of an asynchronous transport")
    return response.stream


def translate(name: str, error: Exception) -> Temporary:
    """The error of ours for one of those that :data:`TRANSLATION` lists; ``name`` is its
    endpoint."""
    for kind in type(error).__mro__:
        if kind in TRANSLATION:
            return TRANSLATION[kind](name, detail=type(error).__name__)
    raise AssertionError("only listed errors are caught")
