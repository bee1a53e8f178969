"""Kills the real bot at each boundary of a day with a digest, one after the other, and looks
whether the digest came at most once, and whether the next one says what was lost."""

from collections import Counter
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from demo.stage import Launch, Process
from tests.prove.boundaries import Deaths, Sweep
from tests.prove.digest_stage import DigestStage
from tests.prove.digest_story import Letter, Story, school_for

SPEED = 600.0


@dataclass(slots=True)
class DigestCrashes(Deaths):
    """What the trials came to. ``once`` are digests that came and were marked sent; ``lost`` those
    between whose claim and mark the bot died, ``lost_at`` where; ``lost_yet_there`` of these were
    in the chat all the same, ``told_of`` named by the next one."""

    once: int = 0
    lost: int = 0
    lost_yet_there: int = 0
    told_of: int = 0
    twice: int = 0
    lost_at: Counter[str] = field(default_factory=Counter)


class DigestSweep(Sweep[Story]):
    """Trials of the three days; the boundaries are those of the second."""

    every = 12

    def __init__(self, launch: Launch[Process], letter: Letter, found: DigestCrashes) -> None:
        self._launch = launch
        self._letter = letter
        self.found = found
        super().__init__(found, letter.name.lower())

    @asynccontextmanager
    async def _staged(self, die_at: str) -> AsyncIterator[Story]:
        async with DigestStage(school_for(self._letter), self._launch, speed=SPEED) as stage:
            yield Story(stage, self._letter)

    async def _play(self, played: Story, die_at: str) -> Iterable[str]:
        try:
            await played.play(die_at)
            return list(played.broken_promises())
        finally:
            self.found.twice += any(day.count > 1 for day in played.days)

    def _note(self, played: Story) -> None:
        super()._note(played)
        if played.was_lost:
            self.found.lost += 1
            self.found.lost_at[played.deaths[0].where] += 1
            self.found.lost_yet_there += len(played.days[1].digests)
            self.found.told_of += played.tells_of_lost
        else:
            self.found.once += 1


async def kill_digests_everywhere(launch: Launch[Process], *, at_once: int) -> DigestCrashes:
    """Die at every boundary of the day, with a digest of either sort."""
    found = DigestCrashes()
    for letter in Letter:
        await DigestSweep(launch, letter, found).everywhere(at_once=at_once)
    return found
