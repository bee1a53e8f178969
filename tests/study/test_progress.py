"""A study's snapshot: which cells are open, waited for or put off after each event, and the time
that is left."""

from decimal import Decimal

from bot.study.events import CellEnded, CellOpened, CellPostponed, CellReported, StudyEvent
from bot.study.methods import CellKind
from bot.study.progress import Counts, Snapshot
from storage.cells import Cell
from storage.enums import Outcome, Pace

ONE, TWO = (
    Cell("module-1", "第一章", "topic-1", "第一节", f"cell-{n}", f"视频{n}", "视频", 0.0)
    for n in (1, 2)
)
FRESH = Snapshot((ONE, TWO), Counts(total=2))


def opened(cell: Cell) -> CellOpened:
    return CellOpened(cell, CellKind.VIDEO, Decimal(0), Decimal(90))


def put_off(cell: Cell) -> CellPostponed:
    return CellPostponed(CellEnded(cell, Outcome.TEMPORARY, 40.0))


def after(*events: StudyEvent) -> Snapshot:
    snapshot = FRESH
    for event in events:
        snapshot = snapshot.after(event)
    return snapshot


def test_a_cell_that_is_put_off_is_open_no_longer_and_waits_for_no_read_back() -> None:
    shown = after(opened(ONE), CellReported(ONE), put_off(ONE))
    assert shown.reported == frozenset()
    assert shown.current is None
    assert shown.postponed == {ONE.cell_id: put_off(ONE).end}
    assert shown.open_cells == (ONE, TWO)


def test_a_cell_that_is_put_off_before_its_last_report_is_open_no_longer() -> None:
    assert after(opened(ONE), put_off(ONE)).current is None


def test_a_cell_that_is_put_off_leaves_the_others_as_they_are() -> None:
    shown = after(CellReported(TWO), opened(ONE), put_off(TWO))
    assert shown.current is not None
    assert shown.current.cell == ONE
    assert shown.reported == frozenset()
    shown = after(CellReported(ONE), put_off(TWO))
    assert shown.reported == {ONE.cell_id}


def test_a_cell_that_is_opened_again_is_put_off_no_longer() -> None:
    shown = after(put_off(ONE), put_off(TWO), opened(ONE))
    assert shown.postponed == {TWO.cell_id: put_off(TWO).end}


def test_before_a_look_no_cell_is_known_as_unread_and_all_else_stays() -> None:
    unread = CellPostponed(CellEnded(TWO, Outcome.UNREAD, 0.0))
    shown = after(put_off(ONE), unread)
    assert shown.before_a_look() == after(put_off(ONE))
    assert shown.before_a_look().postponed == {ONE.cell_id: put_off(ONE).end}
    assert shown.before_a_look().open_cells == (ONE, TWO)


def test_lengths_of_other_courses_count_where_the_course_has_none() -> None:
    guessed = FRESH.left(Pace.NORMAL)
    known = Snapshot((ONE, TWO), Counts(total=2), others=[Decimal(30)] * 40).left(Pace.NORMAL)
    assert known.high < guessed.low
