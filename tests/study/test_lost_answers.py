"""Answers that never came: the platform is looked at before anything is repeated."""

import pytest

from bot.study.pace import gap_of
from bot.zjy.errors import Temporary
from demo.platform import STUDENT, Endpoint, Fault, document, link, picture, video
from storage.enums import Outcome, Pace
from tests.support.study_harness import Ending, open_study

pytestmark = pytest.mark.looptime(start=0)

LOST = [Fault.LOST_AFTER, Fault.RESET, Fault.HALF_JSON, Fault.EMPTY, Fault.HTTP_504, Fault.hang(60)]


@pytest.mark.parametrize("pace", Pace)
@pytest.mark.parametrize("fault", LOST, ids=lambda fault: fault.kind.value)
async def test_a_report_without_an_answer_is_looked_at_before_it_is_repeated(
    fault: Fault, pace: Pace
) -> None:
    async with open_study([video(40), picture()]) as harness:
        ending = Ending()
        await harness.study(
            pace=pace,
            into=ending,
            then=harness.at(1, lambda: harness.fault(Endpoint.REPORT, fault)),
        )
        assert ending.outcomes == [Outcome.DONE, Outcome.DONE]
        requests = [r for r in harness.platform.requests if r.form.get("cellId") == "cell-1"]
        lost = requests.index(harness.sent(Endpoint.REPORT, cell="cell-1")[1])
        assert requests[lost + 1].endpoint is Endpoint.VIEW
        assert requests[lost + 1].at - requests[lost].at >= gap_of(pace)
        harness.assert_no_violations()


async def test_a_report_that_was_applied_is_not_sent_again() -> None:
    async with open_study([video(40)]) as harness:
        harness.fault(Endpoint.REPORT, Fault.LOST_AFTER)
        await harness.study()
        assert harness.positions() == [10, 20, 30, 40]


async def test_a_report_that_was_not_applied_is_sent_again() -> None:
    async with open_study([video(40)]) as harness:
        harness.fault(Endpoint.REPORT, Fault.RESET)
        await harness.study()
        assert harness.positions() == [10, 10, 20, 30, 40]


@pytest.mark.parametrize("lag", [0.0, 5.0])
@pytest.mark.parametrize("pace", Pace)
async def test_a_lost_answer_to_the_last_report_does_not_report_a_full_cell(
    pace: Pace, lag: float
) -> None:
    async with open_study([video(10)], lag=lag) as harness:
        harness.fault(Endpoint.REPORT, Fault.LOST_AFTER)
        ending = await harness.study(pace=pace)
        assert ending.outcomes == [Outcome.DONE]
        assert harness.positions() == [10]
        harness.assert_no_violations()


async def test_a_lost_last_page_waits_its_ten_seconds_anew() -> None:
    async with open_study([document(5)]) as harness:
        ending = Ending()
        await harness.study(
            into=ending, then=harness.at(1, lambda: harness.fault(Endpoint.REPORT, Fault.RESET))
        )
        assert ending.outcomes == [Outcome.DONE]
        assert harness.pages() == [1, 5, 1, 5]
        last_view = harness.sent(Endpoint.VIEW)[-1]
        assert last_view.answered_at is not None
        assert harness.sent(Endpoint.REPORT)[-1].at - last_view.answered_at >= 10


@pytest.mark.parametrize("endpoint", [Endpoint.VIEW, Endpoint.CELLS, Endpoint.ME])
@pytest.mark.parametrize("fault", LOST, ids=lambda fault: fault.kind.value)
async def test_any_other_answer_that_is_lost_is_asked_for_again(
    endpoint: Endpoint, fault: Fault
) -> None:
    async with open_study([video(20), link(needs_report=True)]) as harness:
        plan = await harness.plan()
        harness.fault(endpoint, fault)
        ending = await harness.study(plan, look_first=True)
        assert ending.outcomes == [Outcome.DONE, Outcome.DONE]
        harness.assert_no_violations()


async def test_three_lost_answers_in_a_row_end_the_attempt_and_six_the_cell() -> None:
    async with open_study([video(40), link()]) as harness:
        harness.fault(Endpoint.REPORT, Fault.RESET, times=None)
        ending = await harness.study()
        assert ending.of("cell-1").outcome is Outcome.TEMPORARY
        assert ending.of("cell-1").code is None
        assert len(harness.sent(Endpoint.REPORT)) == 6
        assert ending.of("cell-2").outcome is Outcome.DONE
        harness.assert_no_violations()


async def test_a_last_page_whose_answers_are_all_lost_is_not_called_uncounted() -> None:
    async with open_study([document(5)]) as harness:

        def lose_the_last_page() -> None:
            if harness.pages()[-1:] == [1]:
                harness.fault(Endpoint.REPORT, Fault.RESET)

        ending = await harness.study(then=lose_the_last_page)
        assert set(harness.pages()) == {1, 5}
        assert ending.of("cell-1").outcome is Outcome.TEMPORARY
        harness.assert_no_violations()


async def test_a_platform_that_went_away_stops_the_run_and_the_next_goes_on_from_its_position() -> (
    None
):
    async with open_study([video(60)]) as harness:
        plan = await harness.plan()
        ending = Ending()
        with pytest.raises(Temporary):
            await harness.study(plan, into=ending, then=harness.at(3, harness.transport.shut))
        assert ending.ended == []
        harness.transport.is_open = True
        assert (await harness.study(plan, look_first=True)).outcomes == [Outcome.DONE]
        assert harness.positions() == [10, 20, 30, 40, 50, 60]
        assert harness.platform.shown(STUDENT.stu_id, "cell-1") == 100
        harness.assert_no_violations()
