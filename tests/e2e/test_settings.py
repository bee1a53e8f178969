"""Settings: what a person chooses is what every screen goes by from then on."""

import re
import sqlite3
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from demo.platform import STUDENT, document, video
from demo.telegram import Message
from tests.support.app_harness import AppHarness, one_course
from tests.support.shown import labels

Make = Callable[..., Any]
CLOCK = re.compile(r"\d\d:\d\d")


def clocks(zone: str, *, ahead: int = 0) -> set[str]:
    """What a clock there shows now, showed a minute ago, or shows within so many minutes."""
    now = datetime.now(UTC).astimezone(ZoneInfo(zone))
    return {f"{now + timedelta(minutes=minute):%H:%M}" for minute in range(-1, ahead + 1)}


def clock_in(message: Message) -> str:
    [shown] = CLOCK.findall(message.text)
    return str(shown)


def clock_of(progress: Message) -> str:
    """The clock time in a progress message, which names positions in videos, too."""
    found = re.search(r"预计 (\d\d:\d\d) 学完", progress.text.splitlines()[-1])
    return found[1] if found else ""


def stored(harness: AppHarness, sql: str) -> list[Any]:
    with sqlite3.connect(harness.folder / "data" / "bot.sqlite3") as db:
        return db.execute(sql).fetchall()


async def settings_of(open_app: Make, **kwargs: Any) -> tuple[AppHarness, Message]:  # noqa: ANN401
    harness: AppHarness = await open_app(one_course([document(1)]), **kwargs)
    harness.person.send("/settings")
    return harness, await harness.see_button("通知 ›")


async def test_a_language_is_chosen_and_kept_over_a_restart(open_app: Make) -> None:
    harness, message = await settings_of(open_app)
    assert {"✓ 中文", "English"} <= set(labels(message))

    await harness.press("English")

    shown = await harness.see("Time zone: Shanghai (UTC+8)")
    assert shown.message_id == message.message_id
    assert {"中文", "✓ English"} <= set(labels(shown))
    await harness.close()
    await harness.open()
    harness.person.send("/help")
    await harness.see("What I understand")


async def test_a_pace_is_chosen_for_the_jobs_to_come(open_app: Make) -> None:
    harness, _ = await settings_of(open_app)

    await harness.press("2×")

    await harness.see_button("✓ 2×")
    await harness.log_in()
    preview = await harness.preview("测试科目", "测试模块")
    assert any("2×" in label and "✓" in label for label in labels(preview))


async def test_a_zone_is_chosen_from_the_list_of_its_region(open_app: Make) -> None:
    harness, message = await settings_of(open_app)
    assert "🌏 上海 (UTC+8) ›" in labels(message)
    assert clock_in(message) in clocks("Asia/Shanghai")

    await harness.press("上海 (UTC+8) ›")
    await harness.press("亚洲其他地区")
    await harness.press("加尔各答 (UTC+5:30)")

    shown = await harness.see("时区：加尔各答 (UTC+5:30)")
    assert shown.message_id == message.message_id
    assert clock_in(shown) in clocks("Asia/Kolkata")
    await harness.press("加尔各答 (UTC+5:30) ›")
    await harness.press("亚洲其他地区")
    await harness.see_button("✓ 加尔各答 (UTC+5:30)")


@pytest.mark.parametrize(
    ("typed", "offered", "zone"),
    [("乌鲁木齐", "乌鲁木齐 (UTC+6)", "Asia/Urumqi"), ("berlin", "柏林 (", "Europe/Berlin")],
)
async def test_a_zone_is_found_by_a_typed_city(
    open_app: Make, typed: str, offered: str, zone: str
) -> None:
    harness, _ = await settings_of(open_app)
    await harness.press("上海 (UTC+8) ›")
    await harness.press("输入城市名")
    await harness.see("把城市名发给我")

    harness.person.send(typed)
    await harness.press(offered)

    shown = await harness.see(f"时区：{offered}")
    assert clock_in(shown) in clocks(zone)
    assert stored(harness, "SELECT time_zone, awaiting FROM chats") == [(zone, None)]


async def test_an_unknown_city_may_be_typed_again_and_shanghai_is_offered(open_app: Make) -> None:
    harness, _ = await settings_of(open_app)
    await harness.press("上海 (UTC+8) ›")

    harness.person.send("<b>南京</b>路")
    answer = await harness.see("没有找到“<b>南京</b>路”")
    assert labels(answer) == ["✓ 上海 (UTC+8)", "🌏 从列表里选", "返回"]

    harness.person.send("东京")
    await harness.press("东京 (UTC+9)")
    await harness.see("时区：东京 (UTC+9)")


async def test_a_text_is_no_city_any_more_once_the_settings_are_shown_again(open_app: Make) -> None:
    harness, _ = await settings_of(open_app)
    await harness.press("上海 (UTC+8) ›")
    await harness.see_button("欧洲")
    await harness.press("返回")
    await harness.see_button("通知 ›")

    harness.person.send("东京")

    await harness.see("没看懂")
    assert harness.with_button("东京") is None


async def test_every_screen_leads_back_to_the_settings_and_home(open_app: Make) -> None:
    harness, message = await settings_of(open_app)
    ways = [
        ["上海 (UTC+8) ›", "欧洲", "返回", "返回"],
        ["上海 (UTC+8) ›", "输入城市名", "返回", "返回"],
        ["通知 ›", "返回"],
    ]
    for way in ways:
        for label in way:
            before = labels(message)
            await harness.press(label)
            await harness.until(lambda before=before: labels(message) != before)  # type: ignore[misc]
        assert "🔔 通知 ›" in labels(message), way
    await harness.press("返回")
    await harness.until(lambda: "⚙️ 设置" in labels(message))


