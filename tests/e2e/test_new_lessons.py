"""New lessons start with a preview, and ``/progress`` is a chart."""

from collections.abc import Callable

import pytest

from bot.chat.cards.drawing import Drawing
from demo.platform import (
    STUDENT,
    Endpoint,
    Fault,
    School,
    course,
    document,
    module,
    picture,
    school_of,
    topic,
    video,
)
from tests.support.app_harness import AppHarness
from tests.support.digest_day import (
    NAME,
    Make,
    a_course,
    change,
    digest_screen,
    pictures,
    publish,
    stored,
    tick,
)
from tests.support.shown import labels


async def test_new_lessons_are_named_and_start_shows_a_preview_first(open_app: Make) -> None:
    harness = await digest_screen(open_app)
    await harness.press("新课：只在汇报里说 ›")
    await harness.press("新课：每天看 6 次")
    await harness.see_button("现在发一份")
    await tick(harness)
    publish(harness, "新模块二", document(1, id="new-1"), picture(id="new-2"))
    await change(harness, "UPDATE digest_settings SET watched_at = NULL")
    await tick(harness)

    notice = await harness.see("有新课")
    assert "🆕 新模块：新模块二" in notice.text
    assert labels(notice)[0] == "开始"
    reports = harness.report_count()
    await harness.press("开始")
    preview = await harness.see("📋 测试科目")
    assert preview.message_id > notice.message_id
    assert "模块：新模块二" in preview.text
    assert "🆕 新课：文档、图片" in preview.text
    assert "2 节：文档 1 · 图片 1" in preview.text
    assert stored(harness, "SELECT count(*) FROM jobs") == [(0,)]
    assert harness.report_count() == reports

    harness.person.press("开始", preview)
    assert (await harness.final()).counts == (2, 0, 0)
    assert "有新课" in notice.text


async def _notice_of_one_new_cell(open_app: Make) -> AppHarness:
    """A chat that was told of a new cell in a module with unfinished old ones."""
    harness = await digest_screen(open_app)
    await harness.preview(NAME, "测试模块")
    await change(harness, "UPDATE digest_settings SET watch_times = 6")
    await tick(harness)
    harness.add_cell(0, 0, document(1, id="new-1", name="新的一节"))
    await change(harness, "UPDATE digest_settings SET watched_at = NULL")
    await tick(harness)
    notice = await harness.see("有新课")
    assert "新的一节" in notice.text
    return harness


async def test_start_studies_the_lessons_that_were_named_and_no_others(open_app: Make) -> None:
    harness = await _notice_of_one_new_cell(open_app)
    await harness.press("开始")
    preview = await harness.see("🆕 新课：新的一节")
    assert "1 节：" in preview.text
    harness.person.press("开始", preview)
    assert (await harness.final()).counts == (1, 0, 0)
    assert stored(harness, "SELECT cell_id FROM job_items") == [("new-1",)]


async def test_the_whole_module_is_a_button_beside(open_app: Make) -> None:
    harness = await _notice_of_one_new_cell(open_app)
    whole = len(harness.unfinished())
    await harness.press("开始")
    await harness.see("🆕 新课：新的一节")
    await harness.press("整个模块")
    preview = await harness.see(f"{whole} 节")
    assert "🆕" not in preview.text
    harness.person.press("开始", preview)
    final = await harness.final()
    assert final.done + final.failed + final.skipped == whole


async def test_a_restart_while_new_lessons_are_read_reads_no_others(open_app: Make) -> None:
    harness = await _notice_of_one_new_cell(open_app)
    harness.platform.faults.add(Endpoint.TOPICS, Fault.hang(60))
    await harness.press("开始")
    await harness.until(lambda: not harness.platform.faults.pending())
    await harness.close()
    harness.platform.faults.clear()
    await harness.open()
    await harness.see("🆕 新课：新的一节")
    newest = "SELECT cell_id FROM draft_cells WHERE draft_id = (SELECT max(id) FROM drafts)"
    assert stored(harness, newest) == [("new-1",)]


async def test_back_from_new_lessons_ticks_whole_modules(open_app: Make) -> None:
    harness = await _notice_of_one_new_cell(open_app)
    whole = len(harness.unfinished())
    await harness.press("开始")
    await harness.see("🆕 新课：新的一节")
    await harness.press("返回")
    await harness.press("下一步")
    await harness.see(f"{whole} 节")


def _two_modules() -> School:
    return school_of(
        courses=[
            course(
                [
                    module([topic([video(90), document(6), picture()])], name="测试模块"),
                    module([topic([document(2), picture()])], name="第二模块"),
                ],
                name=NAME,
            )
        ]
    )


async def _look(harness: AppHarness) -> None:
    """Look for new lessons now."""
    await change(harness, "UPDATE digest_settings SET watched_at = NULL")
    await tick(harness)


async def _preview(harness: AppHarness, name: str) -> None:
    """Read a module for a new draft, to the end."""
    [(last,)] = stored(harness, "SELECT coalesce(max(id), 0) FROM drafts")
    await harness.preview(NAME, name)
    read = f"SELECT 1 FROM drafts WHERE id > {last} AND state = 'ready'"  # noqa: S608
    await harness.until(lambda: stored(harness, read))


async def _watched(open_app: Make) -> AppHarness:
    """A chat that looks for new lessons, and whose previews read both modules."""
    harness = await digest_screen(open_app, _two_modules())
    for name in ("测试模块", "第二模块"):
        await _preview(harness, name)
    await change(harness, "UPDATE digest_settings SET watch_times = 6")
    await tick(harness)
    return harness


