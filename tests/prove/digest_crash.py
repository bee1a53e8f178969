"""Kills the real bot at each boundary of a day with a digest, one after the other, and looks
whether the digest came at most once, and whether the next one says what was lost."""

import asyncio
import time
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from tests.prove.boundaries import NOWHERE, die_at_each, die_at_some, named, sort_of
from tests.prove.crash_launch import Launch
from tests.prove.digest_stage import DigestStage
from tests.prove.digest_story import Letter, Story, school_for

SPEED = 600.0
EVERY = 8
"""Of so many boundaries a sample has one."""
LONGEST = 120.0
"""Real seconds for one trial; it takes about five."""


@dataclass(slots=True)
class DigestCrashes:
    """What the trials came to. ``once`` are digests that came and were marked sent; ``lost`` those
    between whose claim and mark the bot died, ``lost_at`` where; ``lost_yet_there`` of these were
    in the chat all the same, ``told_of`` named by the next one. ``missed`` are boundaries to which
    the bot did not come again, ``failures`` what broke, by the boundary that it was to die at."""

    boundaries: int = 0
    deaths: int = 0
    seconds: float = 0.0
    once: int = 0
    lost: int = 0
    lost_yet_there: int = 0
    told_of: int = 0
    twice: int = 0
    sorts: Counter[str] = field(default_factory=Counter)
    lost_at: Counter[str] = field(default_factory=Counter)
    missed: list[str] = field(default_factory=list)
    failures: dict[str, str] = field(default_factory=dict)


class DigestSweep:
    """Trials of the three days, each with its own folder, stand-ins and person."""

    def __init__(self, launch: Launch, letter: Letter, found: DigestCrashes) -> None:
        self._launch = launch
        self._letter = letter
        self.found = found

    async def count(self) -> list[str]:
        """Play the days without a death; returns the second's boundaries in order, each as it can
        be died at. Raises AssertionError where even that breaks a promise."""
        async with self._played(NOWHERE) as story:
            boundaries = named(story.stage.boundaries())
        self.found.boundaries += len(boundaries)
        return boundaries

    async def crash(self, die_at: str) -> bool:
        """Let the bot die at the boundary; False if the day was over before it came to that."""
        try:
            async with self._played(die_at) as story:
                if not story.stage.deaths:
                    return False
                self._note(story)
        except AssertionError as broken:
            self.found.failures[f"{self._letter.name.lower()} {die_at}"] = str(broken)
        self.found.deaths += 1
        return True

    @asynccontextmanager
    async def _played(self, die_at: str) -> AsyncIterator[Story]:
        """The story after all. Raises AssertionError with all that is broken."""
        async with DigestStage(school_for(self._letter), self._launch, speed=SPEED) as stage:
            story = Story(stage, self._letter)
            try:
                async with asyncio.timeout(LONGEST):
                    await story.play(die_at)
                broken = list(story.broken_promises())
            except (AssertionError, TimeoutError, LookupError) as error:
                broken = [f"{type(error).__name__}: {error}"]
            self.found.twice += any(day.count > 1 for day in story.days)
            if broken:
                where = [death.where for death in stage.deaths]
                raise AssertionError(
                    "\n".join([*broken, f"died at: {where}", story.as_text(), stage.said()])
                )
            yield story

    def _note(self, story: Story) -> None:
        where = story.stage.deaths[0].where
        self.found.sorts[sort_of(where)] += 1
        if story.was_lost:
            self.found.lost += 1
            self.found.lost_at[where] += 1
            self.found.lost_yet_there += len(story.days[1].digests)
            self.found.told_of += story.tells_of_lost
        else:
            self.found.once += 1


async def kill_digests_everywhere(launch: Launch, *, at_once: int) -> DigestCrashes:
    """Die at every boundary of the day, with a digest of either sort."""
    began, found = time.monotonic(), DigestCrashes()
    for letter in Letter:
        sweep = DigestSweep(launch, letter, found)
        boundaries = await sweep.count()
        missed = await die_at_each(sweep.crash, boundaries, at_once=at_once)
        found.missed += [f"{letter.name.lower()} {each}" for each in missed]
    found.seconds = time.monotonic() - began
    return found


async def kill_some_digests(
    launch: Launch, letter: Letter, first: int, *, at_once: int
) -> DigestCrashes:
    """Die at every eighth boundary from number ``first`` on, to the day's end."""
    found = DigestCrashes()
    sweep = DigestSweep(launch, letter, found)
    await die_at_some(sweep.crash, first, EVERY, at_once=at_once)
    return found
