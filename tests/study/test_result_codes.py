"""What the engine does on every code and text that the platform answers with."""

from itertools import count

import pytest

from bot.study.events import CellEnded
from bot.study.pace import gap_of
from bot.zjy.errors import Barred, SessionExpired, Temporary
from demo.platform import Endpoint, Fault, Phase, document, link, video
from storage.enums import Outcome, Pace
from tests.support.study_harness import Ending, open_study

pytestmark = pytest.mark.looptime(start=0)


async def test_another_open_cell_is_switched_away_from_once_and_the_cell_studied() -> None:
    async with open_study([video(60), video(20)]) as harness:
        await harness.session.view(harness.course, "cell-1", "module-1")
        plan = await harness.plan()
        ending = await harness.study([plan[1]])
        assert ending.outcomes == [Outcome.DONE]
        (switch,) = harness.sent(Endpoint.SWITCH)
        assert dict(switch.form) == {
            "courseOpenId": harness.course.course_open_id,
            "openClassId": harness.course.open_class_id,
            "moduleId": "module-1",
            "cellId": "cell-2",
            "cellName": "视频",
        }
        harness.assert_no_violations()


async def test_a_minus_100_on_a_report_switches_and_goes_on_from_the_stored_position() -> None:
    async with open_study([video(40)]) as harness:
        ending = Ending()
        await harness.study(
            into=ending, then=harness.at(2, lambda: harness.says(Endpoint.REPORT, -100))
        )
        assert ending.outcomes == [Outcome.DONE]
        assert harness.positions() == [10, 20, 30, 30, 40]
        assert len(harness.sent(Endpoint.SWITCH)) == 1
        harness.assert_no_violations()


async def test_a_second_minus_100_is_a_failure_and_no_loop() -> None:
    async with open_study([video(20), link()]) as harness:
        harness.says(Endpoint.VIEW, -100, "请先完成", times=2)
        ending = await harness.study()
        assert ending.of("cell-1").outcome is Outcome.REFUSED
        assert (ending.of("cell-1").code, ending.of("cell-1").msg) == ("-100", "请先完成")
        assert ending.of("cell-2").outcome is Outcome.DONE
        assert len(harness.sent(Endpoint.SWITCH, cell="cell-1")) == 1
        assert len(harness.sent(Endpoint.VIEW, cell="cell-1")) == 2


async def test_minus_100_on_a_report_after_one_on_the_view_is_a_failure() -> None:
    async with open_study([video(20)]) as harness:
        harness.says(Endpoint.VIEW, -100).says(Endpoint.REPORT, -100)
        assert (await harness.study()).outcomes == [Outcome.REFUSED]
        assert len(harness.sent(Endpoint.SWITCH)) == 1


async def test_a_switch_that_is_refused_fails_the_cell_alone() -> None:
    async with open_study([video(20), link()]) as harness:
        harness.platform.faults.add(
            Endpoint.VIEW,
            Fault.json({"code": -100}),
            times=2,
            where=lambda form: form["cellId"] == "cell-1",
        )
        harness.says(Endpoint.SWITCH, 7, "不可以", times=2)
        ending = await harness.study()
        assert ending.of("cell-1").outcome is Outcome.REFUSED
        assert ending.of("cell-1").msg == "不可以"
        assert ending.of("cell-2").outcome is Outcome.DONE


async def test_a_switch_in_trouble_fails_the_cell_alone_while_the_platform_works() -> None:
    async with open_study([video(20), link()]) as harness:
        harness.platform.faults.add(
            Endpoint.VIEW,
            Fault.json({"code": -100}),
            times=6,
            where=lambda form: form["cellId"] == "cell-1",
        )
        harness.says(Endpoint.SWITCH, -500, "忙", times=6)
        ending = await harness.study()
        assert ending.of("cell-1").outcome is Outcome.TEMPORARY
        assert ending.of("cell-2").outcome is Outcome.DONE


