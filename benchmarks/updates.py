"""Updates that the bot takes in a second, beside an echo bot of the same library."""

import asyncio
import sys
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field

from benchmarks.answers import gather
from benchmarks.figures import Measured, Result, Table, ratio
from benchmarks.load import school
from benchmarks.machine import Usage
from benchmarks.presser import Presser
from benchmarks.samples import Kind
from benchmarks.seeds import people
from benchmarks.stage import POLLS_WITHIN, SeededStage, TimedTelegram
from benchmarks.watch import watching
from demo.stage import TOKEN

PEOPLE = 40
WITHOUT_BUDGET = {"TELEGRAM_MESSAGES_PER_SECOND": "100000"}
KINDS = {Kind.JOBS: "a command, /jobs", Kind.SETTINGS: "a press, answered and edited"}


@dataclass(slots=True)
class Bot:
    """A bot with people before it; of each kind, what each repetition took."""

    usage: Callable[[], Usage]
    people: Sequence[Presser]
    speed: dict[Kind, list[float]] = field(default_factory=lambda: {kind: [] for kind in KINDS})
    cpu: dict[Kind, list[float]] = field(default_factory=lambda: {kind: [] for kind in KINDS})

    async def drive(self, kind: Kind, seconds: float) -> None:
        """All people do one thing after the other, each again once its effect is shown."""
        loop = asyncio.get_running_loop()
        began, cpu = loop.time(), self.usage().cpu
        until = began + seconds

        async def go_on(person: Presser) -> int:
            done = 0
            while loop.time() < until:
                done += not (await person.act(kind)).lost
            return done

        done = sum(await asyncio.gather(*map(go_on, self.people)))
        self.speed[kind].append(done / (loop.time() - began))
        self.cpu[kind].append((self.usage().cpu - cpu) / done)


@asynccontextmanager
async def ours(count: int) -> AsyncIterator[Bot]:
    """The bot itself, with no running job and no budget."""
    made = school(count)
    _, seeds = people(made, 0, count)
    async with AsyncExitStack() as stack:
        stage = await stack.enter_async_context(SeededStage(made, seeds, settings=WITHOUT_BUDGET))
        await stage.begin()
        watch = await stack.enter_async_context(watching(stage.telegram))
        yield Bot(stage.usage, await gather(stage.telegram, watch, seeds))


@asynccontextmanager
async def echo(count: int) -> AsyncIterator[Bot]:
    """The echo bot, with the same people."""
    telegram = TimedTelegram()
    made = school(count)
    _, seeds = people(made, 0, count)
    for seed in seeds:
        telegram.person(seed.chat_id)
    async with AsyncExitStack() as stack:
        await telegram.start()
        stack.push_async_callback(telegram.stop)
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "benchmarks.echo_bot", telegram.url, TOKEN),
            stderr=asyncio.subprocess.DEVNULL,
        )
        stack.push_async_callback(process.wait)
        stack.callback(process.kill)
        await asyncio.wait_for(telegram.polled.wait(), POLLS_WITHIN)
        watch = await stack.enter_async_context(watching(telegram))
        yield Bot(lambda: Usage.of(process.pid), await gather(telegram, watch, seeds))


async def measure(repeated: int = 5, seconds: float = 1.0, count: int = PEOPLE) -> Result:
    """Both bots in turn."""
    async with ours(count) as bot, echo(count) as other:
        for _ in range(repeated):
            for kind in KINDS:
                await bot.drive(kind, seconds)
                await other.drive(kind, seconds)
    rows = {
        name: (
            Measured.of(bot.speed[kind]),
            Measured.of(other.speed[kind]),
            ratio(bot.speed[kind], other.speed[kind]),
            Measured.of((1000 * each for each in bot.cpu[kind]), 2),
            ratio(bot.cpu[kind], other.cpu[kind]),
        )
        for kind, name in KINDS.items()
    }
    table = Table(
        "Updates beside an echo bot",
        f"{count} people, each of whom acts again once the effect is shown, in turn before the bot "
        "and before the least bot of the same library (`benchmarks/echo_bot.py`), which answers "
        "from nothing. The stand-in and the people take part of what the machine has.",
        ("update", "a second", "echo a second", "over echo", "CPU ms each", "CPU over echo"),
        rows,
    )
    return Result((table,))
