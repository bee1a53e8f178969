"""How many taps lead from the start to a running job, counted by clicks in a real browser.

Start in the empty chat is where the count begins; a pasted cookie is a message and no tap.
"""

from collections.abc import Mapping

import pytest
from playwright.async_api import Page

from demo.platform import STUDENT
from tests.support.phone_page import Demo, Phone, demo_on

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

COURSE, MODULE = "java面向对象程序设计", "课程导学"
ZH = {
    "begin": "开始",
    "paste": "粘贴 Cookie",
    "login": "登录",
    "rest": "🎓 学剩下的",
    "next": "下一步",
    "start": "开始",
    "pause": "暂停",
    "home": "首页",
}
EN = {
    "begin": "START",
    "paste": "Paste cookie",
    "login": "Log in",
    "rest": "🎓 Study the rest",
    "next": "Next",
    "start": "Start",
    "pause": "Pause",
    "home": "home",
}
every_language = pytest.mark.parametrize(("language", "words"), [("zh", ZH), ("en", EN)])


async def log_in(phone: Phone) -> None:
    await phone.begin()
    await phone.press("login")
    await phone.paste()
    await phone.see(STUDENT.name)


async def is_running(demo: Demo) -> None:
    """A job runs, and it shows."""
    await demo.phone.see_button("pause")
    assert demo.stage.platform.violations == []


@every_language
async def test_one_module_takes_five_taps_from_the_start(
    tab: Page, language: str, words: Mapping[str, str]
) -> None:
    async with demo_on(tab, language, words) as demo:
        phone = demo.phone
        await log_in(phone)
        await phone.press(f"📖 {COURSE}")
        await phone.press(MODULE)
        await phone.press("next", exact=True)
        await phone.press("start", exact=True)
        await is_running(demo)
        assert phone.taps <= 5


@every_language
async def test_everything_takes_three_taps_from_the_start(
    tab: Page, language: str, words: Mapping[str, str]
) -> None:
    async with demo_on(tab, language, words) as demo:
        phone = demo.phone
        await log_in(phone)
        await phone.press("rest")
        await phone.press("start", exact=True)
        await is_running(demo)
        assert phone.taps <= 3


@every_language
async def test_the_rest_takes_two_taps_for_who_is_logged_in(
    tab: Page, language: str, words: Mapping[str, str]
) -> None:
    async with demo_on(tab, language, words) as demo:
        phone = demo.phone
        await log_in(phone)
        phone.taps = 0
        await phone.type("/start")
        await phone.press("rest")
        await phone.press("start", exact=True)
        await is_running(demo)
        assert phone.taps <= 2
