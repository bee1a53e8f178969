"""A small soak under a new seed each time. ``SOAK_SEED`` draws the moments of one seed again."""

import asyncio
import os
from random import SystemRandom

import pytest

from tests.support.warm_start import warm_as_asked

from .soak import soak


@pytest.mark.process
@pytest.mark.slow
@pytest.mark.timeout(300)
def test_random_kills_lose_nothing_in_any_chat() -> None:
    seed = int(os.environ.get("SOAK_SEED") or SystemRandom().randrange(1, 1_000_000))
    found = asyncio.run(soak(warm_as_asked, seed, chats=3, kills=4))
    broken = "\n".join(found.broken)
    assert broken == "", f"repeat this with SOAK_SEED={seed}\n{broken}"
