"""Kills the process at one of its boundaries in a test, as ``kill -9`` would.

A boundary is the moment before or after a database commit, before an HTTP request is sent or after
its answer came. Only ``ZJY_TEST_DIE_AT`` turns this on (``bot/settings_reading.py``), and only if
both servers are on this machine; without it no boundary is reported or counted.
"""

import os
import signal
import sys
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from telegram.request import HTTPXRequest, RequestData

Boundary = Callable[[str, str], None]
"""Called at each boundary with its kind and its name."""

BEFORE_SEND, AFTER_ANSWER = "before send", "after answer"
PROBE = "take_write"
"""The unit by which the bot's health is looked at. It is no boundary, because the number of these
units depends on timing."""
_NO_UPDATES = b'"result":[]'


class FaultPoint:
    """Prints every boundary to standard error, and kills this process at one of them.

    ``die_at`` is ``17`` for the 17th of all boundaries, or ``3 after answer Telegram sendMessage``
    for the third of that name; with 0 the boundaries are only printed. Raises ValueError for
    anything else.
    """

    def __init__(self, die_at: str) -> None:
        number, _, self._name = die_at.partition(" ")
        self._die_at = int(number)
        self._passed = self._of_the_name = 0

    def __call__(self, sort: str, what: str) -> None:
        if what == PROBE:
            return
        name = f"{sort} {what}"
        self._passed += 1
        self._of_the_name += self._name in ("", name)
        dies = self._of_the_name == self._die_at and self._name in ("", name)
        sys.stderr.write(f"{'died at' if dies else 'passed'} {self._passed}: {name}\n")
        sys.stderr.flush()
        if dies:
            os.kill(os.getpid(), signal.SIGKILL)


class WatchedRequest(HTTPXRequest):
    """Reports the boundaries of requests to Telegram.

    Polls without updates are no boundaries: their number depends on timing. A poll counts before it
    is sent if it confirms updates, and after its answer if the answer brings updates.
    """

    def __init__(self, boundary: Boundary, **settings: Any) -> None:  # noqa: ANN401
        super().__init__(**settings)
        self._boundary = boundary
        self._offset: object = None

    async def do_request(
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        *timeouts: Any,  # noqa: ANN401
        **named: Any,  # noqa: ANN401
    ) -> tuple[int, bytes]:
        """One call of the Bot API, with a boundary on either side."""
        name = urlsplit(url).path.rpartition("/")[2]
        is_poll = name == "getUpdates"
        if not is_poll or self._confirms(request_data):
            self._boundary(BEFORE_SEND, f"Telegram {name}")
        status, body = await super().do_request(url, method, request_data, *timeouts, **named)
        if not is_poll or _NO_UPDATES not in body.replace(b" ", b""):
            self._boundary(AFTER_ANSWER, f"Telegram {name}")
        return status, body

    def _confirms(self, polled: RequestData | None) -> bool:
        """Whether the poll's offset differs from the offset of the poll before it."""
        before = self._offset
        self._offset = polled.parameters.get("offset") if polled is not None else None
        return self._offset != before
