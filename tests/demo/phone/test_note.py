"""What the demo itself says above the chat."""

import pytest
from playwright.async_api import expect

from demo.platform import STUDENT, PlatformServer, demo_school
from tests.demo.phone.conftest import Screen, begun
from tests.support.clocks import SettableClock
from tests.support.names import ANNA

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

CONTRAST = """() => {
  const rgb = (colour) => colour.match(/[\\d.]+/g).slice(0, 3).map(Number);
  const light = (colour) => {
    const [r, g, b] = rgb(colour).map((value) => value / 255).map((value) =>
      value <= .04045 ? value / 12.92 : ((value + .055) / 1.055) ** 2.4);
    return .2126 * r + .7152 * g + .0722 * b;
  };
  const style = getComputedStyle(document.getElementById("note"));
  const grounds = style.backgroundImage.match(/rgb\\([^)]*\\)/g);
  return Math.min(...grounds.map((ground) => {
    const [low, high] = [light(style.color), light(ground)].sort((a, b) => a - b);
    return (high + .05) / (low + .05);
  }));
}"""


@pytest.mark.parametrize(
    ("query", "speed", "said"),
    [
        ("", 60, "演示：平台上的 1 小时，这里只要 1 分钟"),
        ("?lang=en", 60, "Demo: 1 hour on the platform takes 1 min here"),
        ("", 600, "演示：平台上的 1 小时，这里只要 6 秒"),
        ("?lang=en", 25, "Demo: 1 hour on the platform takes 2.4 min here"),
        ("?lang=en", 10_000, "Demo: 1 hour on the platform takes 0.4 s here"),
        ("?lang=en", 0.5, "Demo: 1 hour on the platform takes 2 h here"),
    ],
)
async def test_note_says_how_long_an_hour_of_the_platform_takes(
    screen: Screen, query: str, speed: float, said: str
) -> None:
    async with screen(query=query, speed=speed) as (on, page):
        note = page.get_by_role("note")
        await expect(note).to_have_text(said)
        await begun(on, page)
        await expect(note).to_be_visible()
        assert all(said not in message.text for message in on.telegram.chat(ANNA).messages)


async def test_note_is_absent_where_no_clock_runs_faster(screen: Screen) -> None:
    async with screen() as (on, page):
        await begun(on, page)
        await expect(page.get_by_role("note")).to_have_count(0)


@pytest.mark.parametrize(
    ("query", "soon", "sooner", "over", "pace"),
    [
        (
            "",
            "演示：Cookie 还有约 2 分钟到期，到时点「粘贴 Cookie」换一个新的",
            "演示：Cookie 还有约 30 秒到期，到时点「粘贴 Cookie」换一个新的",
            "演示：Cookie 到期了，点「粘贴 Cookie」换一个新的",
            "这里只要 1 分钟",
        ),
        (
            "?lang=en",
            "Demo: the cookie ends in about 2 min; then tap 🍪 Paste cookie for a new one",
            "Demo: the cookie ends in about 30 s; then tap 🍪 Paste cookie for a new one",
            "Demo: the cookie has ended; tap 🍪 Paste cookie for a new one",
            "takes 1 min here",
        ),
    ],
)
async def test_note_announces_the_end_of_the_cookie(
    screen: Screen, query: str, soon: str, sooner: str, over: str, pace: str
) -> None:
    clock = SettableClock(seconds=1000.0)
    platform = PlatformServer(demo_school(), speed=60, monotonic=clock)
    async with screen(
        query=query,
        speed=60,
        cookie=lambda: f"auth={platform.cookie_for(STUDENT.stu_id)};",
        session_left=lambda: platform.session_left(STUDENT.stu_id),
    ) as (on, page):
        await begun(on, page)
        note = page.get_by_role("note")
        await page.locator("#paste").click()
        await expect(page.get_by_role("log")).to_contain_text("auth=")
        await expect(note).to_contain_text(pace)
        for seconds, said in ((480, soon), (90, sooner), (30, over)):
            clock.seconds += seconds
            await expect(note).to_have_text(said)
        await page.locator("#paste").click()
        await expect(note).to_contain_text(pace)
        platform.expire(STUDENT.stu_id)
        await expect(note).to_have_text(over)


async def test_note_announces_the_end_of_a_token_where_there_is_no_cookie(screen: Screen) -> None:
    left = 90.0
    async with screen(speed=60, token=lambda: "Bearer e.y.j", token_left=lambda: left) as (_, page):
        note = page.get_by_role("note")
        await expect(note).to_have_text(
            "演示：Token 还有约 1.5 秒到期，到时点「粘贴 Token」换一个新的"
        )
        left = 0.0
        await expect(note).to_have_text("演示：Token 到期了，点「粘贴 Token」换一个新的")


@pytest.mark.parametrize("dark", [False, True])
async def test_note_is_legible(screen: Screen, *, dark: bool) -> None:
    async with screen(dark=dark, speed=60) as (_, page):
        await expect(page.get_by_role("note")).to_be_visible()
        assert await page.evaluate(CONTRAST) >= 4.5
