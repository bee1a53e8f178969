"""The site in the models that every reader of a platform uses, and the pace of its requests."""

import asyncio
from itertools import pairwise

import httpx
import pytest

from bot.platforms import Reading
from bot.spoc.endpoints import Endpoint
from bot.spoc.session import SpocSession
from bot.study.methods import CellKind, kind_of
from bot.study.outline import read_cells
from bot.zjy.errors import PageInstead, ServerTrouble, SessionExpired
from bot.zjy.session_evidence import ATTEMPTS
from tests.spoc.scripted_site import COURSE, ScriptedSite, node, row

pytestmark = pytest.mark.looptime(start=0)


async def names(session: Reading, module_id: str) -> list[tuple[str, str, float | None]]:
    read = await read_cells(session, COURSE, module_id, "模块")
    return [(cell.topic_name, cell.name, cell.percent) for cell in read.cells]


async def test_who_am_i_names_the_student_apart_from_the_other_platforms(
    session: SpocSession,
) -> None:
    student = await session.me()
    assert (student.stu_id, student.name, student.number) == ("spoc:u-1", "张三", "20240001")
    work = student.school_work
    assert (work.homework, work.exams, work.unread) == (None, None, None)


async def test_courses_have_percents_and_the_newest_term_is_current(
    session: SpocSession, site: ScriptedSite
) -> None:
    newest = row(2, termName="2025春", termCode="20251", studySpeed=None)
    site.courses = [newest, row(1), {"courseId": "x"}]
    found = await session.courses()
    assert [(each.name, each.percent, each.teacher) for each in found.courses] == [
        ("课程2", None, "王老师"),
        ("课程1", 40.0, "王老师"),
    ]
    assert [term.name for term in found.terms if term.current] == ["2025春"]
    assert found.unreadable == 1


async def test_without_codes_the_first_courses_term_is_current(
    session: SpocSession, site: ScriptedSite
) -> None:
    site.courses = [row(2, termName="2025春", termCode=None), row(1, termCode="")]
    assert [term.name for term in (await session.courses()).terms] == ["2025春"]


async def test_a_course_is_asked_for_by_the_three_ids_of_the_list(
    session: SpocSession, site: ScriptedSite
) -> None:
    site.courses = [row(7)]
    (course,) = (await session.courses()).courses
    await session.modules(course.ref)
    assert site.asked()[-1][2] == {
        "courseId": "c-7", "courseInfoId": "ci-7", "classId": "k-7", "parentId": "0", "level": "1",
    }  # fmt: skip


async def test_folders_of_the_root_are_modules_and_leaves_beside_them_one_more(
    session: SpocSession, site: ScriptedSite
) -> None:
    site.folders["0"] = [
        node("二", "父节点", speed=50),
        node("一", "父节点", speed="100"),
        node("说明", "doc", speed=100),
        node("通知", "txt", speed=0),
    ]
    found = await session.modules(COURSE)
    assert [(each.name, each.percent) for each in found.modules] == [
        ("二", 50.0),
        ("一", 100.0),
        ("其它", 50.0),
    ]
    assert found.cell_count == 0, "the site counts none"
    loose = found.modules[-1]
    assert await names(session, loose.id) == [("", "说明", 100.0), ("", "通知", 0.0)]


async def test_a_folder_that_holds_itself_is_no_module(
    session: SpocSession, site: ScriptedSite
) -> None:
    site.folders["0"] = [node("一", "父节点"), node("零", "父节点", id="0"), node("说明", "doc")]
    found = await session.modules(COURSE)
    assert [each.name for each in found.modules] == ["一", "其它"]
    assert found.unreadable == 1


async def test_a_module_is_read_folder_by_folder_and_what_came_inline_is_not_asked_for(
    session: SpocSession, site: ScriptedSite
) -> None:
    inner = node("深处", "文件夹", children=[node("图", "img", speed=30)])
    site.folders |= {
        "m": [
            node("导学", "pdf", speed=100),
            node("第一节", "子节点"),
            node("第二节", "文件夹", children=[node("动画", speed="12.5"), inner]),
        ],
        "id-第一节": [node("课", speed=60), node("小节", "节")],
        "id-小节": [node("录音", "audio", speed=None)],
    }
    assert await names(session, "m") == [
        ("", "导学", 100.0),
        ("第一节", "课", 60.0),
        ("第一节", "录音", None),
        ("第二节", "动画", 12.5),
        ("第二节", "图", 30.0),
    ]
    assert site.read_folders() == [("m", "2"), ("id-第一节", "3"), ("id-小节", "4")]
    assert session.requests == 3


