"""Trees with every oddity, read-backs that lag, and what the summary of a run adds up to."""

from decimal import Decimal

import pytest

from bot.study.estimate import estimate
from bot.study.events import CellEnded, CellMoved, CellOpened, CellReported
from bot.study.methods import CellKind
from bot.study.outline import read_outline
from demo.platform import (
    STUDENT,
    Endpoint,
    Fault,
    archive,
    audio,
    demo_school,
    document,
    folder,
    link,
    locked,
    module,
    picture,
    quiz,
    school_of,
    topic,
    unsupported,
    video,
)
from demo.platform import (
    Cell as SchoolCell,
)
from storage.cells import Cell
from storage.enums import Outcome, Pace
from tests.support.study_harness import counts, folded, open_study

pytestmark = pytest.mark.looptime(start=0)


async def test_folders_in_folders_are_opened_and_never_studied_themselves() -> None:
    inner = folder([video(20), document(3)])
    async with open_study([folder([inner, link()]), picture(), folder([])]) as harness:
        ending = await harness.study()
        assert ending.outcomes == [Outcome.DONE] * 4
        assert all(harness.shown(cell.id) == 100 for cell in harness.platform.school.leaves())
        assert {r.form["moduleId"] for r in harness.sent(Endpoint.VIEW)} == {"module-1"}
        harness.assert_no_violations()


async def test_a_finished_child_of_a_folder_is_known_by_its_own_percent() -> None:
    async with open_study([folder([video(20, finished=True), video(20)])]) as harness:
        plan = await harness.plan()
        assert [cell.percent for cell in plan] == [100, 0]
        await harness.study()
        assert harness.sent(Endpoint.REPORT, cell="cell-2") == []


async def test_an_empty_chapter_and_doubles_in_the_tree_are_read_once() -> None:
    twice = topic([video(10, id="a"), video(10, id="a")], id="twice")
    school = school_of(
        modules=[
            module([topic(id="0"), twice, twice], id="m"),
            module([topic([link(id="a"), link(id="b")])]),
            module([topic([link(finished=True)])], id="done"),
        ]
    )
    async with open_study(school=school) as harness:
        plan = await harness.plan()
        assert [cell.cell_id for cell in plan] == ["a", "b"]
        assert [r.form["topicId"] for r in harness.sent(Endpoint.CELLS)] == ["twice", "topic-1"]
        assert "done" not in [r.form.get("moduleId") for r in harness.sent(Endpoint.TOPICS)]
        assert (await harness.study(plan)).outcomes == [Outcome.DONE, Outcome.DONE]
        harness.assert_no_violations()


async def test_reading_tells_how_far_it_is() -> None:
    school = school_of(topics=[topic([link()]), topic([link()])])
    async with open_study(school=school) as harness:
        modules = (await harness.session.modules(harness.course)).modules
        read = [each async for each in read_outline(harness.session, harness.course, modules)]
        assert [(each.done, each.total) for each in read] == [(0, 1), (1, 3), (2, 3), (3, 3)]
        assert [each.cells is None for each in read] == [True, True, True, False]


async def test_each_topic_is_read_back_once_after_its_cells() -> None:
    school = school_of(topics=[topic([video(10), link()]), topic([picture()])])
    async with open_study(school=school) as harness:
        plan = await harness.plan()
        before = len(harness.sent(Endpoint.CELLS))
        await harness.study(plan)
        order = [r.form["topicId"] for r in harness.sent(Endpoint.CELLS)[before:]]
        assert order == ["topic-1", "topic-2"]
        harness.assert_no_violations()


@pytest.mark.parametrize("pace", Pace)
@pytest.mark.parametrize("lag", [0.5, 2.0, 4.9, 5.0])
async def test_a_read_back_that_lags_is_read_again_before_anything_is_called_not_counted(
    lag: float, pace: Pace
) -> None:
    async with open_study([link(), video(2), document(2)], lag=lag) as harness:
        ending = await harness.study(pace=pace)
        assert ending.outcomes == [Outcome.DONE] * 3
        assert len(harness.sent(Endpoint.REPORT)) == 3
        harness.assert_no_violations()


