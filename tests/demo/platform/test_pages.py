import json

import pytest

from demo.platform import Fault, archive, document, picture, school_of
from demo.platform.school import Cell
from tests.demo.platform.conftest import Enrol


async def test_the_last_page_ten_seconds_after_the_view_completes_a_document(enrol: Enrol) -> None:
    pupil = await enrol(school_of([document(4)]))
    await pupil.view("cell-1")
    assert (await pupil.report("cell-1", page=1))["code"] == 1
    assert pupil.shown("cell-1") == 25
    pupil.watch.wait(10)
    assert (await pupil.report("cell-1", page=4))["code"] == 1
    assert pupil.shown("cell-1") == 100
    assert pupil.kinds() == []


@pytest.mark.parametrize("pages", [1, 3])
async def test_a_quicker_last_page_is_accepted_and_not_counted(enrol: Enrol, pages: int) -> None:
    pupil = await enrol(school_of([document(pages)]))
    await pupil.view("cell-1")
    pupil.watch.wait(9.9)
    assert await pupil.report("cell-1", page=pages) == {"code": 1, "msg": "操作成功！"}
    assert pupil.shown("cell-1") == 0
    pupil.watch.wait(0.2)
    await pupil.report("cell-1", page=pages)
    assert pupil.shown("cell-1") == 100
    assert pupil.kinds() == []


async def test_a_new_view_starts_the_wait_for_the_last_page_anew(enrol: Enrol) -> None:
    pupil = await enrol(school_of([document(3)]))
    await pupil.view("cell-1")
    pupil.watch.wait(9)
    await pupil.view("cell-1")
    pupil.watch.wait(9)
    await pupil.report("cell-1", page=3)
    assert pupil.shown("cell-1") == 0


@pytest.mark.parametrize("claimed", [0, 2])
async def test_page_count_can_be_too_small_and_res_url_knows_better(
    enrol: Enrol, claimed: int
) -> None:
    pupil = await enrol(school_of([document(6, claimed, view_category="ppt文档")]))
    answer = await pupil.view("cell-1")
    assert answer["pageCount"] == claimed
    assert answer["categoryName"] == "ppt文档"
    assert (await pupil.cells())[0]["categoryName"] == "文档"
    pupil.watch.wait(10)
    await pupil.report("cell-1", page=claimed)
    assert pupil.shown("cell-1") < 100
    await pupil.report("cell-1", page=json.loads(answer["resUrl"])["args"]["page_count"])
    assert pupil.shown("cell-1") == 100


async def test_a_documents_length_equals_its_page_count(enrol: Enrol) -> None:
    pupil = await enrol(school_of([document(7)]))
    answer = await pupil.view("cell-1")
    assert answer["audioVideoLong"] == answer["pageCount"] == 7


async def test_both_page_numbers_must_agree(enrol: Enrol) -> None:
    pupil = await enrol(school_of([document(3), picture()]))
    for cell_id in ("cell-1", "cell-2"):
        if cell_id == "cell-2":
            await pupil.switch("cell-2")
        await pupil.view(cell_id)
        pupil.watch.wait(10)
        answer = await pupil.report(cell_id, page=1, studyNewlyPicNum=0)
        assert answer["code"] == -1
        assert type(answer["code"]) is int
        assert pupil.shown(cell_id) == 0


@pytest.mark.parametrize("page", [0, -1, 4])
async def test_a_page_that_does_not_exist_counts_nothing(enrol: Enrol, page: int) -> None:
    pupil = await enrol(school_of([document(3)]))
    await pupil.view("cell-1")
    pupil.watch.wait(10)
    assert (await pupil.report("cell-1", page=page))["code"] == 1
    assert pupil.shown("cell-1") == 0


async def test_pages_read_before_are_told_by_the_view_and_never_fall(enrol: Enrol) -> None:
    pupil = await enrol(school_of([document(4, pages_read=3)]))
    answer = await pupil.view("cell-1")
    assert (answer["stuStudyNewlyPicCount"], answer["cellPercent"]) == (3, 75)
    await pupil.report("cell-1", page=1)
    assert pupil.shown("cell-1") == 75
    assert (await pupil.view("cell-1"))["stuStudyNewlyPicCount"] == 3


@pytest.mark.parametrize("cell", [picture(), archive()])
async def test_one_report_of_page_1_completes_a_picture_or_archive(
    enrol: Enrol, cell: Cell
) -> None:
    pupil = await enrol(school_of([cell]))
    await pupil.view("cell-1")
    await pupil.report("cell-1", page=0)
    assert pupil.shown("cell-1") == 0
    await pupil.report("cell-1", page=1)
    assert pupil.shown("cell-1") == 100
    assert pupil.kinds() == []


async def test_a_report_repeated_on_a_finished_picture_is_held_against_it(enrol: Enrol) -> None:
    pupil = await enrol(school_of([picture()]))
    await pupil.view("cell-1")
    await pupil.report("cell-1", page=1)
    await pupil.report("cell-1", page=1)
    assert pupil.kinds() == ["already_done"]


async def test_with_no_count_every_report_succeeds_and_nothing_is_counted(enrol: Enrol) -> None:
    pupil = await enrol(school_of([document(2)]))
    pupil.server.faults.add("*", Fault.NO_COUNT, times=None)
    await pupil.view("cell-1")
    pupil.watch.wait(10)
    assert await pupil.report("cell-1", page=2) == {"code": 1, "msg": "操作成功！"}
    assert pupil.shown("cell-1") == 0
    assert (await pupil.view("cell-1"))["stuStudyNewlyPicCount"] == 0
    assert pupil.kinds() == []
