"""A sample of the deaths on a day with a digest: every twelfth boundary, from another one on each
time.

``DIGEST_CRASH_AT`` repeats one: ``"one 17"`` for a digest that is one message, ``"two 2 after
answer Telegram sendPhoto"`` for the second of that name and a digest that is two.
"""

import asyncio
import os
import sys
from random import SystemRandom

import pytest

from demo.stage import new_interpreter
from tests.support.warm_start import warm_as_asked

from .digest_crash import DigestCrashes, DigestSweep
from .digest_story import Letter

AT_ONCE = 3
"""So many more than there are boundaries are played in vain: nobody knows where the day ends."""


async def sample() -> DigestCrashes:
    given = os.environ.get("DIGEST_CRASH_AT")
    if given is not None:
        name, _, boundary = given.partition(" ")
        sweep = DigestSweep(new_interpreter, Letter[name.upper()], DigestCrashes())
        await sweep.crash(boundary)
        return sweep.found
    draw = SystemRandom()
    letter, first = draw.choice(list(Letter)), draw.randrange(1, DigestSweep.every + 1)
    sys.stderr.write(
        f"every {DigestSweep.every}th boundary from {letter.name.lower()} {first} on\n"
    )
    sweep = DigestSweep(warm_as_asked, letter, DigestCrashes())
    await sweep.at_some(first, at_once=AT_ONCE)
    return sweep.found


@pytest.mark.process
@pytest.mark.slow
@pytest.mark.timeout(300)
def test_killed_at_any_boundary_a_digest_comes_once_or_is_told_of_as_lost() -> None:
    found = asyncio.run(sample())
    for boundary, wrong in found.failures.items():
        pytest.fail(f"repeat this with DIGEST_CRASH_AT={boundary!r}\n{wrong}")
    assert found.deaths == found.once + found.lost > 0
    assert (found.told_of, found.twice) == (found.lost, 0)
