from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.moments import from_text, maybe_to_text, to_text, utc_now

ZONES = st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))
MOMENTS = st.datetimes(
    min_value=datetime(2000, 1, 1),  # noqa: DTZ001 -- the strategy adds the zone
    max_value=datetime(2100, 1, 1),  # noqa: DTZ001
    timezones=ZONES,
)


@given(MOMENTS)
def test_a_moment_comes_back_equal_and_in_utc(moment: datetime) -> None:
    back = from_text(to_text(moment))
    assert back == moment
    assert back.tzinfo is UTC


@given(MOMENTS, MOMENTS)
def test_texts_sort_as_the_moments_do(one: datetime, other: datetime) -> None:
    assert (to_text(one) < to_text(other)) == (one < other)


def test_a_whole_second_is_written_with_its_microseconds() -> None:
    assert to_text(datetime(2021, 3, 1, tzinfo=UTC)) == "2021-03-01T00:00:00.000000+00:00"


def test_a_naive_moment_is_refused_both_ways() -> None:
    with pytest.raises(ValueError, match="time zone"):
        to_text(datetime(2021, 3, 1))  # noqa: DTZ001 -- the mistake itself
    with pytest.raises(ValueError, match="time zone"):
        from_text("2021-03-01T00:00:00.000000")


def test_an_empty_column_stays_empty() -> None:
    moment = utc_now()
    assert maybe_to_text(None) is None
    assert maybe_to_text(moment) == to_text(moment)
