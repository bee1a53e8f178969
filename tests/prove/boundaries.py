"""Walks of deaths: at each boundary of a story, or at some of them."""

import asyncio
import time
from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field
from typing import Generic, Protocol, TypeVar

from tests.prove.killable_stage import KillableStage
from tests.prove.side_by_side import side_by_side

Die = Callable[[str], Awaitable[bool]]
"""Plays the story with a death at a boundary; False if it was over before it came to that."""

TRIES = 3
"""So often the bot is sent to a boundary that it may not come to: some come by the clock."""
NOWHERE = "0"
"""Where a bot dies that only says its boundaries."""


LONGEST = 120.0
"""Real seconds for one trial; it takes about five."""


class Dying(Protocol):
    """A death of the bot, and where."""

    @property
    def where(self) -> str: ...


class Played(Protocol):
    """What was played on a stage."""

    @property
    def stage(self) -> KillableStage: ...

    @property
    def deaths(self) -> Sequence[Dying]: ...

    def as_text(self) -> str: ...


P = TypeVar("P", bound=Played)


@dataclass(slots=True)
class Deaths:
    """What trials came to. ``missed`` are boundaries to which the bot did not come again,
    ``failures`` what broke, by the boundary that the bot was to die at."""

    boundaries: int = 0
    deaths: int = 0
    seconds: float = 0.0
    sorts: Counter[str] = field(default_factory=Counter)
    missed: list[str] = field(default_factory=list)
    failures: dict[str, str] = field(default_factory=dict)


class Sweep(ABC, Generic[P]):
    """Trials of one story, each with its own folder, stand-ins and person; ``name`` tells it from
    other stories of the same ``found``."""

    every: int
    """Of so many boundaries a sample has one."""

    def __init__(self, found: Deaths, name: str = "") -> None:
        self._deaths = found
        self._name = name

    @abstractmethod
    def _staged(self, die_at: str) -> AbstractAsyncContextManager[P]:
        """A stage, whose bot dies at the boundary."""

    @abstractmethod
    async def _play(self, played: P, die_at: str) -> Iterable[str]:
        """Play the story to its end, and the bot's; returns all that is broken."""

    def _note(self, played: P) -> None:
        """Count what a trial came to that broke nothing."""
        self._deaths.sorts[sort_of(played.deaths[0].where)] += 1

    @asynccontextmanager
    async def _played(self, die_at: str) -> AsyncIterator[P]:
        """The story after all. Raises AssertionError with all that is broken."""
        async with self._staged(die_at) as played:
            try:
                async with asyncio.timeout(LONGEST):
                    broken = list(await self._play(played, die_at))
            except (AssertionError, TimeoutError, LookupError) as error:
                broken = [f"{type(error).__name__}: {error}"]
            if broken:
                where = f"died at: {[death.where for death in played.deaths]}"
                raise AssertionError(
                    "\n".join([*broken, where, played.as_text(), played.stage.said()])
                )
            yield played

    async def count(self) -> list[str]:
        """Play without a death; returns the boundaries in order, each as it can be died at.
        Raises AssertionError where even that breaks a promise."""
        async with self._played(NOWHERE) as played:
            boundaries = named(played.stage.boundaries())
        self._deaths.boundaries += len(boundaries)
        return boundaries

    async def crash(self, die_at: str) -> bool:
        """Let the bot die at the boundary; False if all was over before it came to that."""
        try:
            async with self._played(die_at) as played:
                if not played.deaths:
                    return False
                self._note(played)
        except AssertionError as broken:
            self._deaths.failures[f"{self._name} {die_at}".strip()] = str(broken)
        self._deaths.deaths += 1
        return True

    async def everywhere(self, *, at_once: int) -> None:
        """Die at every boundary of the story."""
        began = time.monotonic()
        boundaries = await self.count()
        missed = await die_at_each(self.crash, boundaries, at_once=at_once)
        self._deaths.missed += [f"{self._name} {each}".strip() for each in missed]
        self._deaths.seconds += time.monotonic() - began

    async def at_some(self, first: int, *, at_once: int) -> None:
        """Die at boundary number ``first`` and each ``every`` further on, to the story's end."""
        await die_at_some(self.crash, first, self.every, at_once=at_once)


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
        tried, missed = missed, []

        async def try_at(boundary: str, again: list[str] = missed) -> None:
            if not await die(boundary):
                again.append(boundary)

        await side_by_side(tried, try_at, at_once=at_once)
    return missed


async def die_at_some(die: Die, first: int, every: int, *, at_once: int) -> None:
    """Die at boundary number ``first`` and each ``every`` further on, to the story's end."""
    is_over = asyncio.Event()

    async def try_at(number: int) -> None:
        if not await die(str(number)):
            is_over.set()

    numbers = range(first, 10_000, every)
    await side_by_side(numbers, try_at, at_once=at_once, goes_on=lambda: not is_over.is_set())
