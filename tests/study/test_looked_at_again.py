"""What could not be read or opened when its turn came is looked at again before the study ends."""

from collections.abc import Iterable
from dataclasses import replace
from itertools import pairwise

import pytest

from bot.study.events import CellEnded, CellPostponed
from bot.study.run import LATE_LOOKS
from bot.zjy.errors import Temporary
from bot.zjy.session_evidence import ATTEMPTS
from demo.platform import (
    STUDENT,
    Cell,
    Endpoint,
    Fault,
    PlatformServer,
    document,
    link,
    locked,
    module,
    picture,
    quiz,
    school_of,
    topic,
    video,
)
from storage.enums import Outcome, Pace
from tests.support.study_harness import Ending, StudyHarness, folded, open_study

pytestmark = pytest.mark.looptime(start=0)

BUSY = {"code": 0, "msg": "系统繁忙，请稍后再试"}
ODD = ["[]", "[1]", '"x"', "7", "true", "{}", '{"code": null}', '{"code": "好"}', '{"code": true}']
ODD += ['{"code": [1]}', '{"code": 1}', '{"msg": "系统繁忙"}']


def finish(harness: StudyHarness, cell_id: str) -> None:
    """The student did it elsewhere."""
    harness.finish(cell_id)


def open_each_after(server: PlatformServer, pairs: Iterable[tuple[Cell, Cell]], lag: float) -> None:
    """The second cell of each pair opens ``lag`` seconds after the first one is at 100."""
    for before, cell in pairs:
        server.faults.add(
            Endpoint.VIEW,
            Fault.json({"code": -33, "msg": "该课件尚未开放，30分钟后开放"}),
            times=None,
            where=lambda form, before=before, cell=cell: (  # type: ignore[misc]
                form["cellId"] == cell.id
                and server.school.progress(STUDENT.stu_id, before.id).percent_at(server.now() - lag)
                < 100
            ),
        )


@pytest.mark.parametrize("body", ODD)
async def test_an_odd_first_look_is_asked_again_and_finished_cells_are_done(body: str) -> None:
    async with open_study([video(20), document(2), video(20)]) as harness:
        plan = await harness.plan()
        finish(harness, "cell-1")
        harness.transport.instead[Endpoint.CELLS] = body.encode()
        ending = await harness.study(plan, look_first=True)
        assert ending.outcomes == [Outcome.DONE] * 3
        assert harness.sent(Endpoint.REPORT, cell="cell-1") == []
        harness.assert_no_violations()


@pytest.mark.parametrize("fault", [Fault.json(BUSY), Fault.json({"code": 4711}), Fault.json({})])
@pytest.mark.parametrize("further", range(1 + len(LATE_LOOKS)))
async def test_a_topic_that_cannot_be_read_is_read_again_later_and_then_studied(
    further: int, fault: Fault
) -> None:
    school = school_of(topics=[topic([video(20), quiz(), link()]), topic([picture()])])
    async with open_study(school=school) as harness:
        plan = await harness.plan()
        finish(harness, "cell-3")
        harness.platform.faults.add(
            Endpoint.CELLS,
            fault,
            times=ATTEMPTS * further,
            where=lambda form: form["topicId"] == "topic-1",
        )
        ending = await harness.study(plan, look_first=True)
        ended = {event.cell.cell_id: event.outcome for event in ending.ended}
        assert ended.pop("cell-2") is Outcome.BY_HAND
        assert set(ended.values()) == {Outcome.DONE}
        assert harness.sent(Endpoint.VIEW, cell="cell-3") == []
        harness.assert_no_violations()


async def test_what_stays_unreadable_is_told_as_such_with_the_platforms_words() -> None:
    async with open_study([video(20), link(), quiz()]) as harness:
        plan = await harness.plan()
        asked = len(harness.sent(Endpoint.CELLS))
        harness.fault(Endpoint.CELLS, Fault.json(BUSY), times=None)
        ending = await harness.study(plan, look_first=True)
        unread = [event for event in ending.ended if event.outcome is Outcome.UNREAD]
        assert [event.cell.cell_id for event in unread] == ["cell-1", "cell-2"]
        assert {(event.code, event.msg) for event in unread} == {("0", BUSY["msg"])}
        assert len(harness.sent(Endpoint.CELLS)) == asked + ATTEMPTS * (1 + len(LATE_LOOKS))
        assert ending.seconds > sum(LATE_LOOKS)
        assert harness.sent(Endpoint.VIEW) == []