async def test_a_platform_that_accepts_everything_and_counts_nothing_is_found_out() -> None:
    async with open_study([video(30), document(4), picture(), link()]) as harness:
        harness.platform.faults.add("*", Fault.NO_COUNT, times=None)
        ending = await harness.study()
        assert ending.outcomes == [Outcome.NOT_COUNTED] * 4
        assert [event.percent for event in ending.ended] == [0] * 4
        assert harness.platform.violations == []


async def test_a_cell_that_is_not_counted_tells_the_percent_that_the_platform_shows() -> None:
    async with open_study([video(40, position=10)]) as harness:
        harness.platform.faults.add("*", Fault.NO_COUNT, times=None)
        (ended,) = (await harness.study()).ended
        assert (ended.outcome, ended.percent) == (Outcome.NOT_COUNTED, 25)


async def test_what_was_not_counted_at_first_is_studied_once_more() -> None:
    async with open_study([document(4)]) as harness:
        harness.platform.faults.add(Endpoint.REPORT, Fault.NO_COUNT, times=2)
        ending = await harness.study()
        assert ending.outcomes == [Outcome.DONE]
        assert harness.pages() == [1, 4, 1, 4]
        harness.assert_no_violations()


async def test_cells_that_were_finished_elsewhere_get_no_report() -> None:
    async with open_study([video(30), document(3), quiz(), video(30)]) as harness:
        plan = await harness.plan()
        for cell_id in ("cell-1", "cell-3"):
            harness.finish(cell_id)
        ending = await harness.study(plan, look_first=True)
        assert ending.outcomes == [Outcome.DONE] * 4
        assert harness.sent(Endpoint.VIEW, cell="cell-1") == []
        harness.assert_no_violations()


async def test_a_view_that_shows_100_needs_no_report() -> None:
    async with open_study([video(30)]) as harness:
        plan = await harness.plan()
        harness.finish("cell-1")
        ending = await harness.study(plan)
        assert ending.outcomes == [Outcome.DONE]
        assert harness.sent(Endpoint.REPORT) == []


@pytest.mark.parametrize("left", [[], [{"Id": "cell-2", "stuCellPercent": 0}]])
async def test_a_cell_that_its_topic_does_not_list_is_neither_done_nor_at_0(
    left: list[object],
) -> None:
    async with open_study([video(10), picture()]) as harness:
        plan = await harness.plan()
        listed = Fault.json({"code": 1, "cellList": left})
        harness.platform.faults.add(Endpoint.CELLS, listed, times=None)
        ending = await harness.study(plan)
        assert ending.of("cell-1").outcome is Outcome.UNREAD
        of_the_other = Outcome.NOT_COUNTED if left else Outcome.UNREAD
        assert ending.of("cell-2").outcome is of_the_other
        # What was accepted is not sent again because a list does not tell of it.
        assert harness.positions() == [10]
        harness.assert_no_violations()


NO_PERCENTS: list[object] = [None, "", "--", "66,6", "n/a", {}, [100], True, "NaN", "1e99"]


def with_percent(odd: object) -> Fault:
    cells = [{"Id": "cell-1", "cellName": "a", "stuCellPercent": odd}]
    return Fault.json({"code": 1, "cellList": cells})


@pytest.mark.parametrize("odd", NO_PERCENTS)
async def test_a_percent_that_is_no_number_is_unread_and_not_0(odd: object) -> None:
    async with open_study([video(10)]) as harness:
        plan = await harness.plan()
        harness.platform.faults.add(Endpoint.CELLS, with_percent(odd), times=None)
        ending = await harness.study(plan)
        assert ending.outcomes == [Outcome.UNREAD]
        assert harness.positions() == [10]