async def test_a_folder_that_holds_itself_ends(session: SpocSession, site: ScriptedSite) -> None:
    site.folders |= {"m": [node("环", "子节点")], "id-环": [node("环", "子节点"), node("课")]}
    assert [name for _, name, _ in await names(session, "m")] == ["课"]
    assert len(site.seen) == 2


async def test_a_tree_without_an_end_is_read_to_a_bound_and_counts_as_not_whole(
    session: SpocSession, site: ScriptedSite
) -> None:
    site.folders["m"] = [node("层2", "子节点")]
    for depth in range(2, 40):
        site.folders[f"id-层{depth}"] = [node(f"层{depth + 1}", "子节点")]
    read = await read_cells(session, COURSE, "m", "模块")
    assert not read.is_whole
    assert len(site.seen) < 12


async def test_entries_that_cannot_be_read_are_counted_at_every_depth(
    session: SpocSession, site: ScriptedSite
) -> None:
    site.folders["m"] = [node("节", "文件夹", children=[node("课"), {"name": "没有编号"}])]
    read = await read_cells(session, COURSE, "m", "模块")
    assert ([cell.name for cell in read.cells], read.is_whole) == (["课"], False)


@pytest.mark.parametrize(
    ("kind", "means"),
    [
        ("video", CellKind.VIDEO), ("audio", CellKind.AUDIO), ("ppt", CellKind.DOCUMENT),
        ("pptx", CellKind.DOCUMENT), ("pdf", CellKind.DOCUMENT), ("docx", CellKind.DOCUMENT),
        ("xls", CellKind.DOCUMENT), ("txt", CellKind.DOCUMENT), ("img", CellKind.PICTURE),
        ("图片", CellKind.PICTURE), ("图文", CellKind.LINK), ("链接", CellKind.LINK),
        ("压缩包", CellKind.ARCHIVE), ("其它", CellKind.LINK), ("作业", CellKind.BY_HAND),
        ("测验", CellKind.BY_HAND), ("考试", CellKind.BY_HAND), ("讨论", CellKind.BY_HAND),
        ("PDF", CellKind.DOCUMENT), ("VIDEO", CellKind.VIDEO),
    ],
)  # fmt: skip
async def test_leaves_have_the_kinds_that_students_know(
    session: SpocSession, site: ScriptedSite, kind: str, means: CellKind
) -> None:
    site.folders["m"] = [node("课", kind)]
    (cell,) = (await read_cells(session, COURSE, "m", "模块")).cells
    assert kind_of(cell.category) is means


async def test_requests_of_one_student_come_one_by_one_a_second_apart(
    session: SpocSession, site: ScriptedSite
) -> None:
    loop, at = asyncio.get_running_loop(), []
    answer = site.handle_async_request
    in_flight = 0

    async def timed(request: httpx.Request) -> httpx.Response:
        nonlocal in_flight
        in_flight += 1
        assert in_flight == 1
        at.append(loop.time())
        await asyncio.sleep(0.3)
        in_flight -= 1
        return await answer(request)

    site.handle_async_request = timed  # type: ignore[method-assign]
    await asyncio.gather(session.me(), session.courses(), session.modules(COURSE))
    assert [later - earlier for earlier, later in pairwise(at)] >= [1.3, 1.3]


async def test_trouble_that_passes_is_tried_again_and_then_told(
    session: SpocSession, site: ScriptedSite
) -> None:
    trouble = httpx.Response(502, text="<html>")
    site.script[Endpoint.COURSES] = [trouble, trouble]
    await session.courses()
    assert len(site.seen) == 3
    site.script[Endpoint.COURSES] = [trouble] * 9
    with pytest.raises(ServerTrouble):
        await session.courses()
    assert len(site.seen) == 3 + ATTEMPTS


async def test_a_page_or_an_expired_token_is_not_tried_again(
    session: SpocSession, site: ScriptedSite
) -> None:
    site.script[Endpoint.COURSES] = [httpx.Response(200, text="<html>"), {"code": 401}]
    with pytest.raises(PageInstead):
        await session.courses()
    with pytest.raises(SessionExpired):
        await session.courses()
    assert len(site.seen) == 2