async def test_further_looks_wait_longer_and_longer() -> None:
    async with open_study([video(20)]) as harness:
        plan = await harness.plan()
        asked = len(harness.sent(Endpoint.CELLS))
        harness.fault(Endpoint.CELLS, Fault.json({"code": -500}), times=None)
        await harness.study(plan, look_first=True)
        reads = harness.sent(Endpoint.CELLS)[asked:]
        rounds = [reads[at : at + ATTEMPTS] for at in range(0, len(reads), ATTEMPTS)]
        waits = [later[0].at - earlier[-1].at for earlier, later in pairwise(rounds)]
        for wait, expected in zip(waits, LATE_LOOKS, strict=True):
            assert expected <= wait <= expected + 5


@pytest.mark.parametrize("fault", [Fault.json({}), Fault.json(BUSY), Fault.json({"code": -500})])
async def test_a_read_back_that_fails_is_made_up_for_without_another_report(fault: Fault) -> None:
    school = school_of(topics=[topic([video(20)]), topic([picture()])])
    async with open_study(school=school) as harness:
        plan = await harness.plan()
        harness.platform.faults.add(
            Endpoint.CELLS,
            fault,
            times=ATTEMPTS,
            where=lambda form: form["topicId"] == "topic-1",
        )
        ending = await harness.study(plan)
        assert ending.outcomes == [Outcome.DONE, Outcome.DONE]
        assert [event.cell.cell_id for event in ending.ended] == ["cell-2", "cell-1"]
        assert len(harness.sent(Endpoint.VIEW, cell="cell-1")) == 1
        assert harness.positions() == [10, 20]
        harness.assert_no_violations()


async def test_a_platform_that_does_not_know_the_session_either_ends_no_cell() -> None:
    async with open_study([video(20)]) as harness:
        plan = await harness.plan()
        harness.fault("*", Fault.json({}), times=None)
        ending = Ending()
        with pytest.raises(Temporary):
            await harness.study(plan, look_first=True, into=ending)
        assert ending.ended == []


async def test_a_wait_for_a_further_look_is_broken_off_by_a_stop() -> None:
    async with open_study([video(20)]) as harness:
        plan = await harness.plan()
        harness.fault(Endpoint.CELLS, Fault.json({"code": -500}), times=None)
        ending = Ending()

        def stop_once_postponed() -> None:
            if any(isinstance(event, CellPostponed) for event in ending.events):
                harness.stop.raise_()

        await harness.study(plan, look_first=True, into=ending, then=stop_once_postponed)
        assert ending.ended == []
        assert len(harness.sent(Endpoint.ME)) == 1


@pytest.mark.parametrize("pace", Pace)
@pytest.mark.parametrize("lag", [0.0, 4.0, 5.0])
async def test_lessons_that_open_one_after_another_are_all_done(lag: float, pace: Pace) -> None:
    cells = [video(20), document(2), link(), picture(), video(5), link(needs_report=True)]
    school = school_of(topics=[topic(cells[:4]), topic(cells[4:])], in_order=True)
    async with open_study(school=school, lag=lag) as harness:
        ending = await harness.study(pace=pace)
        assert ending.outcomes == [Outcome.DONE] * 6
        # Each that was closed: once in its turn, and once when it was open.
        assert len(harness.sent(Endpoint.VIEW)) <= 1 + 5 * 2 + 1
        harness.assert_no_violations()


@pytest.mark.parametrize("lag", [2.5, 4.9, 9.0])
async def test_a_lesson_may_open_later_than_the_list_shows_the_one_before(lag: float) -> None:
    cells = [video(20), document(2), link(), picture(), video(5), link(needs_report=True)]
    school = school_of(topics=[topic(cells[:4]), topic(cells[4:])])
    async with open_study(school=school) as harness:
        open_each_after(harness.platform, pairwise(school.leaves()), lag)
        ending = await harness.study()
        assert ending.outcomes == [Outcome.DONE] * 6
        # In its turn, and twice at most when it was about to open.
        assert len(harness.sent(Endpoint.VIEW)) <= 1 + 5 * 3 + 1
        harness.assert_no_violations()


async def test_a_passing_not_open_yet_in_an_ordered_course_closes_nothing() -> None:
    school = school_of([video(20), link(), link(), picture()], in_order=True)
    async with open_study(school=school, lag=4) as harness:
        passing = Fault.json({"code": -33, "msg": "该课件尚未开放！"})
        harness.platform.faults.add(
            Endpoint.VIEW, passing, times=2, where=lambda form: form["cellId"] == "cell-2"
        )
        assert (await harness.study()).outcomes == [Outcome.DONE] * 4
        harness.assert_no_violations()


