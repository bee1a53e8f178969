"""How each kind of cell is completed, as the stand-in counts it and as it judges the pace."""

from decimal import Decimal

import pytest

from bot.study.events import CellMoved, CellOpened
from bot.study.methods import CellKind, kind_of, kind_when_opened
from bot.study.pace import MAX_STEP, MIN_GAP, gap_for, gap_of, step_of
from demo.platform import (
    STUDENT,
    Cell,
    Endpoint,
    Method,
    archive,
    audio,
    discussion,
    document,
    homework,
    link,
    locked,
    picture,
    quiz,
    unsupported,
    video,
)
from storage.enums import Outcome, Pace
from tests.support.study_harness import open_study

pytestmark = pytest.mark.looptime(start=0)


@pytest.mark.parametrize(
    "cell",
    [
        video(35),
        audio(35),
        video(2),
        video(0.5),
        video(10),
        video(30.123456),
        video(47.5, position=21.75),
        video(30, position=45),
        video(0),
        video(0, position=12),
        document(1),
        document(12),
        document(12, pages_read=5),
        document(40, page_count=0),
        document(40, page_count=3),
        document(7, view_category="ppt文档"),
        picture(),
        archive(),
        link(),
        link(needs_report=True),
        link(category="swf"),
        link(category="其他", needs_report=True),
        link(category="其它"),
        link(category="图文"),
    ],
    ids=lambda cell: f"{cell.category}-{cell.length or cell.pages}-{cell.position}",
)
@pytest.mark.parametrize("pace", Pace)
async def test_every_kind_is_brought_to_100_within_the_rules(cell: Cell, pace: Pace) -> None:
    async with open_study([cell]) as harness:
        ending = await harness.study(pace=pace)
        assert ending.outcomes == [Outcome.DONE]
        assert ending.of("cell-1").percent == harness.shown("cell-1") == 100
        harness.assert_no_violations()


@pytest.mark.parametrize("length", [30.0, 30.1, 29.999999, 0.000001, 61.123456])
async def test_the_last_report_hits_the_length_exactly(length: float) -> None:
    async with open_study([video(length)]) as harness:
        await harness.study()
        assert harness.sent(Endpoint.REPORT)[-1].form["studyNewlyTime"] == f"{length:f}".rstrip(
            "0"
        ).rstrip(".")
        assert harness.shown("cell-1") == 100


@pytest.mark.parametrize(
    ("pace", "step", "gap"),
    [(Pace.NORMAL, 10, 10), (Pace.FAST, 15, 10), (Pace.DOUBLE, 10, 5)],
)
async def test_a_pace_keeps_its_step_and_its_gap(pace: Pace, step: int, gap: int) -> None:
    async with open_study([video(step * 6)]) as harness:
        await harness.study(pace=pace)
        assert harness.positions() == [step * n for n in range(1, 7)]
        assert min(harness.gaps()) >= gap
        assert max(harness.gaps()) < gap + 0.1
        harness.assert_no_violations()


@pytest.mark.parametrize("pace", Pace)
async def test_a_video_of_two_seconds_waits_five_seconds_before_its_only_report(pace: Pace) -> None:
    async with open_study([video(2)]) as harness:
        await harness.study(pace=pace)
        assert harness.positions() == [2]
        assert harness.gaps()[0] >= MIN_GAP


@pytest.mark.parametrize("pace", Pace)
def test_no_pace_can_pass_the_bounds(pace: Pace) -> None:
    assert step_of(pace) <= MAX_STEP
    assert gap_of(pace) >= MIN_GAP
    assert float(step_of(pace)) <= 2 * gap_of(pace)
    assert gap_for(pace, Decimal(-3)) == MIN_GAP
    assert gap_for(pace, step_of(pace)) == gap_of(pace)


async def test_a_video_goes_on_from_where_the_platform_says_it_stands() -> None:
    async with open_study([video(40, position=15.5)]) as harness:
        ending = await harness.study()
        assert harness.positions() == [25.5, 35.5, 40]
        opened = ending.events[0]
        assert isinstance(opened, CellOpened)
        assert (opened.kind, opened.position, opened.length) == (
            CellKind.VIDEO,
            Decimal("15.5"),
            Decimal(40),
        )


async def test_a_video_stored_beyond_its_end_is_told_its_end_once() -> None:
    async with open_study([video(30, position=45)]) as harness:
        await harness.study()
        assert harness.positions() == [30]


async def test_a_media_cell_without_a_length_gets_one_report_of_where_it_stands() -> None:
    async with open_study([video(0, position=7)]) as harness:
        await harness.study()
        assert harness.positions() == [7]


async def test_a_document_reports_its_first_page_and_ten_seconds_after_the_view_its_last() -> None:
    async with open_study([document(12)]) as harness:
        ending = await harness.study()
        assert harness.pages() == [1, 12]
        assert harness.positions() == [0, 0]
        (view,) = harness.sent(Endpoint.VIEW)
        last = harness.sent(Endpoint.REPORT)[-1]
        assert view.answered_at is not None
        assert last.at - view.answered_at >= 10
        assert last.form["studyNewlyPicNum"] == last.form["picNum"]
        moved = [event for event in ending.events if isinstance(event, CellMoved)]
        assert [event.position for event in moved] == [Decimal(1), Decimal(12)]
        assert {event.length for event in moved} == {Decimal(12)}


