"""Walks of deaths: at each boundary of a story, or at some of them."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Coroutine, Iterable
from typing import Any

Die = Callable[[str], Awaitable[bool]]
"""Plays the story with a death at a boundary; False if it was over before it came to that."""

TRIES = 3
"""So often the bot is sent to a boundary that it may not come to: some come by the clock."""
NOWHERE = "0"
"""Where a bot dies that only says its boundaries."""


def sort_of(boundary: str) -> str:
    """``before commit``, ``after answer platform`` and so on."""
    when, of, whose = boundary.split(" ", 3)[:3]
    return f"{when} {of}" if of == "commit" else f"{when} {of} {whose}"


def named(boundaries: Iterable[str]) -> list[str]:
    """Boundaries as they can be died at: which of its name each is, and the name."""
    seen: Counter[str] = Counter()
    found = []
    for name in boundaries:
        seen[name] += 1
        found.append(f"{seen[name]} {name}")
    return found


async def die_at_each(die: Die, boundaries: Iterable[str], *, at_once: int) -> list[str]:
    """Die at each; returns those that the bot did not come to again."""
    missed = list(boundaries)
    for _ in range(TRIES):
        missed = await _missed(die, missed, at_once)
    return missed


async def die_at_some(die: Die, first: int, every: int, *, at_once: int) -> None:
    """Die at boundary number ``first`` and each ``every`` further on, to the story's end."""
    numbers = iter(range(first, 10_000, every))
    is_over = asyncio.Event()

    async def worker() -> None:
        while not is_over.is_set():
            if not await die(str(next(numbers))):
                is_over.set()

    await _side_by_side(worker, at_once)


async def _missed(die: Die, boundaries: Iterable[str], at_once: int) -> list[str]:
    left = iter(boundaries)
    missed: list[str] = []

    async def worker() -> None:
        missed.extend([each for each in left if not await die(each)])

    await _side_by_side(worker, at_once)
    return missed


async def _side_by_side(worker: Callable[[], Coroutine[Any, Any, None]], at_once: int) -> None:
    async with asyncio.TaskGroup() as group:
        for _ in range(at_once):
            group.create_task(worker())
