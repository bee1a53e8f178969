"""The engine's numbers, as the platform's habits ask for them: no run passes them by chance."""

from decimal import Decimal

import pytest

from bot.study import attempt, estimate, outline, pace, run, topic
from bot.study.methods import CellKind, steps
from bot.zjy.models import CellView
from storage.cells import COMPLETE, Cell
from storage.enums import Outcome, OutcomeGroup, Pace


def test_the_bounds_are_those_of_the_platforms_page() -> None:
    bounds = (pace.MAX_STEP, pace.MIN_GAP, pace.LAST_PAGE_AFTER)
    assert bounds == (Decimal(18), 5.0, 10.0)
    assert (topic.LAG, topic.LAG_READS, topic.ATTEMPTS) == (5.0, 3, 2)
    assert run.LATE_LOOKS == (5.0, 60.0, 300.0)
    assert attempt.MAX_IN_A_ROW == 3
    assert (COMPLETE, outline.NO_TOPIC) == (100.0, "0")
    assert estimate.REQUEST == 1.0


@pytest.mark.parametrize(
    ("each", "step", "gap"),
    [(Pace.NORMAL, 10, 10), (Pace.FAST, 15, 10), (Pace.DOUBLE, 10, 5)],
)
def test_a_pace_is_what_its_name_says(each: Pace, step: int, gap: float) -> None:
    assert (pace.step_of(each), pace.gap_of(each)) == (Decimal(step), gap)
    assert float(pace.step_of(each)) / pace.gap_of(each) == float(each)


def test_no_report_moves_a_video_by_more_than_the_platform_takes(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(pace._RULES, Pace.NORMAL, (Decimal(40), 40.0))
    view = CellView(position=Decimal(0), length=Decimal(100))
    reports = [step.report.position for step in steps(CellKind.VIDEO, view, Pace.NORMAL)]
    assert reports == [18, 36, 54, 72, 90, 100]


def test_videos_and_audios_alone_are_media_and_two_kinds_are_not_studied() -> None:
    assert {kind for kind in CellKind if kind.is_media} == {CellKind.VIDEO, CellKind.AUDIO}
    assert {kind for kind in CellKind if not kind.can_be_studied} == {
        CellKind.BY_HAND,
        CellKind.UNSUPPORTED,
    }


def test_every_outcome_is_counted_in_its_group() -> None:
    groups = {
        group: {outcome for outcome in Outcome if outcome.group is group} for group in OutcomeGroup
    }
    assert groups == {
        OutcomeGroup.DONE: {Outcome.DONE},
        OutcomeGroup.SKIPPED: {Outcome.BY_HAND, Outcome.LOCKED, Outcome.UNSUPPORTED},
        OutcomeGroup.FAILED: {
            Outcome.NOT_COUNTED,
            Outcome.REFUSED,
            Outcome.TEMPORARY,
            Outcome.UNREAD,
            Outcome.OWN_FAULT,
        },
    }


@pytest.mark.parametrize(("percent", "complete"), [(99.99, False), (100, True), (100.5, True)])
def test_only_100_is_complete(percent: float, complete: bool) -> None:
    cell = Cell("m", "M", "t", "T", "c", "C", "视频", percent)
    assert cell.is_complete is complete