@pytest.mark.parametrize("fault", [Fault.HTTP_502, Fault.LOST_AFTER, Fault.EMPTY, Fault.HALF_JSON])
async def test_a_switch_whose_answer_was_lost_is_followed_by_a_look(fault: Fault) -> None:
    async with open_study([video(20)]) as harness:
        harness.says(Endpoint.VIEW, -100).fault(Endpoint.SWITCH, fault)
        ending = await harness.study()
        assert ending.outcomes == [Outcome.DONE]
        assert len(harness.sent(Endpoint.SWITCH)) == 1


async def test_a_switch_that_was_lost_and_is_still_needed_is_sent_again() -> None:
    async with open_study([video(20)]) as harness:
        harness.says(Endpoint.VIEW, -100, times=3).fault(Endpoint.SWITCH, Fault.RESET, times=2)
        ending = await harness.study()
        assert ending.outcomes == [Outcome.DONE]
        switches = harness.sent(Endpoint.SWITCH)
        assert len(switches) == 3
        views = [view.at for view in harness.sent(Endpoint.VIEW)]
        for lost in switches[:2]:
            assert min(at for at in views if at > lost.at) >= lost.at + gap_of(Pace.NORMAL)


@pytest.mark.parametrize(("lost", "asked"), [(2, 0), (3, 1)])
async def test_the_third_lost_switch_in_a_row_asks_whether_the_platform_works(
    lost: int, asked: int
) -> None:
    async with open_study([video(20)]) as harness:
        harness.says(Endpoint.VIEW, -100, times=3).fault(Endpoint.SWITCH, Fault.RESET, times=lost)
        assert (await harness.study()).outcomes == [Outcome.DONE]
        assert len(harness.sent(Endpoint.ME)) == asked


async def test_minus_2_halves_the_step_and_an_accepted_report_brings_the_pace_back() -> None:
    async with open_study([video(50)]) as harness:
        ending = Ending()
        await harness.study(
            into=ending, then=harness.at(2, lambda: harness.says(Endpoint.REPORT, -2))
        )
        assert ending.outcomes == [Outcome.DONE]
        assert harness.positions() == [10, 20, 30, 25, 35, 45, 50]
        assert min(harness.gaps()) >= 5
        harness.assert_no_violations()


async def test_two_minus_2_in_a_row_halve_twice_at_the_full_gap() -> None:
    async with open_study([video(30)]) as harness:
        harness.says(Endpoint.REPORT, -2, times=2)
        assert (await harness.study(pace=Pace.FAST)).outcomes == [Outcome.DONE]
        assert harness.positions() == [15, 7.5, 3.75, 18.75, 30]
        assert min(harness.gaps()[:3]) >= 10


async def test_three_minus_2_in_a_row_end_the_cell_and_not_the_account() -> None:
    async with open_study([video(30), link()]) as harness:
        harness.says(Endpoint.REPORT, -2, "操作失败！", times=3)
        ending = await harness.study()
        cell = ending.of("cell-1")
        assert (cell.outcome, cell.code, cell.msg) == (Outcome.REFUSED, "-2", "操作失败！")
        assert len(harness.sent(Endpoint.REPORT)) == 3
        assert ending.of("cell-2").outcome is Outcome.DONE


async def test_an_accepted_report_starts_the_count_of_refusals_anew() -> None:
    async with open_study([video(40)]) as harness:
        ending = Ending()
        harness.says(Endpoint.REPORT, -2, times=2)
        await harness.study(
            into=ending, then=harness.at(3, lambda: harness.says(Endpoint.REPORT, -2, times=2))
        )
        assert ending.outcomes == [Outcome.DONE]


async def test_a_refused_report_views_again_and_goes_on_at_the_pace() -> None:
    async with open_study([video(30)]) as harness:
        harness.says(Endpoint.REPORT, -1, "操作失败！")
        assert (await harness.study()).outcomes == [Outcome.DONE]
        assert harness.positions() == [10, 10, 20, 30]
        assert len(harness.sent(Endpoint.VIEW)) == 2
        harness.assert_no_violations()


