"""The Chromium of this machine, and a page with the phone in it."""

import os
import shutil
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Unpack

import pytest
import pytest_asyncio
from playwright.async_api import Browser, ConsoleMessage, Error, Page, async_playwright, expect

from tests.demo.phone.stage import Options, Stage, stage

NAMES = ("chromium", "chromium-browser", "google-chrome")
QUIET = (
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-features=MediaRouter,OptimizationHints,Translate",
    "--disable-gpu",
    "--disable-quic",
    "--disable-sync",
    "--no-first-run",
)

expect.set_options(timeout=10_000)

Screen = Callable[..., AbstractAsyncContextManager[tuple[Stage, Page]]]


@pytest.fixture
async def on() -> AsyncIterator[Stage]:
    """A stage without a browser."""
    async with stage() as made:
        yield made


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def browser() -> AsyncIterator[Browser]:
    """Chromium, once for all tests. Skips where there is none, but fails with ``CI=true``."""
    path = next((found for name in NAMES if (found := shutil.which(name))), None)
    if path is None:
        if os.environ.get("CI") == "true":
            pytest.fail("no Chromium on this machine")
        pytest.skip("no Chromium on this machine")
    flags = [*QUIET, "--no-sandbox"] if os.geteuid() == 0 else list(QUIET)
    async with async_playwright() as playwright:
        launched = await playwright.chromium.launch(executable_path=path, args=flags)
        yield launched
        await launched.close()


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def tab(browser: Browser) -> AsyncIterator[Page]:
    """One tab for all tests: a new one for each costs more than the tests themselves.

    Every stage has a port of its own, so no test finds what another one stored.
    """
    context = await browser.new_context()
    context.set_default_timeout(10_000)
    yield await context.new_page()
    await context.close()


@pytest.fixture
def screen(tab: Page) -> Screen:
    """``async with screen(width=…, dark=…, query=…, **phone's options) as (stage, page)``.

    Nothing may go wrong in the page: no exception, nothing that its own policy forbids.
    """

    @asynccontextmanager
    async def opened(
        *,
        width: int = 390,
        height: int = 844,
        dark: bool = False,
        query: str = "",
        **options: Unpack[Options],
    ) -> AsyncIterator[tuple[Stage, Page]]:
        wrong: list[str] = []

        def fail(error: Error) -> None:
            wrong.append(str(error))

        def listen(said: ConsoleMessage) -> None:
            if said.type in {"error", "warning"} and "net::ERR_" not in said.text:
                wrong.append(said.text)

        async with stage(**options) as made:
            await tab.set_viewport_size({"width": width, "height": height})
            await tab.emulate_media(
                color_scheme="dark" if dark else "light", reduced_motion="reduce"
            )
            tab.on("pageerror", fail)
            tab.on("console", listen)
            try:
                await tab.goto(made.url + query)
                yield made, tab
                await tab.goto("about:blank")
            finally:
                tab.remove_listener("pageerror", fail)
                tab.remove_listener("console", listen)
        assert wrong == []

    return opened


async def begun(on: Stage, page: Page) -> None:
    """The person has written, so that the bot may."""
    on.person.send("/start")
    await expect(page.get_by_role("log")).to_contain_text("/start")
