"""Logging in and out, who may use the bot, and everything that a person may send."""

import sqlite3
from collections.abc import Callable
from typing import Any

import pytest

from demo.platform import (
    OTHER_STUDENT,
    STUDENT,
    Fault,
    course,
    document,
    module,
    school_of,
    video,
)
from tests.support.app_harness import AppHarness, one_course
from tests.support.names import ANNA

Make = Callable[..., Any]


def a_school() -> Any:  # noqa: ANN401
    return one_course([document(1)])


async def test_a_pasted_cookie_is_deleted_and_answered_by_the_students_name(open_app: Make) -> None:
    harness: AppHarness = await open_app(a_school())
    auth = harness.platform.cookie_for(STUDENT.stu_id)

    pasted = harness.person.send(f"curl 'https://zjy2.icve.com.cn/' -H 'Cookie: auth={auth}; a=b'")

    await harness.see(STUDENT.name)
    assert all(m.message_id != pasted.message_id for m in harness.person.chat.messages)


@pytest.mark.parametrize("pending", [False, True])
async def test_no_cookie_is_readable_in_anything_that_is_kept(
    open_app: Make, capsys: pytest.CaptureFixture[str], *, pending: bool
) -> None:
    harness: AppHarness = await open_app(a_school(), speed=60.0)
    if pending:
        harness.platform.faults.add("*", Fault.json({"code": 4711}), times=None)
        auth = harness.platform.cookie_for(STUDENT.stu_id)
        harness.person.send(f"auth={auth}")
        await harness.see("加密保存着")
    else:
        auth = await harness.log_in()

    for file in (harness.folder / "data").rglob("*"):
        if file.is_file():
            assert auth.encode() not in file.read_bytes(), file.name
            assert file.stat().st_mode & 0o077 == 0, file.name
    await harness.until(lambda: all(auth not in m.text for m in harness.person.chat.messages))
    out = capsys.readouterr()
    assert auth not in out.out + out.err


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("你好", "登录后就能开始"),
        ("auth=abc123", "太短"),
        ("zz" * 40, "这个 cookie 用不了"),
        ("a" * 10000 + "!", "这个 cookie 用不了"),
    ],
)
async def test_a_text_that_is_no_cookie_gets_one_clear_sentence(
    open_app: Make, text: str, words: str
) -> None:
    harness: AppHarness = await open_app(a_school())
    harness.person.send("/login")
    await harness.see("auth")

    harness.person.send(text)

    await harness.see(words)


async def test_an_expired_cookie_is_told_so(open_app: Make) -> None:
    harness: AppHarness = await open_app(a_school())
    auth = harness.platform.cookie_for(STUDENT.stu_id)
    harness.platform.expire(STUDENT.stu_id)

    harness.person.send(auth)

    await harness.see("已经过期")


async def test_an_unreachable_platform_is_told_and_the_bot_goes_on(open_app: Make) -> None:
    harness: AppHarness = await open_app(a_school())
    harness.platform.faults.add("*", Fault.AWAY, times=None)

    harness.person.send(harness.platform.cookie_for(STUDENT.stu_id))
    await harness.see("没有说清楚")

    harness.platform.faults.clear()
    await harness.log_in()


async def test_courses_of_an_unreachable_platform_tell_what_to_do(open_app: Make) -> None:
    harness: AppHarness = await open_app(a_school())
    await harness.log_in()
    harness.platform.faults.add("*", Fault.HTTP_502, times=None)

    harness.person.send("/courses")

    await harness.see("请过几分钟再试")


async def test_a_course_without_modules_says_so(open_app: Make) -> None:
    harness: AppHarness = await open_app(school_of(courses=[course([], name="空科目")]))
    await harness.log_in()
    harness.person.send("/courses")

    await harness.press("空科目")

    await harness.see("还没有模块")


async def test_a_module_without_cells_says_so(open_app: Make) -> None:
    school = school_of(courses=[course([module([], name="空模块")], name="测试科目")])
    harness: AppHarness = await open_app(school)
    await harness.log_in()
    harness.person.send("/courses")
    await harness.press("测试科目")
    await harness.press("空模块")

    await harness.press("下一步")

    await harness.see("还没有内容")


async def test_next_without_a_tick_asks_for_one(open_app: Make) -> None:
    harness: AppHarness = await open_app(a_school())
    await harness.log_in()
    harness.person.send("/courses")
    await harness.press("测试科目")

    assert "勾选" in await harness.press("下一步")


