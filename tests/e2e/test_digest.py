"""Digests as a student meets them: set by button or by typing, sent with a picture, once a day."""

import sqlite3
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.chat.uploads import MAX_CAPTION
from bot.demo.platform import (
    STUDENT,
    Course,
    Endpoint,
    School,
    course,
    document,
    link,
    module,
    picture,
    quiz,
    school_of,
    topic,
    unsupported,
    video,
)
from bot.demo.telegram import Message
from tests.e2e.digest_day import change, do, make_due, publish, tick, tomorrow
from tests.e2e.house import House, one_course

Make = Callable[..., Any]

NAME = "测试科目"
PNG = b"\x89PNG\r\n\x1a\n"


def labels(message: Message) -> list[str]:
    return [button.text for row in message.buttons for button in row]


def pictures(house: House) -> list[Message]:
    mine = (each for each in house.person.chat.messages if each.from_bot)
    return [
        each for each in mine if each.photo is not None and "where_cookie" not in each.photo.name
    ]


def stored(house: House, sql: str) -> list[Any]:
    with sqlite3.connect(house.folder / "data" / "bot.sqlite3") as db:
        return db.execute(sql).fetchall()


def a_course() -> School:
    """Four cells at different places, and one by hand."""
    return one_course([video(90), document(6), picture(), link(), quiz(name="期中测验")])


def percent_of(house: House, number: int = 0) -> float:
    """What the platform shows for a course."""
    cells = house.platform.school.courses[number].leaves()
    shown = [house.platform.shown(STUDENT.stu_id, cell.id) for cell in cells]
    return sum(shown) / len(shown)


async def digest_screen(houses: Make, school: School | None = None, **kwargs: Any) -> House:  # noqa: ANN401
    house: House = await houses(school or a_course(), **kwargs)
    await house.log_in()
    house.person.send("/digest")
    await house.see_button("现在发一份")
    return house


# the settings


async def test_a_time_is_set_by_a_button_and_switches_the_digest_on(houses: Make) -> None:
    house = await digest_screen(houses)
    await house.press("🕘 21:00 ›")
    await house.see("几点发")
    await house.press("07:30")
    shown = await house.see("已开启：每天 07:30")
    assert "🕘 07:30 ›" in labels(shown)
    assert stored(house, "SELECT wanted, at FROM digest_settings") == [(1, "07:30")]
    await house.press("🔕 关闭")
    await house.see("未开启")
    assert stored(house, "SELECT wanted, at FROM digest_settings") == [(0, "07:30")]


@pytest.mark.parametrize(
    ("typed", "at"),
    [
        ("21:30", "21:30"),
        ("9点半", "09:30"),
        ("晚上9点", "21:00"),
        ("２２：１５", "22:15"),
        ("9pm", "21:00"),
    ],
)
async def test_a_time_is_set_by_typing_it(houses: Make, typed: str, at: str) -> None:
    house = await digest_screen(houses)
    await house.press("🕘 21:00 ›")
    await house.see("几点发")
    house.person.send(typed)
    await house.see(f"已开启：每天 {at}")
    assert stored(house, "SELECT wanted, at FROM digest_settings") == [(1, at)]
    house.person.send(typed)
    await house.see("没看懂。")


async def test_what_is_no_time_is_asked_for_again_and_a_cookie_is_a_login_still(
    houses: Make,
) -> None:
    house = await digest_screen(houses)
    await house.press("🕘 21:00 ›")
    await house.see("几点发")
    house.person.send("9点5")
    await house.see("没看懂“9点5”是几点")
    await house.log_in()
    assert stored(house, "SELECT wanted, at FROM digest_settings") == [(0, "21:00")]
    house.person.send("22:30")
    await house.see("没看懂。")


