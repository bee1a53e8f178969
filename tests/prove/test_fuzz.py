"""A sample of the fuzz, under new seeds each time. ``FUZZ_SEED`` repeats the trial of one seed."""

import asyncio
import os
from collections.abc import Sequence
from random import SystemRandom

import pytest

from demo.platform import FaultKind
from tests.support.odd_bodies import ODD_BODIES, UNKNOWN

from .fuzz import run_trials
from .trial import trial_of

SECONDS = 6.0
"""After so many real seconds no further trial begins."""
MOST = 1_000_000


def seeds() -> Sequence[int]:
    given = os.environ.get("FUZZ_SEED")
    if given is not None:
        return [int(given)]
    first = SystemRandom().randrange(MOST)
    return range(first, first + MOST)


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_whatever_the_platform_does_the_job_ends_at_what_it_shows() -> None:
    found = asyncio.run(run_trials(seeds(), seconds=SECONDS))
    for seed, wrong in found.failures.items():
        pytest.fail(f"repeat this with FUZZ_SEED={seed}\n{wrong}")
    assert found.trials > 0
    assert sum(found.states.values()) == found.trials


def test_a_seed_draws_the_same_trial_each_time() -> None:
    assert str(trial_of(7)) == str(trial_of(7)) != str(trial_of(8))


def test_the_trials_draw_every_sort_of_trouble() -> None:
    drawn = [each.fault for seed in range(400) for each in trial_of(seed).troubles]
    assert {each.kind for each in drawn} == set(FaultKind)
    odd = {each.raw for each in drawn if each.kind is FaultKind.RAW}
    assert odd == {*ODD_BODIES, *UNKNOWN}
