"""What is left to do, computed to the second, and the snapshot that it is computed from."""

from decimal import Decimal
from math import exp, sqrt
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.study.estimate import (
    REQUEST,
    CurrentCell,
    Estimate,
    estimate,
    study_seconds,
    typical_range,
)
from bot.study.events import CellEnded, CellMoved, CellOpened, CellReported
from bot.study.methods import CellKind
from storage.cells import Cell
from storage.enums import Outcome, Pace
from tests.support.study_harness import folded


def cell(cell_id: str, category: str, topic_id: str = "t") -> Cell:
    return Cell("m", "M", topic_id, "T", cell_id, "C", category, 0)


VIDEO, AUDIO = cell("a", "视频"), cell("b", "音频")
QUIZ, PICTURE = cell("q", "测验"), cell("p", "图片")


@pytest.mark.parametrize(
    ("pace", "position", "length", "seconds"),
    [
        (Pace.NORMAL, 0, 100, 100),
        (Pace.NORMAL, 40, 100, 60),
        (Pace.FAST, 0, 40, 20 + 10 * 10 / 15),
        (Pace.DOUBLE, 0, 100, 50),
        (Pace.NORMAL, 0, 97, 97),
        (Pace.NORMAL, 0, 92, 90 + 5),
        (Pace.NORMAL, 0, "0.5", 5),
        (Pace.NORMAL, 99, 100, 5),
        (Pace.NORMAL, 100, 100, 5),
        (Pace.NORMAL, 0, 0, 5),
        (Pace.NORMAL, "0.5", 10, "9.5"),
    ],
)
def test_media_take_what_their_reports_wait_for(
    pace: Pace, position: object, length: object, seconds: object
) -> None:
    told = study_seconds(
        CellKind.VIDEO, pace, position=Decimal(str(position)), length=Decimal(str(length))
    )
    assert told == pytest.approx(float(str(seconds)))


@pytest.mark.parametrize(
    ("kind", "seconds"),
    [(CellKind.DOCUMENT, 10), (CellKind.PICTURE, 5), (CellKind.ARCHIVE, 5), (CellKind.LINK, 0)],
)
def test_other_kinds_take_the_same_at_every_pace(kind: CellKind, seconds: float) -> None:
    assert {study_seconds(kind, pace) for pace in Pace} == {seconds}


def test_a_length_that_is_not_known_lies_around_the_mean_of_those_that_were_seen() -> None:
    told = estimate([VIDEO, AUDIO], Pace.NORMAL, lengths={"x": Decimal(100), "y": Decimal(300)})
    requests = 3 * REQUEST
    assert not told.is_exact
    low, high = told.low - requests, told.high - requests
    assert low < 2 * 200 < high
    assert low * high == pytest.approx(400**2, rel=0.02)


def test_what_is_not_studied_takes_no_time_and_does_not_end_the_sum() -> None:
    told = estimate([QUIZ, PICTURE], Pace.NORMAL, lengths={})
    assert told.low == pytest.approx(REQUEST + REQUEST + 5)


def test_each_topic_is_read_back_once() -> None:
    elsewhere = cell("p2", "图片", "t2")
    assert estimate([PICTURE, elsewhere], Pace.NORMAL, lengths={}).low == pytest.approx(
        2 * REQUEST + 2 * (REQUEST + 5)
    )


def test_a_length_of_0_takes_the_one_report_that_it_gets() -> None:
    told = estimate([VIDEO], Pace.NORMAL, lengths={VIDEO.cell_id: Decimal(0)})
    assert told.is_exact
    assert told.low == pytest.approx(2 * REQUEST + 5)


def test_a_known_length_is_taken_as_it_is_and_only_the_rest_is_estimated() -> None:
    told = estimate([VIDEO, AUDIO], Pace.NORMAL, lengths={VIDEO.cell_id: Decimal(100)})
    assert told.low < REQUEST + 2 * REQUEST + 2 * 100 < told.high


def test_a_cell_that_is_not_open_takes_its_whole_length() -> None:
    told = estimate([VIDEO], Pace.NORMAL, lengths={VIDEO.cell_id: Decimal(100)})
    assert told.is_exact
    assert told.low == pytest.approx(2 * REQUEST + 100)


def test_the_open_cell_counts_from_where_it_stands() -> None:
    current = CurrentCell(VIDEO, CellKind.VIDEO, Decimal(60), Decimal(100))
    assert estimate([VIDEO], Pace.NORMAL, lengths={}, current=current).low == pytest.approx(
        2 * REQUEST + 40
    )


def test_lengths_of_media_alone_are_remembered() -> None:
    opened = [
        CellOpened(PICTURE, CellKind.PICTURE, Decimal(0), Decimal(1)),
        CellOpened(VIDEO, CellKind.VIDEO, Decimal(0), Decimal(100)),
    ]
    assert folded([PICTURE, VIDEO], opened).lengths == {VIDEO.cell_id: Decimal(100)}


