"""New lessons start with a preview, and ``/progress`` is a chart."""

import pytest

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
from tests.e2e.digest_day import (
    NAME,
    Make,
    a_course,
    add_cell,
    change,
    digest_screen,
    do,
    labels,
    pictures,
    publish,
    stored,
    tick,
)
from tests.e2e.house import House


async def test_new_lessons_are_named_and_start_shows_a_preview_first(houses: Make) -> None:
    house = await digest_screen(houses)
    await house.press("新课：只随汇报 ›")
    await house.press("新课：每天看 6 次")
    await house.see_button("现在发一份")
    await tick(house)
    publish(house, "新模块二", document(1, id="new-1"), picture(id="new-2"))
    await change(house, "UPDATE digest_settings SET watched_at = NULL")
    await tick(house)

    notice = await house.see("有新课")
    assert "🆕 新模块：新模块二" in notice.text
    assert labels(notice)[0] == "开始"
    reports = house.report_count()
    await house.press("开始")
    preview = await house.see("📋 测试科目")
    assert preview.message_id > notice.message_id
    assert "模块：新模块二" in preview.text
    assert "🆕 新课：文档、图片" in preview.text
    assert "2 节：文档 1 · 图片 1" in preview.text
    assert stored(house, "SELECT count(*) FROM jobs") == [(0,)]
    assert house.report_count() == reports

    house.person.press("开始", preview)
    assert (await house.final()).counts == (2, 0, 0)
    assert "有新课" in notice.text


async def _notice_of_one_new_cell(houses: Make) -> House:
    """A chat that was told of a new cell in a module with unfinished old ones."""
    house = await digest_screen(houses)
    await house.preview(NAME, "测试模块")
    await change(house, "UPDATE digest_settings SET watch_times = 6")
    await tick(house)
    add_cell(house, document(1, id="new-1", name="新的一节"))
    await change(house, "UPDATE digest_settings SET watched_at = NULL")
    await tick(house)
    notice = await house.see("有新课")
    assert "新的一节" in notice.text
    return house


async def test_start_studies_the_lessons_that_were_named_and_no_others(houses: Make) -> None:
    house = await _notice_of_one_new_cell(houses)
    await house.press("开始")
    preview = await house.see("🆕 新课：新的一节")
    assert "1 节：" in preview.text
    house.person.press("开始", preview)
    assert (await house.final()).counts == (1, 0, 0)
    assert stored(house, "SELECT cell_id FROM job_items") == [("new-1",)]


async def test_the_whole_module_is_a_button_beside(houses: Make) -> None:
    house = await _notice_of_one_new_cell(houses)
    whole = len(house.unfinished())
    await house.press("开始")
    await house.see("🆕 新课：新的一节")
    await house.press("整个模块")
    preview = await house.see(f"{whole} 节")
    assert "🆕" not in preview.text
    house.person.press("开始", preview)
    final = await house.final()
    assert final.done + final.failed + final.skipped == whole


async def test_a_restart_while_new_lessons_are_read_reads_no_others(houses: Make) -> None:
    house = await _notice_of_one_new_cell(houses)
    house.platform.faults.add(Endpoint.TOPICS, Fault.hang(60))
    await house.press("开始")
    await house.until(lambda: not house.platform.faults.pending())
    await house.close()
    house.platform.faults.clear()
    await house.open()
    await house.see("🆕 新课：新的一节")
    newest = "SELECT cell_id FROM draft_cells WHERE draft_id = (SELECT max(id) FROM drafts)"
    assert stored(house, newest) == [("new-1",)]


async def test_back_from_new_lessons_ticks_whole_modules(houses: Make) -> None:
    house = await _notice_of_one_new_cell(houses)
    whole = len(house.unfinished())
    await house.press("开始")
    await house.see("🆕 新课：新的一节")
    await house.press("返回")
    await house.press("下一步")
    await house.see(f"{whole} 节")


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


async def _look(house: House) -> None:
    """Look for new lessons now."""
    await change(house, "UPDATE digest_settings SET watched_at = NULL")
    await tick(house)


async def _preview(house: House, name: str) -> None:
    """Read a module for a new draft, to the end."""
    [(last,)] = stored(house, "SELECT coalesce(max(id), 0) FROM drafts")
    await house.preview(NAME, name)
    read = f"SELECT 1 FROM drafts WHERE id > {last} AND state = 'ready'"  # noqa: S608
    await house.until(lambda: stored(house, read))


