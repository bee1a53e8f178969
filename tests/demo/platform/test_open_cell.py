import pytest

from demo.platform import Endpoint, Fault, document, link, school_of, video
from tests.demo.platform.conftest import Enrol
from tests.demo.platform.pupil import Pupil

ASKED_FOR = {
    "code": -100,
    "currCourseOpenId": "course-1-open",
    "currOpenClassId": "course-1-class",
    "currModuleId": "module-1",
    "curCellId": "cell-2",
    "currCellName": '<b>&" 第二节',
    "currPercent": 0,
    "lastCourseOpenId": "course-1-open",
    "lastOpenClassId": "course-1-class",
    "lastModuleId": "module-1",
    "lastCellId": "cell-1",
    "lastCellName": "视频",
    "lastPercent": 50,
}


async def half_way(enrol: Enrol) -> Pupil:
    """A video left half-way, and a document behind it."""
    pupil = await enrol(school_of([video(30), document(3, name='<b>&" 第二节'), link()]))
    await pupil.watch_to("cell-1", 15)
    return pupil


async def test_a_cell_left_half_way_blocks_the_next_one(enrol: Enrol) -> None:
    pupil = await half_way(enrol)
    assert await pupil.view("cell-2") == ASKED_FOR
    assert await pupil.view("cell-2") == ASKED_FOR


async def test_even_a_finished_cell_is_not_opened_while_another_is_unfinished(enrol: Enrol) -> None:
    pupil = await enrol(school_of([video(30), video(30, finished=True)]))
    await pupil.view("cell-1")
    answer = await pupil.view("cell-2")
    assert (answer["code"], answer["currPercent"]) == (-100, 100)


async def test_a_document_whose_last_page_did_not_count_blocks(enrol: Enrol) -> None:
    pupil = await enrol(school_of([document(2), video(30)]))
    await pupil.view("cell-1")
    await pupil.report("cell-1", page=2)
    assert (await pupil.view("cell-2"))["code"] == -100


async def test_finished_cells_and_links_done_by_the_view_do_not_block(enrol: Enrol) -> None:
    pupil = await enrol(school_of([video(10), link(), video(30, finished=True), video(30)]))
    await pupil.watch_to("cell-1", 10)
    for cell_id in ("cell-2", "cell-3", "cell-4"):
        assert (await pupil.view(cell_id))["code"] == 1


async def test_another_session_of_the_student_is_blocked_too_but_not_another_student(
    enrol: Enrol,
) -> None:
    pupil = await half_way(enrol)
    pupil.auth = pupil.server.cookie_for(pupil.stu_id)
    assert (await pupil.view("cell-2"))["code"] == -100
    pupil.auth = pupil.server.cookie_for(pupil.school.students[1].stu_id)
    assert (await pupil.view("cell-2"))["code"] == 1


async def test_a_switch_with_the_five_values_of_the_answer_opens_the_way(enrol: Enrol) -> None:
    pupil = await half_way(enrol)
    said = await pupil.view("cell-2")
    answer = await pupil.ask(
        Endpoint.SWITCH,
        courseOpenId=said["currCourseOpenId"],
        openClassId=said["currOpenClassId"],
        moduleId=said["currModuleId"],
        cellId=said["curCellId"],
        cellName=said["currCellName"],
    )
    assert answer == {"code": 1}
    assert (await pupil.view("cell-2"))["code"] == 1
    assert pupil.kinds() == []


@pytest.mark.parametrize("name", ["courseOpenId", "openClassId", "moduleId", "cellId", "cellName"])
async def test_a_switch_with_one_wrong_value_fails_and_changes_nothing(
    enrol: Enrol, name: str
) -> None:
    pupil = await half_way(enrol)
    assert (await pupil.switch("cell-2", **{name: "wrong"}))["code"] == -500
    assert (await pupil.switch("cell-2", **{name: ""}))["code"] == -500
    assert (await pupil.view("cell-2"))["code"] == -100