async def test_three_refused_reports_end_the_cell() -> None:
    async with open_study([video(30), link()]) as harness:
        harness.says(Endpoint.REPORT, -1, "操作失败！", times=3)
        ending = await harness.study()
        assert (ending.of("cell-1").outcome, ending.of("cell-1").code) == (Outcome.REFUSED, "-1")
        assert ending.of("cell-2").outcome is Outcome.DONE


@pytest.mark.parametrize("endpoint", [Endpoint.VIEW, Endpoint.REPORT])
@pytest.mark.parametrize(
    ("code", "msg", "minutes"),
    [
        (-1, "您的账号存在异常学习行为，请20分钟后再试", 20),
        (-1, "存在刷课记录", None),
        (0, "学习过于频繁，请 15 分钟后再试", 15),
        (-500, "异常学习行为", None),
    ],
)
async def test_a_bar_stops_the_run_with_its_minutes(
    endpoint: Endpoint, code: int, msg: str, minutes: int | None
) -> None:
    async with open_study([link(), video(30), link()]) as harness:
        plan = await harness.plan()
        harness.platform.faults.add(
            endpoint,
            Fault.json({"code": code, "msg": msg}),
            where=lambda f: f["cellId"] == "cell-2",
        )
        ending = Ending()
        with pytest.raises(Barred) as raised:
            await harness.study(plan, into=ending)
        assert (raised.value.minutes, raised.value.msg) == (minutes, msg)
        assert harness.sent(Endpoint.VIEW, cell="cell-3") == []
        assert [(event.cell.cell_id, event.outcome) for event in ending.ended] == [
            ("cell-1", Outcome.DONE)
        ]


@pytest.mark.parametrize("fault", [Fault.json({"code": 4711}), Fault.bar(5), Fault.EXPIRED_STRING])
async def test_a_bar_is_told_also_where_the_topic_cannot_be_read_after_it(fault: Fault) -> None:
    async with open_study([link(), video(30)]) as harness:
        plan = await harness.plan()
        harness.fault(Endpoint.REPORT, Fault.bar(10)).fault(Endpoint.CELLS, fault, times=4)
        ending = Ending()
        with pytest.raises(Barred) as raised:
            await harness.study(plan, into=ending)
        assert raised.value.minutes == 10
        assert ending.ended == []


async def test_a_bar_is_told_also_where_a_stop_comes_with_it() -> None:
    async with open_study([link(), video(30)]) as harness:
        plan = await harness.plan()
        harness.fault(Endpoint.REPORT, Fault.bar(10))

        async def stop_at_the_report(endpoint: Endpoint, _: Phase) -> None:
            if endpoint is Endpoint.REPORT:
                harness.stop.raise_()

        harness.platform.on_request = stop_at_the_report
        with pytest.raises(Barred):
            await harness.study(plan)


async def test_a_minus_1_on_the_view_is_a_bar_without_a_word_about_it() -> None:
    async with open_study([video(30)]) as harness:
        harness.says(Endpoint.VIEW, -1)
        with pytest.raises(Barred) as raised:
            await harness.study()
        assert raised.value.minutes is None


@pytest.mark.parametrize("endpoint", [Endpoint.VIEW, Endpoint.REPORT, Endpoint.CELLS])
@pytest.mark.parametrize(
    ("code", "msg"), [("-1", ""), (1, "用户信息异常，请重新登录"), (-500, "用户信息异常")]
)
async def test_an_expired_session_stops_the_run(endpoint: Endpoint, code: object, msg: str) -> None:
    async with open_study([video(30)]) as harness:
        plan = await harness.plan()
        harness.says(endpoint, code, msg)
        ending = Ending()
        with pytest.raises(SessionExpired):
            await harness.study(plan, into=ending)
        assert ending.ended == []


