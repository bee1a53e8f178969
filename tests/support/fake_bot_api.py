"""A fake Bot API that writes down every call, and goes wrong as a test says."""

import asyncio
from collections import defaultdict, deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import pairwise

from telegram.error import NetworkError, RetryAfter, TelegramError

from bot.clock import SystemClock
from bot.loop_lag import LoopLag
from bot.outbox.budget import MESSAGES_PER_SECOND
from bot.outbox.outbox import Outbox
from bot.outbox.screen import Screen, Upload
from bot.outbox.telegram_calls import Calls
from demo.telegram.errors import ApiError
from demo.telegram.flood import Flood
from tests.support.names import ANNA


@dataclass(frozen=True, slots=True)
class BotApiCall:
    """One call: when it came, what it wanted, and whether it was taken."""

    at: float
    chat_id: int
    message_id: int | None
    text: str
    taken: bool
    silent: bool = False


class FakeBotApi(Calls):
    """Stands in the place of the Bot API's calls; each takes ``latency`` virtual seconds."""

    def __init__(self, latency: float = 0.0) -> None:
        self.latency = latency
        self.said: list[BotApiCall] = []
        self.uploads: list[Upload] = []
        self.away_until = 0.0
        self.trouble: defaultdict[int, deque[TelegramError]] = defaultdict(deque)
        self.gone: set[int] = set()
        self._ids = iter(range(100, 100000))

    async def send(
        self, chat_id: int, screen: Screen, *, silent: bool, topic: int | None = None
    ) -> int:
        await self._take(chat_id, None, screen, silent=silent)
        return next(self._ids)

    async def upload(
        self, chat_id: int, upload: Upload, caption: Screen, *, silent: bool = False
    ) -> int:
        self.uploads.append(upload)
        await self._take(chat_id, None, caption, silent=silent)
        return next(self._ids)

    async def edit(self, chat_id: int, message_id: int, screen: Screen) -> None:
        await self._take(chat_id, message_id, screen)

    async def answer(self, query_id: str, words: str | None, *, alert: bool) -> None:
        await self._take(0, None, Screen(words or ""))

    async def _take(
        self, chat_id: int, message_id: int | None, screen: Screen, *, silent: bool = False
    ) -> None:
        at = asyncio.get_running_loop().time()
        trouble = self._trouble(chat_id, message_id, at)
        self.said.append(BotApiCall(at, chat_id, message_id, screen.text, trouble is None, silent))
        if self.latency:
            await asyncio.sleep(self.latency)
        if trouble is not None:
            raise trouble

    def _trouble(self, chat_id: int, message_id: int | None, at: float) -> TelegramError | None:
        if at < self.away_until:
            return NetworkError("away")
        return self.trouble[chat_id].popleft() if self.trouble[chat_id] else None

    @property
    def refused(self) -> int:
        """How many calls got a 429 or other trouble."""
        return sum(not each.taken for each in self.said)

    def taken(self, chat_id: int = ANNA) -> list[BotApiCall]:
        """What the chat has got, oldest first."""
        return [each for each in self.said if each.taken and each.chat_id == chat_id]

    def texts(self, chat_id: int = ANNA) -> list[str]:
        return [each.text for each in self.taken(chat_id)]

    def moments(self, chat_id: int = ANNA) -> list[float]:
        return [each.at for each in self.taken(chat_id)]


class LimitedBotApi(FakeBotApi):
    """Has the limits of the stand-in of Telegram, also the one of 30 calls a second in all."""

    def __init__(self, latency: float = 0.05) -> None:
        super().__init__(latency)
        self._flood = Flood()

    def _trouble(self, chat_id: int, message_id: int | None, at: float) -> TelegramError | None:
        method = "sendmessage" if message_id is None else "editmessagetext"
        try:
            self._flood.check(method if chat_id else "answercallbackquery", chat_id or None, at)
        except ApiError as error:
            return RetryAfter(timedelta(seconds=int(error.parameters["retry_after"])))
        return super()._trouble(chat_id, message_id, at)


def gaps(moments: list[float]) -> list[float]:
    return [later - earlier for earlier, later in pairwise(moments)]


async def all_of(*calls: "asyncio.Task[int | None]") -> list[int | None]:
    """What each of them gives, once all have ended."""
    return [await each for each in calls]


@dataclass
class Text:
    """A render whose text changes while it waits to be sent; ``rendered`` counts the calls."""

    now: str
    rendered: int = 0
    steps: Iterator[str] | None = None

    async def __call__(self) -> Screen | None:
        self.rendered += 1
        if self.steps is not None:
            self.now = next(self.steps)
        return Screen(self.now)


async def not_worth_it() -> Screen | None:
    return None


class FakeReachability:
    """Marks of chats that take ``latency`` virtual seconds to be written down."""

    def __init__(self, latency: float = 0.0) -> None:
        self.latency = latency
        self.unreachable: set[int] = set()
        self.noted: list[int] = []

    async def is_reachable(self, chat_id: int) -> bool:
        return chat_id not in self.unreachable

    async def note_unreachable(self, chat_id: int) -> None:
        self.noted.append(chat_id)
        self.unreachable.add(chat_id)
        await asyncio.sleep(self.latency)

    async def heard_from(self, chat_id: int) -> None:
        await asyncio.sleep(self.latency)
        self.unreachable.discard(chat_id)


@dataclass
class OutboxHarness:
    """An outbox on the fake, and what it said about chats that cannot be written to."""

    bot_api: FakeBotApi
    outbox: Outbox = field(init=False)
    reach: "FakeReachability" = field(default_factory=lambda: FakeReachability())
    per_second: float = MESSAGES_PER_SECOND
    lag: LoopLag | None = None

    def __post_init__(self) -> None:
        self.outbox = Outbox(
            self.bot_api, SystemClock(), self.reach, per_second=self.per_second, lag=self.lag
        )

    async def heard_from(self, chat_id: int = ANNA) -> None:
        """An update of the person arrived."""
        self.outbox.heard_from(chat_id)
        await self.reach.heard_from(chat_id)
        self.outbox.release(chat_id)

    def show(self, message_id: int, text: str, *, chat_id: int = ANNA, gap: float = 3.0) -> None:
        self.outbox.show(chat_id, message_id, Text(text), gap=gap)

    def say(self, text: str, *, chat_id: int = ANNA) -> "asyncio.Task[int | None]":
        return asyncio.create_task(self.outbox.say(chat_id, Text(text)))

    def send(self, text: str, *, chat_id: int = ANNA) -> "asyncio.Task[int | None]":
        return asyncio.create_task(self.outbox.send(chat_id, Screen(text)))

    def edit(
        self, message_id: int, text: str, *, chat_id: int = ANNA
    ) -> "asyncio.Task[int | None]":
        return asyncio.create_task(self.outbox.edit(chat_id, message_id, Screen(text)))
