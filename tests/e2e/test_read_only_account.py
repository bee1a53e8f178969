"""A student of the site since 2023: logged in with a token, shown what is there, and no more."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.chat.callbacks import VERSION, Action
from demo.spoc import ANTI_BOT, EXPIRED_BODY, Read
from storage.enums import Platform
from tests.support.shown import buttons, from_bot
from tests.support.spoc_app import SpocApp

pytestmark = pytest.mark.slow
STUDYING = ("开始", "下一步", "全部未完成", "学剩下的", "☐", "☑", "1×", "速度")
WHY = "新版职教云只能查看"


@pytest.fixture
async def app(tmp_path: Path) -> AsyncIterator[SpocApp]:
    async with SpocApp(tmp_path) as app:
        yield app


def all_words(app: SpocApp) -> str:
    """The texts and labels of all messages of the bot."""
    messages = from_bot(app.person.chat)
    labels = [button.text for message in messages for button in buttons(message)]
    return "\n".join([*(message.text for message in messages), *labels])


async def test_a_token_logs_in_and_the_course_can_be_walked_through(app: SpocApp) -> None:
    token = await app.log_in_here()
    app.person.send("/courses")
    await app.press("35% 网络基础")
    await app.press("单元一")
    await app.see("讲义")
    await app.press("返回")
    await app.see_button("准备")

    assert not any(word in all_words(app) for word in STUDYING)
    assert all_words(app).count(WHY) == 1
    assert all(token not in each.text for each in app.person.chat.messages), "it is deleted"
    assert app.site.violations == []
    assert app.platform.requests == []


async def test_the_settings_offer_no_pace_and_nothing_that_starts_by_itself(app: SpocApp) -> None:
    await app.log_in_here()
    app.person.send("/settings")
    await app.see_button("通知")
    app.person.send("/digest")
    await app.see_button("现在发一份")
    assert not any(word in all_words(app) for word in STUDYING)
    assert "🤖" not in all_words(app)


async def test_presses_of_buttons_that_are_not_there_study_nothing(app: SpocApp) -> None:
    await app.log_in_here()
    app.person.send("/courses")
    await app.press("35% 网络基础")
    message = await app.see_button("单元一")
    for action in (Action.TICK_ALL, Action.NEXT, Action.PACE, Action.START, Action.ALL_COURSES):
        data = f"{VERSION}:{action.value}:1,1:0"
        await app.person.press_data(message.message_id, data).answered()
    assert not any(word in all_words(app) for word in STUDYING)
    assert app.site.violations == []
    assert app.platform.requests == []


async def test_an_expired_token_asks_once_and_another_one_renews_the_account(app: SpocApp) -> None:
    await app.log_in_here()
    await app.see("35%")
    app.site.faults.expired_form = EXPIRED_BODY
    app.site.expire(app.pupil)
    app.person.send("/courses")
    await app.see("的登录过期了")
    asked = len(app.site.requests)
    app.person.send("/start")
    assert "35%" in (await app.see("cookie 过期了")).text, "the last known state is kept"
    assert len(app.site.requests) == asked, "what is over is not asked for again"

    before = len(app.person.chat.messages)
    app.person.send(f"Authorization: Bearer {app.site.token_for(app.pupil)}")
    await app.until(
        lambda: any("登录成功" in each.text for each in app.person.chat.messages[before:])
    )
    assert app.app is not None
    (account,) = await app.app.pasted._services.accounts.of_chat(app.person.user_id)
    assert (account.platform, account.has_cookie) == (Platform.SPOC, True)
    assert WHY not in app.person.chat.messages[-1].text, "it was said once"


async def test_a_page_in_place_of_data_stops_the_login_at_once_and_says_so(app: SpocApp) -> None:
    app.site.faults.add(Read.ME, ANTI_BOT)
    app.person.send(f"Token={app.site.token_for(app.pupil)}")
    await app.see("不绕过它")
    assert len(app.site.requests) == 1


async def test_a_cookie_and_a_token_of_one_message_become_two_accounts(tmp_path: Path) -> None:
    async with SpocApp(tmp_path) as app:
        cookie = app.platform.cookie_for(app.platform.school.students[0].stu_id)
        app.person.send(f"auth={cookie}; Token={app.site.token_for(app.pupil)}")
        await app.see("登录成功")
        await app.see("里面还有")
        assert app.app is not None
        held = await app.app.pasted._services.accounts.of_chat(app.person.user_id)
        assert [each.platform for each in held] == [Platform.ZJY, Platform.SPOC]


async def test_the_login_screen_says_what_is_not_known_of_todays_site(app: SpocApp) -> None:
    app.person.send("/login")
    await app.press("新版网站")
    steps = await app.see("没有在真实网站上确认过")
    assert "javascript:" in steps.text
    assert "统一登录" in steps.text
    drawing = next(
        each
        for each in app.person.chat.messages
        if each.photo is not None and "where_token" in each.photo.name
    )
    assert drawing.photo is not None
