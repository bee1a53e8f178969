"""Words do what they say, and what is no cookie is called no bad cookie."""

from collections.abc import Callable
from typing import Any

import pytest

from demo.platform import STUDENT, document, video
from tests.support.app_harness import AppHarness, one_course
from tests.support.digest_day import stored

Make = Callable[..., Any]

NOT_LOGGED_IN = [
    ("开始", "你好！我帮你学习职教云课程"),
    ("首頁", "你好！我帮你学习职教云课程"),
    ("怎么用？", "可用的命令"),
    ("Help", "可用的命令"),
    ("登录", "按 F12"),
    ("設置", "时区："),
    ("每日汇报", "每日汇报"),
    ("删除全部！", "要全部删除吗"),
    ("课程", "请先登录"),
    ("谢谢", "不客气"),
    ("hi", "登录后就能开始"),
]


async def a_house(open_app: Make, **options: object) -> AppHarness:
    harness: AppHarness = await open_app(one_course([video(4000), document(2)]), **options)
    return harness


@pytest.mark.parametrize(("said", "seen"), NOT_LOGGED_IN)
async def test_a_word_does_what_it_says(open_app: Make, said: str, seen: str) -> None:
    harness = await a_house(open_app)
    harness.person.send(said)
    await harness.see(seen)


@pytest.mark.parametrize(
    ("said", "seen"),
    [
        ("home", f"👋 {STUDENT.name}，你好！"),
        ("选课", "想学哪一门"),
        ("任务", "还没有任务"),
        ("账号", "👤 账号"),
        ("退出登录", "要移除哪个账号"),
        ("你好", "今天想学点什么"),
    ],
)
async def test_a_word_of_a_student_does_what_it_says(open_app: Make, said: str, seen: str) -> None:
    harness = await a_house(open_app)
    await harness.log_in()
    harness.person.send(said)
    await harness.see(seen)


async def test_a_job_is_paused_resumed_and_asked_about_by_words(open_app: Make) -> None:
    harness = await a_house(open_app)
    await harness.log_in()
    await harness.start_job("测试科目", "测试模块")
    await harness.reported()

    harness.person.send("暂停一下")
    await harness.see_button("继续")
    harness.person.send("continue")
    await harness.see("好，接着学")
    harness.person.send("取消")

    await harness.see_button("确认取消")


@pytest.mark.parametrize("said", ["老师说先暂停", "暂停？", "不要取消", "请不要删除全部"])
async def test_a_sentence_changes_nothing(open_app: Make, said: str) -> None:
    harness = await a_house(open_app)
    await harness.log_in()
    await harness.start_job("测试科目", "测试模块")
    await harness.reported()
    before = len(harness.person.chat.messages)
    harness.person.send(said)
    await harness.until(lambda: len(harness.person.chat.messages) >= before + 2)
    assert stored(harness, "SELECT state, requested FROM jobs") == [("running", None)]
    assert harness.with_button("确认取消") is None
    assert harness.with_button("删除全部") is None


@pytest.mark.parametrize("said", ["嗯嗯", "1", "13800138000", "我还没有电脑", "what is that"])
async def test_while_a_cookie_is_awaited_other_texts_are_told_how_to_copy_it(
    open_app: Make, said: str
) -> None:
    harness = await a_house(open_app)
    harness.person.send("/login")
    await harness.see("按 F12")
    harness.person.send(said)

    answer = await harness.see("这条不是 cookie，我还在等它")

    assert "auth" in answer.text
    assert harness.shown("这个 cookie 用不了") is None


async def test_a_part_of_a_value_is_still_explained_while_a_cookie_is_awaited(
    open_app: Make,
) -> None:
    harness = await a_house(open_app)
    harness.person.send("/login")
    await harness.see("按 F12")
    harness.person.send("3f9a27c4e0")
    assert "太短" in (await harness.see("这个 cookie 用不了")).text


@pytest.mark.parametrize("ended_by", ["/help", "帮助", "/jobs", "返回"])
async def test_a_command_a_word_or_a_main_screen_ends_the_waiting_for_a_cookie(
    open_app: Make, ended_by: str
) -> None:
    harness = await a_house(open_app)
    harness.person.send("/login")
    await harness.see_button("返回")
    if ended_by == "返回":
        await harness.press(ended_by)
    else:
        harness.person.send(ended_by)
    await harness.until(lambda: stored(harness, "SELECT awaiting FROM chats") == [(None,)])
    harness.person.send("嗯嗯")
    await harness.see("没看懂")


async def test_a_main_screen_ends_the_waiting_for_a_city_and_for_a_time(open_app: Make) -> None:
    harness = await a_house(open_app)
    harness.person.send("/settings")
    await harness.press("上海")
    await harness.until(lambda: stored(harness, "SELECT awaiting FROM chats") == [("zone",)])
    harness.person.send("/digest")
    await harness.until(lambda: stored(harness, "SELECT awaiting FROM chats") == [("digest_time",)])
    harness.person.send("/help")
    await harness.until(lambda: stored(harness, "SELECT awaiting FROM chats") == [(None,)])


async def test_who_may_not_use_the_bot_can_remove_what_is_stored_by_a_word(open_app: Make) -> None:
    harness = await a_house(open_app)
    await harness.log_in()
    await harness.close()
    harness.settings["allowed_users"] = "42"
    await harness.open()

    harness.person.send("删除全部")

    await harness.see("要全部删除吗")


async def test_a_refused_person_is_given_the_number_and_not_stored(open_app: Make) -> None:
    harness = await a_house(open_app, allowed="42")
    harness.person.send("你好")
    await harness.see("把这个编号发给管理员")
    assert stored(harness, "SELECT count(*) FROM chats") == [(0,)]
