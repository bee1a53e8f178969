"""A person's chat finishes modules of a course, and is told what the platform shows."""

from collections.abc import Callable
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
from tests.support.app_harness import EN, one_course

Make = Callable[..., Any]
JAVA = "java面向对象程序设计"


async def test_a_chat_finishes_a_module_and_the_platform_agrees(open_app: Make) -> None:
    harness = await open_app(demo_school())
    await harness.log_in()
    progress = await harness.start_job(JAVA, "课程导学")

    final = await harness.final()

    assert final.counts == (8, 0, 1)
    module = harness.platform.school.courses[0].modules[0]
    doable = [cell for cell in module.leaves() if cell.method is not Method.BY_HAND]
    assert {harness.platform.shown(STUDENT.stu_id, cell.id) for cell in doable} == {100}
    assert harness.platform.violations == []
    assert final.message.message_id != progress.message_id
    shrunk = await harness.until(
        lambda: (
            next(
                m for m in harness.person.chat.messages if m.message_id == progress.message_id
            ).text.count("\n")
            == 0
        )
    )
    assert shrunk


@pytest.mark.parametrize("module", ["模块一", "模块二", "模块三"])
async def test_the_hard_modules_end_at_what_can_be_done(open_app: Make, module: str) -> None:
    harness = await open_app(demo_school())
    await harness.log_in()
    await harness.start_job(JAVA, module)

    final = await harness.final()

    chosen = next(
        m for m in harness.platform.school.courses[0].modules if m.name.startswith(module)
    )
    never = {Method.BY_HAND, Method.NEVER}
    for cell in chosen.leaves():
        shown = harness.platform.shown(STUDENT.stu_id, cell.id)
        assert (shown == 100) == (cell.method not in never and not cell.locked), cell.name
    assert final.failed == 0
    assert harness.platform.violations == []


async def test_english_speakers_get_english_from_the_first_word(open_app: Make) -> None:
    school = one_course([video(25), document(3)])
    harness = await open_app(school, language="en")
    harness.person.send("/start")
    await harness.see_button("Log in")
    await harness.log_in()
    course = school.courses[0]
    await harness.start_job(course.name, course.modules[0].name, words=EN)

    final = await harness.final()

    assert "done 2 · failed 0 · skipped 0" in final.message.text


async def test_what_the_platform_does_not_count_is_failed_and_can_be_retried(
    open_app: Make,
) -> None:
    school = one_course([video(25), document(3), picture()])
    harness = await open_app(school)
    harness.platform.faults.add("*", Fault(FaultKind.NO_COUNT), times=None)
    await harness.log_in()
    course = school.courses[0]
    await harness.start_job(course.name, course.modules[0].name)

    final = await harness.final()

    assert final.counts == (0, 3, 0)
    assert "学了但平台没算上" in final.message.text
    harness.platform.faults.clear()
    await harness.press("重试")
    assert (await harness.final(2)).counts == (3, 0, 0)
    assert harness.unfinished() == set()


async def test_starting_twice_starts_once(open_app: Make) -> None:
    school = one_course([video(60), link()])
    harness = await open_app(school)
    await harness.log_in()
    course = school.courses[0]
    preview = await harness.preview(course.name, course.modules[0].name)
    data = next(b.data for row in preview.buttons for b in row if b.text == "开始")

    for _ in range(3):
        harness.person.press_data(preview.message_id, data)

    assert (await harness.final()).counts == (2, 0, 0)
    harness.person.send("/jobs")
    listed = await harness.see("📋 任务")
    assert listed.text.count(course.name) == 1


async def test_the_final_message_names_what_is_left_to_the_student(open_app: Make) -> None:
    school = one_course([document(1), quiz(name="期末 <测验> & 更多")])
    harness = await open_app(school)
    await harness.log_in()
    course = school.courses[0]
    await harness.start_job(course.name, course.modules[0].name)

    final = await harness.final()

    assert final.counts == (1, 0, 1)
    assert "期末 <测验> & 更多" in final.message.text
    labels = [button.text for row in final.message.buttons for button in row]
    assert not any(word in label for label in labels for word in ("暂停", "继续", "取消", "重试"))
