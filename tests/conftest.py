"""What every test needs."""

import asyncio
from collections.abc import Iterator

import pytest

from tests.browser import browser, tab

__all__ = ["browser", "tab"]


@pytest.fixture(scope="session", autouse=True)
def default_loop() -> Iterator[None]:
    """The loop that plugins ask for outside of async tests: left to themselves they make one that
    nobody closes, and some later test is blamed for it."""
    loop = asyncio.new_event_loop()
    asyncio.set_event_loop(loop)
    yield
    asyncio.set_event_loop(None)
    loop.close()
