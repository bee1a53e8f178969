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
from tests.e2e.house import House, one_course

Make = Callable[..., Any]
CLOCK = re.compile(r"\d\d:\d\d")


def labels(message: Message) -> list[str]:
    return [button.text for row in message.buttons for button in row]


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


def stored(house: House, sql: str) -> list[Any]:
    with sqlite3.connect(house.folder / "data" / "bot.sqlite3") as db:
        return db.execute(sql).fetchall()


async def settings_of(houses: Make, **kwargs: Any) -> tuple[House, Message]:  # noqa: ANN401
    house: House = await houses(one_course([document(1)]), **kwargs)
    house.person.send("/settings")
    return house, await house.see_button("通知 ›")


async def test_a_language_is_chosen_and_kept_over_a_restart(houses: Make) -> None:
    house, message = await settings_of(houses)
    assert {"✓ 中文", "English"} <= set(labels(message))

    await house.press("English")

    shown = await house.see("Time zone: Shanghai (UTC+8)")
    assert shown.message_id == message.message_id
    assert {"中文", "✓ English"} <= set(labels(shown))
    await house.close()
    await house.open()
    house.person.send("/help")
    await house.see("What I understand")


async def test_a_pace_is_chosen_for_the_jobs_to_come(houses: Make) -> None:
    house, _ = await settings_of(houses)

    await house.press("2×")

    await house.see_button("✓ 2×")
    await house.log_in()
    preview = await house.preview("测试科目", "测试模块")
    assert any("2×" in label and "✓" in label for label in labels(preview))


async def test_a_zone_is_chosen_from_the_list_of_its_region(houses: Make) -> None:
    house, message = await settings_of(houses)
    assert "🌏 上海 (UTC+8) ›" in labels(message)
    assert clock_in(message) in clocks("Asia/Shanghai")

    await house.press("上海 (UTC+8) ›")
    await house.press("亚洲其他地区")
    await house.press("加尔各答 (UTC+5:30)")

    shown = await house.see("时区：加尔各答 (UTC+5:30)")
    assert shown.message_id == message.message_id
    assert clock_in(shown) in clocks("Asia/Kolkata")
    await house.press("加尔各答 (UTC+5:30) ›")
    await house.press("亚洲其他地区")
    await house.see_button("✓ 加尔各答 (UTC+5:30)")


@pytest.mark.parametrize(
    ("typed", "offered", "zone"),
    [("乌鲁木齐", "乌鲁木齐 (UTC+6)", "Asia/Urumqi"), ("berlin", "柏林 (", "Europe/Berlin")],
)
async def test_a_zone_is_found_by_a_typed_city(
    houses: Make, typed: str, offered: str, zone: str
) -> None:
    house, _ = await settings_of(houses)
    await house.press("上海 (UTC+8) ›")
    await house.press("输入城市名")
    await house.see("把城市名发给我")

    house.person.send(typed)
    await house.press(offered)

    shown = await house.see(f"时区：{offered}")
    assert clock_in(shown) in clocks(zone)
    assert stored(house, "SELECT time_zone, awaiting FROM chats") == [(zone, None)]


async def test_an_unknown_city_may_be_typed_again_and_shanghai_is_offered(houses: Make) -> None:
    house, _ = await settings_of(houses)
    await house.press("上海 (UTC+8) ›")

    house.person.send("<b>南京</b>路")
    answer = await house.see("没有找到“<b>南京</b>路”")
    assert labels(answer) == ["✓ 上海 (UTC+8)", "🌏 从列表里选", "返回"]

    house.person.send("东京")
    await house.press("东京 (UTC+9)")
    await house.see("时区：东京 (UTC+9)")


async def test_a_text_is_no_city_any_more_once_the_settings_are_shown_again(houses: Make) -> None:
    house, _ = await settings_of(houses)
    await house.press("上海 (UTC+8) ›")
    await house.see_button("欧洲")
    await house.press("返回")
    await house.see_button("通知 ›")

    house.person.send("东京")

    await house.see("没看懂")
    assert house.with_button("东京") is None


async def test_every_screen_leads_back_to_the_settings_and_home(houses: Make) -> None:
    house, message = await settings_of(houses)
    ways = [
        ["上海 (UTC+8) ›", "欧洲", "返回", "返回"],
        ["上海 (UTC+8) ›", "输入城市名", "返回", "返回"],
        ["通知 ›", "返回"],
    ]
    for way in ways:
        for label in way:
            before = labels(message)
            await house.press(label)
            await house.until(lambda before=before: labels(message) != before)  # type: ignore[misc]
        assert "🔔 通知 ›" in labels(message), way
    await house.press("返回")
    await house.until(lambda: "⚙️ 设置" in labels(message))