def _removed(harness: AppHarness) -> list[str]:
    return [cell for (cell,) in stored(harness, "SELECT cell_id FROM known_cells WHERE listed = 0")]


async def test_back_from_new_lessons_leaves_the_modules_other_cells_known(open_app: Make) -> None:
    harness = await _watched(open_app)
    harness.add_cell(0, 0, document(1, id="new-1", name="新的一节"))
    await _look(harness)
    await harness.see("有新课")
    await harness.press("开始")
    await harness.see("🆕 新课：新的一节")
    await harness.press("返回")
    await harness.see_button("下一步")
    await _look(harness)
    assert _removed(harness) == []

    harness.add_cell(0, 1, document(1, id="new-2", name="又一节"))
    await _look(harness)
    await harness.see("第二模块 新增：又一节")


@pytest.mark.parametrize("odd", ["cells without an id", "a percent that is none"])
async def test_a_preview_that_read_odd_entries_changes_no_known_cell(
    open_app: Make, odd: str
) -> None:
    harness = await _watched(open_app)
    cells = harness.platform.school.leaves()[:3]
    harness.finish(cells[2].id)
    await _look(harness)
    known = "SELECT cell_id, percent, listed FROM known_cells ORDER BY position, cell_id"
    await _preview(harness, "测试模块")
    await _look(harness)
    before = stored(harness, known)
    rows: list[dict[str, object]] = [
        {
            "Id": cell.id,
            "cellName": cell.name,
            "categoryName": cell.category,
            "stuCellPercent": 100 if cell is cells[2] else 0,
        }
        for cell in cells
    ]
    if odd == "cells without an id":
        rows[0]["Id"] = rows[1]["Id"] = None
    else:
        rows[2]["stuCellPercent"] = "--"
    answer = Fault.json({"code": 1, "cellList": rows})
    harness.platform.faults.add(Endpoint.CELLS, answer, times=1)
    await _preview(harness, "测试模块")
    assert not harness.platform.faults.pending()
    await _look(harness)
    assert stored(harness, known) == before


async def test_a_start_on_lessons_that_were_taken_back_shows_the_course(open_app: Make) -> None:
    harness = await digest_screen(open_app)
    await change(harness, "UPDATE digest_settings SET watch_times = 6")
    await tick(harness)
    before = harness.platform.school.courses
    publish(harness, "新模块二", document(1, id="new-1"))
    await change(harness, "UPDATE digest_settings SET watched_at = NULL")
    await tick(harness)
    await harness.see("有新课")
    harness.platform.school.courses = before
    await harness.press("开始")
    await harness.see_button("下一步")


@pytest.mark.parametrize("data", ["v1:gn:1:0", "v1:gn:77:0", "v1:gn::0", "v1:can:77:0"])
async def test_a_start_that_is_not_this_chats_is_an_old_button(open_app: Make, data: str) -> None:
    harness = await digest_screen(open_app)
    harness.person.send("/courses")
    shown = await harness.see_button(NAME)
    await change(
        harness, "INSERT INTO chats (chat_id, user_id, created_at) VALUES (2, 2, '2021-03-01')"
    )
    # Somebody else's, though it names this chat's own course.
    await change(
        harness,
        "INSERT INTO notices (chat_id, kind, once, payload, created_at, sent_at) SELECT 2,"
        " 'new_lessons', 'x', json_object('account_id', account_id, 'course_id', id, 'modules',"
        " json('[]'), 'unnamed', 1), '2021-03-01', '2021-03-01' FROM courses",
    )
    await harness.person.press_data(shown.message_id, data).answered()
    await harness.see("旧菜单")
    assert stored(harness, "SELECT count(*) FROM drafts") == [(0,)]


async def test_progress_is_a_chart_with_a_way_on(
    open_app: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    harness: AppHarness = await open_app(a_course())
    draw = Drawing.draw

    def actions() -> set[object]:
        calls = harness.telegram.calls
        return {each.params["action"] for each in calls if each.method == "sendChatAction"}

    async def drawn_slowly(self: Drawing, make: Callable[[], bytes]) -> bytes:
        await harness.until(actions)
        return await draw(self, make)

    monkeypatch.setattr(Drawing, "draw", drawn_slowly)
    await harness.log_in()
    harness.person.send("/progress")
    await harness.until(lambda: pictures(harness))
    harness.person.send("/courses")
    await harness.see_button(NAME)
    harness.person.send("/progress")
    [chart] = await harness.until(lambda: pictures(harness))
    assert chart.photo is not None
    assert chart.photo.width == 1080
    assert STUDENT.name in chart.text
    assert labels(chart) == ["📚 课程", "📊 每日汇报"]
    assert actions() == {"upload_photo"}
    await harness.press("📊 每日汇报")
    await harness.see_button("现在发一份")
    assert chart in pictures(harness)


async def test_the_chart_of_a_stranger_is_not_shown(open_app: Make) -> None:
    harness: AppHarness = await open_app(a_course())
    harness.person.send("/progress")
    shown = await harness.see("请先登录")
    await harness.person.press_data(shown.message_id, "v1:pr:1:0").answered()
    assert pictures(harness) == []
    assert all(each.endpoint is not Endpoint.REPORT for each in harness.platform.requests)
