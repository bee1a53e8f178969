"""Traps of the wire that a whole run must not fall into, one by one."""

from decimal import Decimal

import pytest

from bot.study.events import CellOpened
from bot.study.methods import CellKind, steps
from bot.zjy.errors import SessionExpired
from bot.zjy.models import CellView
from demo.platform import (
    EXPIRED_FORMS,
    Cell,
    Endpoint,
    Fault,
    FaultKind,
    Method,
    document,
    folder,
    picture,
    video,
)
from storage.enums import Outcome, Pace
from tests.support.study_harness import Ending, open_study

pytestmark = pytest.mark.looptime(start=0)

PAGES_OF_TROUBLE = [Fault.HTTP_502, Fault.HTTP_503, Fault.HTTP_504, Fault.FIREWALL_200]
STUDY = [Endpoint.VIEW, Endpoint.REPORT]


@pytest.mark.parametrize("endpoint", [*STUDY, Endpoint.MODULES, Endpoint.TOPICS, Endpoint.CELLS])
@pytest.mark.parametrize("page", PAGES_OF_TROUBLE, ids=lambda fault: fault.kind.value)
async def test_a_page_of_a_gateway_or_firewall_passes_and_the_run_goes_on(
    page: Fault, endpoint: Endpoint
) -> None:
    async with open_study([video(20), document(3)]) as harness:
        harness.fault(endpoint, page)
        assert (await harness.study()).outcomes == [Outcome.DONE, Outcome.DONE]
        harness.assert_no_violations()


@pytest.mark.parametrize("after", [0, 1, 2])
async def test_half_a_json_after_a_report_is_looked_at_and_the_report_not_sent_twice(
    after: int,
) -> None:
    async with open_study([video(30)]) as harness:
        ending = Ending()
        half = harness.at(after, lambda: harness.fault(Endpoint.REPORT, Fault.HALF_JSON))
        half()
        await harness.study(into=ending, then=half)
        assert ending.outcomes == [Outcome.DONE]
        assert harness.positions() == [10, 20, 30]
        assert len(harness.sent(Endpoint.VIEW)) == 2
        harness.assert_no_violations()


async def test_an_accepted_report_alone_is_never_called_done() -> None:
    async with open_study([video(10), picture()]) as harness:
        harness.fault(Endpoint.REPORT, Fault.json({"code": 1, "msg": "操作成功！"}), times=None)
        ending = await harness.study()
        assert ending.outcomes == [Outcome.NOT_COUNTED] * 2
        assert harness.shown("cell-1") == harness.shown("cell-2") == 0


async def test_a_folder_that_says_100_hides_no_unfinished_child() -> None:
    inner = folder([video(10, id="inner")])
    async with open_study([folder([video(10, id="child"), inner])]) as harness:
        plan = await harness.plan()
        assert [(cell.cell_id, cell.is_complete) for cell in plan] == [
            ("child", False),
            ("inner", False),
        ]
        assert (await harness.study(plan)).outcomes == [Outcome.DONE, Outcome.DONE]
        assert {r.form["cellId"] for r in harness.sent(Endpoint.REPORT)} == {"child", "inner"}


async def test_a_documents_length_that_equals_its_page_count_makes_no_video_of_it() -> None:
    async with open_study([document(25, view_category="pdf文档")]) as harness:
        ending = await harness.study()
        opened = ending.events[0]
        assert isinstance(opened, CellOpened)
        assert opened.kind is CellKind.DOCUMENT
        assert harness.positions() == [0, 0]
        assert harness.pages() == [1, 25]


@pytest.mark.parametrize(
    ("listed", "viewed", "kind"),
    [
        ("文档", "ppt文档", CellKind.DOCUMENT),
        ("文档", "office文档", CellKind.DOCUMENT),
        ("链接", "pdf文档", CellKind.DOCUMENT),
        ("文档", "", CellKind.DOCUMENT),
    ],
)
async def test_a_view_that_names_the_kind_otherwise_than_the_list_decides(
    listed: str, viewed: str, kind: CellKind
) -> None:
    cell = Cell("", "讲义", listed, Method.PAGES, viewed, "pdf", pages=9, page_count=9)
    async with open_study([cell]) as harness:
        ending = await harness.study()
        opened = ending.events[0]
        assert isinstance(opened, CellOpened)
        assert opened.kind is kind
        assert (ending.outcomes, harness.pages()) == ([Outcome.DONE], [1, 9])


@pytest.mark.parametrize("pace", Pace)
def test_a_video_that_stands_at_its_end_or_beyond_is_told_its_end_and_one_without_where_it_stands(
    pace: Pace,
) -> None:
    told = [
        [step.report.position for step in steps(CellKind.VIDEO, view, pace)]
        for view in (
            CellView(position=Decimal(30), length=Decimal(30)),
            CellView(position=Decimal("30.5"), length=Decimal(30)),
            CellView(position=Decimal(7), length=Decimal(0)),
        )
    ]
    assert told == [[Decimal(30)], [Decimal(30)], [Decimal(7)]]


@pytest.mark.parametrize("endpoint", STUDY)
@pytest.mark.parametrize("form", EXPIRED_FORMS, ids=lambda fault: fault.kind.value)
async def test_only_a_word_about_the_session_ends_it_while_an_empty_answer_is_asked_about(
    form: Fault, endpoint: Endpoint
) -> None:
    surely = form.kind in (FaultKind.EXPIRED_STRING, FaultKind.EXPIRED_TEXT)
    async with open_study([video(20)]) as harness:
        plan = await harness.plan()
        harness.fault(endpoint, form)
        ending = Ending()
        if surely:
            with pytest.raises(SessionExpired):
                await harness.study(plan, into=ending)
            assert harness.sent(Endpoint.ME) == []
        else:
            await harness.study(plan, into=ending)
            assert ending.outcomes == [Outcome.DONE]
            assert len(harness.sent(Endpoint.ME)) == 1


async def test_the_numbers_of_the_other_sort_of_cell_are_sent_as_0() -> None:
    async with open_study([video(10), document(2)]) as harness:
        await harness.study()
        media = harness.sent(Endpoint.REPORT, cell="cell-1")
        pages = harness.sent(Endpoint.REPORT, cell="cell-2")
        assert [(r.form["picNum"], r.form["studyNewlyPicNum"]) for r in media] == [("0", "0")]
        assert [r.form["studyNewlyTime"] for r in pages] == ["0", "0"]
        assert all(r.form["flag"] == "s" for r in harness.sent(Endpoint.VIEW))