async def test_a_cookie_is_a_login_even_while_a_city_is_asked_for(houses: Make) -> None:
    house, _ = await settings_of(houses)
    await house.press("上海 (UTC+8) ›")
    await house.press("输入城市名")

    await house.log_in()

    await house.see(STUDENT.name)
    house.person.send("东京")
    await house.see("没看懂")


async def test_the_progress_message_goes_by_the_new_clock(houses: Make) -> None:
    house: House = await houses(one_course([video(6000)]), speed=100.0)
    await house.log_in()
    progress = await house.start_job("测试科目", "测试模块")
    await house.see("预计")
    assert clock_of(progress) in clocks("Asia/Shanghai", ahead=3)

    house.person.send("/settings")
    await house.press("上海 (UTC+8) ›")
    await house.see_button("欧洲")
    house.person.send("+05:45")
    await house.press("加德满都 (UTC+5:45)")

    await house.until(lambda: clock_of(progress) in clocks("Asia/Kathmandu", ahead=3))
    house.person.send("/jobs")
    listed = await house.see_button("▶️ 测试科目")
    assert any(clock in label for clock in clocks("Asia/Kathmandu") for label in labels(listed))


async def test_a_job_that_rests_is_shown_in_the_new_language_at_once(houses: Make) -> None:
    house: House = await houses(one_course([video(6000)]), speed=100.0)
    await house.log_in()
    progress = await house.start_job("测试科目", "测试模块")
    await house.press("暂停")
    await house.until(lambda: "继续" in labels(progress))
    await house.see("已暂停")

    house.person.send("/settings")
    await house.press("English")

    await house.until(lambda: labels(progress) == ["Resume", "Cancel"])


async def test_a_notice_that_was_switched_off_does_not_come_and_the_end_does(houses: Make) -> None:
    # Slow enough that the bar is seen in the progress message, whose edits are spaced.
    house: House = await houses(one_course([video(300)]), speed=200.0)
    await house.log_in()
    house.person.send("/settings")
    await house.press("通知 ›")
    await house.press("🔔 平台限制账号时")
    switched = await house.see_button("🔕 平台限制账号时")
    assert {"🔔 连不上平台时", "🔔 cookie 快到期时"} <= set(labels(switched))
    await house.start_job("测试科目", "测试模块")
    await house.reported()

    house.platform.bar(STUDENT.stu_id, 20)

    await house.see("平台限制了账号")
    assert (await house.final()).counts == (1, 0, 0)
    fates = "SELECT sent_at IS NULL, dropped_at IS NULL FROM notices WHERE kind = 'barred'"
    await house.until(lambda: stored(house, fates) == [(1, 0)])
    assert house.shown("20 分钟") is None


async def test_a_switch_pressed_twice_is_one_press_and_can_be_taken_back(houses: Make) -> None:
    house, message = await settings_of(houses)
    await house.press("通知 ›")
    await house.see_button("🔔 连不上平台时")
    off = next(b for row in message.buttons for b in row if b.text == "🔔 连不上平台时")

    for _ in range(2):
        await house.person.press_data(message.message_id, off.data or "").answered()

    await house.until(lambda: "🔕 连不上平台时" in labels(message))
    assert stored(house, "SELECT notify_outage FROM chats") == [(0,)]
    await house.press("🔕 连不上平台时")
    await house.until(lambda: "🔔 连不上平台时" in labels(message))
    assert stored(house, "SELECT notify_bar, notify_outage, notify_expiry FROM chats") == [
        (1, 1, 1)
    ]


@pytest.mark.parametrize(
    "data", ["v1:zs:1:0", "v1:zs::0", "v1:zr:99:0", "v1:n0:99:0", "v1:n1::0", "v1:lang:99:0"]
)
async def test_a_button_that_means_nothing_any_more_shows_a_fresh_menu(
    houses: Make, data: str
) -> None:
    house, message = await settings_of(houses)
    await house.press("上海 (UTC+8) ›")
    await house.see_button("欧洲")

    await house.person.press_data(message.message_id, data).answered()

    await house.until(lambda: {"🔔 通知 ›", "🔔 平台限制账号时"} & set(labels(message)))
    assert stored(house, "SELECT time_zone, notify_bar FROM chats") == [("Asia/Shanghai", 1)]


async def test_a_zone_that_this_machine_does_not_know_is_shown_as_the_default(
    houses: Make,
) -> None:
    house, _ = await settings_of(houses)
    await house.close()
    with sqlite3.connect(house.folder / "data" / "bot.sqlite3") as db:
        db.execute("UPDATE chats SET time_zone = 'Moon/Tranquility'")
    db.close()
    await house.open()

    house.person.send("/settings")

    await house.until(lambda: "上海 (UTC+8)" in house.person.chat.messages[-1].text)
