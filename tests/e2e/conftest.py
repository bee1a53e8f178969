"""The whole bot in one process: the real application between both stand-ins on loopback."""

from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import pytest

from demo.platform import document
from tests.e2e.pasting import PastingHarness
from tests.support.app_harness import AppHarness, one_course
from tests.support.soon import SOON


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """A whole bot waits as long as Telegram's limits and a person do."""
    for item in items:
        if item.path.is_relative_to(Path(__file__).parent):
            item.add_marker("slow")


@pytest.fixture(autouse=True)
def messages_follow_soon(monkeypatch: pytest.MonkeyPatch) -> None:
    """A bot in this process does not wait as long as Telegram asks for."""
    for name, value in SOON.items():
        monkeypatch.setattr(name, value)


@pytest.fixture
async def open_app(tmp_path: Path) -> AsyncIterator[Callable[..., Any]]:
    """Opens bots that are torn down with the test; every one ends without broken rules."""
    async with AsyncExitStack() as stack:

        async def make(*args: Any, **kwargs: Any) -> AppHarness:  # noqa: ANN401 - the harness's own
            return await stack.enter_async_context(AppHarness(tmp_path, *args, **kwargs))

        yield make


@pytest.fixture
async def pasting(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Callable[..., Any]]:
    """Opens bots whose clock jumps over the wait for further parts, which is too long to pass
    by itself on a busy machine."""
    monkeypatch.setattr("bot.handlers.gathering.QUIET", 60.0)
    monkeypatch.setattr("bot.handlers.gathering.LONGEST", 450.0)
    async with AsyncExitStack() as stack:

        async def make(**options: Any) -> PastingHarness:  # noqa: ANN401 - the harness's own
            harness = PastingHarness(tmp_path, one_course([document(1)]), **options)
            return await stack.enter_async_context(harness)

        yield make
