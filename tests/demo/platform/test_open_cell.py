import pytest

from demo.platform import Endpoint, Fault, document, link, school_of, video
from tests.demo.platform.conftest import Enrol
from tests.support.student_client import StudentClient

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


async def half_way(enrol: Enrol) -> StudentClient:
    """A video left half-way, and a document behind it."""
    client = await enrol(school_of([video(30), document(3, name='<b>&" 第二节'), link()]))
    await client.watch_to("cell-1", 15)
    return client


async def test_a_cell_left_half_way_blocks_the_next_one(enrol: Enrol) -> None:
    client = await half_way(enrol)
    assert await client.view("cell-2") == ASKED_FOR
    assert await client.view("cell-2") == ASKED_FOR


async def test_even_a_finished_cell_is_not_opened_while_another_is_unfinished(enrol: Enrol) -> None:
    client = await enrol(school_of([video(30), video(30, finished=True)]))
    await client.view("cell-1")
    answer = await client.view("cell-2")
    assert (answer["code"], answer["currPercent"]) == (-100, 100)


async def test_a_document_whose_last_page_did_not_count_blocks(enrol: Enrol) -> None:
    client = await enrol(school_of([document(2), video(30)]))
    await client.view("cell-1")
    await client.report("cell-1", page=2)
    assert (await client.view("cell-2"))["code"] == -100


async def test_finished_cells_and_links_done_by_the_view_do_not_block(enrol: Enrol) -> None:
    client = await enrol(school_of([video(10), link(), video(30, finished=True), video(30)]))
    await client.watch_to("cell-1", 10)
    for cell_id in ("cell-2", "cell-3", "cell-4"):
        assert (await client.view(cell_id))["code"] == 1


async def test_another_session_of_the_student_is_blocked_too_but_not_another_student(
    enrol: Enrol,
) -> None:
    client = await half_way(enrol)
    client.auth = client.server.cookie_for(client.stu_id)
    assert (await client.view("cell-2"))["code"] == -100
    client.auth = client.server.cookie_for(client.school.students[1].stu_id)
    assert (await client.view("cell-2"))["code"] == 1


async def test_a_switch_with_the_five_values_of_the_answer_opens_the_way(enrol: Enrol) -> None:
    client = await half_way(enrol)
    said = await client.view("cell-2")
    answer = await client.ask(
        Endpoint.SWITCH,
        courseOpenId=said["currCourseOpenId"],
        openClassId=said["currOpenClassId"],
        moduleId=said["currModuleId"],
        cellId=said["curCellId"],
        cellName=said["currCellName"],
    )
    assert answer == {"code": 1}
    assert (await client.view("cell-2"))["code"] == 1
    assert client.kinds() == []


@pytest.mark.parametrize("name", ["courseOpenId", "openClassId", "moduleId", "cellId", "cellName"])
async def test_a_switch_with_one_wrong_value_fails_and_changes_nothing(
    enrol: Enrol, name: str
) -> None:
    client = await half_way(enrol)
    assert (await client.switch("cell-2", **{name: "wrong"}))["code"] == -500
    assert (await client.switch("cell-2", **{name: ""}))["code"] == -500
    assert (await client.view("cell-2"))["code"] == -100


async def test_a_switch_to_the_blocking_cell_gains_nothing(enrol: Enrol) -> None:
    client = await half_way(enrol)
    assert (await client.switch("cell-1"))["code"] == 1
    assert (await client.view("cell-2"))["code"] == -100


async def test_more_than_three_switches_in_a_row_to_one_cell_are_a_loop(enrol: Enrol) -> None:
    client = await half_way(enrol)
    client.server.faults.add("view", Fault.json({"code": -100}), times=None)
    for _ in range(3):
        await client.view("cell-2")
        await client.switch("cell-2")
    assert client.kinds() == []
    await client.switch("cell-2")
    assert client.kinds() == ["loop"]


async def test_switches_with_a_view_or_another_cell_between_them_are_no_loop(enrol: Enrol) -> None:
    client = await half_way(enrol)
    for _ in range(3):
        await client.switch("cell-2")
        await client.switch("cell-1")
    for _ in range(5):
        await client.switch("cell-2")
        assert (await client.view("cell-2"))["code"] == 1
    assert client.kinds() == []


async def test_a_report_without_a_token_is_refused(enrol: Enrol) -> None:
    client = await enrol(school_of([video(30)]))
    await client.view("cell-1")
    client.clock.advance(10)
    answer = await client.report("cell-1", 10, token="")
    assert answer["code"] == -1
    assert type(answer["code"]) is int
    assert client.kinds() == ["no_token"]
    assert client.shown("cell-1") == 0


async def test_only_the_latest_views_token_is_good(enrol: Enrol) -> None:
    client = await enrol(school_of([video(30)]))
    first = (await client.view("cell-1"))["guIdToken"]
    assert (await client.view("cell-1"))["guIdToken"] != first
    client.clock.advance(10)
    assert (await client.report("cell-1", 10, token=first))["code"] == -1
    assert (await client.report("cell-1", 10, token="made-up"))["code"] == -1
    assert client.kinds() == ["stale_token", "stale_token"]
    client.clock.advance(10)
    assert (await client.report("cell-1", 10))["code"] == 1


async def test_a_switch_ends_the_token_of_the_cell_before(enrol: Enrol) -> None:
    client = await half_way(enrol)
    await client.switch("cell-1")
    client.clock.advance(10)
    assert (await client.report("cell-1", 20))["code"] == -1
    assert client.kinds() == ["stale_token"]


async def test_a_report_on_a_cell_that_is_not_open_is_answered_with_the_open_one(
    enrol: Enrol,
) -> None:
    client = await half_way(enrol)
    client.clock.advance(10)
    answer = await client.report("cell-2", page=1, token=client.tokens["cell-1"])
    assert answer == ASKED_FOR
    assert client.kinds() == ["wrong_cell"]
    assert client.shown("cell-2") == 0


async def test_a_foreign_log_id_is_refused_and_the_views_own_is_good(enrol: Enrol) -> None:
    client = await enrol(school_of([document(9)]))
    seen = set()
    for _ in range(20):
        given = (await client.view("cell-1"))["cellLogId"]
        seen.add(bool(given))
        assert (await client.report("cell-1", page=1, cellLogId=given))["code"] == 1
        assert (await client.report("cell-1", page=1, cellLogId=""))["code"] == 1
        assert (await client.report("cell-1", page=1, cellLogId="other"))["code"] == -1
    assert seen == {True, False}


async def test_a_name_that_was_cut_in_half_comes_as_its_escape_and_may_be_sent_back_mended(
    enrol: Enrol,
) -> None:
    client = await enrol(school_of([video(30), video(30, name="半\ud83d个")]))
    await client.view("cell-1")
    response = await client.send(Endpoint.VIEW, **client.ids("cell-2"))
    assert "半\\ud83d个" in await response.text()
    assert (await client.switch("cell-2", cellName="半\ufffd个"))["code"] == 1
