import pytest

from demo.platform import Fault, audio, school_of, video
from tests.demo.platform.conftest import Enrol
from tests.support.student_client import StudentClient


async def opened(
    enrol: Enrol, length: float, position: float = 0, *, speed: float = 1.0
) -> StudentClient:
    client = await enrol(school_of([video(length, position)]), speed=speed)
    await client.view("cell-1")
    return client


async def test_a_video_is_done_when_the_last_report_hits_its_decimal_length(enrol: Enrol) -> None:
    client = await opened(enrol, 23.453061)
    for position in (10, 20, 23.453061):
        client.clock.advance(10)
        assert await client.report("cell-1", position) == {"code": 1, "msg": "操作成功！"}
    assert client.shown("cell-1") == 100
    assert client.kinds() == []


async def test_audio_is_studied_as_video_is(enrol: Enrol) -> None:
    client = await enrol(school_of([audio(12.5)]))
    await client.watch_to("cell-1", 12.5)
    assert client.shown("cell-1") == 100


@pytest.mark.parametrize("last", [14.99, 14.99999, 15.01, 15.000002])
async def test_a_last_report_beside_the_length_sticks_below_100(enrol: Enrol, last: float) -> None:
    client = await enrol(school_of([video(15)]))
    await client.watch_to("cell-1", last)
    assert 99 < client.shown("cell-1") <= 99.99
    client.clock.advance(10)
    await client.report("cell-1", 15)
    assert client.shown("cell-1") == 100


async def test_a_position_half_way_is_worth_its_share(enrol: Enrol) -> None:
    client = await enrol(school_of([video(42)]))
    await client.watch_to("cell-1", 15)
    assert client.shown("cell-1") == 35.71
    answer = await client.view("cell-1")
    assert answer["stuStudyNewlyTime"] == 15
    assert answer["cellPercent"] == 35.71


@pytest.mark.parametrize("step", [20, 20.5, 300])
async def test_a_step_of_20_seconds_is_refused_and_moves_nothing(enrol: Enrol, step: float) -> None:
    client = await opened(enrol, 600, 100)
    before = client.shown("cell-1")
    client.clock.advance(400)
    assert (await client.report("cell-1", 100 + step))["code"] == -2
    assert client.shown("cell-1") == before
    assert (await client.view("cell-1"))["stuStudyNewlyTime"] == 100
    assert client.kinds() == ["step_too_large"]


async def test_a_step_between_18_and_20_seconds_counts_but_is_held_against_it(enrol: Enrol) -> None:
    client = await opened(enrol, 100)
    client.clock.advance(10)
    assert (await client.report("cell-1", 18))["code"] == 1
    assert client.kinds() == []
    client.clock.advance(10)
    assert (await client.report("cell-1", 36.5))["code"] == 1
    assert client.kinds() == ["step_over_18"]
    assert client.shown("cell-1") == 36.5


async def test_the_first_report_needs_five_seconds_after_the_view_even_for_two_seconds_of_video(
    enrol: Enrol,
) -> None:
    client = await opened(enrol, 2)
    client.clock.advance(4.9)
    assert (await client.report("cell-1", 2))["code"] == -2
    assert client.shown("cell-1") == 0
    assert client.kinds() == ["too_soon"]
    client.clock.advance(5)
    assert (await client.report("cell-1", 2))["code"] == 1
    assert client.shown("cell-1") == 100
    assert client.kinds() == ["too_soon"]


async def test_reports_need_five_seconds_between_them(enrol: Enrol) -> None:
    client = await opened(enrol, 100)
    client.clock.advance(5)
    assert (await client.report("cell-1", 10))["code"] == 1
    client.clock.advance(4.5)
    assert (await client.report("cell-1", 15))["code"] == -2
    assert client.shown("cell-1") == 10
    assert client.kinds() == ["too_soon"]


async def test_the_gap_also_runs_from_a_report_on_another_cell(enrol: Enrol) -> None:
    client = await enrol(school_of([video(10), video(10)]))
    await client.watch_to("cell-1", 10)
    await client.view("cell-2")
    client.clock.advance(4)
    assert (await client.report("cell-2", 5))["code"] == -2


async def test_twice_the_speed_is_allowed_and_more_is_held_against_it(enrol: Enrol) -> None:
    client = await opened(enrol, 100)
    for position in (10, 20):
        client.clock.advance(5)
        await client.report("cell-1", position)
    assert client.kinds() == []
    client.clock.advance(5)
    assert (await client.report("cell-1", 30.5))["code"] == 1
    assert client.kinds() == ["too_fast"]


