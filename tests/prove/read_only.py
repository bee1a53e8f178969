"""Plays a month of students of today's site, and tells what it came to."""

import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from bot.digest.report import Standing
from tests.support.digest_harness import play

from .read_only_checks import ReadOnlyChecks
from .read_only_month import ReadOnlyHarness, ReadOnlyMonth, live


@dataclass(slots=True)
class ReadAlone:
    """``judged`` are new lessons that had to be named by the end, over all chats; ``most`` are
    requests for one student on one day, ``mean`` those of a day in which there were any; ``broken``
    has a line for each promise that did not hold."""

    seed: int
    chats: int
    days: int
    standings: Counter[Standing]
    published: int
    named: int
    judged: int
    pasted: int
    troubles: int
    requests: int
    most: int
    mean: float
    seconds: float
    broken: list[str]


def read_only(folder: Path, seed: int, *, days: int, chats: int) -> ReadAlone:
    """Live so many days of so many chats."""
    began = time.monotonic()
    month = ReadOnlyMonth(seed, days, chats)

    async def story(harness: ReadOnlyHarness) -> ReadAlone:
        checks = ReadOnlyChecks(harness, month)
        await live(harness, month, checks.look)
        await checks.at_the_end()
        a_day = checks.a_day()
        return ReadAlone(
            seed=seed,
            chats=chats,
            days=days,
            standings=checks.checked,
            published=len(month.published),
            named=checks.named,
            judged=checks.judged,
            pasted=month.pasted,
            troubles=month.troubles,
            requests=len(harness.site.requests),
            most=max(a_day.values()),
            mean=sum(a_day.values()) / len(a_day),
            seconds=time.monotonic() - began,
            broken=checks.broken,
        )

    return play(lambda: ReadOnlyHarness(folder, month), story)
