"""All courses at once: where the press was made, and presses in two messages."""

from collections.abc import Callable
from typing import Any

import pytest

from demo.platform import School, course, document, module, school_of, topic, video
from demo.telegram import Message
from tests.support.app_harness import AppHarness
from tests.support.digest_day import stored

Make = Callable[..., Any]


def _eight_courses() -> School:
    return school_of(
        courses=[course([module([topic([document(1)])])], name=f"科目{n}") for n in range(8)]
    )


async def _two_lists(open_app: Make) -> tuple[AppHarness, Message, Message]:
    harness: AppHarness = await open_app(_eight_courses(), speed=30)
    await harness.log_in()
    found = []
    for _ in range(2):
        harness.person.send("/courses")
        await harness.until(lambda: "科目1" in str(harness.person.chat.messages[-1].buttons))
        found.append(harness.person.chat.messages[-1])
    return harness, found[0], found[1]


def _all(message: Message) -> str:
    return next(b.text for row in message.buttons for b in row if "🎓" in b.text)


async def test_a_second_press_leaves_its_message_and_the_reading_as_they_are(
    open_app: Make,
) -> None:
    harness, first, second = await _two_lists(open_app)
    await harness.person.press(_all(first), first).answered()
    answer = await harness.person.press(_all(second), second).answered()
    assert "正在读取你的课程" in (answer.text or "")
    assert any("科目1" in b.text for row in second.buttons for b in row)
    await harness.see_button("开始")
    assert any("开始" in b.text for row in first.buttons for b in row)


@pytest.mark.parametrize(("command", "there"), [("/start", "👋"), ("/courses", "想学哪一门")])
async def test_back_leads_from_the_preview_to_the_screen_that_was_pressed(
    open_app: Make, command: str, there: str
) -> None:
    harness: AppHarness = await open_app(_eight_courses())
    await harness.log_in()
    await harness.see_button("📖 科目0")
    harness.person.send(command)
    screen = await harness.see(there)
    harness.person.press(_all(screen), screen)
    await harness.see_button("开始")
    await harness.press("2×")
    await harness.see_button("✓ 2×")
    await harness.press("返回")
    await harness.until(lambda: there in screen.text)


async def test_what_a_job_has_is_not_planned_again_by_the_rest(open_app: Make) -> None:
    school = school_of(
        courses=[course([module([topic([video(90_000)])])], name=name) for name in ("甲", "乙")]
    )
    harness: AppHarness = await open_app(school)
    await harness.log_in()
    await harness.press("🎓 学剩下的")
    early = await harness.see_button("开始")
    harness.person.send("/courses")
    await harness.press("甲")
    await harness.press("全部未完成")
    await harness.press("下一步")
    one = await harness.until(lambda: len(_previews(harness)) == 2 and _previews(harness)[-1])
    assert isinstance(one, Message)
    harness.person.press("开始", one)
    await harness.see("▸")

    harness.person.press("2×", early)
    await harness.until(lambda: "已有任务在学：甲" in early.text)
    assert "• 乙" in early.text
    assert "• 甲" not in early.text
    harness.person.press("开始", early)
    await harness.until(lambda: stored(harness, "SELECT count(*) FROM jobs") == [(2,)])
    harness.person.send("/start")
    await harness.press("🎓 学剩下的")
    nothing = await harness.see("已有任务在学：甲、乙")
    assert not [each.text for row in nothing.buttons for each in row if "开始" in each.text]


async def test_a_course_that_is_started_from_two_previews_gets_one_job(open_app: Make) -> None:
    school = school_of(courses=[course([module([topic([video(90_000)])])], name="甲")])
    harness: AppHarness = await open_app(school)
    await harness.log_in()
    for number in (1, 2):
        harness.person.send("/courses")
        await harness.press("甲")
        await harness.press("全部未完成")
        await harness.press("下一步")
        await harness.until(lambda number=number: len(_previews(harness)) == number)  # type: ignore[misc]
    first, second = _previews(harness)
    harness.person.press("开始", first)
    await harness.see("▸")
    harness.person.press("开始", second)
    await harness.until(lambda: "已有任务在学：甲" in second.text)
    assert stored(harness, "SELECT count(*) FROM jobs") == [(1,)]


def _previews(harness: AppHarness) -> list[Message]:
    return [
        each
        for each in harness.person.chat.messages
        if any(button.text == "开始" for row in each.buttons for button in row)
    ]
