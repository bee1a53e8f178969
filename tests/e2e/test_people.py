"""Logging in and out, who may use the bot, groups, and everything that a person may send."""

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
from tests.e2e.house import PERSON_ID, House, one_course

Make = Callable[..., Any]


def a_school() -> Any:  # noqa: ANN401
    return one_course([document(1)])


async def test_a_pasted_cookie_is_deleted_and_answered_by_the_students_name(houses: Make) -> None:
    house: House = await houses(a_school())
    auth = house.platform.cookie_for(STUDENT.stu_id)

    pasted = house.person.send(f"curl 'https://zjy2.icve.com.cn/' -H 'Cookie: auth={auth}; a=b'")

    await house.see(STUDENT.name)
    assert all(m.message_id != pasted.message_id for m in house.person.chat.messages)


@pytest.mark.parametrize("pending", [False, True])
async def test_no_cookie_is_readable_in_anything_that_is_kept(
    houses: Make, capsys: pytest.CaptureFixture[str], *, pending: bool
) -> None:
    house: House = await houses(a_school(), speed=60.0)
    if pending:
        house.platform.faults.add("*", Fault.json({"code": 4711}), times=None)
        auth = house.platform.cookie_for(STUDENT.stu_id)
        house.person.send(f"auth={auth}")
        await house.see("加密保存着")
    else:
        auth = await house.log_in()

    for file in (house.folder / "data").rglob("*"):
        if file.is_file():
            assert auth.encode() not in file.read_bytes(), file.name
            assert file.stat().st_mode & 0o077 == 0, file.name
    await house.until(lambda: all(auth not in m.text for m in house.person.chat.messages))
    out = capsys.readouterr()
    assert auth not in out.out + out.err


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("你好", "这个 cookie 用不了"),
        ("auth=abc123", "太短"),
        ("zz" * 40, "这个 cookie 用不了"),
        ("a" * 10000 + "!", "这个 cookie 用不了"),
    ],
)
async def test_a_text_that_is_no_cookie_gets_one_clear_sentence(
    houses: Make, text: str, words: str
) -> None:
    house: House = await houses(a_school())
    house.person.send("/login")
    await house.see("auth")

    house.person.send(text)

    await house.see(words)


async def test_an_expired_cookie_is_told_so(houses: Make) -> None:
    house: House = await houses(a_school())
    auth = house.platform.cookie_for(STUDENT.stu_id)
    house.platform.expire(STUDENT.stu_id)

    house.person.send(auth)

    await house.see("已经过期")


async def test_an_unreachable_platform_is_told_and_the_bot_goes_on(houses: Make) -> None:
    house: House = await houses(a_school())
    house.platform.faults.add("*", Fault.AWAY, times=None)

    house.person.send(house.platform.cookie_for(STUDENT.stu_id))
    await house.see("没有说清楚")

    house.platform.faults.clear()
    await house.log_in()


async def test_courses_of_an_unreachable_platform_tell_what_to_do(houses: Make) -> None:
    house: House = await houses(a_school())
    await house.log_in()
    house.platform.faults.add("*", Fault.HTTP_502, times=None)

    house.person.send("/courses")

    await house.see("请过几分钟再试")


async def test_a_course_without_modules_says_so(houses: Make) -> None:
    house: House = await houses(school_of(courses=[course([], name="空科目")]))
    await house.log_in()
    house.person.send("/courses")

    await house.press("空科目")

    await house.see("还没有模块")


async def test_a_module_without_cells_says_so(houses: Make) -> None:
    school = school_of(courses=[course([module([], name="空模块")], name="测试科目")])
    house: House = await houses(school)
    await house.log_in()
    house.person.send("/courses")
    await house.press("测试科目")
    await house.press("空模块")

    await house.press("下一步")

    await house.see("还没有内容")


async def test_next_without_a_tick_asks_for_one(houses: Make) -> None:
    house: House = await houses(a_school())
    await house.log_in()
    house.person.send("/courses")
    await house.press("测试科目")

    assert "勾选" in await house.press("下一步")


async def test_all_unfinished_ticks_and_stays_on_the_screen(houses: Make) -> None:
    house: House = await houses(a_school())
    await house.log_in()
    house.person.send("/courses")
    await house.press("测试科目")

    await house.press("全部未完成")

    message = await house.see("已勾选 1 个模块")
    labels = [b.text for row in message.buttons for b in row]
    assert {"全部未完成", "清空", "返回", "下一步"} <= set(labels)
    await house.press("清空")
    await house.until(lambda: house.shown("已勾选") is None)


