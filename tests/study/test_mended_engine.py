"""Cells that are opened elsewhere meanwhile, topics that cannot be read, stops amid trouble."""

import asyncio

import pytest

from bot.study.events import CellEnded
from bot.study.run import LATE_LOOKS, Study
from bot.zjy.errors import OddAnswer, OtherCellOpen, Temporary, UnknownAnswer, ZjyError
from bot.zjy.gate import Priority, Session
from demo.platform import (
    STUDENT,
    Endpoint,
    Fault,
    Phase,
    School,
    document,
    school_of,
    topic,
    video,
)
from storage.enums import Outcome, Pace
from tests.support.study_harness import Ending, StudyHarness, open_study

pytestmark = pytest.mark.looptime(start=0)
NO_LIST = {"code": 1}
"""Success without the list of cells that it promises."""


async def open_in_the_browser(harness: StudyHarness, cell_id: str) -> None:
    """What the student's own click does."""
    browser = Session(harness.gate, harness.auth, stu_id=STUDENT.stu_id, priority=Priority.PERSON)
    with pytest.raises(OtherCellOpen) as blocked:
        await browser.view(harness.course, cell_id, "module-1")
    assert blocked.value.open_cell is not None
    await browser.switch_cell(blocked.value.open_cell)
    await browser.view(harness.course, cell_id, "module-1")


async def test_a_video_is_gone_on_with_as_often_as_the_student_opens_another_cell() -> None:
    async with open_study([video(200), document(3)]) as harness:
        plan = await harness.plan()
        clicks: list[asyncio.Task[None]] = []

        def click() -> None:
            if len(harness.positions()) in (3, 8, 15):
                clicks.append(asyncio.create_task(open_in_the_browser(harness, "cell-2")))

        ending = await harness.study([plan[0]], then=click)
        await asyncio.gather(*clicks)
        assert len(clicks) == 3
        assert len(harness.sent(Endpoint.SWITCH, cell="cell-1")) == 3
        assert ending.outcomes == [Outcome.DONE]


async def test_a_minus_100_long_after_the_first_one_is_switched_away_from_again() -> None:
    async with open_study([video(60)]) as harness:
        harness.says(Endpoint.VIEW, -100)
        later = harness.at(3, lambda: harness.says(Endpoint.REPORT, -100))
        ending = await harness.study(then=later)
        assert ending.outcomes == [Outcome.DONE]
        assert harness.positions() == [10, 20, 30, 40, 40, 50, 60]
        assert len(harness.sent(Endpoint.SWITCH)) == 2


async def test_switches_before_the_last_move_are_not_held_against_a_later_trouble() -> None:
    async with open_study([video(60)]) as harness:
        harness.says(Endpoint.VIEW, -100)
        blocked = harness.at(2, lambda: harness.says(Endpoint.REPORT, -100))
        refused = harness.at(5, lambda: harness.says(Endpoint.REPORT, -1, times=2))

        def then() -> None:
            blocked()
            refused()

        ending = await harness.study(then=then)
        assert ending.outcomes == [Outcome.DONE]
        assert harness.positions() == [10, 20, 30, 30, 40, 50, 50, 50, 60]


async def test_a_second_minus_100_on_the_way_to_one_opening_is_a_failure() -> None:
    async with open_study([video(60)]) as harness:
        ending = Ending()
        harness.says(Endpoint.VIEW, -100)
        blocked = harness.at(
            3, lambda: harness.says(Endpoint.REPORT, -100).says(Endpoint.VIEW, -100, "请先完成")
        )
        await harness.study(into=ending, then=blocked)
        assert ending.outcomes == [Outcome.REFUSED]
        assert ending.ended[0].msg == "请先完成"
        assert len(harness.sent(Endpoint.SWITCH)) == 2


async def test_reports_accepted_and_blocked_in_turn_without_a_move_come_to_an_end() -> None:
    async with open_study([video(200)]) as harness:
        harness.fault(Endpoint.REPORT, Fault.NO_COUNT, times=None)

        def block_the_next() -> None:
            if len(harness.sent(Endpoint.REPORT)) % 2:
                harness.platform.faults.clear()
                harness.says(Endpoint.REPORT, -100)
                harness.fault(Endpoint.REPORT, Fault.NO_COUNT, times=None)

        ending = await harness.study(then=block_the_next)
        assert ending.outcomes == [Outcome.NOT_COUNTED]
        assert len(harness.sent(Endpoint.SWITCH)) == 2
        assert len(harness.positions()) == 4


def two_topics() -> School:
    return school_of(topics=[topic([video(20), document(2)]), topic([document(3)])])


def no_list(harness: StudyHarness, topic_id: str) -> None:
    harness.platform.faults.add(
        Endpoint.CELLS,
        Fault.json(NO_LIST),
        times=None,
        where=lambda form: form["topicId"] == topic_id,
    )