async def test_days_quiet_hours_and_the_rest_are_set_by_buttons(houses: Make) -> None:
    house = await digest_screen(houses)
    for opens, choice, shown in (
        ("📅 每天 ›", "周三", "📅 每周三 ›"),
        ("📅 每周三 ›", "工作日", "📅 工作日 ›"),
        ("22:30–07:30 静音 ›", "不静音", "🌙 不静音 ›"),
        ("新课：只随汇报 ›", "新课：每天看 3 次", "🆕 新课：每天看 3 次 ›"),
        ("自动学新课：关 ›", "07", "🤖 自动学新课：07:00 ›"),
        ("自动学新课：07:00 ›", "关：先问我", "🤖 自动学新课：关 ›"),
    ):
        await house.press(opens)
        await house.press(choice)
        await house.until(lambda shown=shown: house.with_button(shown))  # type: ignore[misc]
    await house.press("没有新内容时：发一句话")
    await house.see_button("没有新内容时：不发")
    await house.press("🔔 开启")
    await house.see("已开启：工作日 21:00")
    assert stored(
        house,
        "SELECT wanted, days, weekday, no_news, quiet_from = quiet_until, watch_times, start_hour"
        " FROM digest_settings",
    ) == [(1, "weekdays", 2, "silent", 1, 3, None)]


async def test_the_zone_is_shown_and_a_button_leads_to_it(houses: Make) -> None:
    house = await digest_screen(houses)
    await house.see("时区：上海 (UTC+8)")
    await house.press("上海 (UTC+8) ›")
    await house.see_button("欧洲")
    house.person.send("东京")
    await house.press("东京 (UTC+9)")
    await house.press("📊 每日汇报 ›")
    assert "时区：东京 (UTC+9)" in (await house.see_button("现在发一份")).text


@pytest.mark.parametrize(
    "data",
    [
        "v1:dga:1440:0",
        "v1:dga::0",
        "v1:dgs:9:0",
        "v1:dgs::0",
        "v1:dgs:2,7:0",
        "v1:dgh:99:0",
        "v1:dgh::0",
        "v1:dgl:2:0",
        "v1:dgl::0",
        "v1:dgx:2:0",
        "v1:dgx::0",
        "v1:dgy:24:0",
    ],
)
async def test_a_button_that_means_nothing_changes_nothing(houses: Make, data: str) -> None:
    house = await digest_screen(houses)
    await change(
        house,
        "UPDATE digest_settings SET days = 'weekdays', no_news = 'silent', quiet_from = '23:00',"
        " quiet_until = '08:00', watch_times = 3, start_hour = 7",
    )
    before = stored(house, "SELECT * FROM digest_settings")
    shown = await house.see_button("现在发一份")
    await house.press("📅 每天 ›")
    await house.see("哪几天发")
    await house.person.press_data(shown.message_id, data).answered()
    await house.see_button("现在发一份")
    assert stored(house, "SELECT * FROM digest_settings") == before


# the digest


async def test_one_at_once_is_a_picture_whose_numbers_are_the_platforms(houses: Make) -> None:
    house = await digest_screen(houses)
    do(house, house.platform.school.leaves()[1])
    await house.preview(NAME, "测试模块")
    await house.press("返回")
    house.person.send("/digest")
    await house.press("现在发一份")

    [digest] = await house.until(lambda: pictures(house))

    assert digest.photo is not None
    assert digest.photo.content.startswith(PNG)
    assert (digest.photo.width, len(digest.photo.content) < 200_000) == (1080, True)
    line = next(each for each in digest.text.splitlines() if NAME in each)
    assert f"{int(percent_of(house))}%" in line
    assert f"{5 - len(house.unfinished())}/5 节" in line
    assert "还剩：" in digest.text
    assert "✍️ 需要你自己做：期中测验" in digest.text
    await house.until(lambda: house.shown("正在读取课程") is None)


async def test_a_due_one_comes_once_and_the_gain_is_counted_from_it(houses: Make) -> None:
    house = await digest_screen(houses)
    await make_due(house)
    await tick(house)
    [first] = await house.until(lambda: pictures(house))
    assert "+" not in first.text.splitlines()[2]
    assert not first.silent
    await tick(house)
    assert len(pictures(house)) == 1

    before = percent_of(house)
    do(house, house.platform.school.leaves()[0])
    house.person.send("/digest")
    await house.press("现在发一份")
    await house.until(lambda: len(pictures(house)) == 2)
    gained = percent_of(house) - before
    assert f"+{gained:.0f}%" in pictures(house)[-1].text


async def test_one_in_quiet_hours_comes_without_sound(houses: Make) -> None:
    house = await digest_screen(houses)
    await make_due(house)
    await change(house, "UPDATE digest_settings SET quiet_from = '00:00', quiet_until = '23:59'")
    await tick(house)
    [digest] = await house.until(lambda: pictures(house))
    assert digest.silent


