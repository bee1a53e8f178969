"""All courses at once: where the press was made, and presses in two messages."""

from collections.abc import Callable
from typing import Any

import pytest

from demo.platform import School, course, document, module, school_of, topic
from demo.telegram import Message
from tests.support.app_harness import AppHarness

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
