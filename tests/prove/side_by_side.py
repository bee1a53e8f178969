"""Acts on many things, some at once."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from typing import TypeVar

T = TypeVar("T")


async def side_by_side(
    items: Iterable[T],
    act: Callable[[T], Awaitable[None]],
    *,
    at_once: int,
    goes_on: Callable[[], bool] = lambda: True,
) -> None:
    """Act on each item, ``at_once`` at a time; no further one begins once it does not go on."""
    left = iter(items)

    async def worker() -> None:
        while goes_on():
            try:
                item = next(left)
            except StopIteration:
                return
            await act(item)

    async with asyncio.TaskGroup() as group:
        for _ in range(at_once):
            group.create_task(worker())