async def test_a_switch_to_the_blocking_cell_gains_nothing(enrol: Enrol) -> None:
    pupil = await half_way(enrol)
    assert (await pupil.switch("cell-1"))["code"] == 1
    assert (await pupil.view("cell-2"))["code"] == -100


async def test_more_than_three_switches_in_a_row_to_one_cell_are_a_loop(enrol: Enrol) -> None:
    pupil = await half_way(enrol)
    pupil.server.faults.add("view", Fault.json({"code": -100}), times=None)
    for _ in range(3):
        await pupil.view("cell-2")
        await pupil.switch("cell-2")
    assert pupil.kinds() == []
    await pupil.switch("cell-2")
    assert pupil.kinds() == ["loop"]


async def test_switches_with_a_view_or_another_cell_between_them_are_no_loop(enrol: Enrol) -> None:
    pupil = await half_way(enrol)
    for _ in range(3):
        await pupil.switch("cell-2")
        await pupil.switch("cell-1")
    for _ in range(5):
        await pupil.switch("cell-2")
        assert (await pupil.view("cell-2"))["code"] == 1
    assert pupil.kinds() == []


async def test_a_report_without_a_token_is_refused(enrol: Enrol) -> None:
    pupil = await enrol(school_of([video(30)]))
    await pupil.view("cell-1")
    pupil.watch.wait(10)
    answer = await pupil.report("cell-1", 10, token="")
    assert answer["code"] == -1
    assert type(answer["code"]) is int
    assert pupil.kinds() == ["no_token"]
    assert pupil.shown("cell-1") == 0


async def test_only_the_latest_views_token_is_good(enrol: Enrol) -> None:
    pupil = await enrol(school_of([video(30)]))
    first = (await pupil.view("cell-1"))["guIdToken"]
    assert (await pupil.view("cell-1"))["guIdToken"] != first
    pupil.watch.wait(10)
    assert (await pupil.report("cell-1", 10, token=first))["code"] == -1
    assert (await pupil.report("cell-1", 10, token="made-up"))["code"] == -1
    assert pupil.kinds() == ["stale_token", "stale_token"]
    pupil.watch.wait(10)
    assert (await pupil.report("cell-1", 10))["code"] == 1


async def test_a_switch_ends_the_token_of_the_cell_before(enrol: Enrol) -> None:
    pupil = await half_way(enrol)
    await pupil.switch("cell-1")
    pupil.watch.wait(10)
    assert (await pupil.report("cell-1", 20))["code"] == -1
    assert pupil.kinds() == ["stale_token"]


async def test_a_report_on_a_cell_that_is_not_open_is_answered_with_the_open_one(
    enrol: Enrol,
) -> None:
    pupil = await half_way(enrol)
    pupil.watch.wait(10)
    answer = await pupil.report("cell-2", page=1, token=pupil.tokens["cell-1"])
    assert answer == ASKED_FOR
    assert pupil.kinds() == ["wrong_cell"]
    assert pupil.shown("cell-2") == 0


async def test_a_foreign_log_id_is_refused_and_the_views_own_is_good(enrol: Enrol) -> None:
    pupil = await enrol(school_of([document(9)]))
    seen = set()
    for _ in range(20):
        given = (await pupil.view("cell-1"))["cellLogId"]
        seen.add(bool(given))
        assert (await pupil.report("cell-1", page=1, cellLogId=given))["code"] == 1
        assert (await pupil.report("cell-1", page=1, cellLogId=""))["code"] == 1
        assert (await pupil.report("cell-1", page=1, cellLogId="other"))["code"] == -1
    assert seen == {True, False}


async def test_a_name_that_was_cut_in_half_comes_as_its_escape_and_may_be_sent_back_mended(
    enrol: Enrol,
) -> None:
    pupil = await enrol(school_of([video(30), video(30, name="半\ud83d个")]))
    await pupil.view("cell-1")
    response = await pupil.send(Endpoint.VIEW, **pupil.ids("cell-2"))
    assert "半\\ud83d个" in await response.text()
    assert (await pupil.switch("cell-2", cellName="半\ufffd个"))["code"] == 1
