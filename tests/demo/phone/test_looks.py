"""How the bot and its messages look: photo, description, colours, quotations, actions."""

import json

import pytest
from playwright.async_api import expect
from telegram.constants import ChatAction

from demo.telegram.methods_send import ACTIONS
from tests.demo.phone.conftest import Screen, begun
from tests.demo.phone.pictures import jpeg
from tests.support.names import ANNA
from tests.support.phone_harness import PhoneHarness

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

LOADED = "image => image.decode().then(() => image.naturalWidth)"


async def put_photo(on: PhoneHarness) -> None:
    photo = json.dumps({"type": "static", "photo": "attach://p"})
    await on.bot("setMyProfilePhoto", {"p": ("p.jpg", jpeg(200))}, photo=photo)


@pytest.mark.parametrize(
    ("query", "title", "text"),
    [
        ("", "这个机器人能做什么？", "选好课程，我来学。"),
        ("?lang=en", "What can this bot do?", "Pick a course."),
    ],
)
async def test_empty_chat_describes_the_bot_in_the_readers_language(
    screen: Screen, query: str, title: str, text: str
) -> None:
    async with screen(query=query) as (on, page):
        await on.bot("setMyDescription", description="选好课程，我来学。")
        await on.bot("setMyDescription", description="Pick a course.", language_code="en")
        await put_photo(on)
        about = page.locator("#about")
        await expect(about.get_by_role("heading")).to_have_text(title)
        await expect(about.locator("p")).to_have_text(text)
        assert await about.locator("img").evaluate(LOADED) == 200
        await page.locator("#start").click()
        await expect(about).to_be_hidden()


async def test_photo_stands_in_the_header_until_it_is_removed(screen: Screen) -> None:
    async with screen() as (on, page):
        await on.bot("setMyName", name="学习机器人")
        await begun(on, page)
        avatar = page.locator("#avatar")
        await expect(avatar).to_have_text("学")
        await put_photo(on)
        assert await avatar.locator("img").evaluate(LOADED) == 200
        await expect(avatar).to_have_text("")
        await on.bot("removeMyProfilePhoto")
        await expect(avatar).to_have_text("学")


@pytest.mark.parametrize("dark", [False, True])
async def test_each_style_of_a_button_has_its_colour(screen: Screen, dark: bool) -> None:
    async with screen(dark=dark) as (on, page):
        await begun(on, page)
        styles = ("primary", "success", "danger")
        await on.bot_says(
            "选", [{"text": s, "callback_data": s, "style": s} for s in styles], [NEXT]
        )
        colours = []
        for label in (*styles, "下一步"):
            key = page.get_by_role("button", name=label, exact=True)
            await expect(key).to_be_visible()
            colours.append(
                await key.evaluate(
                    "key => getComputedStyle(key).backgroundColor.match(/\\d+/g).map(Number)"
                )
            )
        blue, green, red, plain = (colour[:3] for colour in colours)
        assert max(blue) == blue[2]
        assert max(green) == green[1]
        assert max(red) == red[0]
        assert plain not in (blue, green, red)
        white_on = [_contrast(colour) for colour in (blue, green, red)]
        assert min(white_on) >= 4.5


NEXT = {"text": "下一步", "callback_data": "next"}


def _contrast(colour: list[int]) -> float:
    """How much lighter white is than a colour, as WCAG counts it (1 to 21)."""
    linear = [
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
        for part in (value / 255 for value in colour)
    ]
    return 1.05 / (0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2] + 0.05)