def test_a_move_brings_position_and_length_anew() -> None:
    snapshot = folded(
        [VIDEO],
        [
            CellOpened(VIDEO, CellKind.VIDEO, Decimal(0), Decimal(100)),
            CellMoved(VIDEO, Decimal(10), Decimal(120)),
        ],
    )
    assert snapshot.current == CurrentCell(VIDEO, CellKind.VIDEO, Decimal(10), Decimal(120))


def test_the_end_of_a_cell_closes_that_cell_and_no_other() -> None:
    opened = CellOpened(VIDEO, CellKind.VIDEO, Decimal(0), Decimal(100))
    others_end = folded([VIDEO, PICTURE], [opened, CellEnded(PICTURE, Outcome.DONE, 100)])
    assert others_end.current == CurrentCell(VIDEO, CellKind.VIDEO, Decimal(0), Decimal(100))
    assert others_end.open_cells == (VIDEO,)
    own_end = others_end.after(CellEnded(VIDEO, Outcome.REFUSED, 0))
    assert own_end.current is None
    assert (own_end.counts.done, own_end.counts.failed, own_end.counts.open) == (1, 1, 0)


def test_a_cell_that_is_opened_again_waits_for_no_read_back_any_more() -> None:
    opened = CellOpened(VIDEO, CellKind.VIDEO, Decimal(0), Decimal(100))
    reported = folded([VIDEO], [opened, CellReported(VIDEO)])
    assert reported.reported == {"a"}
    assert reported.current is None
    assert reported.after(opened).reported == frozenset()


def test_without_any_known_length_a_video_takes_5_to_20_minutes() -> None:
    told = estimate([VIDEO], Pace.NORMAL, lengths={})
    assert (told.low, told.high) == (2 * REQUEST + 300, 2 * REQUEST + 900)


def test_lengths_of_other_courses_count_only_while_the_course_has_none() -> None:
    long, short = [Decimal(3000)] * 30, {"x": Decimal(60)}
    alone = estimate([VIDEO], Pace.NORMAL, lengths=short)
    assert estimate([VIDEO], Pace.NORMAL, lengths=short, others=long) == alone
    told = estimate([VIDEO], Pace.NORMAL, lengths={}, others=long)
    assert 600 < told.low < 3000 < told.high


def test_many_lengths_of_other_courses_leave_the_range_wide() -> None:
    lengths = [Decimal(600)] * 30
    own, others = typical_range(10, lengths), typical_range(10, (), lengths)
    assert others[1] / others[0] > own[1] / own[0] * 2 > 2


def test_one_known_length_leaves_the_spread_as_it_is_assumed() -> None:
    low, high = typical_range(1, [Decimal(600)])
    # 0.6 on each side of the logarithm, for the known length and for the one that is not known.
    assert float(high / 600) == pytest.approx(exp(1.28 * 0.6 * sqrt(2)))
    assert float(600 / low) == pytest.approx(exp(1.28 * 0.6 * sqrt(2)))


@pytest.mark.parametrize("unit", [10, 600])
def test_lengths_down_to_a_second_are_estimated_by_their_proportions(unit: int) -> None:
    short = [Decimal(n) for n in (1, 3, 4)]
    low, high = typical_range(2, short)
    scaled = typical_range(2, [length * unit for length in short])
    assert [float(each) for each in scaled] == pytest.approx(
        [float(low * unit), float(high * unit)]
    )


@given(st.lists(st.decimals(0, 20_000, places=3), min_size=1), st.integers(1, 500))
def test_a_range_holds_the_mean_and_narrows_with_the_number_of_unknown_lengths(
    lengths: list[Decimal], count: int
) -> None:
    low, high = typical_range(count, lengths)
    mean = max(sum(lengths, Decimal(0)) / len(lengths), Decimal(1))
    assert 0 < low < mean < high
    more = typical_range(count + 1, lengths)
    assert more[1] - more[0] < high - low


@given(st.decimals(1, 20_000, places=3), st.integers(1, 50), st.integers(1, 500))
def test_a_range_narrows_with_each_length_that_is_known(
    length: Decimal, known: int, count: int
) -> None:
    low, high = typical_range(count, [length] * known)
    closer = typical_range(count, [length] * (known + 1))
    assert low < closer[0] < closer[1] < high


@pytest.mark.parametrize("known", [1, 3, 10, 40])
@pytest.mark.parametrize("unknown", [1, 5, 30])
def test_four_fifths_of_typical_courses_end_within_their_range(known: int, unknown: int) -> None:
    random = Random(f"{known} {unknown}")
    hits = 0
    for _ in range(400):
        spread = random.uniform(0.2, 0.8)
        course = [Decimal(600 * random.lognormvariate(0, spread)) for _ in range(known + unknown)]
        seen, rest = course[:known], course[known:]
        low, high = typical_range(unknown, seen)
        hits += low <= sum(rest, Decimal(0)) / unknown <= high
    assert hits / 400 > 0.75


def test_two_estimates_add_up() -> None:
    assert Estimate(1.0, 2.0) + Estimate(10.0, 20.0) == Estimate(11.0, 22.0)
    assert (Estimate(1.0, 1.0) + Estimate(2.0, 2.0)).is_exact