@pytest.mark.parametrize("odd", NO_PERCENTS)
async def test_a_percent_that_is_no_number_for_a_while_costs_nothing(odd: object) -> None:
    async with open_study([video(10)]) as harness:
        plan = await harness.plan()
        harness.platform.faults.add(Endpoint.CELLS, with_percent(odd), times=6)
        ending = await harness.study(plan, look_first=True)
        assert ending.outcomes == [Outcome.DONE]
        assert harness.positions() == [10]
        harness.assert_no_violations()


async def test_events_tell_the_study_in_order_and_fold_into_a_snapshot() -> None:
    async with open_study([video(20), document(2), quiz()]) as harness:
        plan = await harness.plan()
        ending = await harness.study(plan)
        assert ending.kinds() == [
            *["CellOpened", "CellMoved", "CellMoved", "CellReported"],
            *["CellOpened", "CellMoved", "CellMoved", "CellReported"],
            *["CellEnded", "CellEnded", "CellEnded"],
        ]
        half = folded(plan, ending.events[:2])
        assert half.current is not None
        assert half.current.kind is CellKind.VIDEO
        assert half.current.position == Decimal(10)
        assert (half.counts.skipped, half.counts.open) == (0, 3)
        # Ten more seconds of video, ten of the document, two requests and the read-back.
        assert half.left(Pace.NORMAL).low == pytest.approx(10 + 10 + 3)
        reported = folded(plan, ending.events[:4])
        assert reported.current is None
        assert reported.reported == {"cell-1"}
        end = folded(plan, ending.events)
        assert (end.open_cells, end.reported, end.current) == ((), frozenset(), None)
        assert (end.counts.done, end.counts.failed, end.counts.skipped) == (2, 0, 1)
        assert end.left(Pace.NORMAL).low == 0


async def test_what_the_student_does_meanwhile_is_done_whatever_its_kind() -> None:
    async with open_study([document(2), quiz(), unsupported()]) as harness:
        plan = await harness.plan()
        for cell_id in ("cell-2", "cell-3"):
            harness.finish(cell_id)
        ending = await harness.study(plan)
        assert ending.outcomes == [Outcome.DONE] * 3
        assert {request.form["cellId"] for request in harness.sent(Endpoint.VIEW)} == {"cell-1"}


@pytest.mark.parametrize("others", [[], [document(2)]])
async def test_what_is_left_to_the_student_tells_the_percent_that_was_read_last(
    others: list[SchoolCell],
) -> None:
    async with open_study([quiz(), *others]) as harness:
        plan = await harness.plan()
        harness.platform.school.progress(STUDENT.stu_id, "cell-1").raise_to(25.0, 0)
        ending = await harness.study(plan, look_first=True)
        left = ending.of("cell-1")
        assert (left.outcome, left.percent) == (Outcome.BY_HAND, 25)


async def test_a_lesson_that_answers_not_open_yet_and_shows_100_is_done() -> None:
    async with open_study([link(), locked(link())]) as harness:
        plan = await harness.plan()
        harness.finish("cell-2")
        ending = await harness.study(plan)
        assert ending.of("cell-2").outcome is Outcome.DONE


async def test_a_length_finer_than_any_clock_is_reached() -> None:
    async with open_study([video(20)]) as harness:
        plan = await harness.plan()
        fine = {"code": 1, "audioVideoLong": "20." + "0" * 33 + "1", "guIdToken": "t"}
        fine |= {"cellId": "cell-1", "categoryName": "视频", "cellLogId": "", "cellPercent": 0}
        harness.fault(Endpoint.VIEW, Fault.json(fine))
        ending = await harness.study(plan)
        assert len(ending.ended) == 1
        assert len(harness.sent(Endpoint.REPORT)) < 20


