"""A page with the phone in it."""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Unpack

import pytest
from playwright.async_api import ConsoleMessage, Error, Page, expect

from tests.support.phone_harness import Options, PhoneHarness, harness

expect.set_options(timeout=10_000)

Screen = Callable[..., AbstractAsyncContextManager[tuple[PhoneHarness, Page]]]


@pytest.fixture
async def on() -> AsyncIterator[PhoneHarness]:
    """A stage without a browser."""
    async with harness() as made:
        yield made


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
    ) -> AsyncIterator[tuple[PhoneHarness, Page]]:
        wrong: list[str] = []

        def fail(error: Error) -> None:
            wrong.append(str(error))

        def listen(said: ConsoleMessage) -> None:
            if said.type in {"error", "warning"} and "net::ERR_" not in said.text:
                wrong.append(said.text)

        async with harness(**options) as made:
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


async def begun(on: PhoneHarness, page: Page) -> None:
    """The person has written, so that the bot may."""
    on.person.send("/start")
    await expect(page.get_by_role("log")).to_contain_text("/start")