async def test_all_unfinished_ticks_and_stays_on_the_screen(open_app: Make) -> None:
    harness: AppHarness = await open_app(a_school())
    await harness.log_in()
    harness.person.send("/courses")
    await harness.press("测试科目")

    await harness.press("全部未完成")

    message = await harness.see("已勾选 1 个模块")
    labels = [b.text for row in message.buttons for b in row]
    assert {"全部未完成", "清空", "返回", "下一步"} <= set(labels)
    await harness.press("清空")
    await harness.until(lambda: harness.shown("已勾选") is None)


async def test_a_stranger_is_refused_with_the_id_to_put_into_the_settings(open_app: Make) -> None:
    harness: AppHarness = await open_app(a_school(), allowed="42")

    harness.person.send("/start")

    refusal = await harness.see("还没对你开放")
    assert str(ANNA) in refusal.text
    assert refusal.text.count("\n") == 0
    ((copy,),) = refusal.buttons
    assert copy.copy_text == str(ANNA)


async def test_logout_removes_the_account_and_its_cookie(open_app: Make) -> None:
    harness: AppHarness = await open_app(a_school())
    await harness.log_in()
    await harness.log_in(OTHER_STUDENT.stu_id)

    harness.person.send("/logout")
    await harness.press(f"移除 {STUDENT.name}")
    await harness.see("已移除")

    kept = _rows(harness, "SELECT name FROM accounts")
    assert kept == [(OTHER_STUDENT.name,)]


async def test_erase_leaves_nothing_of_the_chat(open_app: Make) -> None:
    harness: AppHarness = await open_app(one_course([video(6000)]))
    await harness.log_in()
    await harness.start_job("测试科目", "测试模块")

    harness.person.send("/erase")
    await harness.press("全部删除")
    await harness.see("已全部删除")

    tables = [
        name for (name,) in _rows(harness, "SELECT name FROM sqlite_master WHERE type='table'")
    ]
    for table in tables:
        # How long a video is belongs to its course, not to the chat.
        if not table.startswith("sqlite_") and table not in {"media_lengths", "kept"}:
            assert _rows(harness, f"SELECT * FROM {table}") == [], table  # noqa: S608
    await harness.close()
    assert STUDENT.name.encode() not in (harness.folder / "data" / "bot.sqlite3").read_bytes()


@pytest.mark.parametrize(
    "data",
    ["", "v0:old:1:0", "v1:go:999:0", "v1:c:999999:0", "v1:jc:1:0", "v2:x", "v1:t:1,2:0", "\x00"],
)
async def test_old_and_forged_buttons_get_a_fresh_menu(open_app: Make, data: str) -> None:
    harness: AppHarness = await open_app(a_school())
    await harness.log_in()
    message = await harness.see(STUDENT.name)
    before = len(harness.person.chat.messages)

    press = harness.person.press_data(message.message_id, data)

    await press.answered()
    await harness.until(lambda: len(harness.person.chat.messages) > before)


async def test_another_chats_job_cannot_be_seen_or_cancelled(open_app: Make) -> None:
    harness: AppHarness = await open_app(one_course([video(300)]))
    await harness.log_in()
    await harness.start_job("测试科目", "测试模块")
    thief = harness.telegram.person(2002)
    thief.send("/start")
    theirs = await harness.telegram.wait_for(lambda: thief.chat.messages[1])

    for action in ("j", "jc", "jcy", "jp", "jr", "jt", "jcn"):
        await thief.press_data(theirs.message_id, f"v1:{action}:1:0").answered()

    assert (await harness.final()).counts == (1, 0, 0)
    assert not any("测试科目" in m.text for m in thief.chat.messages)


@pytest.mark.parametrize("what", ["sticker", "voice", "forward", "emoji", "rtl", "unknown"])
async def test_anything_else_gets_a_friendly_line(open_app: Make, what: str) -> None:
    harness: AppHarness = await open_app(a_school())
    send: Callable[[], object] = {
        "sticker": harness.person.send_sticker,
        "voice": harness.person.send_voice,
        "forward": lambda: harness.person.forward("看这个"),
        "emoji": lambda: harness.person.send("🎉🎉🎉"),
        "rtl": lambda: harness.person.send("مرحبا \u202e abc"),
        "unknown": lambda: harness.person.send("/nonsense"),
    }[what]

    send()

    await harness.see("点按钮就行" if what == "emoji" else "没看懂")


def _rows(harness: AppHarness, sql: str) -> list[Any]:
    with sqlite3.connect(harness.folder / "data" / "bot.sqlite3") as db:
        return db.execute(sql).fetchall()