async def _watched(houses: Make) -> House:
    """A chat that looks for new lessons, and whose previews read both modules."""
    house = await digest_screen(houses, _two_modules())
    for name in ("测试模块", "第二模块"):
        await _preview(house, name)
    await change(house, "UPDATE digest_settings SET watch_times = 6")
    await tick(house)
    return house


def _removed(house: House) -> list[str]:
    return [cell for (cell,) in stored(house, "SELECT cell_id FROM known_cells WHERE listed = 0")]


async def test_back_from_new_lessons_leaves_the_modules_other_cells_known(houses: Make) -> None:
    house = await _watched(houses)
    add_cell(house, document(1, id="new-1", name="新的一节"))
    await _look(house)
    await house.see("有新课")
    await house.press("开始")
    await house.see("🆕 新课：新的一节")
    await house.press("返回")
    await house.see_button("下一步")
    await _look(house)
    assert _removed(house) == []

    add_cell(house, document(1, id="new-2", name="又一节"), number=1)
    await _look(house)
    await house.see("第二模块 新增：又一节")


@pytest.mark.parametrize("odd", ["cells without an id", "a percent that is none"])
async def test_a_preview_that_read_odd_entries_changes_no_known_cell(
    houses: Make, odd: str
) -> None:
    house = await _watched(houses)
    cells = house.platform.school.leaves()[:3]
    do(house, cells[2])
    await _look(house)
    known = "SELECT cell_id, percent, listed FROM known_cells ORDER BY position, cell_id"
    await _preview(house, "测试模块")
    await _look(house)
    before = stored(house, known)
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
    house.platform.faults.add(Endpoint.CELLS, answer, times=1)
    await _preview(house, "测试模块")
    assert not house.platform.faults.pending()
    await _look(house)
    assert stored(house, known) == before


async def test_a_start_on_lessons_that_were_taken_back_shows_the_course(houses: Make) -> None:
    house = await digest_screen(houses)
    await change(house, "UPDATE digest_settings SET watch_times = 6")
    await tick(house)
    before = house.platform.school.courses
    publish(house, "新模块二", document(1, id="new-1"))
    await change(house, "UPDATE digest_settings SET watched_at = NULL")
    await tick(house)
    await house.see("有新课")
    house.platform.school.courses = before
    await house.press("开始")
    await house.see_button("下一步")


@pytest.mark.parametrize("data", ["v1:gn:1:0", "v1:gn:77:0", "v1:gn::0", "v1:can:77:0"])
async def test_a_start_that_is_not_this_chats_is_an_old_button(houses: Make, data: str) -> None:
    house = await digest_screen(houses)
    house.person.send("/courses")
    shown = await house.see_button(NAME)
    await change(
        house, "INSERT INTO chats (chat_id, user_id, created_at) VALUES (2, 2, '2021-03-01')"
    )
    # Somebody else's, though it names this chat's own course.
    await change(
        house,
        "INSERT INTO notices (chat_id, kind, once, payload, created_at, sent_at) SELECT 2,"
        " 'new_lessons', 'x', json_object('account_id', account_id, 'course_id', id, 'modules',"
        " json('[]'), 'unnamed', 1), '2021-03-01', '2021-03-01' FROM courses",
    )
    await house.person.press_data(shown.message_id, data).answered()
    await house.see("旧菜单")
    assert stored(house, "SELECT count(*) FROM drafts") == [(0,)]


async def test_progress_is_a_chart_with_a_way_on(houses: Make) -> None:
    house: House = await houses(a_course())
    await house.log_in()
    house.person.send("/progress")
    await house.until(lambda: pictures(house))
    house.person.send("/courses")
    await house.see_button(NAME)
    house.person.send("/progress")
    [chart] = await house.until(lambda: pictures(house))
    assert chart.photo is not None
    assert chart.photo.width == 1080
    assert STUDENT.name in chart.text
    assert labels(chart) == ["📚 课程", "📊 每日汇报"]
    await house.press("📊 每日汇报")
    await house.see_button("现在发一份")
    assert chart in pictures(house)


async def test_the_chart_of_a_stranger_is_not_shown(houses: Make) -> None:
    house: House = await houses(a_course())
    house.person.send("/progress")
    shown = await house.see("请先登录")
    await house.person.press_data(shown.message_id, "v1:pr:1:0").answered()
    assert pictures(house) == []
    assert all(each.endpoint is not Endpoint.REPORT for each in house.platform.requests)
