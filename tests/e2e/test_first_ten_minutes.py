"""A student's first ten minutes, by clicks in a real browser: there is a way back everywhere."""

from collections.abc import Mapping

import pytest
from playwright.async_api import Page, expect

from demo.platform import STUDENT
from tests.support.phone_page import Phone, demo_on

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

STUDY = 90_000
COURSE, MODULE = "java面向对象程序设计", "课程导学"
ZH = {
    "begin": "开始",
    "paste": "粘贴 Cookie",
    "help": "帮助",
    "settings": "设置",
    "zone": "上海",
    "europe": "欧洲",
    "berlin": "柏林",
    "login": "登录",
    "back": "返回",
    "courses": "📚 课程",
    "jobs": "📋 任务",
    "finished": "已学完",
    "all": "全部未完成",
    "clear": "清空",
    "next": "下一步",
    "start": "开始",
    "pause": "暂停",
    "resume": "继续",
    "cancel": "取消",
    "keep": "不取消",
    "another": "下一模块",
    "ended": "完成 8 · 失败 0 · 跳过 1",
    "history": "经过",
    "home": "平台上有",
    "stranger": "/erase",
}
EN = {
    "begin": "START",
    "paste": "Paste cookie",
    "help": "Help",
    "settings": "Settings",
    "zone": "Shanghai",
    "europe": "Europe",
    "berlin": "Berlin",
    "login": "Log in",
    "back": "Back",
    "courses": "📚 Courses",
    "jobs": "📋 Jobs",
    "finished": "Finished",
    "all": "All unfinished",
    "clear": "Clear",
    "next": "Next",
    "start": "Start",
    "pause": "Pause",
    "resume": "Resume",
    "cancel": "Cancel",
    "keep": "Keep going",
    "another": "Another module",
    "ended": "done 8 · failed 0 · skipped 1",
    "history": "What happened",
    "home": "Platform:",
    "stranger": "/erase",
}


async def look_around(phone: Phone) -> None:
    """Everything that a newcomer may press before the login, and back each time."""
    await phone.see("stranger")
    await phone.press("help")
    await phone.see("/jobs")
    await phone.press("login")
    await phone.press("back", exact=True)
    await phone.press("settings")
    await phone.press("zone")
    await phone.press("europe")
    await phone.press("berlin")
    await phone.see_button("berlin")
    await phone.press("back", exact=True)
    await phone.see_button("login")


async def pick(phone: Phone) -> None:
    """From the greeting to the preview, with every way back taken once."""
    await phone.press("courses")
    await phone.see_button(COURSE)
    await phone.press("finished")
    await phone.press("back", exact=True)
    await phone.press("back", exact=True)
    await phone.see("home")
    await phone.press("courses")
    await phone.press(COURSE)
    await phone.press("all", exact=True)
    await phone.press("clear", exact=True)
    await phone.press("1 ›")
    await phone.see("《JAVA")
    await phone.press("back", exact=True)
    await phone.press(MODULE)
    await expect(phone.log.get_by_role("button", name="☑")).to_have_count(1)
    await phone.press("next", exact=True)
    await phone.see_button("2×")
    await phone.press("back", exact=True)
    await phone.press("next", exact=True)
    await phone.press("2×")
    await phone.see_button("✓ 2×")


async def study(phone: Phone) -> None:
    await phone.press("start", exact=True)
    await phone.press("pause", exact=True)
    await phone.press("resume", exact=True)
    await phone.press("cancel", exact=True)
    await phone.press("keep", exact=True)
    await phone.see("ended", timeout=STUDY)
    await phone.press("another")
    # The loading screen has a Back button of its own.
    await phone.see_button("next")
    await phone.press("back", exact=True)
    await expect(phone.log.get_by_role("button", name=phone.words["next"])).to_have_count(0)
    await phone.press("back", exact=True)
    await phone.press("jobs")
    await phone.press(COURSE)
    await phone.see("history")
    await phone.press("back", exact=True)
    await phone.press("courses")
    await phone.see_button(COURSE)


@pytest.mark.parametrize(("language", "words"), [("zh", ZH), ("en", EN)])
async def test_from_start_to_the_summary_with_every_way_back(
    tab: Page, language: str, words: Mapping[str, str]
) -> None:
    async with demo_on(tab, language, words) as demo:
        await demo.phone.begin()
        await look_around(demo.phone)
        await demo.phone.paste()
        await demo.phone.see(STUDENT.name)
        await pick(demo.phone)
        await study(demo.phone)
        assert demo.stage.platform.violations == []