async def test_a_document_of_one_page_waits_its_ten_seconds_too() -> None:
    async with open_study([document(1)]) as harness:
        await harness.study()
        assert harness.pages() == [1]
        assert harness.gaps()[0] >= 10


@pytest.mark.parametrize("claimed", [0, 1, 39])
async def test_the_true_number_of_pages_is_found_in_the_resource(claimed: int) -> None:
    async with open_study([document(40, page_count=claimed)]) as harness:
        await harness.study()
        assert harness.pages() == [1, 40]


@pytest.mark.parametrize("cell", [picture(), archive()], ids=["picture", "archive"])
async def test_pictures_and_archives_get_one_report_of_page_one(cell: Cell) -> None:
    async with open_study([cell]) as harness:
        await harness.study()
        assert harness.pages() == [1]


async def test_a_link_that_the_view_completes_gets_no_report() -> None:
    async with open_study([link()]) as harness:
        await harness.study()
        assert harness.sent(Endpoint.REPORT) == []
        assert len(harness.sent(Endpoint.VIEW)) == 1


async def test_a_link_that_stays_below_100_gets_one_report() -> None:
    async with open_study([link(needs_report=True)]) as harness:
        await harness.study()
        assert harness.pages() == [1]


@pytest.mark.parametrize("cell", [quiz(), homework(), discussion()], ids=lambda cell: cell.category)
async def test_what_is_to_do_by_hand_is_never_touched(cell: Cell) -> None:
    async with open_study([cell, link()]) as harness:
        ending = await harness.study()
        assert ending.of("cell-1").outcome is Outcome.BY_HAND
        assert harness.sent(Endpoint.VIEW, cell="cell-1") == []
        assert harness.sent(Endpoint.REPORT, cell="cell-1") == []
        harness.assert_no_violations()


async def test_what_only_the_view_calls_a_test_gets_no_report() -> None:
    hidden = Cell("", "随堂", "其他", Method.BY_HAND, view_category="测验")
    async with open_study([hidden]) as harness:
        ending = await harness.study()
        assert ending.outcomes == [Outcome.BY_HAND]
        assert harness.sent(Endpoint.REPORT) == []


async def test_an_unsupported_kind_is_listed_and_not_touched() -> None:
    async with open_study([unsupported()]) as harness:
        ending = await harness.study()
        assert ending.outcomes == [Outcome.UNSUPPORTED]
        assert harness.sent(Endpoint.VIEW) == []


async def test_a_locked_cell_is_skipped_with_the_platforms_words() -> None:
    async with open_study([locked(video(30)), link(finished=True)]) as harness:
        ending = await harness.study()
        assert ending.outcomes == [Outcome.LOCKED]
        locked_end = ending.of("cell-1")
        assert (locked_end.code, locked_end.msg) == ("-33", "该课件尚未开放！")
        assert len(harness.sent(Endpoint.VIEW, cell="cell-1")) == 1


async def test_a_topic_of_locked_cells_alone_is_not_read_back() -> None:
    async with open_study([locked(video(30)), locked(document(3))]) as harness:
        plan = await harness.plan()
        reads = len(harness.sent(Endpoint.CELLS))
        await harness.study(plan)
        assert len(harness.sent(Endpoint.CELLS)) == reads


async def test_a_view_that_names_no_known_kind_leaves_the_lists_word() -> None:
    odd = Cell("", "视频", "视频", Method.MEDIA, view_category="流媒体", length=20)
    async with open_study([odd]) as harness:
        assert (await harness.study()).outcomes == [Outcome.DONE]
        assert harness.positions() == [10, 20]


async def test_the_first_token_serves_all_reports_of_a_cell() -> None:
    async with open_study([video(50)]) as harness:
        await harness.study()
        assert len(harness.sent(Endpoint.VIEW)) == 1
        assert len({r.form["token"] for r in harness.sent(Endpoint.REPORT)}) == 1
        assert harness.platform.requests[0].student == STUDENT.stu_id


@pytest.mark.parametrize(
    ("category", "kind"),
    [
        ("视频", CellKind.VIDEO),
        ("微课视频", CellKind.VIDEO),
        ("音频", CellKind.AUDIO),
        ("office文档", CellKind.DOCUMENT),
        ("pdf文档", CellKind.DOCUMENT),
        ("PPT", CellKind.DOCUMENT),
        ("文本", CellKind.DOCUMENT),
        ("图片", CellKind.PICTURE),
        ("压缩包", CellKind.ARCHIVE),
        ("链接", CellKind.LINK),
        ("SWF", CellKind.LINK),
        ("其他", CellKind.LINK),
        ("其它", CellKind.LINK),
        ("图文", CellKind.LINK),
        ("测验", CellKind.BY_HAND),
        ("视频作业", CellKind.BY_HAND),
        ("讨论", CellKind.BY_HAND),
        ("虚拟仿真", CellKind.UNSUPPORTED),
        ("", CellKind.UNSUPPORTED),
    ],
)
def test_a_kind_is_found_in_its_category_whatever_stands_around_it(
    category: str, kind: CellKind
) -> None:
    assert kind_of(category) is kind


def test_what_either_name_calls_work_by_hand_is_by_hand() -> None:
    assert kind_when_opened("文档", "作业") is CellKind.BY_HAND
    assert kind_when_opened("讨论", "视频") is CellKind.BY_HAND
    assert kind_when_opened("文档", "视频") is CellKind.VIDEO