async def test_a_topic_whose_list_is_missing_fails_its_cells_and_does_not_hold_up_the_run() -> None:
    async with open_study(school=two_topics()) as harness:
        plan = await harness.plan()
        no_list(harness, "topic-1")
        ending = await harness.study(plan, look_first=True)
        assert ending.outcomes == [Outcome.DONE, Outcome.UNREAD, Outcome.UNREAD]
        assert {(each.code, each.msg) for each in ending.ended} == {(None, None)}
        assert harness.sent(Endpoint.VIEW, cell="cell-1") == []
        assert len(harness.sent(Endpoint.ME)) == 1 + len(LATE_LOOKS)


async def test_a_read_back_whose_list_is_missing_calls_nothing_done_and_the_run_goes_on() -> None:
    async with open_study(school=two_topics()) as harness:
        plan = await harness.plan()
        no_list(harness, "topic-1")
        ending = await harness.study(plan)
        assert ending.outcomes == [Outcome.DONE, Outcome.UNREAD, Outcome.UNREAD]
        assert len(harness.sent(Endpoint.VIEW, cell="cell-1")) == 1
        assert len(harness.sent(Endpoint.ME)) == 1 + len(LATE_LOOKS)


@pytest.mark.parametrize("look_first", [True, False])
@pytest.mark.parametrize(
    ("said_of_me", "kind"),
    [
        (Fault.HTTP_502, Temporary),
        (Fault.json({"code": 1}), OddAnswer),
        (Fault.json({"code": 0}), UnknownAnswer),
    ],
)
async def test_a_missing_list_ends_no_cell_where_the_platform_knows_nobody(
    said_of_me: Fault, kind: type[ZjyError], look_first: bool
) -> None:
    async with open_study(school=two_topics()) as harness:
        plan = await harness.plan()
        no_list(harness, "topic-1")
        harness.fault(Endpoint.ME, said_of_me, times=None)
        ending = Ending()
        with pytest.raises(kind):
            await harness.study(plan, look_first=look_first, into=ending)
        assert ending.ended == []


def stoppable(harness: StudyHarness) -> Study:
    """A study whose session knows the stop flag too, as a job's does."""
    session = Session(
        harness.gate,
        harness.auth,
        stu_id=STUDENT.stu_id,
        priority=Priority.JOB,
        stopped=lambda: harness.stop.is_raised,
    )
    return Study(session, harness.course, harness.clock, pace=Pace.NORMAL, stop=harness.stop)


@pytest.mark.parametrize("fault", [Fault.HTTP_502, Fault.RESET, Fault.json({"code": -500})])
@pytest.mark.parametrize("look_first", [True, False])
@pytest.mark.parametrize("away", [Endpoint.CELLS, Endpoint.VIEW, Endpoint.SWITCH, Endpoint.ME])
async def test_a_stop_amid_trouble_ends_the_run_as_stopped_without_another_attempt(
    away: Endpoint, look_first: bool, fault: Fault
) -> None:
    async with open_study([video(20)]) as harness:
        plan = await harness.plan()
        harness.fault(away, fault, times=None)
        if away is Endpoint.SWITCH:
            harness.says(Endpoint.VIEW, -100)
        if away is Endpoint.ME:
            harness.says(Endpoint.VIEW, -500, times=4)
        asked = len(harness.sent(away))

        async def stop_amid(endpoint: Endpoint, phase: Phase) -> None:
            if endpoint is away and phase is Phase.BEFORE:
                harness.stop.raise_()

        harness.platform.on_request = stop_amid
        events = [each async for each in stoppable(harness).run(plan, look_first=look_first)]
        assert harness.stop.is_raised
        assert [each for each in events if isinstance(each, CellEnded)] == []
        assert len(harness.sent(away)) == asked + 1


async def test_a_stop_between_two_attempts_of_a_read_back_ends_the_run_as_stopped() -> None:
    async with open_study([document(2)]) as harness:
        plan = await harness.plan()
        asked = len(harness.sent(Endpoint.CELLS))
        harness.fault(Endpoint.CELLS, Fault.HTTP_504, times=None)

        async def run() -> list[object]:
            return [each async for each in stoppable(harness).run(plan, look_first=False)]

        running = asyncio.create_task(run())
        await harness.until(lambda: len(harness.sent(Endpoint.CELLS)) > asked)
        await asyncio.sleep(1)
        harness.stop.raise_()
        events = await asyncio.wait_for(running, 3)
        assert [each for each in events if isinstance(each, CellEnded)] == []
        assert len(harness.sent(Endpoint.CELLS)) == asked + 1


async def test_trouble_without_a_stop_is_still_told() -> None:
    async with open_study([video(20)]) as harness:
        plan = await harness.plan()
        harness.fault(Endpoint.CELLS, Fault.HTTP_502, times=None)
        with pytest.raises(Temporary):
            assert [each async for each in stoppable(harness).run(plan, look_first=True)]
