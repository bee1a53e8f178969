"""A sample of the flood that ``make prove`` sends in full."""

import pytest

from tests.prove.strangers import flood

pytestmark = pytest.mark.process


async def test_a_flood_of_strangers_takes_no_memory_and_no_turn_of_the_owner() -> None:
    found = await flood(7, updates=10_000, people=5000)
    assert found.broken == []
    assert found.answers > 0
    assert sorted(found.took)[len(found.took) // 2] < 1.0
