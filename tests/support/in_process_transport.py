"""Both stand-ins without sockets: httpx's transport that carries requests inside the process.

What a request is made of is the bot's and the library's, and what it means the stand-in's; only
the way between them is short.
"""

import asyncio
import json
import re
from abc import abstractmethod
from collections.abc import Awaitable, Callable
from enum import StrEnum
from urllib.parse import parse_qsl

import httpx

from demo.platform import Endpoint, PlatformServer
from demo.platform.answers import Answer
from demo.platform.connections import NoAnswer
from demo.spoc import PREFIX, SpocSite
from demo.telegram import TelegramServer
from demo.telegram.request import Params, Upload

LATENCY = 0.02
_FIELD = re.compile(r'(\w+)="([^"]*)"')


class Leg(StrEnum):
    """Where on its way a call is."""

    ARRIVING = "arriving"
    """The stand-in does not know of it yet."""
    TAKEN = "taken"
    """It took effect, and the answer is not on its way yet."""


Watch = Callable[[Leg, str], Awaitable[None]]
"""Awaited with each call's leg and the last part of its path: what it does not return from gets no
further."""


class InProcessTransport(httpx.AsyncBaseTransport):
    """``latency`` is loop seconds each way. While it is not open, no request gets through."""

    def __init__(self, latency: float = LATENCY) -> None:
        self._latency = latency
        self.in_flight = 0
        self.is_open = True
        self.watch: Watch | None = None

    def shut(self) -> None:
        """Let no request through any more."""
        self.is_open = False

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        if not self.is_open:
            raise httpx.ConnectError("the transport is shut")
        body = await request.aread()
        self.in_flight += 1
        try:
            await asyncio.sleep(self._latency)
            await self._pass(Leg.ARRIVING, request)
            response = await self._answer(request, body)
            await self._pass(Leg.TAKEN, request)
            await asyncio.sleep(self._latency)
        finally:
            self.in_flight -= 1
        return response

    async def _pass(self, leg: Leg, request: httpx.Request) -> None:
        if self.watch is not None:
            await self.watch(leg, request.url.path.rpartition("/")[2])

    @abstractmethod
    async def _answer(self, request: httpx.Request, body: bytes) -> httpx.Response:
        """The stand-in's answer. Raises httpx's errors for a connection that ended."""


class PlatformTransport(InProcessTransport):
    """Carries requests to the stand-in of the platform."""

    def __init__(self, server: PlatformServer, latency: float = LATENCY) -> None:
        super().__init__(latency)
        self._server = server
        self.instead: dict[Endpoint, bytes] = {}
        """What the next request of an endpoint gets in place of the stand-in's answer."""
        self.was_read: dict[str, bool] = {}
        """By topic, whether the last request for its cells brought them."""
        self.site: SpocSite | None = None
        """The site of today at the same address."""

    async def _answer(self, request: httpx.Request, body: bytes) -> httpx.Response:
        if request.url.path.startswith(PREFIX):
            return await self._answer_of_today(request)
        form = dict(parse_qsl(body.decode(), keep_blank_values=True))
        endpoint = Endpoint(request.url.path)
        if endpoint in self.instead:
            return httpx.Response(200, content=self.instead.pop(endpoint))
        if endpoint is Endpoint.CELLS:
            self.was_read[form["topicId"]] = False
        try:
            answer = await self._server.handle(endpoint, form, auth_of(request))
        except NoAnswer:
            raise httpx.ReadError("the connection ended") from None
        if endpoint is Endpoint.CELLS:
            self.was_read[form["topicId"]] = _brings_cells(answer.content)
        return _response(answer)

    async def _answer_of_today(self, request: httpx.Request) -> httpx.Response:
        assert self.site is not None, "nothing stands at the address of today's site"
        url, headers = request.url, {name.lower(): each for name, each in request.headers.items()}
        try:
            return _response(
                await self.site.handle(request.method, url.path, dict(url.params), headers)
            )
        except NoAnswer:
            raise httpx.ReadError("the connection ended") from None


class TelegramTransport(InProcessTransport):
    """Carries calls to the stand-in of Telegram."""

    def __init__(self, server: TelegramServer, latency: float = LATENCY) -> None:
        super().__init__(latency)
        self._server = server

    async def _answer(self, request: httpx.Request, body: bytes) -> httpx.Response:
        async def read() -> Params:
            return _params(request.headers.get("content-type", ""), body)

        _, bot, method = request.url.path.split("/")
        answer = await self._server.answer(bot.removeprefix("bot"), method, read)
        if answer is None:
            raise httpx.RemoteProtocolError("the connection ended")
        status, said = answer
        return httpx.Response(status, json=said)


def _response(answer: Answer) -> httpx.Response:
    stream = httpx.ByteStream(answer.content)
    return httpx.Response(answer.status, headers=dict(answer.headers), stream=stream)


def auth_of(request: httpx.Request) -> str:
    """The value of the cookie with which a request comes to the platform."""
    return str(request.headers["cookie"]).removeprefix("auth=")


def _brings_cells(content: bytes) -> bool:
    try:
        answer = json.loads(content)
    except ValueError:
        return False
    return isinstance(answer, dict) and "cellList" in answer


def _params(kind: str, body: bytes) -> Params:
    """The parameters as a server reads them: of a form, or of a multipart body."""
    if not kind.startswith("multipart/form-data"):
        return Params(dict(parse_qsl(body.decode(), keep_blank_values=True)), {})
    values: dict[str, str] = {}
    files: dict[str, Upload] = {}
    boundary = kind.partition("boundary=")[2]
    _, *parts, _ = body.split(f"--{boundary}".encode())
    for part in parts:
        head, _, content = part.removesuffix(b"\r\n").partition(b"\r\n\r\n")
        named = dict(_FIELD.findall(head.decode()))
        if "filename" in named:
            files[named["name"]] = Upload(named["filename"], content)
        else:
            values[named["name"]] = content.decode()
    return Params(values, files)
