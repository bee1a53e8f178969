"""Figures show their spread, goals are judged by the median, and a page reads back as written."""

from datetime import date

import pytest

from benchmarks.figures import Goal, Measured, Result, Table, rank, ratio
from benchmarks.load import lateness
from benchmarks.page import page, tables
from demo.platform import Endpoint
from demo.platform.requests import Request

TABLE = Table(
    "Some figures",
    "What they are.",
    ("what", "measured", "ratio"),
    {"one": (Measured((3, 1, 2)), Measured((0.5,), 2)), "two": ("–", Measured((9.04, 9.06), 1))},
)


def report(student: str, at: float, answered_at: float | None) -> Request:
    return Request(at, Endpoint.REPORT, student, {}, 200, 1, answered_at)


def test_a_figure_is_its_median_with_the_least_and_the_greatest() -> None:
    assert str(Measured((3, 1, 2))) == "2 (1–3)"
    assert str(Measured((0.5,), 2)) == "0.50"


def test_the_spread_is_the_larger_distance_to_the_median() -> None:
    assert Measured((8, 10, 11)).spread == pytest.approx(0.2)


def test_nothing_measured_is_no_figure() -> None:
    with pytest.raises(ValueError, match="nothing"):
        Measured.of([])


def test_a_ratio_is_of_what_took_turns() -> None:
    assert ratio([2, 9], [1, 3]).values == (2, 3)
    with pytest.raises(ValueError, match="zip"):
        ratio([2, 9], [1])


def test_a_rank_is_a_value_that_occurred() -> None:
    assert [rank(range(1, 101), share) for share in (0.5, 0.95, 0.99)] == [50, 95, 99]
    assert rank([], 0.5) == 0


@pytest.mark.parametrize(
    ("least", "most", "met"),
    [(None, 2, True), (None, 1.9, False), (2, None, True), (2.1, None, False)],
)
def test_a_goal_is_judged_by_the_median(least: float | None, most: float | None, met: bool) -> None:
    assert Goal("a goal", Measured((1, 2, 9)), most, least).is_met is met


def test_a_page_reads_back_as_it_was_written() -> None:
    written = page(
        {"processors": "2"},
        date(2026, 1, 2),
        [Result((TABLE,), (Goal("a goal", Measured((1,)), 2),))],
    )
    read = tables(written)

    assert list(read) == [TABLE.title]
    assert read[TABLE.title].markdown() == TABLE.markdown()
    assert read[TABLE.title].cell("one", "measured").median == 2
    assert "| a goal | ≤ 2 | 1 | met |" in written


def test_a_report_is_late_by_what_passed_beyond_the_gap_since_the_answer_before() -> None:
    requests = [
        report("a", 100, 101),
        report("b", 105, 106),
        report("a", 111.5, 112),
        report("b", 136, None),
    ]

    assert lateness(requests, 1) == [None, None, 0.5, 20]
    assert lateness(requests, 2)[2] == 0.25
