"""The Chromium of this machine, and one tab of it."""

import os
import shutil
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, Playwright, async_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome")
QUIET = (
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-features=MediaRouter,OptimizationHints,Translate",
    "--disable-gpu",
    "--disable-quic",
    "--disable-sync",
    "--no-first-run",
    # Every page of these tests is on this machine, and none of them is asked of a proxy.
    "--no-proxy-server",
)


def _path() -> str | None:
    return next((found for name in NAMES if (found := shutil.which(name))), None)


async def chromium(playwright: Playwright) -> Browser:
    """Start the system's Chromium, which talks to nobody by itself."""
    flags = [*QUIET, "--no-sandbox"] if os.geteuid() == 0 else list(QUIET)
    return await playwright.chromium.launch(executable_path=_path(), args=flags)


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def browser() -> AsyncIterator[Browser]:
    """Chromium, once for all tests. Skips where there is none, but fails with ``CI=true``."""
    if _path() is None:
        if os.environ.get("CI") == "true":
            pytest.fail("no Chromium on this machine")
        pytest.skip("no Chromium on this machine")
    async with async_playwright() as playwright:
        launched = await chromium(playwright)
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
