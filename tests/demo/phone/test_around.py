"""What stands around the messages: start, field, menu, panel, language, colours, connection."""

import asyncio
from socket import create_server
from urllib.parse import urlsplit

import pytest
from playwright.async_api import expect

from demo.phone.server import Action
from tests.demo.phone.conftest import Screen, begun
from tests.support.names import ANNA

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


async def test_empty_chat_has_a_start_button_that_goes(screen: Screen) -> None:
    async with screen() as (on, page):
        start = page.get_by_role("button", name="开始")
        await expect(start).to_be_visible()
        await expect(page.get_by_role("textbox")).to_be_hidden()
        await start.click()
        await on.telegram.wait_for(lambda: on.telegram.chat(ANNA).last.text == "/start")
        await expect(page.get_by_role("textbox", name="消息")).to_be_visible()
        await expect(start).to_be_hidden()


async def test_description_stands_in_the_empty_chat(screen: Screen) -> None:
    async with screen() as (on, page):
        await on.bot("setMyName", name="学习机器人")
        await on.bot("setMyDescription", description="我替你学习。")
        await expect(page.get_by_text("我替你学习。")).to_be_visible()
        await expect(page.get_by_role("heading", name="学习机器人")).to_be_visible()


async def test_typed_text_is_sent_with_enter_and_shown(screen: Screen) -> None:
    async with screen() as (on, page):
        await begun(on, page)
        field = page.get_by_role("textbox", name="消息")
        await field.fill("第一行")
        await field.press("Shift+Enter")
        await field.type("second")
        await field.press("Enter")
        await expect(page.get_by_role("log")).to_contain_text("第一行\nsecond")
        await expect(field).to_have_value("")
        assert on.telegram.chat(ANNA).last.text == "第一行\nsecond"


async def test_menu_lists_the_commands_and_sends_one(screen: Screen) -> None:
    commands = [
        {"command": "help", "description": "帮助"},
        {"command": "jobs", "description": "任务"},
    ]
    async with screen() as (on, page):
        await on.bot("setMyCommands", commands=commands)
        await begun(on, page)
        await page.get_by_role("button", name="菜单").click()
        await expect(page.get_by_role("menuitem")).to_have_count(2)
        await page.get_by_role("menuitem", name="任务").click()
        await on.telegram.wait_for(lambda: on.telegram.chat(ANNA).last.text == "/jobs")
        await expect(page.get_by_role("menu")).to_be_hidden()


async def test_slash_suggests_and_enter_takes(screen: Screen) -> None:
    names = ("start", "settings", "jobs")
    async with screen() as (on, page):
        commands = [{"command": name, "description": f"说明 {name}"} for name in names]
        await on.bot("setMyCommands", commands=commands)
        await begun(on, page)
        field = page.get_by_role("textbox", name="消息")
        await field.type("/s")
        await expect(page.get_by_role("menuitem")).to_have_count(2)
        await field.press("ArrowDown")
        await field.press("Enter")
        await on.telegram.wait_for(lambda: on.telegram.chat(ANNA).last.text == "/settings")
        await expect(field).to_have_value("")


async def test_token_button_stands_beside_that_of_the_cookie(screen: Screen) -> None:
    async with screen(cookie=lambda: "auth=abc", token=lambda: "Bearer e.y.j") as (on, page):
        await begun(on, page)
        await expect(page.get_by_role("button", name="粘贴 Cookie")).to_be_visible()
        await page.get_by_role("button", name="粘贴 Token").click()
        await expect(page.get_by_role("log")).to_contain_text("Bearer e.y.j")


async def test_cookie_button_pastes_the_cookie(screen: Screen) -> None:
    async with screen(cookie=lambda: "auth=abc") as (on, page):
        await expect(page.get_by_role("button", name="粘贴 Token")).to_be_hidden()
        paste = page.get_by_role("button", name="粘贴 Cookie")
        await expect(paste).to_be_hidden()
        await begun(on, page)
        await paste.click()
        await expect(page.get_by_role("log")).to_contain_text("auth=abc")


async def test_page_comes_back_after_a_lost_connection(screen: Screen) -> None:
    async with screen() as (on, page):
        await begun(on, page)
        message_id = await on.bot_says("之前")
        await expect(page.get_by_text("之前")).to_be_visible()
        await on.phone.stop()
        await expect(page.get_by_text("连接中…")).to_be_visible()
        await on.bot("deleteMessage", chat_id=ANNA, message_id=message_id)
        await on.bot_says("之后")
        await on.phone.start(create_server(("127.0.0.1", urlsplit(on.url).port or 0)))
        await expect(page.get_by_text("之后")).to_be_visible()
        await expect(page.get_by_text("之前")).to_have_count(0)
        await expect(page.get_by_text("连接中…")).to_be_hidden()


async def test_narrow_window_is_the_phone_alone(screen: Screen) -> None:
    async with screen() as (on, page):
        await begun(on, page)
        box = await page.get_by_label("手机").bounding_box()
        assert box == {"x": 0, "y": 0, "width": 390, "height": 844}
        await expect(page.locator(".panel")).to_be_hidden()
        overflow = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        assert await page.evaluate(overflow) == 0


async def test_wide_window_explains_and_runs_actions(screen: Screen) -> None:
    ran = asyncio.Event()
    actions: dict[str, Action] = {"让会话过期 / Expire the session": ran.set}
    async with screen(width=1200, height=900, speed=30, actions=actions) as (_, page):
        await expect(page.get_by_role("listitem").filter(has_text="快 30 倍")).to_be_visible()
        await page.get_by_role("button", name="让会话过期").click()
        await expect(page.get_by_text("让会话过期 · 好了")).to_be_visible()
        assert ran.is_set()


async def test_page_in_english(screen: Screen) -> None:
    async with screen(query="?lang=en", cookie=lambda: "auth=abc") as (on, page):
        await page.get_by_role("button", name="START").click()
        message_id = await on.bot_says("one")
        await on.bot("editMessageText", chat_id=ANNA, message_id=message_id, text="two")
        await expect(page.get_by_role("log")).to_contain_text("edited")
        await expect(page.get_by_role("button", name="Paste cookie")).to_be_visible()
        await expect(page.get_by_role("textbox", name="Message")).to_be_visible()


@pytest.mark.parametrize("dark", [False, True])
async def test_colours_follow_the_system(screen: Screen, *, dark: bool) -> None:
    async with screen(dark=dark) as (on, page):
        await begun(on, page)
        await on.bot_says("你好")
        bubble = page.locator(".in .bubble")
        await expect(bubble).to_be_visible()
        light = await bubble.evaluate(
            "(n) => getComputedStyle(n).backgroundColor.match(/\\d+/g).every((c) => c > 127)"
        )
        assert light is not dark
