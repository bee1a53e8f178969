import pytest

from demo.platform import (
    Fault,
    discussion,
    folder,
    homework,
    link,
    locked,
    quiz,
    school_of,
    unsupported,
    video,
)
from demo.platform.school import Cell
from tests.demo.platform.conftest import Enrol


@pytest.mark.parametrize("category", ["链接", "swf", "其他", "图文"])
async def test_some_cells_are_done_by_the_view_alone(enrol: Enrol, category: str) -> None:
    client = await enrol(school_of([link(category=category)]))
    answer = await client.view("cell-1")
    assert answer["categoryName"] == category
    assert answer["cellPercent"] == 100
    assert client.shown("cell-1") == 100
    assert client.kinds() == []


async def test_some_links_need_one_report_after_the_view(enrol: Enrol) -> None:
    client = await enrol(school_of([link(needs_report=True)]))
    assert (await client.view("cell-1"))["cellPercent"] == 0
    assert client.shown("cell-1") == 0
    await client.report("cell-1")
    assert client.shown("cell-1") == 100
    assert client.kinds() == []


async def test_a_report_on_a_link_that_the_view_showed_at_100_is_held_against_it(
    enrol: Enrol,
) -> None:
    client = await enrol(school_of([link()]))
    await client.view("cell-1")
    await client.report("cell-1")
    assert client.kinds() == ["already_done"]


async def test_with_no_count_a_view_completes_nothing(enrol: Enrol) -> None:
    client = await enrol(school_of([link()]))
    client.server.faults.add("view", Fault.NO_COUNT)
    await client.view("cell-1")
    assert client.shown("cell-1") == 0


@pytest.mark.parametrize("cell", [quiz(), homework(), discussion()])
async def test_touching_what_is_to_be_done_by_hand_is_a_violation(enrol: Enrol, cell: Cell) -> None:
    client = await enrol(school_of([cell]))
    assert (await client.view("cell-1"))["categoryName"] in ("测验", "作业", "讨论")
    assert client.kinds() == ["by_hand"]
    assert (await client.report("cell-1", page=1))["code"] == 1
    assert client.kinds() == ["by_hand", "by_hand"]
    assert client.shown("cell-1") == 0


async def test_no_report_completes_an_unsupported_kind(enrol: Enrol) -> None:
    client = await enrol(school_of([unsupported("虚拟仿真")]))
    assert (await client.view("cell-1"))["categoryName"] == "虚拟仿真"
    assert (await client.report("cell-1", page=1))["code"] == 1
    assert client.shown("cell-1") == 0


async def test_a_locked_cell_answers_33_and_does_not_become_the_open_one(enrol: Enrol) -> None:
    client = await enrol(school_of([locked(video(30)), video(30)]))
    assert (await client.view("cell-1"))["code"] == -33
    assert (await client.view("cell-2"))["code"] == 1
    assert (await client.view("cell-1"))["code"] == -33


async def test_a_report_on_a_folder_is_a_violation_and_a_view_of_one_fails(enrol: Enrol) -> None:
    client = await enrol(school_of([folder([video(30)])]))
    assert (await client.view("cell-1"))["code"] == -500
    assert (await client.report("cell-1", 10, token="x"))["code"] == -500
    assert client.kinds() == ["folder"]


async def test_a_child_is_viewed_with_the_id_of_its_module_or_none(enrol: Enrol) -> None:
    client = await enrol(school_of([folder([video(30)])]))
    assert (await client.view("cell-2", moduleId="cell-1"))["code"] == -500
    assert (await client.view("cell-2", moduleId="topic-1"))["code"] == -500
    assert (await client.view("cell-2", moduleId=""))["code"] == 1
    assert (await client.view("cell-2"))["moduleId"] == "module-1"


async def test_views_and_reports_need_the_right_course_and_class(enrol: Enrol) -> None:
    client = await enrol(school_of([video(30)]))
    assert (await client.view("cell-1", openClassId="other"))["code"] == -500
    assert (await client.view("cell-1", cellId="unknown"))["code"] == -500
    await client.view("cell-1")
    client.clock.advance(10)
    assert (await client.report("cell-1", 10, courseOpenId="other"))["code"] == -500
    assert (await client.report("cell-1", 10, cellId="unknown"))["code"] == -500
    assert client.shown("cell-1") == 0
