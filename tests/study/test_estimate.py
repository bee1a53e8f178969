"""What is left to do, computed to the second, and the snapshot that it is computed from."""

from decimal import Decimal

import pytest

from bot.study.estimate import REQUEST, OpenPosition, estimate, study_seconds
from bot.study.events import CellEnded, CellMoved, CellOpened, CellReported
from bot.study.methods import CellKind
from bot.study.progress import CurrentCell
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


def test_a_length_that_is_not_known_is_the_mean_of_those_that_were_seen() -> None:
    told = estimate(
        [VIDEO, AUDIO], Pace.NORMAL, lengths={"x": Decimal(100), "y": Decimal(300)}, guess=True
    )
    assert told.unknown_media == 0
    assert told.seconds == pytest.approx(REQUEST + 2 * (REQUEST + 200))


def test_what_is_not_studied_takes_no_time_and_does_not_end_the_sum() -> None:
    told = estimate([QUIZ, PICTURE], Pace.NORMAL, lengths={})
    assert told.seconds == pytest.approx(REQUEST + REQUEST + 5)


def test_each_topic_is_read_back_once() -> None:
    elsewhere = cell("p2", "图片", "t2")
    assert estimate([PICTURE, elsewhere], Pace.NORMAL, lengths={}).seconds == pytest.approx(
        2 * REQUEST + 2 * (REQUEST + 5)
    )


def test_a_length_of_0_takes_the_one_report_that_it_gets() -> None:
    told = estimate([VIDEO], Pace.NORMAL, lengths={VIDEO.cell_id: Decimal(0)})
    assert told.unknown_media == 0
    assert told.seconds == pytest.approx(2 * REQUEST + 5)


def test_media_of_unknown_length_are_counted_apart_where_nothing_may_be_guessed() -> None:
    told = estimate([VIDEO, AUDIO], Pace.NORMAL, lengths={VIDEO.cell_id: Decimal(100)})
    assert told.unknown_media == 1
    assert told.seconds == pytest.approx(REQUEST + 2 * REQUEST + 100)
    assert estimate([VIDEO], Pace.NORMAL, lengths={}, guess=True).unknown_media == 1


def test_the_open_cell_counts_from_where_it_stands() -> None:
    current = OpenPosition(VIDEO.cell_id, CellKind.VIDEO, Decimal(60), Decimal(100))
    assert estimate([VIDEO], Pace.NORMAL, lengths={}, current=current).seconds == pytest.approx(
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
