"""The whole house in one process: the real application between both stand-ins on loopback."""

from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.house import House


@pytest.fixture
async def houses(tmp_path: Path) -> AsyncIterator[Callable[..., Any]]:
    """Makes houses that are torn down with the test; every one ends without broken rules."""
    async with AsyncExitStack() as stack:

        async def make(*args: Any, **kwargs: Any) -> House:  # noqa: ANN401 - House's own
            return await stack.enter_async_context(House(tmp_path, *args, **kwargs))

        yield make
