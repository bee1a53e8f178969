"""A small soak under a new seed each time. ``SOAK_SEED`` draws the moments of one seed again."""

import asyncio
import os
from random import SystemRandom

import pytest

from .crash_launch import warm
from .soak import Soaked, soak


async def sample(seed: int) -> Soaked:
    async with warm() as launch:
        return await soak(launch, seed, chats=3, kills=4)


@pytest.mark.process
@pytest.mark.slow
@pytest.mark.timeout(300)
def test_random_kills_lose_nothing_in_any_chat() -> None:
    seed = int(os.environ.get("SOAK_SEED") or SystemRandom().randrange(1, 1_000_000))
    found = asyncio.run(sample(seed))
    broken = "\n".join(found.broken)
    assert broken == "", f"repeat this with SOAK_SEED={seed}\n{broken}"
