"""All cells of one module are read, also of a complete one."""

import pytest

from bot.study.outline import read_cells
from demo.platform import Endpoint, Fault, link, module, picture, school_of, topic
from tests.support.study_harness import open_study

pytestmark = pytest.mark.looptime(start=0)


async def test_a_complete_module_is_read_topic_by_topic() -> None:
    topics = [topic([picture(finished=True), link(finished=True)]), topic([link(finished=True)])]
    school = school_of(modules=[module([topic([link()])]), module(topics)])
    async with open_study(school=school) as harness:
        session = harness.session
        read = await read_cells(session, harness.course, "module-2", "第二章")
        assert [cell.cell_id for cell in read.cells] == ["cell-2", "cell-3", "cell-4"]
        assert {(cell.module_id, cell.module_name) for cell in read.cells} == {
            ("module-2", "第二章")
        }
        assert [cell.percent for cell in read.cells] == [100.0] * 3
        assert (read.requests, read.is_whole) == (3, True)
        assert len(harness.platform.requests) == 3
        again = await read_cells(session, harness.course, "module-2", "第二章")
        assert again.requests == 3
        harness.assert_no_violations()


async def test_an_empty_module_has_no_cells() -> None:
    async with open_study(school=school_of(modules=[module([])])) as harness:
        read = await read_cells(harness.session, harness.course, "module-1", "")
        assert (read.cells, read.requests, read.is_whole) == ((), 1, True)


async def test_a_module_with_an_entry_that_cannot_be_read_is_not_whole() -> None:
    async with open_study([link(), picture()]) as harness:
        listed = {"code": 1, "cellList": [{"Id": "cell-1", "stuCellPercent": 0}, {"Id": None}]}
        harness.fault(Endpoint.CELLS, Fault.json(listed))
        read = await read_cells(harness.session, harness.course, "module-1", "第一章")
        assert [cell.cell_id for cell in read.cells] == ["cell-1"]
        assert not read.is_whole
