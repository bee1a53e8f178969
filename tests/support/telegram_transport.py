"""The library's bot before the stand-in of Telegram, without sockets.

What a call is made of is the library's, and what it means the stand-in's; only the way between
them is short.
"""

import asyncio
import re
from collections.abc import Awaitable, Callable
from enum import StrEnum
from urllib.parse import parse_qsl

import httpx

from bot.chat.telegram_bot import PatientBot
from bot.chat.telegram_request import TelegramRequest
from demo.telegram import TelegramServer
from demo.telegram.request import Params, Upload
from tests.support.telegram_bots import TOKEN

LATENCY = 0.02
_FIELD = re.compile(r'(\w+)="([^"]*)"')


class Leg(StrEnum):
    """Where on its way a call is."""

    ARRIVING = "arriving"
    """Telegram does not know of it yet."""
    TAKEN = "taken"
    """It took effect, and the answer is not on its way yet."""


Watch = Callable[[Leg, str], Awaitable[None]]
"""Awaited with each call's leg and method: what it does not return from gets no further."""


class TelegramTransport(httpx.AsyncBaseTransport):
    """Carries calls to the stand-in inside the process; ``latency`` is loop seconds each way."""

    def __init__(self, server: TelegramServer, latency: float = LATENCY) -> None:
        self._server = server
        self._latency = latency
        self.watch: Watch | None = None

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        _, bot, method = request.url.path.split("/")
        body = await request.aread()

        async def read() -> Params:
            return _params(request.headers.get("content-type", ""), body)

        await asyncio.sleep(self._latency)
        await self._pass(Leg.ARRIVING, method)
        answer = await self._server.answer(bot.removeprefix("bot"), method, read)
        await self._pass(Leg.TAKEN, method)
        await asyncio.sleep(self._latency)
        if answer is None:
            raise httpx.RemoteProtocolError("the connection ended")
        status, said = answer
        return httpx.Response(status, json=said)

    async def _pass(self, leg: Leg, method: str) -> None:
        if self.watch is not None:
            await self.watch(leg, method)


def bot_in_process(transport: TelegramTransport) -> PatientBot:
    """The application's kind of bot, at this end of the transport."""
    through = {"transport": transport}
    return PatientBot(
        TOKEN,
        base_url="http://127.0.0.1/bot",
        request=TelegramRequest(httpx_kwargs=through),
        get_updates_request=TelegramRequest(httpx_kwargs=through),
    )


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
