"""The time of a study, of schools made at random, lies where the estimate says."""

from decimal import Decimal
from random import Random

import pytest

from bot.study.estimate import estimate
from bot.study.events import CellOpened
from demo.platform import Cell, audio, document, link, picture, quiz, video
from storage.cells import Cell as PlanCell
from storage.enums import Pace
from tests.support.study_harness import folded, open_study

pytestmark = pytest.mark.looptime(start=0)


def _cells(random: Random) -> list[Cell]:
    """Media of one course, alike as those of a course are, among other cells."""
    typical, spread = random.uniform(60, 120), random.uniform(0.2, 0.7)
    media = [
        random.choice([video, audio])(round(typical * random.lognormvariate(0, spread), 3))
        for _ in range(random.randint(8, 16))
    ]
    others = [random.choice([document(3), link(), picture(), quiz()]) for _ in range(8)]
    cells = [*media, *others]
    random.shuffle(cells)
    return cells


@pytest.mark.parametrize("pace", Pace)
@pytest.mark.parametrize("seed", range(3))
async def test_a_study_takes_what_its_estimate_says(seed: int, pace: Pace) -> None:
    async with open_study(_cells(Random(seed))) as harness:
        plan = await harness.plan()
        ending = await harness.study(plan, pace=pace)
        known = {
            event.cell.cell_id: event.length
            for event in ending.events
            if isinstance(event, CellOpened) and event.kind.is_media
        }

        told = estimate(plan, pace, lengths=known)
        assert told.is_exact
        assert ending.seconds == pytest.approx(told.low, rel=0.05)

        snapshot = folded(plan, [])
        shown = []
        for event in ending.events:
            snapshot = snapshot.after(event)
            shown.append(snapshot.left(pace))
        assert all(0 <= each.low <= each.high for each in shown)
        exact = [each.is_exact for each in shown]
        assert exact == sorted(exact)


@pytest.mark.parametrize("seed", range(3))
def test_the_known_estimate_lies_in_the_guess_of_four_courses_of_five(seed: int) -> None:
    random, hits = Random(seed), 0
    for _ in range(100):
        cells = _plan(random)
        lengths = _lengths(random, cells)
        some = dict(list(lengths.items())[: random.randint(1, len(cells) - 1)])
        guess = estimate(cells, Pace.NORMAL, lengths=some)
        hits += guess.low <= estimate(cells, Pace.NORMAL, lengths=lengths).low <= guess.high
    assert hits / 100 > 0.75


def _plan(random: Random) -> list[PlanCell]:
    count = random.randint(3, 40)
    return [PlanCell("m", "M", "t", "T", f"c{n}", "C", "视频", 0.0) for n in range(count)]


def _lengths(random: Random, cells: list[PlanCell]) -> dict[str, Decimal]:
    typical, spread = random.uniform(120, 1200), random.uniform(0.2, 0.8)
    return {cell.cell_id: Decimal(typical * random.lognormvariate(0, spread)) for cell in cells}
