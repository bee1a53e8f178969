"""Sends the real process updates of any shape, and asks it after each batch whether it is there."""

import asyncio
import json
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from hypothesis import HealthCheck, Phase, given, seed, settings

from bot.chat.update_reader import UpdateReader
from demo.platform import document
from demo.stage import TOKEN
from demo.telegram.state import BotStatus
from tests.prove.update_shapes import (
    ASKED,
    COOKIE,
    PEOPLE,
    WORD,
    PrivateText,
    batches,
    private_texts,
)
from tests.support.app_harness import one_course
from tests.support.watched_stage import WatchedStage

ASKING = 2002
"""The person who asks whether the bot is there."""
WITHIN = 1.0
"""Seconds within which ``/start`` is answered."""
PATIENCE = 20.0
IDLE_SECONDS = 1.0
IDLE_CPU = 0.25
"""Of a second without updates so much may be used by the processor, in seconds."""
LOG_BYTES = 20_000
"""A batch may add so much to the log at most."""
LOOK_EVERY = 20
"""Batches between two looks at the processor."""
SECRETS = (COOKIE[:16], COOKIE[16:32], WORD, TOKEN.partition(":")[2])


@dataclass(slots=True)
class Endured:
    """What the bot was sent, and how it was afterwards."""

    seed: int
    batches: int = 0
    updates: int = 0
    seconds: float = 0.0
    slowest: float = 0.0
    late: int = 0
    handled: int = 0
    cookies: int = 0
    texts: int = 0
    log_bytes: int = 0
    idle_cpu: float = 0.0
    broken: str = ""


class Endurance:
    """The bot under updates of any shape; each check raises AssertionError."""

    def __init__(self, stage: WatchedStage, found: Endured) -> None:
        self._stage = stage
        self._found = found
        self._asking = stage.telegram.person(ASKING)
        for user_id in PEOPLE:
            stage.telegram.person(user_id).send("/start")

    async def take(self, batch: list[object], private: PrivateText) -> None:
        """Deliver a batch and a private text, and ask."""
        before = self._stage.log.stat().st_size
        for update in batch:
            self._found.handled += _is_readable(update)
            self._stage.telegram.deliver(update)
        calls = len(self._stage.telegram.calls)
        self._stage.telegram.person(private.chat_id).chat.bot = BotStatus.MEMBER
        self._stage.telegram.deliver(private.update)
        await self.ask()
        if private.is_there():
            await self.heed(private, calls)
        self._found.batches += 1
        self._found.updates += len(batch)
        grown = self._stage.log.stat().st_size - before
        self._found.log_bytes = max(self._found.log_bytes, grown)
        assert grown < LOG_BYTES, f"the log grew by {grown} bytes"
        written = self._stage.log.read_bytes()[before:].decode("utf-8", "replace")
        told = [secret for secret in SECRETS if secret in written]
        assert not told, f"the log holds a secret:\n{written}"
        if self._found.batches % LOOK_EVERY == 0:
            await self.rest()

    async def ask(self) -> None:
        """Send ``/start``, which must be answered."""
        chat, telegram = self._asking.chat, self._stage.telegram
        answers = sum(each.from_bot for each in chat.messages)
        began = time.monotonic()
        self._asking.send("/start")
        await telegram.wait_for(
            lambda: sum(each.from_bot for each in chat.messages) > answers, PATIENCE
        )
        took = time.monotonic() - began
        self._found.slowest = max(self._found.slowest, took)
        self._found.late += took > WITHIN

    async def heed(self, private: PrivateText, calls: int) -> None:
        """Wait until a cookie is deleted, or a new text answered; the calls after the first
        ``calls`` count."""
        wanted = ("deletemessage",) if private.holds_cookie else ("sendmessage", "sendphoto")
        if not private.holds_cookie and private.kind != "message":
            return
        telegram = self._stage.telegram

        def is_heeded() -> bool:
            return any(
                call.method.lower() in wanted
                and call.chat_id == private.chat_id
                and int(call.params.get("message_id", private.message_id)) == private.message_id
                for call in telegram.calls[calls:]
            )

        try:
            await telegram.wait_for(is_heeded, PATIENCE)
        except TimeoutError:
            raise AssertionError(f"this was not heeded: {json.dumps(private.update)}") from None
        self._found.cookies += private.holds_cookie
        self._found.texts += not private.holds_cookie

    async def rest(self) -> None:
        """Look how busy the processor is while nothing comes."""
        before = cpu_seconds(self._stage.pid)
        await asyncio.sleep(IDLE_SECONDS)
        used = cpu_seconds(self._stage.pid) - before
        self._found.idle_cpu = max(self._found.idle_cpu, used)
        assert used < IDLE_CPU, f"{used} s of the processor in {IDLE_SECONDS} s without updates"


def _is_readable(update: object) -> bool:
    """Whether the handlers will see an update."""
    numbered = {"update_id": 1, **update} if isinstance(update, dict) else update
    body = json.dumps({"ok": True, "result": [numbered]}).encode()
    reader = UpdateReader(time.monotonic)
    return any(len(each) > 1 for each in reader.read(body, 1, ASKED))


def cpu_seconds(pid: int) -> float:
    """What a process has used of the processor so far; 0 where the system does not tell."""
    stat = Path(f"/proc/{pid}/stat")
    if not stat.exists():
        return 0.0
    fields = stat.read_text(encoding="utf-8").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / float(os.sysconf("SC_CLK_TCK"))


def endure(number: int, *, examples: int) -> Endured:
    """Send so many batches, drawn from a seed; what broke is told in ``broken``."""
    found = Endured(number)
    began = time.monotonic()
    with _bot(found) as (runner, endurance):

        @seed(number)
        @settings(
            max_examples=examples,
            deadline=None,
            database=None,
            phases=[Phase.generate, Phase.shrink],
            suppress_health_check=list(HealthCheck),
        )
        @given(batches(), private_texts())
        def each(batch: list[object], private: PrivateText) -> None:
            runner.run(endurance.take(batch, private))

        try:
            each()
            runner.run(endurance.rest())
        except (AssertionError, TimeoutError) as wrong:
            notes = "\n".join(getattr(wrong, "__notes__", ()))
            found.broken = f"{wrong}\n{notes}"
    found.seconds = time.monotonic() - began
    return found


@contextmanager
def _bot(found: Endured) -> Iterator[tuple[asyncio.Runner, Endurance]]:
    with asyncio.Runner() as runner:
        stage = WatchedStage(one_course([document(1)]), settings={"LOG_LEVEL": "debug"})
        runner.run(stage.__aenter__())
        try:
            endurance = Endurance(stage, found)
            runner.run(endurance.ask())
            found.slowest, found.late = 0.0, 0
            yield runner, endurance
        finally:
            runner.run(stage.__aexit__())