async def test_lessons_that_open_from_the_last_to_the_first_are_all_done() -> None:
    school = school_of(
        modules=[module([topic([link(), document(2)])]), module([topic([picture(), video(20)])])]
    )
    async with open_study(school=school, lag=4) as harness:
        open_each_after(harness.platform, pairwise(reversed(harness.platform.school.leaves())), 4)
        assert (await harness.study()).outcomes == [Outcome.DONE] * 4
        harness.assert_no_violations()


async def test_what_stays_closed_is_tried_again_over_the_lag_after_others_were_done() -> None:
    school = school_of(topics=[topic([locked(video(20)), link()]), topic([picture(), link()])])
    async with open_study(school=school) as harness:
        ending = await harness.study()
        closed = ending.of("cell-1")
        assert (closed.outcome, closed.code, closed.msg) == (
            Outcome.LOCKED,
            "-33",
            "该课件尚未开放！",
        )
        assert ending.ended[-1] == closed
        assert len(harness.sent(Endpoint.VIEW, cell="cell-1")) == 3


@pytest.mark.parametrize("before", [locked(video(40)), video(40)])
async def test_a_cell_that_cannot_be_opened_tells_the_percent_that_its_topic_showed(
    before: Cell,
) -> None:
    async with open_study([before, link()]) as harness:
        plan = await harness.plan()
        harness.platform.school.progress(STUDENT.stu_id, "cell-1").raise_to(25.0, 0)
        harness.platform.faults.add(
            Endpoint.VIEW,
            Fault.json({"code": -33 if before.locked else 5}),
            times=None,
            where=lambda form: form["cellId"] == "cell-1",
        )
        ending = await harness.study(plan, look_first=True)
        told = [event.end for event in ending.events if isinstance(event, CellPostponed)]
        told.append(ending.of("cell-1"))
        assert {end.cell.cell_id for end in told} == {"cell-1"}
        assert {end.percent for end in told} == {25}


@pytest.mark.parametrize(("planned", "told"), [(25.0, 25.0), (0.0, 0.0), (None, 0.0)])
async def test_a_closed_cell_of_a_topic_that_was_not_read_tells_the_percent_of_the_plan(
    planned: float | None, told: float
) -> None:
    async with open_study([locked(video(40))]) as harness:
        plan = [replace(cell, percent=planned) for cell in await harness.plan()]
        first = (await harness.study(plan)).events[0]
        assert isinstance(first, CellPostponed)
        assert (first.end.outcome, first.end.percent) == (Outcome.LOCKED, told)


async def test_a_cell_that_failed_ends_before_the_next_topic_is_begun() -> None:
    school = school_of(topics=[topic([video(20)]), topic([picture()])])
    async with open_study(school=school) as harness:
        plan = await harness.plan()
        harness.platform.faults.add(
            Endpoint.VIEW,
            Fault.json({"code": 5}),
            times=None,
            where=lambda form: form["cellId"] == "cell-1",
        )
        ending = await harness.study(plan)
        assert ending.outcomes == [Outcome.REFUSED, Outcome.DONE]
        assert ending.kinds()[:2] == ["CellEnded", "CellOpened"]


async def test_without_a_newly_done_cell_nothing_closed_is_tried_again() -> None:
    cells = [link(finished=True), locked(video(20)), locked(link()), quiz()]
    async with open_study([*cells, video(20, name="no")]) as harness:
        refused = harness.platform.school.cell_named("no").id
        harness.platform.faults.add(
            Endpoint.VIEW,
            Fault.json({"code": 5}),
            times=None,
            where=lambda form: form["cellId"] == refused,
        )
        ending = await harness.study()
        assert Outcome.DONE not in ending.outcomes
        assert len(harness.sent(Endpoint.VIEW, cell="cell-2")) == 1
        assert len(harness.sent(Endpoint.VIEW, cell="cell-3")) == 1


