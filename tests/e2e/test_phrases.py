"""Words do what they say, and what is no cookie is called no bad cookie."""

from collections.abc import Callable
from functools import partial
from typing import Any

import pytest

from demo.platform import STUDENT, document, video
from tests.support.app_harness import AppHarness, one_course
from tests.support.digest_day import stored
from tests.support.names import ANNA

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


@pytest.mark.parametrize(
    ("said", "seen"),
    [
        ("/help", "可用的命令"),
        ("/digest 8点", "每天 08:00"),
        ("/help@another_bot", "没看懂"),
        ("/people", "没看懂"),
        ("/invite", "没看懂"),
    ],
)
async def test_a_command_that_telegram_did_not_mark_is_understood(
    open_app: Make, said: str, seen: str
) -> None:
    harness = await a_house(open_app)
    send_in_monospace(harness, said)
    await harness.see(seen)


async def test_the_owners_commands_are_understood_of_the_owner_without_a_mark(
    open_app: Make,
) -> None:
    harness = await a_house(open_app, allowed=str(ANNA))
    send_in_monospace(harness, "/people")
    await harness.see("👥")


def send_in_monospace(harness: AppHarness, said: str) -> None:
    """As a command that was copied from a page: with no entity of a command."""
    harness.person.send(said, entities=[{"type": "code", "offset": 0, "length": len(said)}])


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


@pytest.mark.parametrize("said", ["我妈问我", "1", "13800138000", "我还没有电脑", "what is that"])
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


EVERYDAY = [
    ("在不在", "你好"),
    ("你是谁？", "我帮你学习职教云课程"),
    ("cookie是什么", "按 F12"),
    ("手机能弄吗", "只有手机"),
    ("会被封号吗", "学校规定"),
    ("要钱吗", "不收钱"),
    ("帮我做作业", "要你自己做"),
    ("倍速", "时区："),
    ("不会弄", "可用的命令"),
    ("工作日提醒我", None),
    ("谢谢老师", "不客气"),
    ("好的", "点按钮就行"),
    ("👍", "点按钮就行"),
    ("晚安", "再见"),
    ("。", None),
    ("666", None),
    ("who are you?", "我帮你学习职教云课程"),
    ("is it safe", "学校规定"),
    ("what's the weather", None),
]
"""Texts of people who do not know the commands, and what the answer holds; None if it only says how
to go on."""


@pytest.mark.parametrize("awaits_a_cookie", [False, True])
async def test_everyday_texts_get_a_friendly_answer_and_none_is_a_bad_cookie(
    open_app: Make, awaits_a_cookie: bool
) -> None:
    harness = await a_house(open_app)
    for said, seen in EVERYDAY:
        if awaits_a_cookie:
            harness.person.send("/login")
            await harness.until(
                lambda: stored(harness, "SELECT awaiting FROM chats") == [("cookie",)]
            )
            await harness.until(lambda: "按 F12" in harness.person.chat.messages[-1].text)
        sent = harness.person.send(said)
        expected = seen or ("我还在等它" if awaits_a_cookie else "没看懂")
        await harness.until(partial(_is_answered, harness, sent.message_id, expected))
    assert harness.shown("这个 cookie 用不了") is None


def _is_answered(harness: AppHarness, message_id: int, expected: str) -> bool:
    return any(
        each.from_bot and each.message_id > message_id and expected in each.text
        for each in harness.person.chat.messages
    )


@pytest.mark.parametrize(
    ("said", "seen"),
    [
        ("停一下", "已暂停"),
        ("别学了", "真的要结束"),
        ("stop it", "真的要结束"),
        ("还要多久？", "还需"),
        ("学完了吗", "还需"),
        ("为什么失败", "📋 任务"),
        ("我的课呢", "想学哪一门"),
        ("把剩下的学完", f"👋 {STUDENT.name}"),
        ("21:30", "每日汇报"),
    ],
)
async def test_an_everyday_text_of_a_student_shows_what_it_asks_for(
    open_app: Make, said: str, seen: str
) -> None:
    harness = await a_house(open_app)
    await harness.log_in()
    await harness.start_job("测试科目", "测试模块")
    await harness.reported()
    sent = harness.person.send(said)
    await harness.until(
        lambda: (
            _is_answered(harness, sent.message_id, seen)
            or (seen == "已暂停" and harness.shown(seen) is not None)
        )
    )
    if seen != "已暂停":
        assert stored(harness, "SELECT state, requested FROM jobs") == [("running", None)]


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
    harness.person.send("what is that")
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
