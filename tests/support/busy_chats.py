"""Many running jobs in one outbox, in virtual time, and what else is sent beside them."""

import asyncio
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from types import FrameType
from typing import Any

from bot.loop_lag import LoopLag
from bot.outbox.budget import MESSAGES_PER_SECOND, Rank
from bot.outbox.chat_queue import Render
from bot.outbox.screen import Screen
from tests.support.fake_bot_api import BotApiCall, FakeBotApi, LimitedBotApi, OutboxHarness, Text

PROGRESS = 5
"""The id of each chat's progress message."""
FIRST_PERSON = 900_000


@dataclass
class BusyChats:
    """``jobs`` chats with a job each, that changes ``every`` so many seconds; ``gap`` is the least
    time between edits of one message. ``rendered`` counts all renders of progress, ``newest``
    has each chat's newest text."""

    jobs: int
    every: float = 10.0
    gap: float = 3.0
    bot_api: FakeBotApi = field(default_factory=LimitedBotApi)
    per_second: float = MESSAGES_PER_SECOND
    lag: LoopLag | None = None
    sending: OutboxHarness = field(init=False)
    rendered: int = 0
    newest: dict[int, str] = field(default_factory=dict)
    people: int = 0

    def __post_init__(self) -> None:
        self.sending = OutboxHarness(self.bot_api, per_second=self.per_second, lag=self.lag)

    async def report(self, seconds: float) -> None:
        """The jobs change, evenly spread, for so many seconds."""
        pause = self.every / self.jobs
        for n in range(int(seconds / pause)):
            self.change(1 + n % self.jobs, f"{n}")
            await asyncio.sleep(pause)

    def change(self, chat_id: int, text: str) -> None:
        self.newest[chat_id] = text
        self.sending.outbox.show(
            chat_id, PROGRESS, self._render(chat_id), gap=self.gap, rank=Rank.PROGRESS
        )

    def _render(self, chat_id: int) -> Render:
        async def render() -> Screen:
            self.rendered += 1
            return Screen(self.newest[chat_id])

        return render

    async def press(self, every: float, seconds: float) -> list[float]:
        """A person without a job presses every so many seconds; how long each waited until the
        answer was sent."""
        waits = []
        for _ in range(int(seconds / every)):
            asked = asyncio.get_running_loop().time()
            self.people += 1
            chat_id = FIRST_PERSON + self.people
            await self.sending.outbox.answer("1")
            begun = asyncio.get_running_loop().time()
            await self.sending.send("answer", chat_id=chat_id)
            sent = next(each for each in reversed(self.bot_api.said) if each.chat_id == chat_id)
            waits.append(sent.at - begun)
            await asyncio.sleep(max(0.0, asked + every - asyncio.get_running_loop().time()))
        return waits

    def notice(self, chat_id: int, text: str = "notice") -> "asyncio.Task[int | None]":
        return self.sending.say(text, chat_id=chat_id)

    def digest(self, chat_id: int) -> "asyncio.Task[object]":
        return asyncio.create_task(self.sending.outbox.say_once(chat_id, Text("digest")))

    def edits(self) -> list[BotApiCall]:
        """The edits of progress that were taken, oldest first."""
        return [each for each in self.bot_api.said if each.taken and each.message_id == PROGRESS]

    def calls_between(self, begin: float, end: float) -> int:
        return sum(begin <= each.at < end for each in self.bot_api.said)


def steps_within(folder: str, work: Callable[[], object]) -> int:
    """How many instructions of Python the files of a folder take for ``work``: a count that is the
    same on every machine."""
    steps = 0

    def trace(frame: FrameType, event: str, arg: object) -> Callable[..., Any] | None:
        nonlocal steps
        if folder not in frame.f_code.co_filename:
            return None
        frame.f_trace_opcodes = True
        steps += event == "opcode"
        return trace

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        work()
    finally:
        sys.settrace(before)
    return steps
