"""The library's transport, which normalises answers before the library reads them."""

import asyncio
import gc
import json
import time
from collections.abc import Awaitable, Callable, Collection, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any
from urllib.parse import urlsplit

from telegram import Update
from telegram.error import TimedOut
from telegram.request import HTTPXRequest, RequestData

from bot.chat.telegram_answers import is_refusal, parsed, readable
from bot.chat.update_reader import UpdateReader
from bot.fault_point import WatchedRequest
from bot.metrics import Metrics
from bot.proxies.request import ProxiedRequest

POLL = "getUpdates"
FILE = "a download"
VAIN_FIRST, VAIN_LONGEST = 0.1, 0.5
"""Seconds before the next poll after polls that end at once without an update to handle. The
library spaces failed polls itself: by 1 s at first, by at most 30 s."""
WITHIN = 60.0
"""Real seconds for one whole call; the library bounds single reads only, and a slow body would hold
a chat's queue, or the polls, for ever."""
COLLECT_BYTES = 2 * 1024 * 1024
AT_ONCE = 0.5
"""Seconds; a poll that waits for updates takes longer, or it brings some."""


@dataclass(frozen=True, slots=True)
class TelegramWatch:
    """What is told of Telegram's answers: each with its method and its status, and each poll that
    succeeded."""

    metrics: Metrics = field(default_factory=Metrics)
    polled: Callable[[], None] = lambda: None


class TelegramRequest(HTTPXRequest):
    """Sends the calls of the Bot API. :mod:`bot.chat.telegram_answers` reduces their answers, and
    :mod:`bot.chat.update_reader` skips unreadable updates."""

    def __init__(
        self,
        *,
        monotonic: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        watch: TelegramWatch | None = None,
        **settings: Any,  # noqa: ANN401 - the library's own
    ) -> None:
        super().__init__(**settings)
        self.updates = UpdateReader(monotonic)
        self._monotonic = monotonic
        self._sleep = sleep
        self._watch = watch or TelegramWatch()
        self._pause = 0.0
        self._polled_bytes = 0

    async def do_request(
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        *timeouts: Any,  # noqa: ANN401
        **named: Any,  # noqa: ANN401
    ) -> tuple[int, bytes]:
        """Send one request. Raises NetworkError if its answer does not tell whether the call
        succeeded, TimedOut if it is not whole in time."""
        try:
            async with asyncio.timeout(WITHIN):
                return await self._do_request(url, method, request_data, *timeouts, **named)
        except TimeoutError:
            raise TimedOut("the answer was not whole in time") from None

    async def _do_request(
        self,
        url: str,
        method: str,
        request_data: RequestData | None,
        *timeouts: Any,  # noqa: ANN401
        **named: Any,  # noqa: ANN401
    ) -> tuple[int, bytes]:
        path = urlsplit(url).path
        endpoint = path.rpartition("/")[2]
        if endpoint == POLL:
            asked = request_data.parameters if request_data is not None else {}
            waits = bool(asked.get("timeout"))
            if waits and self._pause:
                await self._sleep(self._pause)
            began = self._monotonic()
            answer = await super().do_request(url, method, request_data, *timeouts, **named)
            self._watch.metrics.telegram_answer(POLL, answer[0])
            self._free_memory(len(answer[1]))
            status, body, vain = self._updates(asked, *answer)
            ended_early = waits and self._monotonic() - began < AT_ONCE
            self._space(vain=vain and ended_early)
            return status, body
        status, body = await super().do_request(url, method, request_data, *timeouts, **named)
        self._watch.metrics.telegram_answer(FILE if _is_file(path) else endpoint, status)
        if not _is_file(path):
            return readable(endpoint, status, body)
        if HTTPStatus.OK <= status < HTTPStatus.MULTIPLE_CHOICES:
            return status, body
        # The library would take these for an unknown token; here they are about the file.
        is_missing = status in {HTTPStatus.NOT_FOUND, HTTPStatus.UNAUTHORIZED}
        return readable(FILE, HTTPStatus.BAD_GATEWAY if is_missing else status, body)

    def _free_memory(self, size: int) -> None:
        """Collect young garbage when polls brought much: the HTTP library leaves each answer in a
        cycle of references, and the interpreter counts objects, not bytes."""
        self._polled_bytes += size
        if self._polled_bytes >= COLLECT_BYTES:
            self._polled_bytes = 0
            gc.collect(1)

    def _updates(
        self, asked: Mapping[str, Any], status: int, body: bytes
    ) -> tuple[int, bytes, bool]:
        """The answer to a poll, and whether it brought no update to handle."""
        if not HTTPStatus.OK <= status < HTTPStatus.MULTIPLE_CHOICES or is_refusal(
            parsed(body.decode("utf-8", "replace"))
        ):
            return *readable(POLL, status, body), False
        offset = asked.get("offset")
        kinds = asked.get("allowed_updates")
        updates = self.updates.read(
            body,
            offset if isinstance(offset, int) else 0,
            _texts(kinds),
        )
        self._watch.polled()
        return (
            HTTPStatus.OK,
            json.dumps({"ok": True, "result": updates}).encode(),
            self.updates.vain,
        )

    def _space(self, *, vain: bool) -> None:
        longer = max(VAIN_FIRST, min(self._pause * 2, VAIN_LONGEST))
        self._pause = longer if vain else 0.0


class WatchedTelegramRequest(TelegramRequest, WatchedRequest):
    """The same transport, with the boundaries at which a test kills the process."""


class ProxiedTelegramRequest(TelegramRequest, ProxiedRequest):
    """The same transport through a proxy."""


def _is_file(path: str) -> bool:
    return path.startswith("/file/") or "/file/bot" in path


def _texts(kinds: object) -> Collection[str]:
    return [str(each) for each in kinds] if isinstance(kinds, list | tuple) else Update.ALL_TYPES
