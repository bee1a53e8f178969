"""The feed of one open page: everything at first, then each change of the chat."""

import json
from collections.abc import AsyncIterator, Callable

from demo.phone.view import Json, View
from demo.telegram.changes import Event, EventKind


async def changes(
    events: AsyncIterator[Event], look: Callable[[], View], chat_id: int
) -> AsyncIterator[Json]:
    """What to tell a page, as long as there are ``events``.

    ``look`` gives the view of now. Changes are found by comparing two views, so that none is
    missed whatever the kind of the event, and a page that comes back is told everything.
    """
    before = look()
    yield before.whole()
    async for event in events:
        if event.chat_id not in (None, chat_id):
            continue
        now = look()
        change = now.since(before)
        before = now
        if event.kind is EventKind.ACTION:
            change["action"] = event.action
        if change:
            yield change


def server_sent(change: Json) -> bytes:
    """One event of a ``text/event-stream``, in ASCII and on one line."""
    return f"event: change\ndata: {json.dumps(change)}\n\n".encode("ascii")