async def test_a_cookie_is_a_login_even_while_a_city_is_asked_for(open_app: Make) -> None:
    harness, _ = await settings_of(open_app)
    await harness.press("上海 (UTC+8) ›")
    await harness.press("输入城市名")

    await harness.log_in()

    await harness.see(STUDENT.name)
    harness.person.send("东京")
    await harness.see("没看懂")


async def test_the_progress_message_goes_by_the_new_clock(open_app: Make) -> None:
    harness: AppHarness = await open_app(one_course([video(6000)]), speed=100.0)
    await harness.log_in()
    progress = await harness.start_job("测试科目", "测试模块")
    # A range until the video was opened, which tells its length.
    await harness.until(lambda: clock_of(progress))
    assert clock_of(progress) in clocks("Asia/Shanghai", ahead=3)

    harness.person.send("/settings")
    await harness.press("上海 (UTC+8) ›")
    await harness.see_button("欧洲")
    harness.person.send("+05:45")
    await harness.press("加德满都 (UTC+5:45)")

    await harness.until(lambda: clock_of(progress) in clocks("Asia/Kathmandu", ahead=3))
    harness.person.send("/jobs")
    listed = await harness.see_button("▶️ 测试科目")
    assert any(clock in label for clock in clocks("Asia/Kathmandu") for label in labels(listed))


async def test_a_job_that_rests_is_shown_in_the_new_language_at_once(open_app: Make) -> None:
    harness: AppHarness = await open_app(one_course([video(6000)]), speed=100.0)
    await harness.log_in()
    progress = await harness.start_job("测试科目", "测试模块")
    await harness.press("暂停")
    await harness.until(lambda: "继续" in labels(progress))
    await harness.see("已暂停")

    harness.person.send("/settings")
    await harness.press("English")

    await harness.until(lambda: labels(progress) == ["Resume", "Cancel"])


async def test_a_notice_that_was_switched_off_does_not_come_and_the_end_does(
    open_app: Make,
) -> None:
    # Slow enough that the bar is seen in the progress message, whose edits are spaced.
    harness: AppHarness = await open_app(one_course([video(300)]), speed=200.0)
    await harness.log_in()
    harness.person.send("/settings")
    await harness.press("通知 ›")
    await harness.press("🔔 开 · 平台限制账号时")
    switched = await harness.see_button("🔕 关 · 平台限制账号时")
    assert {"🔔 开 · 连不上平台时", "🔔 开 · cookie 快到期时"} <= set(labels(switched))
    await harness.start_job("测试科目", "测试模块")
    await harness.reported()

    harness.platform.bar(STUDENT.stu_id, 20)

    await harness.see("平台限制了账号")
    assert (await harness.final()).counts == (1, 0, 0)
    fates = "SELECT sent_at IS NULL, dropped_at IS NULL FROM notices WHERE kind = 'barred'"
    await harness.until(lambda: stored(harness, fates) == [(1, 0)])
    assert harness.shown("20 分钟") is None


async def test_a_switch_pressed_twice_is_one_press_and_can_be_taken_back(open_app: Make) -> None:
    harness, message = await settings_of(open_app)
    await harness.press("通知 ›")
    await harness.see_button("🔔 开 · 连不上平台时")
    off = next(b for row in message.buttons for b in row if b.text == "🔔 开 · 连不上平台时")

    for _ in range(2):
        await harness.person.press_data(message.message_id, off.data or "").answered()

    await harness.until(lambda: "🔕 关 · 连不上平台时" in labels(message))
    assert stored(harness, "SELECT notify_outage FROM chats") == [(0,)]
    await harness.press("🔕 关 · 连不上平台时")
    await harness.until(lambda: "🔔 开 · 连不上平台时" in labels(message))
    assert stored(harness, "SELECT notify_bar, notify_outage, notify_expiry FROM chats") == [
        (1, 1, 1)
    ]


@pytest.mark.parametrize(
    "data", ["v1:zs:1:0", "v1:zs::0", "v1:zr:99:0", "v1:n0:99:0", "v1:n1::0", "v1:lang:99:0"]
)
async def test_a_button_that_means_nothing_any_more_shows_a_fresh_menu(
    open_app: Make, data: str
) -> None:
    harness, message = await settings_of(open_app)
    await harness.press("上海 (UTC+8) ›")
    await harness.see_button("欧洲")

    await harness.person.press_data(message.message_id, data).answered()

    await harness.until(lambda: {"🔔 通知 ›", "🔔 开 · 平台限制账号时"} & set(labels(message)))
    assert stored(harness, "SELECT time_zone, notify_bar FROM chats") == [("Asia/Shanghai", 1)]


async def test_a_zone_that_this_machine_does_not_know_is_shown_as_the_default(
    open_app: Make,
) -> None:
    harness, _ = await settings_of(open_app)
    await harness.close()
    with sqlite3.connect(harness.folder / "data" / "bot.sqlite3") as db:
        db.execute("UPDATE chats SET time_zone = 'Moon/Tranquility'")
    db.close()
    await harness.open()

    harness.person.send("/settings")

    await harness.until(lambda: "上海 (UTC+8)" in harness.person.chat.messages[-1].text)
