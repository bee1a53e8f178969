"""Bounds what is read of an answer of Telegram, whatever size was announced.

The HTTP library unpacks each received piece whole: 1 MB can become 1 GB. So no packed answer is
asked for, and none is read.
"""

from collections.abc import AsyncIterator
from typing import Any

import httpx
from telegram.error import NetworkError

LARGEST_FILE = 1024 * 1024
"""Bytes; a browser's export of all cookies has a third of it."""
LARGEST_ANSWER = 32 * 1024 * 1024
"""Bytes; a hundred updates of the longest kind have a few."""


class TooManyBytes(NetworkError):  # noqa: N818 -- it says what the answer has
    """The answer passed its limit. The library passes its own errors through its transport
    unchanged."""


class _BoundedStream(httpx.AsyncByteStream):
    """The body of an answer, up to a limit in bytes."""

    def __init__(self, stream: httpx.AsyncByteStream, limit: int) -> None:
        self._stream = stream
        self._limit = limit

    async def __aiter__(self) -> AsyncIterator[bytes]:
        left = self._limit
        async for chunk in self._stream:
            left -= len(chunk)
            if left < 0:
                raise TooManyBytes("an answer has more bytes than are read")
            yield chunk

    async def aclose(self) -> None:
        await self._stream.aclose()


async def _ask_unpacked(request: httpx.Request) -> None:
    request.headers["Accept-Encoding"] = "identity"


async def _bound(response: httpx.Response) -> None:
    if response.headers.get("Content-Encoding", "identity") != "identity":
        raise NetworkError("an answer came packed")
    if isinstance(response.stream, httpx.AsyncByteStream):
        # The library uses GET only for files, POST for every method.
        limit = LARGEST_FILE if response.request.method == "GET" else LARGEST_ANSWER
        response.stream = _BoundedStream(response.stream, limit)


BOUNDED: dict[str, Any] = {"event_hooks": {"request": [_ask_unpacked], "response": [_bound]}}
"""The options for the library's transport that enforce the limits."""
