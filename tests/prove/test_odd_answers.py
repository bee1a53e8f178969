"""A sample of the odd answers, another one each time. ``ODD_SEED`` repeats one."""

import asyncio
import os
from random import Random, SystemRandom

import pytest

from bot.chat.i18n import load_translators
from tests.support.odd_bodies import ODD_BODIES

from .odd_answers import Case, Moment, cases, play
from .plain_words import assert_plain

SAMPLE = 28


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_an_odd_answer_fails_nothing_that_the_platform_shows_at_100() -> None:
    seed = os.environ.get("ODD_SEED") or str(SystemRandom().randrange(1_000_000))
    rng = Random(seed)
    every = cases()
    # One of each moment that passes, and as many of all the others.
    once = [
        rng.choice([each for each in every if each.moment is moment and each.times == 1])
        for moment in Moment
    ]
    chosen = [*once, *rng.sample(every, SAMPLE - len(once))]
    told = asyncio.run(play(chosen))
    for case, wrong in told.failures.items():
        pytest.fail(f"repeat this with ODD_SEED={seed}: {case}\n{wrong}")
    assert told.cases == len(chosen)


def test_every_odd_answer_comes_at_every_moment() -> None:
    every = cases()
    for moment in Moment:
        bodies = {each.body for each in every if each.moment is moment}
        needs_nothing = moment in (Moment.REPORT, Moment.REPORT_APPLIED, Moment.SWITCH)
        assert len(bodies & {*ODD_BODIES}) == len(ODD_BODIES) - 2 * needs_nothing
    assert len({str(each) for each in every}) == len(every)
    assert str(Case(Moment.VIEW, "[]", 1)) == "1 × [] at a view"


@pytest.mark.parametrize(
    "text",
    ["a JSON list instead of an object", "guIdToken: string_type", "UnknownAnswer", "（代码 –）"],
)
def test_a_machines_words_are_noticed(text: str) -> None:
    for language in load_translators("zh").languages:
        with pytest.raises(AssertionError):
            assert_plain(f"平台拒绝了 {text}", language)
