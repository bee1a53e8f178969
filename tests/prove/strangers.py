"""Sends the real process a flood of updates of people who may not use it, and asks meanwhile, as
its owner, whether it is there."""

import asyncio
import sqlite3
import time
from collections import Counter
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any

from bot.app import DATABASE_NAME
from bot.outbox.stranger_answers import GAP, WAITING
from demo.platform import document
from demo.stage import Stage
from demo.telegram.state import BotStatus
from tests.prove.updates import cpu_seconds
from tests.support.app_harness import one_course
from tests.support.shown import from_bot
from tests.support.watched_stage import WatchedStage

OWNER = 1001
FIRST = 100_000
WARMING = 2000
"""Updates before memory is measured for the first time: the libraries' caches are full by then."""
BACKLOG = 1000
"""Updates that wait at Telegram at the same time."""
ASK_EVERY = 1000
PATIENCE = 60.0
WITHIN = 1.0
"""Seconds in which the owner's ``/start`` is answered."""
MOST_GROWN = 15.0
"""MB by which the flood may let the process grow."""


@dataclass(slots=True)
class Flooded:
    """``answers`` went to strangers, ``most`` of them to one; ``took`` has the seconds of each
    answer to the owner, ``rows`` the number of people of whom something is stored."""

    seed: int
    updates: int
    people: int
    seconds: float = 0.0
    cpu: float = 0.0
    grown: float = 0.0
    answers: int = 0
    most: int = 0
    rows: int = 0
    platform_requests: int = 0
    took: list[float] = field(default_factory=list)

    @property
    def most_answers(self) -> float:
        """As many as the budget allows in this time."""
        return self.seconds / GAP + WAITING + 1

    @property
    def broken(self) -> list[str]:
        """A line for each promise that did not hold."""
        promises = {
            f"the process grew by {self.grown:.1f} MB": self.grown < MOST_GROWN,
            f"strangers got {self.answers} answers": self.answers <= self.most_answers,
            f"one stranger got {self.most} answers": self.most <= 1,
            f"the platform was asked {self.platform_requests} times": not self.platform_requests,
            f"something is stored of {self.rows} people": self.rows == 1,
        }
        return [line for line, held in promises.items() if not held]

    @property
    def late(self) -> int:
        return sum(each > WITHIN for each in self.took)


class Flood:
    def __init__(self, stage: WatchedStage, found: Flooded) -> None:
        self._stage = stage
        self._found = found
        self._random = Random(found.seed)
        self._sent = 0
        self._owner = stage.telegram.person(OWNER)
        for user_id in range(FIRST, FIRST + found.people):
            stage.telegram.person(user_id).chat.bot = BotStatus.MEMBER

    async def send(self, count: int) -> None:
        """Let so many updates come, as fast as the bot takes them; the owner asks meanwhile."""
        for number in range(count):
            self._stage.telegram.deliver(self._update())
            if number % ASK_EVERY == ASK_EVERY // 2:
                await self.ask()
            if number % 100 == 0:
                await self._until(lambda: len(self._pending) < BACKLOG)
        await self._until(lambda: not self._pending)

    async def ask(self) -> None:
        chat = self._owner.chat
        before, began = len(from_bot(chat)), time.monotonic()
        self._owner.send("/start")
        await self._until(lambda: len(from_bot(chat)) > before)
        self._found.took.append(time.monotonic() - began)

    @property
    def _pending(self) -> list[Any]:
        return self._stage.telegram.world.updates.pending

    async def _until(self, predicate: Callable[[], bool]) -> None:
        async with asyncio.timeout(PATIENCE):
            while not predicate():  # noqa: ASYNC110 - another process takes them
                await asyncio.sleep(0.005)

    def _update(self) -> dict[str, Any]:
        self._sent += 1
        user_id = FIRST + self._random.randrange(self._found.people)
        user = {"id": user_id, "is_bot": False, "first_name": "x" * 64, "language_code": "en"}
        chat = {"id": user_id, "type": "private", "first_name": "x"}
        message = {"message_id": self._sent, "date": 1, "from": user, "chat": chat}
        match self._random.randrange(8):
            case 0:
                return {"message": {**message, "text": "word " * 800}}
            case 1:
                return {"message": {**message, "text": "/start " + "GHJK" * 6 + "GH"}}
            case 2:
                shown = {**message, "text": "x"}
                query = {
                    "id": str(self._sent),
                    "from": user,
                    "chat_instance": "1",
                    "message": shown,
                }
                return {"callback_query": {**query, "data": "v1:pp::0"}}
            case 3:
                group = {"id": -self._sent, "type": "supergroup", "title": "x"}
                return {"message": {**message, "chat": group, "text": "/start@zjy_demo_bot"}}
            case 4:
                return {"edited_message": {**message, "text": "/erase"}}
            case 5:
                return {"message": {**message, "text": "/erase"}}
            case 6:
                return {"message": {**message, "text": f"auth={self._random.randbytes(16).hex()}"}}
            case _:
                return {"message": {**message, "text": "/start"}}


def resident(pid: int) -> float:
    """MB of memory that the process holds."""
    status = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    return int(status.partition("VmRSS:")[2].split()[0]) / 1024


async def flood(seed: int, *, updates: int, people: int) -> Flooded:
    """A flood of so many updates, by so many people."""
    found = Flooded(seed, updates, people)
    settings = {"ALLOWED_USERS": str(OWNER), "LOG_LEVEL": "info"}
    async with WatchedStage(one_course([document(1)]), settings=settings) as stage:
        pouring = Flood(stage, found)
        await pouring.ask()
        began = time.monotonic()
        await pouring.send(WARMING)
        found.took.clear()
        size, used = resident(stage.pid), cpu_seconds(stage.pid)
        await pouring.send(updates)
        found.grown, found.cpu = resident(stage.pid) - size, cpu_seconds(stage.pid) - used
        found.seconds = time.monotonic() - began
        _count(stage, found)
    return found


def _count(stage: Stage, found: Flooded) -> None:
    told = Counter(
        call.chat_id
        for call in stage.telegram.calls
        if call.method == "sendMessage" and call.chat_id not in (None, OWNER)
    )
    found.answers, found.most = told.total(), max(told.values(), default=0)
    found.platform_requests = len(stage.platform.requests)
    with closing(sqlite3.connect(stage.data_dir / DATABASE_NAME)) as conn:
        people = conn.execute("SELECT user_id FROM people UNION SELECT chat_id FROM chats")
        found.rows = len(people.fetchall())
