"""The phone page in a real browser, pressed by its buttons' words."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass

from playwright.async_api import Page, expect

from demo.phone import PhoneServer
from demo.platform import STUDENT, demo_school
from demo.stage import Stage


class Phone:
    """``words`` are the words of the chat's language by short names; ``taps`` counts the presses of
    buttons in the chat."""

    def __init__(self, page: Page, words: Mapping[str, str]) -> None:
        self.page = page
        self.words = words
        self.log = page.get_by_role("log")
        self.taps = 0

    async def press(self, word: str, *, exact: bool = False) -> None:
        """Press the newest button in the chat that has the word, or this text, and see the chat
        change: the next screen can have a button of the same word."""
        label = self.words.get(word, word)
        button = self.log.get_by_role("button", name=label, exact=exact).last
        await button.wait_for()
        before = await self.log.text_content() or ""
        self.taps += 1
        await button.click()
        await expect(self.log).not_to_have_text(before, use_inner_text=False)

    async def begin(self) -> None:
        """Press Start in the empty chat, which sends ``/start``."""
        await self.page.get_by_role("button", name=self.words["begin"]).last.click()

    async def paste(self) -> None:
        """Send the cookie as a message of the person."""
        await self.page.get_by_role("button", name=self.words["paste"]).last.click()

    async def type(self, text: str) -> None:
        """Send a text."""
        field = self.page.get_by_role("textbox").last
        await field.fill(text)
        await field.press("Enter")

    async def see(self, word: str, *, timeout: float = 10_000) -> None:
        await expect(self.log).to_contain_text(self.words.get(word, word), timeout=timeout)

    async def see_button(self, word: str, *, timeout: float = 10_000) -> None:
        label = self.words.get(word, word)
        button = self.log.get_by_role("button", name=label).last
        await expect(button).to_be_visible(timeout=timeout)


@dataclass(frozen=True)
class Demo:
    stage: Stage
    phone: Phone


@asynccontextmanager
async def demo_on(tab: Page, language: str, words: Mapping[str, str]) -> AsyncIterator[Demo]:
    """The demo's school and the real bot, with the empty chat open on a tab like a phone."""
    settings = {"DEFAULT_LANGUAGE": language}
    async with Stage(demo_school(), speed=60, settings=settings) as stage:
        phone_server = PhoneServer(
            stage.telegram,
            language=language,
            cookie=lambda: f"auth={stage.platform.cookie_for(STUDENT.stu_id)};",
        )
        address = await phone_server.start()
        try:
            await tab.set_viewport_size({"width": 390, "height": 844})
            await tab.emulate_media(color_scheme="light", reduced_motion="reduce")
            await tab.goto(address)
            yield Demo(stage, Phone(tab, words))
            await tab.goto("about:blank")
        finally:
            await phone_server.stop()
