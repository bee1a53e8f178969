"""``getUpdates``: answers at once if something waits, else holds the line."""

import asyncio
from collections.abc import Callable

from demo.telegram.request import Params
from demo.telegram.state import World

MAX_TIMEOUT = 50
MAX_UPDATES = 100


async def get_updates(
    world: World, params: Params, interrupted: Callable[[], bool]
) -> list[object] | None:
    """The updates from ``offset`` on, oldest first; nothing when ``interrupted()`` turns true.

    Raises ``ApiError`` 409 for a reader that is replaced, or while a webhook is set.
    """
    updates = world.updates
    ticket = updates.take_over()
    updates.remember_kinds(params.nested("allowed_updates", "allowed updates"))
    updates.confirm(params.integer("offset"))
    limit = min(max(params.integer("limit", MAX_UPDATES), 1), MAX_UPDATES)
    seconds = min(max(params.integer("timeout"), 0), MAX_TIMEOUT)
    try:
        async with asyncio.timeout(seconds or None):
            while not updates.ready and seconds and not interrupted():
                with updates.a_reader_waits():
                    await world.changes.next()
                updates.check(ticket)
    except TimeoutError:
        return []
    return None if interrupted() else updates.take(limit)
