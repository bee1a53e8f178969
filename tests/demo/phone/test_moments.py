"""Moments in a text, drawn in the reader's own zone, and the effects of messages."""

import re
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from playwright.async_api import Page, expect

from tests.demo.phone.conftest import Screen, begun
from tests.support.names import ANNA
from tests.support.phone_harness import PhoneHarness

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

AT = 1_647_531_900
"""2022-03-17 15:45 UTC."""
PARTY = "5046509860389126442"


@asynccontextmanager
async def living_in(zone: str, page: Page) -> AsyncIterator[None]:
    """The page in a browser of this zone."""
    session = await page.context.new_cdp_session(page)
    await session.send("Emulation.setTimezoneOverride", {"timezoneId": zone})
    try:
        yield
    finally:
        await session.send("Emulation.setTimezoneOverride", {"timezoneId": ""})
        await session.detach()


@pytest.mark.parametrize(
    ("zone", "query", "shown", "text"),
    [
        ("Asia/Shanghai", "", "t", "23:45"),
        ("Asia/Shanghai", "", "T", "23:45:00"),
        ("Asia/Shanghai", "", "d", "22/03/17"),
        ("Asia/Shanghai", "", "wDt", "2022年3月17日星期四 23:45"),
        ("Asia/Tokyo", "", "wd", "22年03月18日星期五"),
        ("Asia/Tokyo", "", "t", "00:45"),
        ("America/New_York", "?lang=en", "wDT", "Thursday, 17 March 2022 at 11:45:00"),
        ("Europe/London", "?lang=en", "w", "Thursday"),
    ],
)
async def test_moment_is_told_in_the_readers_zone_and_language(
    screen: Screen, zone: str, query: str, shown: str, text: str
) -> None:
    async with screen(query=query) as (on, page), living_in(zone, page):
        await begun(on, page)
        await on.bot_says(f'预计 <tg-time unix="{AT}" format="{shown}">以后</tg-time> 学完')
        drawn = page.locator(".in time.moment")
        inside = await drawn.evaluate("node => node.textContent")
        assert _plain(inside) == _plain(text)
        await expect(page.locator(".in .text")).to_contain_text("学完")
        assert await drawn.get_attribute("datetime") == "2022-03-17T15:45:00.000Z"


def _plain(text: str) -> str:
    """Without the signs that versions of the browser set in different ways between the parts."""
    return re.sub(r"[\s,]+|at", " ", text).replace("  ", " ").strip()


async def test_moment_without_a_format_keeps_the_bots_words(screen: Screen) -> None:
    async with screen() as (on, page), living_in("Asia/Shanghai", page):
        await begun(on, page)
        await on.bot_says(f'<tg-time unix="{AT}">那天晚上</tg-time>见')
        drawn = page.locator(".in time.moment")
        await expect(drawn).to_have_text("那天晚上")
        await drawn.click()
        await expect(page.locator("#toast")).to_contain_text("23:45")


async def test_time_from_now_goes_on(screen: Screen) -> None:
    async with screen() as (on, page):
        await begun(on, page)
        now = int(time.time())
        for away in (7200 + 60, 2):
            await on.bot_says(f'<tg-time unix="{now + away}" format="r">以后</tg-time>')
        drawn = page.locator(".in time.moment")
        await expect(drawn.nth(0)).to_have_text(re.compile("^2 ?小时后$"))
        await expect(drawn.nth(1)).to_have_text(re.compile("^[123] ?秒钟?前$"))


@pytest.mark.parametrize(
    ("away", "text"),
    [(5, "in 5 seconds"), (300, "in 5 minutes"), (-7300, "2 hours ago"), (90_000, "in 1 day")],
)
async def test_time_from_now_has_the_largest_unit(screen: Screen, away: int, text: str) -> None:
    async with screen(query="?lang=en") as (_, page):
        told = await page.evaluate(
            "async (away) => (await import('/words.js')).moment(1e9 + away, 'r', 1e12)", away
        )
        assert told == text


async def party(on: PhoneHarness) -> None:
    await on.bot("sendMessage", chat_id=ANNA, text="学完了", message_effect_id=PARTY)


async def test_effect_plays_once_and_again_when_asked(screen: Screen) -> None:
    async with screen() as (on, page):
        await page.emulate_media(reduced_motion="no-preference")
        await begun(on, page)
        await party(on)
        show = page.locator(".effect")
        await expect(show).to_have_count(1)
        await expect(show).to_have_count(0)
        again = page.get_by_role("button", name="再放一次动画")
        await expect(again).to_have_text("🎉")
        await again.click()
        await expect(show).to_have_count(1)
        await page.reload()
        await expect(again).to_be_visible()
        assert await show.count() == 0


async def test_no_effect_plays_for_who_wants_less_motion(screen: Screen) -> None:
    async with screen() as (on, page):
        await begun(on, page)
        await party(on)
        again = page.get_by_role("button", name="再放一次动画")
        await again.click()
        assert await page.locator(".effect").count() == 0


async def test_message_without_an_effect_plays_none(screen: Screen) -> None:
    async with screen() as (on, page):
        await page.emulate_media(reduced_motion="no-preference")
        await begun(on, page)
        await on.bot_says("学完了")
        await expect(page.get_by_text("学完了")).to_be_visible()
        assert await page.locator(".effect, .again").count() == 0
