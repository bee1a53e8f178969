"""People who press steadily while the bot does something else, and how soon they see the effect."""

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from itertools import cycle
from random import Random

from benchmarks.figures import Cell, Measured, Table, rank
from benchmarks.presser import NothingCame, Presser
from benchmarks.samples import Kind, Sample
from benchmarks.seeds import Seed
from benchmarks.watch import Watch
from demo.telegram import TelegramServer

PRESSES_A_SECOND = 8.0
APART = 0.1
"""Seconds from one person's coming to the next one's."""
PATIENCE = 15.0
"""Real seconds after which an answer counts as lost."""
COMMANDS = (Kind.START, Kind.JOBS)
PRESSED = (*COMMANDS, Kind.SETTINGS)
COLUMNS = ("p50", "p95", "p99", "presses", "lost")


async def gather(telegram: TelegramServer, watch: Watch, seeds: Sequence[Seed]) -> list[Presser]:
    """Those people, each with the first screen before them if it came in time."""
    people = [
        Presser(watch, telegram.person(seed.chat_id), seed.student, patience=PATIENCE)
        for seed in seeds
    ]

    async def come(number: int, person: Presser) -> None:
        # A crowd in the same instant is beyond what Telegram takes of a bot.
        await asyncio.sleep(number * APART)
        with suppress(NothingCame):
            await person.come()

    await asyncio.gather(*(come(number, person) for number, person in enumerate(people)))
    return people


async def press(
    people: Sequence[Presser], seconds: float, seed: int = 1, rate: float = PRESSES_A_SECOND
) -> list[Sample]:
    """People in turn do one thing, whether or not the others were answered; waits for the last
    answer."""
    rng, loop = Random(seed), asyncio.get_running_loop()
    began, pressing = loop.time(), []
    for number, person in zip(range(round(seconds * rate)), cycle(people), strict=False):
        await asyncio.sleep(max(began + number / rate - loop.time(), 0.0))
        kind = rng.choice(PRESSED if person.has_come else COMMANDS)
        pressing.append(asyncio.create_task(person.act(kind)))
    await asyncio.sleep(max(began + seconds - loop.time(), 0.0))
    return list(await asyncio.gather(*pressing))


def row(parts: Sequence[Sequence[Sample]], whole: Sequence[Sample]) -> tuple[Cell, ...]:
    """Milliseconds until the effect was shown, p99 of the ``whole`` time."""
    p50, p95 = (
        Measured.of(1000 * rank(shown(part), share) for part in parts) for share in (0.5, 0.95)
    )
    p99 = Measured((1000 * rank(shown(whole), 0.99),))
    lost = Measured((sum(bool(each.lost) for each in whole),))
    return p50, p95, p99, Measured((len(whole),)), lost


def shown(samples: Sequence[Sample]) -> list[float]:
    """Seconds until each effect was shown; what was lost counts as long as it was waited for."""
    return [PATIENCE if each.shown is None else each.shown for each in samples]


def table(rows: dict[str, tuple[Cell, ...]]) -> Table:
    """What people waited for."""
    return Table(
        "Answers",
        f"Milliseconds until the effect of a press is shown. {PRESSES_A_SECOND:g} times a second "
        "one of 20 people with a resting job sends `/start` or `/jobs`, or goes to the settings or "
        "back. A figure is the median of three parts of the time, p99 of all of it; what takes "
        f"longer than {PATIENCE:g} s is lost.",
        ("beside", *COLUMNS),
        rows,
    )
