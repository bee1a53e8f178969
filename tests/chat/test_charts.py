"""Bars and percents that never promise more than there is."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.chat.text_bars import EMPTY, FULL, bar, percent, position

COUNTS = st.integers(min_value=0, max_value=100_000)


@given(COUNTS, COUNTS, st.integers(min_value=2, max_value=30))
def test_a_bar_is_full_at_the_end_alone_and_empty_at_the_start_alone(
    part: int, whole: int, width: int
) -> None:
    drawn = bar(part, whole, width)
    assert len(drawn) == width
    assert drawn == FULL * drawn.count(FULL) + EMPTY * drawn.count(EMPTY)
    if whole > 0:
        assert (EMPTY not in drawn) == (part >= whole)
        assert (FULL not in drawn) == (part == 0)


@given(st.floats(min_value=0, max_value=100, allow_subnormal=False))
def test_a_bar_of_percents_is_as_honest(value: float) -> None:
    drawn = bar(value, 100.0)
    assert (EMPTY not in drawn) == (value >= 100)
    assert (FULL not in drawn) == (value == 0)


@given(COUNTS, COUNTS)
def test_a_bar_never_shrinks_as_things_get_done(part: int, whole: int) -> None:
    assert bar(part, whole).count(FULL) <= bar(part + 1, whole).count(FULL)


@pytest.mark.parametrize(
    ("part", "whole", "marks"),
    [(0, 0, 0), (-5, 10, 0), (20, 10, 10), (5, 10, 5), (1, 1000, 1), (999, 1000, 9)],
)
def test_bars_of_odd_numbers(part: float, whole: float, marks: int) -> None:
    assert bar(part, whole) == FULL * marks + EMPTY * (10 - marks)


@given(st.floats(min_value=0, max_value=200))
def test_no_percent_below_100_reads_as_100(value: float) -> None:
    shown = percent(value)
    assert (shown == "100%") == (value >= 100)
    assert int(shown.removesuffix("%")) <= value


@pytest.mark.parametrize(
    ("value", "shown"), [(0, "0%"), (52.39, "52%"), (99.99, "99%"), (100.0, "100%")]
)
def test_percents_are_cut_not_rounded(value: float, shown: str) -> None:
    assert percent(value) == shown


@pytest.mark.parametrize(
    ("seconds", "shown"),
    [
        ("0", "00:00"),
        ("59.999999", "00:59"),
        ("430", "07:10"),
        ("3600", "1:00:00"),
        ("3723.4", "1:02:03"),
        ("360000", "100:00:00"),
    ],
)
def test_a_place_in_a_video_reads_as_on_a_player(seconds: str, shown: str) -> None:
    assert position(Decimal(seconds)) == shown
