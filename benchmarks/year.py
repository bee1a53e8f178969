"""A database as a year leaves it: how large it is, and how long people wait for it."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from benchmarks.figures import Measured, Result, Table, ratio
from benchmarks.grown import grow, school
from benchmarks.seeds import Seed, people
from benchmarks.stage import SeededStage
from benchmarks.watch import Watch, watching
from bot.app import DATABASE_NAME
from demo.telegram import Message

PATIENCE = 60.0
SPEED = 1000.0
NOW_BUTTON = "现在发一份"
ASKED = {"/jobs": "/jobs", "/progress": "/progress", "/digest": "a digest, when asked for"}
SETTINGS = {
    "PLATFORM_REQUESTS_PER_SECOND": "1000",
    "TELEGRAM_MESSAGES_PER_SECOND": "100000",
    "BACKUP_KEEP_DAYS": "0",
}
Wanted = Callable[[Message], bool]


@dataclass(slots=True)
class Bot:
    """A bot on its file, with one person; of each thing, the milliseconds of each repetition."""

    stage: SeededStage
    watch: Watch
    seed: Seed
    started: float
    took: dict[str, list[float]] = field(default_factory=dict)

    async def ask(self, what: str) -> None:
        """Do one thing, and wait for the message that it is for. Raises TimeoutError."""
        person = self.stage.telegram.person(self.seed.chat_id)
        loop = asyncio.get_running_loop()
        began = loop.time()
        sent = person.send(what)
        if what == "/digest":
            screen = await self._message(sent.message_id, _has_now)
            began = loop.time()
            person.press(NOW_BUTTON, screen)
            await self._message(screen.message_id, lambda each: each.photo is not None)
        elif what == "/progress":
            await self._message(sent.message_id, lambda each: each.photo is not None)
        else:
            await self._message(sent.message_id, lambda each: bool(each.buttons))
        self.took.setdefault(what, []).append(1000 * (loop.time() - began))

    async def _message(self, after: int, wanted: Wanted) -> Message:
        chat = self.stage.telegram.chat(self.seed.chat_id)

        def look() -> Message | None:
            newer = (each for each in chat.everything if each.message_id > after)
            return next((each for each in newer if each.from_bot and wanted(each)), None)

        found = await self.watch.until(self.seed.chat_id, look, PATIENCE)
        if found is None:
            raise TimeoutError(f"nothing came to chat {self.seed.chat_id}")
        return found


def _has_now(message: Message) -> bool:
    return any(NOW_BUTTON in button.text for row in message.buttons for button in row)


@asynccontextmanager
async def running(chats: int, days: int, jobs: int) -> AsyncIterator[tuple[Bot, float]]:
    """A bot on a file of so many chats to which so much was added, and the file's MiB."""
    made = school(chats)
    _, seeds = people(made, 0, chats)
    async with SeededStage(made, seeds, speed=SPEED, settings=SETTINGS) as stage:
        file = stage.data_dir / DATABASE_NAME
        await grow(file, days, jobs)
        size = file.stat().st_size / 2**20
        started = await stage.begin()
        async with watching(stage.telegram) as watch:
            yield Bot(stage, watch, seeds[0], started), size


async def measure(chats: int = 200, days: int = 365, jobs: int = 49, repeated: int = 5) -> Result:
    """A bot on the year, and in turn one whose file is new."""
    async with running(chats, days, jobs) as (old, size), running(1, 0, 0) as (new, _):
        for _ in range(repeated):
            for what in ASKED:
                await old.ask(what)
                await new.ask(what)
        starts = [old.started]
    rows: dict[str, tuple[Measured | str, ...]] = {
        name: (
            Measured.of(old.took[what]),
            Measured.of(new.took[what]),
            ratio(old.took[what], new.took[what]),
        )
        for what, name in ASKED.items()
    }
    rows["start to the first getUpdates, ms"] = (
        Measured.of(1000 * each for each in starts),
        Measured((1000 * new.started,)),
        Measured((old.started / new.started,), 2),
    )
    table = Table(
        "After a year",
        f"{chats} chats with 12 courses of 40 cells, {days} days of digests and "
        f"{chats * (jobs + 1):,} ended jobs of 40 cells, made by the storage's own functions and "
        f"then repeated by SQL: the file has {size:.0f} MiB. Milliseconds until what was asked for "
        "is shown, in turn with a bot whose file is new; a digest reads 12 courses first, at a "
        "fast clock.",
        ("what", "after a year", "new", "over new"),
        rows,
    )
    file = Table(
        "The file after a year",
        "All of it, and for each chat.",
        ("what", "measured"),
        {
            "the file, MiB": (Measured((size,), 1),),
            "a chat, KiB": (Measured((1024 * size / chats,)),),
        },
    )
    return Result((table, file))