@pytest.mark.parametrize("clipboard", [True, False])
async def test_copying_button_puts_its_text_on_the_clipboard(
    screen: Screen, clipboard: bool
) -> None:
    async with screen() as (on, page):
        await begun(on, page)
        await page.context.grant_permissions(["clipboard-read", "clipboard-write"])
        await page.evaluate("window.board = navigator.clipboard; board.writeText('old')")
        if not clipboard:
            await page.evaluate("Object.defineProperty(navigator, 'clipboard', { value: null })")
        await on.bot_says("编号", [{"text": "复制编号", "copy_text": {"text": "1001"}}])
        await page.get_by_role("button", name="复制编号").click()
        await expect(page.get_by_text("已复制")).to_be_visible()
        assert await page.evaluate("board.readText()") == "1001"
        assert not on.telegram.world.presses


async def test_long_quotation_unfolds_where_it_stands(screen: Screen) -> None:
    lines = "\n".join(f"第 {number} 行" for number in range(1, 31))
    async with screen() as (on, page):
        await begun(on, page)
        for number in range(20):
            await on.bot_says(f"第 {number} 条")
        await on.bot_says(f"原因：\n<blockquote expandable>{lines}</blockquote>", [NEXT])
        quote = page.locator("blockquote")
        more = quote.get_by_role("button", name="显示更多")
        await expect(more).to_have_attribute("aria-expanded", "false")
        await more.hover()  # Playwright waits until it stands still.
        before = await quote.bounding_box()
        await more.click()
        less = quote.get_by_role("button", name="收起")
        await expect(less).to_have_attribute("aria-expanded", "true")
        after = await quote.bounding_box()
        assert before is not None
        assert after is not None
        assert after["height"] > 5 * before["height"]
        assert after["y"] == pytest.approx(before["y"], abs=2)
        await expect(page.locator("#newest")).to_be_visible()
        await quote.get_by_text("第 1 行").click(position={"x": 9, "y": 9})
        await expect(more).to_be_visible()


async def test_quotation_of_three_lines_needs_no_unfolding(screen: Screen) -> None:
    async with screen() as (on, page):
        await begun(on, page)
        await on.bot_says("<blockquote expandable>一\n二\n三</blockquote>")
        await on.bot_says("<blockquote expandable>一\n二\n三\n四</blockquote>")
        buttons = page.locator(".unfold")
        await expect(buttons.nth(1)).to_be_visible()
        await expect(buttons.nth(0)).to_be_hidden()


@pytest.mark.parametrize(
    ("query", "action", "words"),
    [
        ("", "upload_photo", "正在发送照片…"),
        ("", "upload_document", "正在发送文件…"),
        ("", "typing", "正在输入…"),
        ("?lang=en", "upload_photo", "sending photo…"),
    ],
)
async def test_header_says_what_the_bot_does(
    screen: Screen, query: str, action: str, words: str
) -> None:
    async with screen(query=query) as (on, page):
        await begun(on, page)
        head = page.locator("#subtitle")
        await on.bot("sendChatAction", chat_id=ANNA, action=action)
        await expect(head).to_have_text(words)
        await on.bot_says("好")
        await expect(head).not_to_have_text(words)
        await on.bot("sendChatAction", chat_id=ANNA, action=action)
        await expect(head).to_have_text(words)
        await on.bot("sendChatAction", chat_id=ANNA, action="cancel")
        await expect(head).not_to_have_text(words)


async def test_action_is_shown_for_five_seconds(screen: Screen) -> None:
    async with screen() as (on, page):
        await begun(on, page)
        await on.bot("sendChatAction", chat_id=ANNA, action="upload_photo")
        head = page.locator("#subtitle")
        await expect(head).to_have_text("正在发送照片…")
        begin = await page.evaluate("performance.now()")
        await expect(head).to_have_text("机器人")
        assert 4000 < await page.evaluate("performance.now()") - begin < 7000


@pytest.mark.parametrize("query", ["", "?lang=en"])
async def test_every_action_has_words(screen: Screen, query: str) -> None:
    async with screen(query=query) as (_, page):
        named = await page.evaluate(
            "async () => Object.keys((await import('/words.js')).words.actions)"
        )
        assert set(named) == {action.value for action in ChatAction}
        assert set(named) <= ACTIONS
