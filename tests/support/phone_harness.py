"""A phone, the Telegram behind it, and a bot that is a handful of plain HTTP calls."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, TypedDict, Unpack

import aiohttp

from demo.phone import PhoneServer
from demo.phone.server import Action
from demo.telegram import Person, TelegramServer
from tests.support.bot_api_client import Api, Files
from tests.support.names import ANNA

PATIENCE = 10.0

Json = dict[str, Any]
Row = Sequence[Mapping[str, object]]
"""The buttons of one row of a keyboard."""


class Options(TypedDict, total=False):
    """What of ``PhoneServer`` a test may choose."""

    language: str
    cookie: Callable[[], str] | None
    token: Callable[[], str] | None
    speed: float
    session_left: Callable[[], float | None]
    token_left: Callable[[], float | None]
    actions: Mapping[str, Action] | None
    patience: float


@dataclass(frozen=True)
class PhoneHarness:
    """What a test plays with: ``url`` is the page's address, with a slash at its end."""

    telegram: TelegramServer
    phone: PhoneServer
    person: Person
    url: str
    http: aiohttp.ClientSession

    async def bot(self, method: str, files: Files | None = None, **params: object) -> Json:
        """One call of the bot over HTTP. Its result, if that is an object."""
        result = await Api(self.telegram, self.http)(method, files, **params)
        return result if isinstance(result, dict) else {}

    async def bot_says(self, text: str, *rows: Row) -> int:
        """The bot's message in HTML with rows of buttons; its id."""
        call: Json = {"chat_id": ANNA, "text": text, "parse_mode": "HTML"}
        if rows:
            call["reply_markup"] = {"inline_keyboard": rows}
        sent = await self.bot("sendMessage", **call)
        return int(sent["message_id"])

    async def bot_answers(self, text: str = "", *, show_alert: bool = False) -> None:
        """Wait for a press that nobody answered, and answer it."""
        presses = self.telegram.world.presses
        query_id = await self.telegram.wait_for(
            lambda: next((p.query_id for p in presses.values() if p.answer is None), None)
        )
        await self.bot(
            "answerCallbackQuery", callback_query_id=query_id, text=text, show_alert=show_alert
        )

    async def post(self, path: str, **body: object) -> tuple[int, Json]:
        """Status and answer of what the page would post."""
        async with self.http.post(f"{self.url}{path}", json=body) as response:
            return response.status, await response.json()

    @asynccontextmanager
    async def feed(self, query: str = "") -> AsyncIterator["Feed"]:
        """The feed as a page reads it."""
        async with self.http.get(f"{self.url}events{query}") as response:
            assert response.content_type == "text/event-stream"
            yield Feed(response)


class Feed:
    """Reads Server-Sent Events."""

    def __init__(self, response: aiohttp.ClientResponse) -> None:
        self._response = response

    async def next(self) -> Json:
        """The next change."""
        async with asyncio.timeout(PATIENCE):
            while line := await self._response.content.readline():
                if line.startswith(b"data: "):
                    change: Json = json.loads(line.removeprefix(b"data: "))
                    return change
        raise EOFError("the feed ended")

    async def ended(self) -> None:
        """Return when the server closes the feed."""
        async with asyncio.timeout(PATIENCE):
            try:
                while await self._response.content.readline():
                    continue
            except aiohttp.ClientError:
                return


@asynccontextmanager
async def harness(**options: Unpack[Options]) -> AsyncIterator[PhoneHarness]:
    """A stage; ``options`` are those of ``PhoneServer``."""
    telegram = TelegramServer()
    await telegram.start()
    phone = PhoneServer(telegram, person_id=ANNA, **options)
    try:
        url = await phone.start()
        person = Person(telegram.world, telegram.world.users[ANNA])
        async with aiohttp.ClientSession() as http:
            yield PhoneHarness(telegram, phone, person, url, http)
    finally:
        await phone.stop()
        await telegram.stop()
