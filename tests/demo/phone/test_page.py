"""Messages in a real browser, with a bot that speaks plain HTTP."""

import pytest
from playwright.async_api import expect

from tests.demo.phone.conftest import Screen, begun
from tests.demo.phone.pictures import png
from tests.support.names import ANNA

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

NEXT = {"text": "下一步", "callback_data": "next"}
AT_BOTTOM = """async () => {
  const box = document.getElementById("scroller");
  const away = () => Math.abs(box.scrollHeight - box.clientHeight - box.scrollTop);
  for (const end = Date.now() + 5000; away() > 2 && Date.now() < end; )
    await new Promise(requestAnimationFrame);
  return away();
}"""


async def test_formatting_is_drawn(screen: Screen) -> None:
    async with screen() as (on, page):
        await begun(on, page)
        await on.bot_says(
            "😀<b><i>斜</i>粗</b><u>下</u><s>删</s><code>a/b</code>"
            '<pre><code class="language-python">x = 1</code></pre>'
            '<blockquote>引</blockquote><a href="https://example.org/x">链</a>'
            "<tg-spoiler>隐</tg-spoiler> /jobs"
        )
        log = page.get_by_role("log")
        for selector, text in (
            ("strong", "斜粗"),
            ("strong em", "斜"),
            ("u", "下"),
            ("s", "删"),
            (".text > code", "a/b"),
            ("pre[data-language=python] code", "x = 1"),
            ("blockquote", "引"),
            ('a[href="https://example.org/x"]', "链"),
            ("a.command[data-command='/jobs']", "/jobs"),
        ):
            await expect(log.locator(f".in {selector}")).to_have_text(text)
        hidden = log.get_by_role("button", name="显示隐藏文字")
        transparent = "rgba(0, 0, 0, 0)"
        await expect(hidden).to_have_css("color", transparent)
        await hidden.click()
        await expect(log.locator(".spoiler")).not_to_have_css("color", transparent)


async def test_command_in_a_text_sends_it(screen: Screen) -> None:
    async with screen() as (on, page):
        await begun(on, page)
        await on.bot_says("试试 /jobs")
        await page.get_by_text("/jobs", exact=True).click()
        await on.telegram.wait_for(lambda: on.telegram.chat(ANNA).last.text == "/jobs")


async def test_no_text_becomes_markup(screen: Screen) -> None:
    evil = "<img src=x onerror=window.hit=1><b>b</b>"
    async with screen() as (on, page):
        await on.bot("setMyName", name="<b>n</b>")
        await on.bot("setMyCommands", commands=[{"command": "x", "description": evil}])
        on.person.send(evil)
        safe = evil.replace("<", "&lt;").replace(">", "&gt;")
        await on.bot_says(safe, [{"text": evil, "callback_data": "x"}])
        name = "<b>.txt"
        await on.bot("sendDocument", {"document": (name, b"x")}, chat_id=ANNA, caption=evil)
        await page.get_by_role("button", name="菜单").click()
        await expect(page.get_by_text(evil)).to_have_count(5)
        await expect(page.get_by_role("heading", name="<b>n</b>")).to_be_visible()
        assert await page.locator("img, .log b").count() == 0
        assert await page.evaluate("window.hit") is None


async def test_only_harmless_addresses_become_links(screen: Screen) -> None:
    async with screen() as (_, page):
        safe = await page.evaluate(
            """async (urls) => {
              const { safe } = await import("/rich.js");
              return urls.map((url) => safe(url));
            }""",
            [
                "javascript:alert(1)",
                " JaVaScript:x",
                "data:text/html,x",
                "file:///a",
                "https://a.b/",
            ],
        )
        assert safe == [None, None, None, None, "https://a.b/"]


async def test_pressed_button_spins_until_the_toast(screen: Screen) -> None:
    async with screen() as (on, page):
        await begun(on, page)
        await on.bot_says("选一个", [NEXT, {"text": "返回", "callback_data": "back"}])
        button = page.get_by_role("button", name="下一步")
        await button.click()
        await expect(button).to_have_attribute("aria-busy", "true")
        await expect(button.locator(".spinner")).to_be_visible()
        await on.bot_answers("收到")
        await expect(page.get_by_text("收到")).to_be_visible()
        await expect(button).not_to_have_attribute("aria-busy", "true")
        assert [p.data for p in on.telegram.world.presses.values()] == ["next"]


