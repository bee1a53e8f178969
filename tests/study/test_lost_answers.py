"""Answers that never came: the platform is looked at before anything is repeated."""

import pytest

from bot.study.pace import gap_of
from bot.zjy.errors import Temporary
from demo.platform import STUDENT, Endpoint, Fault, document, link, picture, video
from storage.enums import Outcome, Pace

from .classroom import Ending, open_classroom

pytestmark = pytest.mark.looptime(start=0)

LOST = [Fault.LOST_AFTER, Fault.RESET, Fault.HALF_JSON, Fault.EMPTY, Fault.HTTP_504, Fault.hang(60)]


@pytest.mark.parametrize("pace", Pace)
@pytest.mark.parametrize("fault", LOST, ids=lambda fault: fault.kind.value)
async def test_a_report_without_an_answer_is_looked_at_before_it_is_repeated(
    fault: Fault, pace: Pace
) -> None:
    async with open_classroom([video(40), picture()]) as room:
        ending = Ending()
        await room.study(
            pace=pace, into=ending, then=room.at(1, lambda: room.fault(Endpoint.REPORT, fault))
        )
        assert ending.outcomes == [Outcome.DONE, Outcome.DONE]
        requests = [r for r in room.server.requests if r.form.get("cellId") == "cell-1"]
        lost = requests.index(room.sent(Endpoint.REPORT, "cell-1")[1])
        assert requests[lost + 1].endpoint is Endpoint.VIEW
        assert requests[lost + 1].at - requests[lost].at >= gap_of(pace)
        room.assert_no_violations()


async def test_a_report_that_was_applied_is_not_sent_again() -> None:
    async with open_classroom([video(40)]) as room:
        room.fault(Endpoint.REPORT, Fault.LOST_AFTER)
        await room.study()
        assert room.positions() == [10, 20, 30, 40]


async def test_a_report_that_was_not_applied_is_sent_again() -> None:
    async with open_classroom([video(40)]) as room:
        room.fault(Endpoint.REPORT, Fault.RESET)
        await room.study()
        assert room.positions() == [10, 10, 20, 30, 40]


@pytest.mark.parametrize("lag", [0.0, 5.0])
@pytest.mark.parametrize("pace", Pace)
async def test_a_lost_answer_to_the_last_report_does_not_report_a_full_cell(
    pace: Pace, lag: float
) -> None:
    async with open_classroom([video(10)], lag=lag) as room:
        room.fault(Endpoint.REPORT, Fault.LOST_AFTER)
        ending = await room.study(pace=pace)
        assert ending.outcomes == [Outcome.DONE]
        assert room.positions() == [10]
        room.assert_no_violations()


async def test_a_lost_last_page_waits_its_ten_seconds_anew() -> None:
    async with open_classroom([document(5)]) as room:
        ending = Ending()
        await room.study(
            into=ending, then=room.at(1, lambda: room.fault(Endpoint.REPORT, Fault.RESET))
        )
        assert ending.outcomes == [Outcome.DONE]
        assert room.pages() == [1, 5, 1, 5]
        last_view = room.sent(Endpoint.VIEW)[-1]
        assert last_view.answered_at is not None
        assert room.sent(Endpoint.REPORT)[-1].at - last_view.answered_at >= 10


@pytest.mark.parametrize("endpoint", [Endpoint.VIEW, Endpoint.CELLS, Endpoint.ME])
@pytest.mark.parametrize("fault", LOST, ids=lambda fault: fault.kind.value)
async def test_any_other_answer_that_is_lost_is_asked_for_again(
    endpoint: Endpoint, fault: Fault
) -> None:
    async with open_classroom([video(20), link(needs_report=True)]) as room:
        plan = await room.plan()
        room.fault(endpoint, fault)
        ending = await room.study(plan, look_first=True)
        assert ending.outcomes == [Outcome.DONE, Outcome.DONE]
        room.assert_no_violations()


async def test_three_lost_answers_in_a_row_end_the_attempt_and_six_the_cell() -> None:
    async with open_classroom([video(40), link()]) as room:
        room.fault(Endpoint.REPORT, Fault.RESET, times=None)
        ending = await room.study()
        assert ending.of("cell-1").outcome is Outcome.TEMPORARY
        assert ending.of("cell-1").code is None
        assert len(room.sent(Endpoint.REPORT)) == 6
        assert ending.of("cell-2").outcome is Outcome.DONE
        room.assert_no_violations()


async def test_a_platform_that_went_away_stops_the_run_and_the_next_goes_on_from_its_position() -> (
    None
):
    async with open_classroom([video(60)]) as room:
        plan = await room.plan()
        ending = Ending()
        with pytest.raises(Temporary):
            await room.study(plan, into=ending, then=room.at(3, room.corridor.shut))
        assert ending.ended == []
        room.corridor.is_open = True
        assert (await room.study(plan, look_first=True)).outcomes == [Outcome.DONE]
        assert room.positions() == [10, 20, 30, 40, 50, 60]
        assert room.server.shown(STUDENT.stu_id, "cell-1") == 100
        room.assert_no_violations()
