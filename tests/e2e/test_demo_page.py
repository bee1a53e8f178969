"""The demo as a newcomer meets it: a phone in a real browser, the real bot behind it."""

import os
from pathlib import Path

import pytest
from playwright.async_api import Locator, Page, expect

from demo.phone import PhoneServer
from demo.platform import STUDENT, demo_school
from demo.stage import Stage
from tests.support.glyphs import boxes

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

SCREENSHOT = Path(__file__).parents[2] / "docs" / "demo.png"
STUDY = 90_000
WORDS = {
    "zh": ("开始", "粘贴 Cookie", "课程", "下一步", "开始", "完成 8 · 失败 0 · 跳过 1"),
    "en": ("START", "Paste cookie", "Courses", "Next", "Start", "done 8 · failed 0 · skipped 1"),
}


def _button(page: Page, label: str) -> Locator:
    return page.get_by_role("button", name=label).last


@pytest.mark.usefixtures("cold_start")
@pytest.mark.parametrize("language", ["zh", "en"])
async def test_from_start_to_the_final_message_by_clicks_alone(
    tab: Page, language: str, tmp_path: Path
) -> None:
    begin, paste, courses, following, start, counts = WORDS[language]
    settings = {"DEFAULT_LANGUAGE": language}
    async with Stage(demo_school(), speed=60, settings=settings) as stage:
        phone = PhoneServer(
            stage.telegram,
            language=language,
            cookie=lambda: f"auth={stage.platform.cookie_for(STUDENT.stu_id)};",
        )
        address = await phone.start()
        try:
            await tab.set_viewport_size({"width": 390, "height": 844})
            await tab.emulate_media(color_scheme="light", reduced_motion="reduce")
            await tab.goto(address)
            log = tab.get_by_role("log")

            await _button(tab, begin).click()
            await expect(log).to_contain_text("/erase")
            await _button(tab, paste).click()
            await expect(log).to_contain_text(STUDENT.name)
            await expect(log).not_to_contain_text("auth=")
            await log.get_by_role("button", name=courses).last.click()
            await log.get_by_role("button", name="java面向对象程序设计").click()
            await log.get_by_role("button", name="课程导学").click()
            await expect(log.get_by_role("button", name="☑")).to_have_count(1)
            await log.get_by_role("button", name=following, exact=True).click()
            await log.get_by_role("button", name=start, exact=True).click()
            await expect(log).to_contain_text(counts, timeout=STUDY)

            # The progress message has shrunk to its one line.
            await expect(log).to_contain_text("8/9")

            assert await boxes(tab, "".join(set((await log.inner_text()).split()))) == []
            await _save(tab, tmp_path, language)
            assert stage.platform.violations == []
            await tab.goto("about:blank")
        finally:
            await phone.stop()


async def _save(page: Page, folder: Path, language: str) -> None:
    """The README's picture, made anew when it is asked for (``make screenshot``) or missing."""
    picture = await page.screenshot(path=folder / "demo.png")
    assert picture.startswith(b"\x89PNG")
    wanted = os.environ.get("SAVE_SCREENSHOT") == "1" or not SCREENSHOT.exists()
    if language == "zh" and wanted:
        SCREENSHOT.write_bytes(picture)