async def test_alert_stays_until_it_is_read(screen: Screen) -> None:
    async with screen() as (on, page):
        await begun(on, page)
        await on.bot_says("选一个", [NEXT])
        await page.get_by_role("button", name="下一步").click()
        await on.bot_answers("先选模块", show_alert=True)
        card = page.get_by_role("alertdialog")
        await expect(card).to_contain_text("先选模块")
        await page.get_by_role("button", name="好", exact=True).click()
        await expect(card).to_be_hidden()


async def test_unanswered_press_is_told(screen: Screen) -> None:
    async with screen(patience=0.05) as (on, page):
        await begun(on, page)
        await on.bot_says("选一个", [NEXT])
        button = page.get_by_role("button", name="下一步")
        await button.click()
        await expect(page.get_by_text("机器人没有回应")).to_be_visible()
        await expect(button).not_to_have_attribute("aria-busy", "true")


async def test_toast_lets_the_buttons_below_be_pressed(screen: Screen) -> None:
    async with screen() as (on, page):
        await begun(on, page)
        for _ in range(6):
            await on.bot_says("选一个", [NEXT], [NEXT], [NEXT], [NEXT])
        await page.get_by_role("button", name="下一步").last.click()
        await on.bot_answers("收到")
        toast = page.get_by_text("收到")
        await expect(toast).to_be_visible()
        box = await toast.bounding_box()
        assert box is not None
        middle = [box["x"] + box["width"] / 2, box["y"] + box["height"] / 2]
        below = "(at) => document.elementFromPoint(...at).closest('.toast') === null"
        assert await page.evaluate(below, middle)


async def test_buttons_of_a_row_are_equally_wide(screen: Screen) -> None:
    async with screen() as (on, page):
        await begun(on, page)
        link = {"text": "一个很长很长很长很长很长的名字", "url": "https://example.org/h"}
        await on.bot_says("选", [link, NEXT], [{"text": "全部未完成", "callback_data": "all"}])
        keys = page.locator(".key")
        await expect(keys).to_have_count(3)
        widths = await keys.evaluate_all("keys => keys.map((k) => Math.round(k.offsetWidth))")
        assert widths[0] == widths[1]
        assert widths[2] > 2 * widths[0]
        await expect(keys.nth(0)).to_have_attribute("href", "https://example.org/h")


async def test_edit_changes_the_same_bubble(screen: Screen) -> None:
    async with screen() as (on, page):
        await begun(on, page)
        message_id = await on.bot_says("10 %", [NEXT])
        bubble = page.locator(f"[data-id='{message_id}']")
        await bubble.evaluate("(node) => { node.querySelector('.key').mine = node.mine = true; }")
        keyboard = {"inline_keyboard": [[NEXT]]}
        await on.bot(
            "editMessageText",
            chat_id=ANNA,
            message_id=message_id,
            text="20 %",
            reply_markup=keyboard,
        )
        await expect(bubble).to_contain_text("20 %")
        await expect(bubble).to_contain_text("已编辑")
        assert await bubble.evaluate("(node) => node.mine && node.querySelector('.key').mine")
        await on.bot("editMessageText", chat_id=ANNA, message_id=message_id, text="30 %")
        await expect(bubble.locator(".key")).to_have_count(0)


async def test_chat_stays_at_the_bottom_while_messages_grow(screen: Screen) -> None:
    async with screen() as (on, page):
        await begun(on, page)
        for number in range(20):
            message_id = await on.bot_says(f"第 {number} 条")
        picture = {"photo": ("a.png", png(400, 300))}
        await on.bot("sendPhoto", picture, chat_id=ANNA, caption="图")
        await on.bot(
            "editMessageText", chat_id=ANNA, message_id=message_id, text="长\n" * 12 + "完"
        )
        await expect(page.get_by_role("log")).to_contain_text("完")
        await expect(page.locator(".photo img")).to_have_js_property("complete", True)
        assert await page.evaluate(AT_BOTTOM) <= 2
        await expect(page.get_by_role("button", name="到最新消息")).to_be_hidden()


