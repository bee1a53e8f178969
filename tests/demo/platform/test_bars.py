from demo.platform import Fault, school_of, video
from tests.demo.platform.conftest import Enrol
from tests.demo.platform.pupil import Pupil

BARRED = {"code": -1, "msg": "您的账号存在异常学习行为，请20分钟后再试"}


async def strikes(pupil: Pupil, *, apart: float) -> None:
    """Three steps that are too large, so many seconds apart."""
    await pupil.view("cell-1")
    for _ in range(3):
        pupil.watch.wait(apart)
        assert (await pupil.report("cell-1", 100))["code"] == -2


async def test_three_bad_steps_within_a_minute_bar_views_and_reports_for_20_minutes(
    enrol: Enrol,
) -> None:
    pupil = await enrol(school_of([video(300)]))
    await strikes(pupil, apart=10)
    assert await pupil.view("cell-1") == BARRED
    assert (await pupil.cells())[0]["Id"] == "cell-1"
    pupil.watch.wait(19 * 60)
    assert await pupil.report("cell-1", 10) == BARRED
    pupil.watch.wait(60)
    assert (await pupil.view("cell-1"))["code"] == 1


async def test_steps_that_come_too_soon_bar_as_well(enrol: Enrol) -> None:
    pupil = await enrol(school_of([video(300)]))
    await strikes(pupil, apart=1)
    assert pupil.kinds() == ["too_soon", "step_too_large"] * 3
    assert await pupil.view("cell-1") == BARRED


async def test_three_bad_steps_in_more_than_a_minute_are_no_bar(enrol: Enrol) -> None:
    pupil = await enrol(school_of([video(300)]))
    await strikes(pupil, apart=31)
    assert (await pupil.view("cell-1"))["code"] == 1


async def test_only_asking_again_after_a_bar_was_told_is_held_against_it(enrol: Enrol) -> None:
    pupil = await enrol(school_of([video(300)]))
    pupil.server.bar(pupil.stu_id)
    assert await pupil.view("cell-1") == BARRED
    assert pupil.kinds() == []
    assert await pupil.view("cell-1") == BARRED
    assert pupil.kinds() == ["during_bar"]


async def test_a_planned_bar_lasts_as_long_as_it_says(enrol: Enrol) -> None:
    pupil = await enrol(school_of([video(300)]))
    await pupil.view("cell-1")
    pupil.server.faults.add("report", Fault.bar(10))
    pupil.watch.wait(10)
    assert "请10分钟后" in (await pupil.report("cell-1", 10))["msg"]
    assert pupil.shown("cell-1") == 0
    pupil.watch.wait(600)
    assert (await pupil.view("cell-1"))["code"] == 1
    assert pupil.kinds() == []


async def test_a_bar_without_a_number_lasts_30_minutes(enrol: Enrol) -> None:
    pupil = await enrol(school_of([video(300)]))
    pupil.server.faults.add("view", Fault.bar(None))
    answer = await pupil.view("cell-1")
    assert answer["code"] == -1
    assert "刷课记录" in answer["msg"]
    assert "分钟" not in answer["msg"]
    pupil.watch.wait(29 * 60)
    assert (await pupil.view("cell-1"))["code"] == -1
    pupil.watch.wait(60)
    assert (await pupil.view("cell-1"))["code"] == 1


async def test_a_bar_is_one_students_own(enrol: Enrol) -> None:
    pupil = await enrol(school_of([video(300)]))
    pupil.server.bar(pupil.stu_id)
    pupil.auth = pupil.server.cookie_for(pupil.school.students[1].stu_id)
    assert (await pupil.view("cell-1"))["code"] == 1


async def test_a_planned_refusal_of_a_step_is_no_violation(enrol: Enrol) -> None:
    pupil = await enrol(school_of([video(300)]))
    pupil.server.faults.add("report", Fault.json({"code": -2, "msg": "x"}), times=4)
    await pupil.view("cell-1")
    for _ in range(4):
        assert (await pupil.report("cell-1", 10))["code"] == -2
    assert pupil.kinds() == []
    assert (await pupil.view("cell-1"))["code"] == 1


async def test_the_gap_runs_from_an_injected_answer_to_a_report_too(enrol: Enrol) -> None:
    pupil = await enrol(school_of([video(300)]))
    pupil.server.faults.add("report", Fault.json({"code": -2, "msg": "x"}))
    await pupil.view("cell-1")
    pupil.watch.wait(10)
    await pupil.report("cell-1", 10)
    pupil.watch.wait(3)
    await pupil.report("cell-1", 5)
    assert pupil.kinds() == ["too_soon"]