async def test_a_stranger_is_refused_with_the_id_to_put_into_the_settings(houses: Make) -> None:
    house: House = await houses(a_school(), allowed="42")

    house.person.send("/start")

    refusal = await house.see("ALLOWED_USERS")
    assert str(PERSON_ID) in refusal.text
    assert refusal.text.count("\n") == 0
    assert refusal.buttons == []


async def test_in_a_group_no_cookie_is_taken(houses: Make) -> None:
    house: House = await houses(a_school())
    group = house.telegram.group(-100123, "同学群", [house.person])
    group.promote()

    posted = house.person.send(house.platform.cookie_for(STUDENT.stu_id), chat_id=-100123)

    answer = await house.telegram.wait_for(
        lambda: next((m for m in house.telegram.chat(-100123).messages if m.from_bot), None)
    )
    assert answer.buttons[0][0].url == "https://t.me/zjy_demo_bot"
    assert all(m.message_id != posted.message_id for m in house.telegram.chat(-100123).messages)
    assert house.platform.requests == []


async def test_logout_removes_the_account_and_its_cookie(houses: Make) -> None:
    house: House = await houses(a_school())
    await house.log_in()
    await house.log_in(OTHER_STUDENT.stu_id)

    house.person.send("/logout")
    await house.press(f"移除 {STUDENT.name}")
    await house.see("已移除")

    kept = _rows(house, "SELECT name FROM accounts")
    assert kept == [(OTHER_STUDENT.name,)]


async def test_erase_leaves_nothing_of_the_chat(houses: Make) -> None:
    house: House = await houses(one_course([video(6000)]))
    await house.log_in()
    await house.start_job("测试科目", "测试模块")

    house.person.send("/erase")
    await house.press("全部删除")
    await house.see("已全部删除")

    tables = [name for (name,) in _rows(house, "SELECT name FROM sqlite_master WHERE type='table'")]
    for table in tables:
        # How long a video is belongs to its course, not to the chat.
        if not table.startswith("sqlite_") and table != "media_lengths":
            assert _rows(house, f"SELECT * FROM {table}") == [], table  # noqa: S608
    await house.close()
    assert STUDENT.name.encode() not in (house.folder / "data" / "bot.sqlite3").read_bytes()


@pytest.mark.parametrize(
    "data",
    ["", "v0:old:1:0", "v1:go:999:0", "v1:c:999999:0", "v1:jc:1:0", "v2:x", "v1:t:1,2:0", "\x00"],
)
async def test_old_and_forged_buttons_get_a_fresh_menu(houses: Make, data: str) -> None:
    house: House = await houses(a_school())
    await house.log_in()
    message = await house.see(STUDENT.name)
    before = len(house.person.chat.messages)

    press = house.person.press_data(message.message_id, data)

    await press.answered()
    await house.until(lambda: len(house.person.chat.messages) > before)


async def test_another_chats_job_cannot_be_seen_or_cancelled(houses: Make) -> None:
    house: House = await houses(one_course([video(300)]))
    await house.log_in()
    await house.start_job("测试科目", "测试模块")
    thief = house.telegram.person(2002)
    thief.send("/start")
    theirs = await house.telegram.wait_for(lambda: thief.chat.messages[1])

    for action in ("j", "jc", "jcy", "jp", "jr", "jt", "jcn"):
        await thief.press_data(theirs.message_id, f"v1:{action}:1:0").answered()

    assert (await house.final()).counts == (1, 0, 0)
    assert not any("测试科目" in m.text for m in thief.chat.messages)


@pytest.mark.parametrize("what", ["sticker", "voice", "forward", "emoji", "rtl", "unknown"])
async def test_anything_else_gets_a_friendly_line(houses: Make, what: str) -> None:
    house: House = await houses(a_school())
    send: Callable[[], object] = {
        "sticker": house.person.send_sticker,
        "voice": house.person.send_voice,
        "forward": lambda: house.person.forward("看这个"),
        "emoji": lambda: house.person.send("🎉🎉🎉"),
        "rtl": lambda: house.person.send("مرحبا \u202e abc"),
        "unknown": lambda: house.person.send("/nonsense"),
    }[what]

    send()

    await house.see("没看懂")


def _rows(house: House, sql: str) -> list[Any]:
    with sqlite3.connect(house.folder / "data" / "bot.sqlite3") as db:
        return db.execute(sql).fetchall()