@pytest.mark.parametrize("seed", range(6))
async def test_every_form_of_a_real_expiry_stops_the_run(seed: int) -> None:
    async with open_study([video(60)], seed=seed) as harness:
        ending = Ending()
        with pytest.raises(SessionExpired):
            await harness.study(
                into=ending,
                then=harness.at(
                    3, lambda: harness.platform.expire(harness.platform.school.students[0].stu_id)
                ),
            )
        assert harness.shown("cell-1") == 50


async def test_one_empty_answer_is_passing_trouble_when_the_session_lives() -> None:
    async with open_study([video(20)]) as harness:
        harness.fault(Endpoint.VIEW, Fault.EMPTY).fault(Endpoint.REPORT, Fault.LOGIN_PAGE)
        assert (await harness.study()).outcomes == [Outcome.DONE]
        harness.assert_no_violations()


async def test_a_passing_minus_500_is_tried_again() -> None:
    async with open_study([video(20)]) as harness:
        harness.says(Endpoint.VIEW, -500, times=2).says(Endpoint.REPORT, -500, times=2)
        assert (await harness.study()).outcomes == [Outcome.DONE]
        harness.assert_no_violations()


@pytest.mark.parametrize("endpoint", [Endpoint.VIEW, Endpoint.REPORT])
async def test_a_lasting_minus_500_fails_the_cell_alone_while_the_platform_works(
    endpoint: Endpoint,
) -> None:
    async with open_study([video(20), link()]) as harness:
        harness.platform.faults.add(
            endpoint,
            Fault.json({"code": -500, "msg": "系统繁忙"}),
            times=None,
            where=lambda form: form["cellId"] == "cell-1",
        )
        ending = await harness.study()
        cell = ending.of("cell-1")
        assert (cell.outcome, cell.code, cell.msg) == (Outcome.TEMPORARY, "-500", "系统繁忙")
        assert ending.of("cell-2").outcome is Outcome.DONE


@pytest.mark.parametrize("endpoint", [Endpoint.VIEW, Endpoint.REPORT, Endpoint.CELLS])
async def test_trouble_of_the_whole_platform_stops_the_run_and_ends_no_cell(
    endpoint: Endpoint,
) -> None:
    async with open_study([video(20), link()]) as harness:
        plan = await harness.plan()
        harness.fault(endpoint, Fault.HTTP_502, times=None).fault(
            Endpoint.ME, Fault.HTTP_502, times=None
        )
        ending = Ending()
        with pytest.raises(Temporary):
            await harness.study(plan, into=ending)
        assert ending.ended == []


@pytest.mark.parametrize("endpoint", [Endpoint.VIEW, Endpoint.REPORT])
async def test_an_unknown_code_is_kept_with_its_text(endpoint: Endpoint) -> None:
    async with open_study([video(20), link()]) as harness:
        harness.platform.faults.add(
            endpoint,
            Fault.json({"code": 4711, "msg": "数据校验失败"}),
            times=None,
            where=lambda form: form["cellId"] == "cell-1",
        )
        ending = await harness.study()
        cell = ending.of("cell-1")
        assert (cell.outcome, cell.code, cell.msg) == (Outcome.REFUSED, "4711", "数据校验失败")
        assert len(harness.sent(endpoint, cell="cell-1")) == 2
        assert ending.of("cell-2").outcome is Outcome.DONE


@pytest.mark.parametrize("code", [4711, -1])
async def test_a_topic_that_is_refused_fails_its_cells_and_does_not_hold_up_the_run(
    code: int,
) -> None:
    async with open_study([video(20), document(2)]) as harness:
        plan = await harness.plan()
        harness.says(Endpoint.CELLS, code, "章节不存在", times=100)
        ending = await harness.study(plan, look_first=True)
        assert ending.outcomes == [Outcome.UNREAD, Outcome.UNREAD]
        assert {(cell.code, cell.msg) for cell in ending.ended} == {(str(code), "章节不存在")}
        assert harness.sent(Endpoint.VIEW) == []