async def test_a_lost_answer_repeats_nothing(houses: Make) -> None:
    house = await digest_screen(houses)
    await make_due(house)
    house.telegram.lose_answer("sendPhoto")
    await tick(house)
    await tick(house)
    assert len(pictures(house)) == 1
    assert stored(house, "SELECT sent_at, reason FROM digests") == [(None, "unsaid")]


async def test_nothing_new_is_one_line_or_nothing(houses: Make) -> None:
    house = await digest_screen(houses)
    await make_due(house)
    await tick(house)
    await tomorrow(house)
    await tick(house)
    line = await house.see("没有新内容")
    assert line.photo is None
    assert len(line.text.splitlines()) == 1
    assert f"{NAME} {int(percent_of(house))}%" in line.text
    said = len(house.person.chat.messages)
    await tomorrow(house)
    await change(house, "UPDATE digest_settings SET no_news = 'silent'")
    await tick(house)
    assert len(house.person.chat.messages) == said


async def test_a_missed_day_is_named_in_the_one_that_follows(houses: Make) -> None:
    house = await digest_screen(houses)
    await make_due(house)
    long_ago = (datetime.now(UTC) - timedelta(days=3)).isoformat(timespec="microseconds")
    await change(
        house, "UPDATE digest_settings SET armed_at = ?, zone_since = ?", long_ago, long_ago
    )
    await tick(house)
    [digest] = await house.until(lambda: pictures(house))
    assert "的汇报没有发：当时我没在运行" in digest.text


async def test_an_expired_cookie_shows_the_last_known_state_and_asks_once(houses: Make) -> None:
    house = await digest_screen(houses)
    house.person.send("/courses")
    await house.see_button(NAME)
    house.platform.expire(STUDENT.stu_id)
    await make_due(house)
    await tick(house)
    digest = await house.see("cookie 已过期")
    assert "以下是" in digest.text
    assert f"{NAME}</b> {int(percent_of(house))}%" in digest.html
    assert "把新的 cookie 发给我" in digest.text
    assert "🔑 如何登录" in labels(digest)
    house.person.send("/digest")
    await house.press("现在发一份")
    await house.until(lambda: len(pictures(house)) == 2)
    again = pictures(house)[-1]
    assert "cookie 已过期" in again.text
    assert "把新的 cookie 发给我" not in again.text


async def test_a_long_one_is_a_picture_with_one_line_and_the_text_behind_it(houses: Make) -> None:
    def of(n: int) -> Course:
        tests = [quiz(name=f"{k}. a test with quite a long name") for k in range(9)]
        read = module([topic([video(60), *tests, unsupported()])], name=f"module {n}")
        unread = module([topic([link()])], name="never read")
        return course([read, unread], name=f"Course {n} with quite a long name")

    house: House = await houses(school_of(courses=[of(n) for n in range(6)]), language="en")
    await house.log_in()
    house.person.send("/digest")
    await house.see_button("Send one now")
    for n in range(3):
        await house.preview(f"Course {n}", f"module {n}", words=("Next", "Start"))
    await make_due(house)
    await tick(house)
    [photo] = await house.until(lambda: pictures(house))
    text = house.person.chat.messages[-1]
    assert photo.text.count("\n") == 0
    assert photo.buttons == []
    assert len(text.text.encode("utf-16-le")) // 2 > MAX_CAPTION
    assert all(f"Course {n}" in text.text for n in range(6))

    await house.press("Study the rest")
    preview = await house.see("in a message of its own")
    assert preview.message_id > text.message_id
    assert "Digest" in text.text


async def test_without_an_account_one_at_once_asks_for_a_login(houses: Make) -> None:
    house: House = await houses(a_course())
    house.person.send("/digest")
    await house.press("现在发一份")
    await house.see("请先登录")


# new lessons


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
    assert "将学习 2 节" in preview.text
    assert stored(house, "SELECT count(*) FROM jobs") == [(0,)]
    assert house.report_count() == reports

    house.person.press("开始", preview)
    assert (await house.final()).counts == (2, 0, 0)
    assert "有新课" in notice.text


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


# the last 30 days


async def test_progress_is_a_chart_with_a_way_on(houses: Make) -> None:
    house: House = await houses(a_course())
    await house.log_in()
    house.person.send("/progress")
    await house.see("还没有历史记录")
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