async def test_a_cell_that_waits_for_another_look_takes_no_time_in_the_estimate() -> None:
    async with open_study([locked(video(600)), link()]) as harness:
        plan = [cell for cell in await harness.plan() if not cell.is_complete]
        ending = Ending()
        left: list[float] = []

        def measure() -> None:
            left.append(folded(plan, ending.events).left(Pace.NORMAL).high)

        await harness.study(plan, into=ending, then=measure)
        postponed = next(n for n, e in enumerate(ending.events) if isinstance(e, CellPostponed))
        snapshot = folded(plan, ending.events[: postponed + 1])
        assert list(snapshot.postponed) == ["cell-1"]
        assert (snapshot.counts.open, snapshot.counts.skipped) == (2, 0)
        assert left[postponed] == 2
        assert folded(plan, ending.events).postponed == {}


async def test_the_last_look_tells_what_is_done_and_what_cannot_be_read() -> None:
    school = school_of(
        topics=[topic([link(), video(20)]), topic([link(), quiz()]), topic([picture()])]
    )
    async with open_study(school=school) as harness:
        plan = await harness.plan()
        for cell_id in ("cell-1", "cell-3", "cell-5"):
            finish(harness, cell_id)
        harness.platform.faults.add(
            Endpoint.CELLS,
            Fault.json({}),
            times=None,
            where=lambda form: form["topicId"] == "topic-2",
        )
        study = harness.new_study()
        events = [event async for event in study.look(plan)]
        done = [event.cell.cell_id for event in events if isinstance(event, CellEnded)]
        unread = [event.end for event in events if isinstance(event, CellPostponed)]
        assert done == ["cell-1", "cell-5"]
        assert [end.cell.cell_id for end in unread] == ["cell-3", "cell-4"]
        assert {end.outcome for end in unread} == {Outcome.UNREAD}


async def test_the_last_look_asks_no_further_once_the_platform_is_away() -> None:
    school = school_of(topics=[topic([link()]), topic([link()])])
    async with open_study(school=school) as harness:
        plan = await harness.plan()
        asked = len(harness.sent(Endpoint.CELLS))
        harness.fault(Endpoint.CELLS, Fault.HTTP_502, times=None)
        events = [event async for event in harness.new_study().look(plan)]
        assert [type(event) for event in events] == [CellPostponed, CellPostponed]
        ends = [event.end for event in events if isinstance(event, CellPostponed)]
        assert {end.outcome for end in ends} == {Outcome.UNREAD}
        assert len(harness.sent(Endpoint.CELLS)) == asked + ATTEMPTS


async def test_the_last_look_tells_which_cell_of_a_topic_has_no_percent() -> None:
    async with open_study([link(), link(), video(40, position=10)]) as harness:
        plan = await harness.plan()
        percents = {"cell-1": 100, "cell-2": 0, "cell-3": "--"}
        listed = [{"Id": key, "stuCellPercent": percent} for key, percent in percents.items()]
        harness.fault(Endpoint.CELLS, Fault.json({"code": 1, "cellList": listed}))
        events = [event async for event in harness.new_study().look(plan)]
        assert events == [
            CellEnded(plan[0], Outcome.DONE, 100),
            CellPostponed(CellEnded(plan[2], Outcome.UNREAD, 25)),
        ]


@pytest.mark.parametrize(("known", "told"), [(25.0, 25.0), (0.0, 0.0), (None, 0.0)])
async def test_a_cell_that_the_last_look_cannot_read_keeps_the_percent_that_was_known(
    known: float | None, told: float
) -> None:
    async with open_study([video(40)]) as harness:
        plan = [replace(cell, percent=known) for cell in await harness.plan()]
        harness.fault(Endpoint.CELLS, Fault.HTTP_502, times=None)
        events = [event async for event in harness.new_study().look(plan)]
        assert events == [CellPostponed(CellEnded(plan[0], Outcome.UNREAD, told))]


async def test_a_cell_that_the_last_look_cannot_read_keeps_the_percent_of_the_look_before() -> None:
    async with open_study([video(40)]) as harness:
        plan = await harness.plan()
        harness.platform.school.progress(STUDENT.stu_id, "cell-1").raise_to(25.0, 0)
        study = harness.new_study()
        assert [event async for event in study.look(plan)] == []
        harness.fault(Endpoint.CELLS, Fault.HTTP_502, times=None)
        events = [event async for event in study.look(plan)]
        assert events == [CellPostponed(CellEnded(plan[0], Outcome.UNREAD, 25))]


async def test_the_last_look_ends_with_a_stop() -> None:
    async with open_study([link()]) as harness:
        plan = await harness.plan()
        harness.stop.raise_()
        assert [event async for event in harness.new_study().look(plan)] == []
