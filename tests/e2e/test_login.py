"""Logging in as a student does it alone: the drawing, the steps, every wrong paste in words."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from demo.platform import OTHER_STUDENT, STUDENT, document, video
from demo.telegram import Message
from tests.support.app_harness import AppHarness, one_course

Make = Callable[..., Any]


async def opened_app(open_app: Make, **options: object) -> AppHarness:
    harness: AppHarness = await open_app(one_course([document(1)]), **options)
    return harness


def said(harness: AppHarness) -> list[Message]:
    return [each for each in harness.person.chat.messages if each.from_bot]


@pytest.mark.parametrize("language", ["zh-hans", "en"])
async def test_the_login_screen_is_a_drawing_and_then_the_steps_with_a_way_back(
    open_app: Make, language: str
) -> None:
    harness = await opened_app(open_app, language=language)
    harness.person.send("/login")

    await harness.see_button({"zh-hans": "返回", "en": "Back"}[language])

    drawing, steps = said(harness)
    assert drawing.photo is not None
    assert drawing.photo.name == f"where_cookie.{language[:2]}.png"
    assert (drawing.buttons, steps.photo) == ([], None)
    await harness.press({"zh-hans": "返回", "en": "Back"}[language])
    await harness.until(lambda: "/erase" in steps.text)
    assert len(said(harness)) == 2


async def test_the_steps_come_though_telegram_refuses_the_drawing(open_app: Make) -> None:
    harness = await opened_app(open_app)
    harness.telegram.fail("sendPhoto", 400, "Bad Request: IMAGE_PROCESS_FAILED")

    harness.person.send("/login")

    await harness.see("按 F12")
    assert len(said(harness)) == 1


async def test_a_login_button_pressed_twice_at_once_brings_one_login_screen(open_app: Make) -> None:
    harness = await opened_app(open_app)
    harness.person.send("/start")
    message = await harness.see_button("登录")
    data = message.buttons[0][0].data or ""
    harness.telegram.fail("sendPhoto", 429, "Too Many Requests: retry after 1", retry_after=1)

    presses = [harness.person.press_data(message.message_id, data) for _ in range(2)]
    for press in presses:
        await press.answered()

    harness.person.send("/help")
    await harness.see("可用的命令")
    assert sum("按 F12" in each.text for each in said(harness)) == 1


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("auth=abc123", "太短"),
        ("auth=zzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzz", "只含数字"),
        ("Cookie: acw_tc=123; lang=zh", "没有名为 auth"),
        ("3f9a27c4e08b51d63f9a27c4", "太短"),
        ("ab12" * 500, "太长"),
        (
            "curl 'https://mooc.example.org/' -H 'Cookie: auth=" + "ab" * 16 + "'",
            "别的网站",
        ),
        ('[{"name": "auth", "value": "12"}]', "太短"),
    ],
)
async def test_a_broken_paste_is_explained_though_nobody_asked_for_it(
    open_app: Make, text: str, words: str
) -> None:
    harness = await opened_app(open_app)

    harness.person.send(text)

    answer = await harness.see("这个 cookie 用不了")
    assert words in answer.text
    assert [b.text for row in answer.buttons for b in row] == ["🔑 如何登录"]


@pytest.mark.parametrize(
    "text", ["我妈问我", "我要开始学习java了", "hello world", "13800138000", "学习" * 30]
)
async def test_ordinary_words_are_not_taken_for_a_cookie(open_app: Make, text: str) -> None:
    harness = await opened_app(open_app)

    harness.person.send(text)

    await harness.see("没看懂")


async def test_a_made_up_cookie_is_not_said_to_have_expired_for_sure(open_app: Make) -> None:
    harness = await opened_app(open_app)

    harness.person.send("auth=" + "ab12" * 10)

    await harness.see("平台不接受这个 cookie：它已经过期，或者没有复制完整")
    assert harness.with_button("课程") is None


async def test_a_cookie_that_says_itself_that_it_ended_is_told_so(open_app: Make) -> None:
    harness = await opened_app(open_app)
    auth = harness.platform.cookie_for(STUDENT.stu_id)
    harness.platform.expire(STUDENT.stu_id)
    ended = int((datetime.now(UTC) - timedelta(hours=1)).timestamp())

    harness.person.send(f'[{{"name": "auth", "value": "{auth}", "expirationDate": {ended}}}]')

    await harness.see("这个 cookie 已经过期")


@pytest.mark.parametrize("command", ["/help", "/jobs", "/pause", "/logout", "/accounts"])
async def test_nobody_who_is_not_logged_in_is_offered_courses(open_app: Make, command: str) -> None:
    harness = await opened_app(open_app)

    harness.person.send(command)

    await harness.see_button("登录")
    assert harness.with_button("课程") is None


async def test_accounts_are_switched_and_removed_one_by_one_and_each_is_asked_about(
    open_app: Make,
) -> None:
    harness = await opened_app(open_app)
    await harness.log_in()
    await harness.log_in(OTHER_STUDENT.stu_id)
    harness.person.send("/accounts")
    await harness.press(f"切换到 {STUDENT.name}")
    screen = await harness.see_button(f"✓ {STUDENT.name}")
    row = next(row for row in screen.buttons if OTHER_STUDENT.name in row[0].text)

    await harness.person.press_data(screen.message_id, row[1].data or "").answered()

    question = await harness.see("要从这里移除")
    assert OTHER_STUDENT.name in question.text
    await harness.press("返回")
    await harness.see_button(f"✓ {STUDENT.name}")
    await harness.person.press_data(screen.message_id, row[1].data or "").answered()
    await harness.press(f"移除 {OTHER_STUDENT.name}")
    removed = await harness.see("已移除")
    assert f"现在使用：{STUDENT.name}" in removed.text
    await harness.press("👤 账号")
    await harness.see_button(f"✓ {STUDENT.name}")
    assert harness.with_button(OTHER_STUDENT.name) is None


async def test_another_chats_account_cannot_be_asked_about_or_removed(open_app: Make) -> None:
    harness: AppHarness = await open_app(one_course([video(6000)]))
    await harness.log_in()
    thief = harness.telegram.person(2002)
    thief.send("/start")
    theirs = await harness.telegram.wait_for(lambda: thief.chat.messages[1])

    for action in ("loa", "lo"):
        await thief.press_data(theirs.message_id, f"v1:{action}:1:0").answered()

    await harness.telegram.wait_for(lambda: theirs.edits > 0)
    assert not any(STUDENT.name in each.text for each in thief.chat.messages)
    harness.person.send("/accounts")
    await harness.see_button(f"✓ {STUDENT.name}")