async def test_a_position_beyond_the_end_shows_9999_until_the_exact_length_comes(
    enrol: Enrol,
) -> None:
    client = await opened(enrol, 40, 55)
    assert client.shown("cell-1") == 99.99
    client.clock.advance(5)
    await client.report("cell-1", 60)
    assert client.shown("cell-1") == 99.99
    client.clock.advance(5)
    await client.report("cell-1", 40)
    assert client.shown("cell-1") == 100
    assert client.kinds() == []


async def test_a_video_of_unknown_length_is_done_by_one_report_after_the_gap(enrol: Enrol) -> None:
    client = await opened(enrol, 0)
    client.clock.advance(3)
    assert (await client.report("cell-1", 0))["code"] == -2
    client.clock.advance(5)
    assert (await client.report("cell-1", 0))["code"] == 1
    assert client.shown("cell-1") == 100


async def test_watching_again_from_the_start_never_lowers_the_percent(enrol: Enrol) -> None:
    client = await opened(enrol, 100, 50)
    client.clock.advance(10)
    assert (await client.report("cell-1", 10))["code"] == 1
    assert client.shown("cell-1") == 50


async def test_a_report_on_a_finished_cell_is_accepted_and_held_against_it(enrol: Enrol) -> None:
    client = await enrol(school_of([video(10)]))
    await client.watch_to("cell-1", 10)
    client.clock.advance(10)
    assert (await client.report("cell-1", 10))["code"] == 1
    assert client.kinds() == ["already_done"]


async def test_a_report_on_a_cell_that_the_view_showed_at_100_is_held_against_it(
    enrol: Enrol,
) -> None:
    client = await enrol(school_of([video(10, finished=True)]))
    await client.watch_to("cell-1", 10)
    assert client.kinds() == ["already_done"]


async def test_a_repeat_after_a_lost_answer_counts_only_against_one_who_was_shown_100(
    enrol: Enrol,
) -> None:
    """With a lag some views do not show yet what the lost report achieved."""
    held: dict[float, list[str]] = {}
    for seed in range(8):
        client = await enrol(school_of([video(10)]), lag=60, seed=seed)
        client.server.faults.add("report", Fault.LOST_AFTER)
        await client.view("cell-1")
        client.clock.advance(10)
        await client.gets_no_answer(client.report("cell-1", 10))
        assert client.shown("cell-1") == 100
        client.clock.advance(10)
        answer = await client.view("cell-1")
        client.clock.advance(10)
        await client.report("cell-1", 10)
        held[answer["cellPercent"]] = client.kinds()
    assert held == {0: [], 100: ["already_done"]}


async def test_rule_times_are_platform_seconds(enrol: Enrol) -> None:
    client = await opened(enrol, 15, speed=60.0)
    client.clock.advance(10 / 60)
    assert (await client.report("cell-1", 15))["code"] == 1
    assert client.shown("cell-1") == 100
    assert client.kinds() == []


@pytest.mark.parametrize("position", ["nan", "inf", "ten"])
async def test_a_position_that_is_no_number_fails(enrol: Enrol, position: str) -> None:
    client = await opened(enrol, 15)
    client.clock.advance(10)
    assert (await client.report("cell-1", studyNewlyTime=position))["code"] == -500


async def test_a_repeat_under_the_same_view_after_a_lost_answer_is_not_held_against_it(
    enrol: Enrol,
) -> None:
    client = await opened(enrol, 10)
    client.server.faults.add("report", Fault.LOST_AFTER)
    client.clock.advance(10)
    await client.gets_no_answer(client.report("cell-1", 10))
    client.clock.advance(10)
    assert (await client.report("cell-1", 10))["code"] == 1
    assert client.kinds() == []


async def test_a_repeat_after_the_list_showed_100_is_held_against_it(enrol: Enrol) -> None:
    client = await opened(enrol, 10)
    client.server.faults.add("report", Fault.LOST_AFTER)
    client.clock.advance(10)
    await client.gets_no_answer(client.report("cell-1", 10))
    assert (await client.cells())[0]["stuCellPercent"] == 100
    client.clock.advance(10)
    await client.report("cell-1", 10)
    assert client.kinds() == ["already_done"]