async def test_a_second_attempt_counts_in_the_time_that_is_left() -> None:
    async with open_study([link(needs_report=True)]) as harness:
        plan = await harness.plan()
        ending = await harness.study(plan)
        reopened = [i for i, e in enumerate(ending.events) if isinstance(e, CellOpened)][1]
        snapshot = folded(plan, ending.events[: reopened + 1])
        assert snapshot.left(Pace.NORMAL).low > 0


def test_a_snapshot_without_an_open_cell_takes_a_late_move_calmly() -> None:
    cell = Cell("m", "M", "t", "T", "c", "C", "视频", 0)
    before = folded([cell], [])
    assert before.after(CellMoved(cell, Decimal(1), Decimal(5))) == before
    ended = before.after(CellReported(cell)).after(CellEnded(cell, Outcome.REFUSED, 0))
    assert ended.counts.failed == 1


async def test_the_outcomes_add_up_to_the_cells() -> None:
    cells = [
        *[video(15), audio(4.5), document(9), picture(), archive(), link(), link(True)],
        *[quiz(), unsupported(), locked(video(9)), video(30, name="no"), video(8, finished=True)],
    ]
    async with open_study(cells) as harness:
        refused = harness.platform.school.cell_named("no").id
        harness.platform.faults.add(
            Endpoint.VIEW,
            Fault.json({"code": 5}),
            times=None,
            where=lambda f: f["cellId"] == refused,
        )
        plan = [cell for cell in await harness.plan() if not cell.is_complete]
        total = counts(await harness.study(plan))
        assert (total.total, total.done, total.failed, total.skipped) == (11, 7, 1, 3)
        assert total.open == 0


@pytest.mark.parametrize("pace", Pace)
async def test_the_demos_first_course_is_studied_without_a_violation(pace: Pace) -> None:
    async with open_study(school=demo_school(), lag=3) as harness:
        plan = [cell for cell in await harness.plan() if not cell.is_complete]
        ending = await harness.study(plan, pace=pace)
        assert len(ending.ended) == len(plan)
        for event in ending.ended:
            assert (event.outcome is Outcome.DONE) == (harness.shown(event.cell.cell_id) == 100)
        harness.assert_no_violations()


@pytest.mark.parametrize("pace", Pace)
async def test_the_estimate_is_within_a_tenth_of_the_run_where_lengths_are_known(
    pace: Pace,
) -> None:
    lengths = [300.0, 125.5, 61.25, 2.0]
    cells = [*map(video, lengths), document(12), document(1), picture(), link(), link()]
    async with open_study([*cells, quiz()]) as harness:
        plan = await harness.plan()
        ending = await harness.study(plan, pace=pace)
        lengths_seen = {
            event.cell.cell_id: event.length
            for event in ending.events
            if isinstance(event, CellOpened) and event.kind is CellKind.VIDEO
        }
        told = estimate(plan, pace, lengths=lengths_seen)
        assert told.is_exact
        assert ending.seconds == pytest.approx(told.low, rel=0.1)


async def test_media_of_unknown_length_are_estimated_from_those_that_were_opened() -> None:
    async with open_study([video(100), video(300), link()]) as harness:
        plan = await harness.plan()
        blind = estimate(plan, Pace.NORMAL, lengths={})
        assert (blind.low, blind.high) == pytest.approx((600, 1800), rel=0.1)
        opened = folded(plan, [CellOpened(plan[0], CellKind.VIDEO, Decimal(0), Decimal(100))])
        left = opened.left(Pace.NORMAL)
        # The open one takes its 100 s, the other half to twice as long and a little more.
        assert 100 + 100 / 4 < left.low < 100 + 100 / 2
        assert 100 + 100 * 2 < left.high < 100 + 100 * 4


async def test_a_video_of_three_hours_takes_three_hours_of_the_platforms_time() -> None:
    async with open_study([video(3 * 3600)]) as harness:
        ending = await harness.study()
        assert ending.outcomes == [Outcome.DONE]
        assert ending.seconds == pytest.approx(3 * 3600, rel=0.01)
        harness.assert_no_violations()
