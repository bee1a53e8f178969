from demo.platform import Fault, school_of, video
from tests.demo.platform.conftest import Enrol
from tests.support.student_client import StudentClient

BARRED = {"code": -1, "msg": "您的账号存在异常学习行为，请20分钟后再试"}


async def strikes(client: StudentClient, *, apart: float) -> None:
    """Three steps that are too large, so many seconds apart."""
    await client.view("cell-1")
    for _ in range(3):
        client.clock.advance(apart)
        assert (await client.report("cell-1", 100))["code"] == -2


async def test_three_bad_steps_within_a_minute_bar_views_and_reports_for_20_minutes(
    enrol: Enrol,
) -> None:
    client = await enrol(school_of([video(300)]))
    await strikes(client, apart=10)
    assert await client.view("cell-1") == BARRED
    assert (await client.cells())[0]["Id"] == "cell-1"
    client.clock.advance(19 * 60)
    assert await client.report("cell-1", 10) == BARRED
    client.clock.advance(60)
    assert (await client.view("cell-1"))["code"] == 1


async def test_steps_that_come_too_soon_bar_as_well(enrol: Enrol) -> None:
    client = await enrol(school_of([video(300)]))
    await strikes(client, apart=1)
    assert client.kinds() == ["too_soon", "step_too_large"] * 3
    assert await client.view("cell-1") == BARRED


async def test_three_bad_steps_in_more_than_a_minute_are_no_bar(enrol: Enrol) -> None:
    client = await enrol(school_of([video(300)]))
    await strikes(client, apart=31)
    assert (await client.view("cell-1"))["code"] == 1


async def test_only_asking_again_after_a_bar_was_told_is_held_against_it(enrol: Enrol) -> None:
    client = await enrol(school_of([video(300)]))
    client.server.bar(client.stu_id)
    assert await client.view("cell-1") == BARRED
    assert client.kinds() == []
    assert await client.view("cell-1") == BARRED
    assert client.kinds() == ["during_bar"]


async def test_a_planned_bar_lasts_as_long_as_it_says(enrol: Enrol) -> None:
    client = await enrol(school_of([video(300)]))
    await client.view("cell-1")
    client.server.faults.add("report", Fault.bar(10))
    client.clock.advance(10)
    assert "请10分钟后" in (await client.report("cell-1", 10))["msg"]
    assert client.shown("cell-1") == 0
    client.clock.advance(600)
    assert (await client.view("cell-1"))["code"] == 1
    assert client.kinds() == []


async def test_a_bar_without_a_number_lasts_30_minutes(enrol: Enrol) -> None:
    client = await enrol(school_of([video(300)]))
    client.server.faults.add("view", Fault.bar(None))
    answer = await client.view("cell-1")
    assert answer["code"] == -1
    assert "刷课记录" in answer["msg"]
    assert "分钟" not in answer["msg"]
    client.clock.advance(29 * 60)
    assert (await client.view("cell-1"))["code"] == -1
    client.clock.advance(60)
    assert (await client.view("cell-1"))["code"] == 1


async def test_a_bar_is_one_students_own(enrol: Enrol) -> None:
    client = await enrol(school_of([video(300)]))
    client.server.bar(client.stu_id)
    client.auth = client.server.cookie_for(client.school.students[1].stu_id)
    assert (await client.view("cell-1"))["code"] == 1


async def test_a_planned_refusal_of_a_step_is_no_violation(enrol: Enrol) -> None:
    client = await enrol(school_of([video(300)]))
    client.server.faults.add("report", Fault.json({"code": -2, "msg": "x"}), times=4)
    await client.view("cell-1")
    for _ in range(4):
        assert (await client.report("cell-1", 10))["code"] == -2
    assert client.kinds() == []
    assert (await client.view("cell-1"))["code"] == 1


async def test_the_gap_runs_from_an_injected_answer_to_a_report_too(enrol: Enrol) -> None:
    client = await enrol(school_of([video(300)]))
    client.server.faults.add("report", Fault.json({"code": -2, "msg": "x"}))
    await client.view("cell-1")
    client.clock.advance(10)
    await client.report("cell-1", 10)
    client.clock.advance(3)
    await client.report("cell-1", 5)
    assert client.kinds() == ["too_soon"]