async def test_who_reads_older_messages_is_not_moved(screen: Screen) -> None:
    async with screen() as (on, page):
        await begun(on, page)
        for number in range(30):
            await on.bot_says(f"第 {number} 条")
        await expect(page.get_by_text("第 29 条")).to_be_in_viewport()
        old = page.locator(".in").nth(3)
        await old.scroll_into_view_if_needed()
        newest = page.get_by_role("button", name="到最新消息")
        await expect(newest).to_be_visible()
        before = await old.bounding_box()
        await on.bot_says("新消息")
        await expect(newest).to_contain_text("1")
        assert await old.bounding_box() == before
        await newest.click()
        await expect(page.get_by_text("新消息")).to_be_in_viewport()
        await expect(newest).to_be_hidden()


async def test_deleted_message_goes(screen: Screen) -> None:
    async with screen() as (on, page):
        await begun(on, page)
        message_id = await on.bot_says("不久")
        gone = page.locator(f"[data-id='{message_id}']")
        await expect(gone).to_be_visible()
        await on.bot("deleteMessage", chat_id=ANNA, message_id=message_id)
        await expect(gone).to_have_count(0)


async def test_person_deletes_a_message_with_the_second_button(screen: Screen) -> None:
    async with screen() as (on, page):
        await begun(on, page)
        await page.locator(".bubble time").click(button="right")
        await page.get_by_role("menuitem", name="删除").click()
        await on.telegram.wait_for(lambda: not on.telegram.chat(ANNA).messages)
        await expect(page.get_by_role("button", name="开始")).to_be_visible()


async def test_picture_opens_and_document_is_saved(screen: Screen) -> None:
    async with screen() as (on, page):
        await begun(on, page)
        await on.bot("sendPhoto", {"photo": ("a.png", png(64, 48))}, chat_id=ANNA)
        await on.bot("sendDocument", {"document": ("报告.csv", b"a,b")}, chat_id=ANNA)
        await page.get_by_role("button", name="图片").click()
        large = page.get_by_role("dialog").get_by_role("img")
        assert (
            await large.evaluate("(image) => image.decode().then(() => image.naturalWidth)") == 64
        )
        await page.keyboard.press("Escape")
        await expect(large).to_be_hidden()
        async with page.expect_download() as started:
            await page.get_by_role("link", name="报告.csv").click()
        saved = await started.value
        assert saved.suggested_filename == "报告.csv"


async def test_typing_shows_until_the_message(screen: Screen) -> None:
    async with screen() as (on, page):
        await begun(on, page)
        await on.bot("sendChatAction", chat_id=ANNA, action="typing")
        await expect(page.get_by_text("正在输入…")).to_be_visible()
        await on.bot_says("好")
        await expect(page.get_by_text("正在输入…")).to_be_hidden()


async def test_a_page_opened_by_a_link_to_the_bot_sends_its_parameter(screen: Screen) -> None:
    async with screen(query="?start=Abc_-9") as (on, page):
        await page.get_by_role("button", name="开始", exact=True).click()
        await on.telegram.wait_for(lambda: on.telegram.chat(ANNA).last.text == "/start Abc_-9")
        await expect(page.get_by_role("textbox")).to_be_visible()


async def test_a_link_to_the_bot_within_the_chat_opens_it_there(screen: Screen) -> None:
    async with screen() as (on, page):
        await begun(on, page)
        username = on.telegram.world.bot["username"]
        await on.bot_says(f"https://t.me/{username}?start=Abc_-9")
        await page.get_by_role("link", name="https://t.me/").click()
        await page.get_by_role("button", name="开始", exact=True).click()
        await on.telegram.wait_for(lambda: on.telegram.chat(ANNA).last.text == "/start Abc_-9")