async def test_a_topic_that_is_gone_fails_its_cells_while_the_platform_works() -> None:
    async with open_study([video(20)]) as harness:
        plan = await harness.plan()
        harness.says(Endpoint.CELLS, -500, "操作失败！", times=100)
        ending = await harness.study(plan, look_first=True)
        assert ending.outcomes == [Outcome.UNREAD]
        assert ending.ended[0].code == "-500"


@pytest.mark.parametrize("fault", [Fault.HTTP_504, Fault.json({"code": -500})])
async def test_a_topic_that_cannot_be_read_while_the_platform_is_away_ends_no_cell(
    fault: Fault,
) -> None:
    async with open_study([video(20)]) as harness:
        plan = await harness.plan()
        harness.fault(Endpoint.CELLS, fault, times=None).fault(Endpoint.ME, Fault.AWAY, times=None)
        with pytest.raises(Temporary):
            await harness.study(plan, look_first=True)


async def test_a_gateways_page_for_a_topic_is_no_word_about_that_topic() -> None:
    async with open_study([video(20)]) as harness:
        plan = await harness.plan()
        harness.fault(Endpoint.CELLS, Fault.HTTP_504, times=None)
        with pytest.raises(Temporary):
            await harness.study(plan, look_first=True)


async def test_reports_accepted_and_refused_in_turn_without_a_move_come_to_an_end() -> None:
    async with open_study([video(200), link()]) as harness:
        plan = await harness.plan()
        turn = count()
        harness.platform.faults.add(
            Endpoint.REPORT,
            Fault.json({"code": -2}),
            times=None,
            where=lambda _: next(turn) % 2 == 1,
        )
        harness.fault(Endpoint.REPORT, Fault.NO_COUNT, times=None)
        ending = await harness.study(plan)
        assert ending.of("cell-1").outcome is Outcome.NOT_COUNTED
        assert len(harness.positions()) == 6
        assert ending.of("cell-2").outcome is Outcome.DONE


async def test_a_refused_read_back_calls_nothing_done() -> None:
    async with open_study([video(20), link()]) as harness:
        plan = await harness.plan()
        harness.fault(Endpoint.CELLS, Fault.json({"code": 4711, "msg": "不可以"}), times=None)
        ending = await harness.study(plan)
        assert ending.outcomes == [Outcome.UNREAD, Outcome.UNREAD]
        assert {ended.msg for ended in ending.ended} == {"不可以"}


async def test_a_read_back_refused_once_is_looked_at_again() -> None:
    async with open_study([video(20), link()]) as harness:
        plan = await harness.plan()
        harness.says(Endpoint.CELLS, 4711, "不可以", times=3)
        ending = await harness.study(plan)
        assert ending.outcomes == [Outcome.DONE, Outcome.DONE]


async def test_refusals_of_the_engine_never_become_an_event_twice() -> None:
    async with open_study([video(20), link(), document(3)]) as harness:
        harness.says(Endpoint.VIEW, 9, times=1).says(Endpoint.REPORT, 9, times=1)
        ending = await harness.study()
        ended = [event.cell.cell_id for event in ending.events if isinstance(event, CellEnded)]
        assert sorted(ended) == ["cell-1", "cell-2", "cell-3"]


async def test_what_was_read_back_as_done_stays_done_when_a_later_look_meets_a_bar() -> None:
    async with open_study([video(20), link(needs_report=True)]) as harness:
        plan = await harness.plan()
        ending = Ending()

        def bar_the_second_look() -> None:
            if ending.outcomes:
                harness.fault(Endpoint.CELLS, Fault.bar(10))

        with pytest.raises(Barred):
            await harness.study(plan, into=ending, then=bar_the_second_look)
        assert [(event.cell.cell_id, event.outcome) for event in ending.ended] == [
            ("cell-1", Outcome.DONE)
        ]
