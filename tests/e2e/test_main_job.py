"""A person's chat finishes modules of a course, and is told what the platform shows."""

import asyncio
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest

from demo.platform import (
    STUDENT,
    Fault,
    FaultKind,
    Method,
    demo_school,
    document,
    link,
    picture,
    quiz,
    video,
)
from storage.rows import rows
from tests.e2e.house import EN, House, one_course

Make = Callable[..., Any]
JAVA = "java面向对象程序设计"


async def test_a_chat_finishes_a_module_and_the_platform_agrees(houses: Make) -> None:
    house = await houses(demo_school())
    await house.log_in()
    progress = await house.start_job(JAVA, "课程导学")

    final = await house.final()

    assert final.counts == (8, 0, 1)
    module = house.platform.school.courses[0].modules[0]
    doable = [cell for cell in module.leaves() if cell.method is not Method.BY_HAND]
    assert {house.platform.shown(STUDENT.stu_id, cell.id) for cell in doable} == {100}
    assert house.platform.violations == []
    assert final.message.message_id != progress.message_id
    shrunk = await house.until(
        lambda: (
            next(
                m for m in house.person.chat.messages if m.message_id == progress.message_id
            ).text.count("\n")
            == 0
        )
    )
    assert shrunk


@pytest.mark.parametrize("module", ["模块一", "模块二", "模块三"])
async def test_the_hard_modules_end_at_what_can_be_done(houses: Make, module: str) -> None:
    house = await houses(demo_school())
    await house.log_in()
    await house.start_job(JAVA, module)

    final = await house.final()

    chosen = next(m for m in house.platform.school.courses[0].modules if m.name.startswith(module))
    never = {Method.BY_HAND, Method.NEVER}
    for cell in chosen.leaves():
        shown = house.platform.shown(STUDENT.stu_id, cell.id)
        assert (shown == 100) == (cell.method not in never and not cell.locked), cell.name
    assert final.failed == 0
    assert house.platform.violations == []


async def test_english_speakers_get_english_from_the_first_word(houses: Make) -> None:
    school = one_course([video(25), document(3)])
    house = await houses(school, language="en")
    house.person.send("/start")
    await house.see_button("Log in")
    await house.log_in()
    course = school.courses[0]
    await house.start_job(course.name, course.modules[0].name, words=EN)

    final = await house.final()

    assert "done 2 · failed 0 · skipped 0" in final.message.text


async def test_what_the_platform_does_not_count_is_failed_and_can_be_retried(houses: Make) -> None:
    school = one_course([video(25), document(3), picture()])
    house = await houses(school)
    house.platform.faults.add("*", Fault(FaultKind.NO_COUNT), times=None)
    await house.log_in()
    course = school.courses[0]
    await house.start_job(course.name, course.modules[0].name)

    final = await house.final()

    assert final.counts == (0, 3, 0)
    assert "平台没有计入" in final.message.text
    house.platform.faults.clear()
    await house.press("重试")
    assert (await house.final(2)).counts == (3, 0, 0)
    assert house.unfinished() == set()


async def test_starting_twice_starts_once(houses: Make) -> None:
    school = one_course([video(60), link()])
    house = await houses(school)
    await house.log_in()
    course = school.courses[0]
    preview = await house.preview(course.name, course.modules[0].name)
    data = next(b.data for row in preview.buttons for b in row if b.text == "开始")

    for _ in range(3):
        house.person.press_data(preview.message_id, data)

    assert (await house.final()).counts == (2, 0, 0)
    house.person.send("/jobs")
    listed = await house.see("📋 任务")
    assert listed.text.count(course.name) == 1


async def test_the_final_message_names_what_is_left_to_the_student(houses: Make) -> None:
    school = one_course([document(1), quiz(name="期末 <测验> & 更多")])
    house = await houses(school)
    await house.log_in()
    course = school.courses[0]
    await house.start_job(course.name, course.modules[0].name)

    final = await house.final()

    assert final.counts == (1, 0, 1)
    assert "期末 <测验> & 更多" in final.message.text
    labels = [button.text for row in final.message.buttons for button in row]
    assert not any(word in label for label in labels for word in ("暂停", "继续", "取消", "重试"))


async def test_a_shutdown_stops_the_jobs_while_a_digest_is_waited_for(
    houses: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    house: House = await houses(one_course([video(90_000)]))
    await house.log_in()
    await house.start_job("测试科目", "测试模块")
    await house.reported()
    app, closed = house.app, asyncio.Event()
    assert app is not None
    monkeypatch.setattr(app, "digests", SimpleNamespace(close=closed.wait))
    ending = asyncio.create_task(app.end_jobs(3.0))
    await house.until(lambda: not app.running)
    assert not ending.done()
    [row] = await app.db.read(lambda conn: rows(conn, "SELECT state FROM jobs"))
    assert row["state"] == "running"
    closed.set()
    await ending
    monkeypatch.undo()
