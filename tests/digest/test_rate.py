"""When a course is complete at its present rate: said only where the rate is known."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.tracking.rate import DAYS, FARTHEST, LEAST_SPAN, done_by

TODAY = date(2021, 3, 31)


def since(*values: tuple[int, float]) -> list[tuple[date, float]]:
    """Percents by how many days ago they were recorded."""
    return [(TODAY - timedelta(days=back), value) for back, value in values]


@pytest.mark.parametrize(
    ("points", "days"),
    [
        (since((5, 50), (0, 60)), 20),
        (since((3, 50), (0, 51)), 147),
        (since((3, 90), (1, 95), (0, 99.9)), 1),
        (since((10, 20), (9, 60), (5, 40), (0, 60)), 10),
        (since((40, 0), (10, 50), (0, 60)), 40),
    ],
    ids=["steady", "rounded up", "tomorrow", "lowered by new lessons", "of the last days alone"],
)
def test_the_end_follows_from_the_rate_of_the_last_days(
    points: list[tuple[date, float]], days: int
) -> None:
    assert done_by(points, TODAY) == TODAY + timedelta(days=days)


@pytest.mark.parametrize(
    "points",
    [
        [],
        since((0, 50)),
        since((2, 40), (0, 50)),
        since((DAYS, 40), (0, 50)),
        since((9, 40), (1, 50)),
        since((9, 50), (0, 50)),
        since((9, 60), (0, 50)),
        since((9, 60), (0, 100)),
        since((9, 10), (0, 10.1)),
        since((9, 0), (0, 5e-324)),
    ],
    ids=[
        "nothing",
        "one day",
        "two days apart",
        "too long ago",
        "none today",
        "standing still",
        "falling",
        "complete",
        "too far away",
        "beyond every calendar",
    ],
)
def test_without_a_known_rate_above_nothing_no_end_is_said(
    points: list[tuple[date, float]],
) -> None:
    assert done_by(points, TODAY) is None


@given(
    st.dictionaries(st.integers(0, 40), st.floats(0, 100), max_size=20).map(
        lambda found: since(*sorted(found.items(), reverse=True))
    )
)
def test_an_end_is_after_today_and_within_reach(points: list[tuple[date, float]]) -> None:
    end = done_by(points, TODAY)
    assert end is None or TODAY < end <= TODAY + timedelta(days=FARTHEST)
    if end is not None:
        recent = [day for day, _ in points if day > TODAY - timedelta(days=DAYS)]
        assert (recent[-1] - recent[0]).days >= LEAST_SPAN
