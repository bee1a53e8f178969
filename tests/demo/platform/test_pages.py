import json

import pytest

from demo.platform import Fault, archive, document, picture, school_of
from demo.platform.school import Cell
from tests.demo.platform.conftest import Enrol


async def test_the_last_page_ten_seconds_after_the_view_completes_a_document(enrol: Enrol) -> None:
    client = await enrol(school_of([document(4)]))
    await client.view("cell-1")
    assert (await client.report("cell-1", page=1))["code"] == 1
    assert client.shown("cell-1") == 25
    client.clock.advance(10)
    assert (await client.report("cell-1", page=4))["code"] == 1
    assert client.shown("cell-1") == 100
    assert client.kinds() == []


@pytest.mark.parametrize("pages", [1, 3])
async def test_a_quicker_last_page_is_accepted_and_not_counted(enrol: Enrol, pages: int) -> None:
    client = await enrol(school_of([document(pages)]))
    await client.view("cell-1")
    client.clock.advance(9.9)
    assert await client.report("cell-1", page=pages) == {"code": 1, "msg": "操作成功！"}
    assert client.shown("cell-1") == 0
    client.clock.advance(0.2)
    await client.report("cell-1", page=pages)
    assert client.shown("cell-1") == 100
    assert client.kinds() == []


async def test_a_new_view_starts_the_wait_for_the_last_page_anew(enrol: Enrol) -> None:
    client = await enrol(school_of([document(3)]))
    await client.view("cell-1")
    client.clock.advance(9)
    await client.view("cell-1")
    client.clock.advance(9)
    await client.report("cell-1", page=3)
    assert client.shown("cell-1") == 0


@pytest.mark.parametrize("claimed", [0, 2])
async def test_page_count_can_be_too_small_and_res_url_knows_better(
    enrol: Enrol, claimed: int
) -> None:
    client = await enrol(school_of([document(6, claimed, view_category="ppt文档")]))
    answer = await client.view("cell-1")
    assert answer["pageCount"] == claimed
    assert answer["categoryName"] == "ppt文档"
    assert (await client.cells())[0]["categoryName"] == "文档"
    client.clock.advance(10)
    await client.report("cell-1", page=claimed)
    assert client.shown("cell-1") < 100
    await client.report("cell-1", page=json.loads(answer["resUrl"])["args"]["page_count"])
    assert client.shown("cell-1") == 100


async def test_a_documents_length_equals_its_page_count(enrol: Enrol) -> None:
    client = await enrol(school_of([document(7)]))
    answer = await client.view("cell-1")
    assert answer["audioVideoLong"] == answer["pageCount"] == 7


async def test_both_page_numbers_must_agree(enrol: Enrol) -> None:
    client = await enrol(school_of([document(3), picture()]))
    for cell_id in ("cell-1", "cell-2"):
        if cell_id == "cell-2":
            await client.switch("cell-2")
        await client.view(cell_id)
        client.clock.advance(10)
        answer = await client.report(cell_id, page=1, studyNewlyPicNum=0)
        assert answer["code"] == -1
        assert type(answer["code"]) is int
        assert client.shown(cell_id) == 0


@pytest.mark.parametrize("page", [0, -1, 4])
async def test_a_page_that_does_not_exist_counts_nothing(enrol: Enrol, page: int) -> None:
    client = await enrol(school_of([document(3)]))
    await client.view("cell-1")
    client.clock.advance(10)
    assert (await client.report("cell-1", page=page))["code"] == 1
    assert client.shown("cell-1") == 0


async def test_pages_read_before_are_told_by_the_view_and_never_fall(enrol: Enrol) -> None:
    client = await enrol(school_of([document(4, pages_read=3)]))
    answer = await client.view("cell-1")
    assert (answer["stuStudyNewlyPicCount"], answer["cellPercent"]) == (3, 75)
    await client.report("cell-1", page=1)
    assert client.shown("cell-1") == 75
    assert (await client.view("cell-1"))["stuStudyNewlyPicCount"] == 3


@pytest.mark.parametrize("cell", [picture(), archive()])
async def test_one_report_of_page_1_completes_a_picture_or_archive(
    enrol: Enrol, cell: Cell
) -> None:
    client = await enrol(school_of([cell]))
    await client.view("cell-1")
    await client.report("cell-1", page=0)
    assert client.shown("cell-1") == 0
    await client.report("cell-1", page=1)
    assert client.shown("cell-1") == 100
    assert client.kinds() == []


async def test_a_report_repeated_on_a_finished_picture_is_held_against_it(enrol: Enrol) -> None:
    client = await enrol(school_of([picture()]))
    await client.view("cell-1")
    await client.report("cell-1", page=1)
    await client.report("cell-1", page=1)
    assert client.kinds() == ["already_done"]


async def test_with_no_count_every_report_succeeds_and_nothing_is_counted(enrol: Enrol) -> None:
    client = await enrol(school_of([document(2)]))
    client.server.faults.add("*", Fault.NO_COUNT, times=None)
    await client.view("cell-1")
    client.clock.advance(10)
    assert await client.report("cell-1", page=2) == {"code": 1, "msg": "操作成功！"}
    assert client.shown("cell-1") == 0
    assert (await client.view("cell-1"))["stuStudyNewlyPicCount"] == 0
    assert client.kinds() == []
