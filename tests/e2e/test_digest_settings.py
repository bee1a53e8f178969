"""``/digest``: what is set by a button or by typing is what the chat gets from then on."""

import pytest

from tests.support.app_harness import AppHarness
from tests.support.digest_day import Make, a_course, change, digest_screen, stored
from tests.support.shown import labels


async def test_a_time_is_set_by_a_button_and_switches_the_digest_on(open_app: Make) -> None:
    harness = await digest_screen(open_app)
    await harness.press("🕘 21:00 ›")
    await harness.see("几点发")
    await harness.press("07:30")
    shown = await harness.see("已开启：每天 07:30")
    assert "🕘 07:30 ›" in labels(shown)
    assert stored(harness, "SELECT is_on, at FROM digest_settings") == [(1, "07:30")]
    await harness.press("🔕 关闭")
    await harness.see("未开启")
    assert stored(harness, "SELECT is_on, at FROM digest_settings") == [(0, "07:30")]


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
async def test_a_time_is_set_by_typing_it(open_app: Make, typed: str, at: str) -> None:
    harness = await digest_screen(open_app)
    await harness.press("🕘 21:00 ›")
    await harness.see("几点发")
    harness.person.send(typed)
    await harness.see(f"已开启：每天 {at}")
    assert stored(harness, "SELECT is_on, at FROM digest_settings") == [(1, at)]
    harness.person.send("23:45")
    await harness.see("已开启：每天 23:45")
    harness.person.send("我要学第2章")
    await harness.see("没看懂。")


async def test_a_time_can_be_typed_at_once_or_behind_the_command(open_app: Make) -> None:
    harness = await digest_screen(open_app)
    harness.person.send("我妈问我")
    await harness.see("没看懂。")
    harness.person.send("9点半")
    await harness.see("已开启：每天 09:30")
    harness.person.send("/digest 晚上 10点")
    await harness.see("已开启：每天 22:00")
    harness.person.send("/digest 25:00")
    await harness.see("没看懂“25:00”是几点")
    harness.person.send("3")
    await harness.see("没看懂。")
    assert stored(harness, "SELECT is_on, at FROM digest_settings") == [(1, "22:00")]
    for word, wanted in (("off", 0), ("开", 1), ("关闭", 0)):
        harness.person.send(f"/digest {word}")
        await harness.until(
            lambda wanted=wanted: (
                stored(harness, "SELECT is_on FROM digest_settings") == [(wanted,)]
            )  # type: ignore[misc]
        )


@pytest.mark.parametrize("typed", ["工作日21:30", "/digest 周一到周五 晚上9点半"])
async def test_the_days_are_set_with_the_time(open_app: Make, typed: str) -> None:
    harness = await digest_screen(open_app)
    harness.person.send(typed)
    await harness.see("已开启：工作日 21:30")
    assert stored(harness, "SELECT is_on, at, days FROM digest_settings") == [
        (1, "21:30", "weekdays")
    ]
    harness.person.send("22:00")
    await harness.see("已开启：工作日 22:00")


async def test_who_is_not_logged_in_is_told_that_nothing_comes(open_app: Make) -> None:
    harness: AppHarness = await open_app(a_course())
    harness.person.send("/digest on")
    await harness.see("登录后才会发：/login")


async def test_what_is_no_time_is_asked_for_again_and_a_cookie_is_a_login_still(
    open_app: Make,
) -> None:
    harness = await digest_screen(open_app)
    await harness.press("🕘 21:00 ›")
    await harness.see("几点发")
    harness.person.send("9点5")
    await harness.see("没看懂“9点5”是几点")
    await harness.log_in()
    assert stored(harness, "SELECT is_on, at FROM digest_settings") == [(0, "21:00")]
    sent = harness.person.send("22:30")
    await harness.until(
        lambda: (
            (answer := harness.shown("未开启")) is not None and answer.message_id > sent.message_id
        )
    )
    assert stored(harness, "SELECT is_on, at FROM digest_settings") == [(0, "21:00")]


async def test_days_quiet_hours_and_the_rest_are_set_by_buttons(open_app: Make) -> None:
    harness = await digest_screen(open_app)
    for opens, choice, shown in (
        ("📅 每天 ›", "周三", "📅 每周三 ›"),
        ("📅 每周三 ›", "工作日", "📅 工作日 ›"),
        ("22:30–07:30 静音 ›", "不静音", "🌙 不静音 ›"),
        ("新课：只在汇报里说 ›", "新课：每天看 3 次", "🆕 新课：每天看 3 次 ›"),
        ("自动学新课：关 ›", "07", "🤖 自动学新课：07:00 ›"),
        ("自动学新课：07:00 ›", "关：先问我", "🤖 自动学新课：关 ›"),
    ):
        await harness.press(opens)
        await harness.press(choice)
        await harness.until(lambda shown=shown: harness.with_button(shown))  # type: ignore[misc]
    await harness.press("没有新内容时：发一句话")
    await harness.see_button("没有新内容时：不发")
    await harness.press("🔔 开启")
    await harness.see("已开启：工作日 21:00")
    assert stored(
        harness,
        "SELECT is_on, days, weekday, no_news, quiet_from = quiet_until, watch_times, start_hour"
        " FROM digest_settings",
    ) == [(1, "weekdays", 2, "silent", 1, 3, None)]


async def test_the_zone_is_shown_and_a_button_leads_to_it(open_app: Make) -> None:
    harness = await digest_screen(open_app)
    await harness.see("时区：上海 (UTC+8)")
    await harness.press("上海 (UTC+8) ›")
    await harness.see_button("欧洲")
    harness.person.send("东京")
    await harness.press("东京 (UTC+9)")
    await harness.press("📊 每日汇报 ›")
    assert "时区：东京 (UTC+9)" in (await harness.see_button("现在发一份")).text


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
async def test_a_button_that_means_nothing_changes_nothing(open_app: Make, data: str) -> None:
    harness = await digest_screen(open_app)
    await change(
        harness,
        "UPDATE digest_settings SET days = 'weekdays', no_news = 'silent', quiet_from = '23:00',"
        " quiet_until = '08:00', watch_times = 3, start_hour = 7",
    )
    before = stored(harness, "SELECT * FROM digest_settings")
    shown = await harness.see_button("现在发一份")
    await harness.press("📅 每天 ›")
    await harness.see("哪几天发")
    await harness.person.press_data(shown.message_id, data).answered()
    await harness.see_button("现在发一份")
    assert stored(harness, "SELECT * FROM digest_settings") == before
