"""The order in which updates are handled.

The library acquires its own semaphore before this code runs, so its bound is set high and the
effective one is here: pause, resume and cancel wait only for one another; every other update waits
for its chat's earlier update, then for one of a few slots. Handlers never hold a slot over a call
to the platform.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable
from contextlib import nullcontext
from typing import Any

from telegram import Update
from telegram.ext import BaseUpdateProcessor

from bot.answer_times import waiting
from bot.chat.callbacks import Action, decode
from bot.chat.typed_phrases import command_of
from bot.chat.update_reader import HANDLED_KINDS
from bot.metrics import Metrics

LIBRARY_BOUND = 4096
SLOTS = 32
_AT_ONCE = {Action.PAUSE, Action.CANCEL, Action.CANCEL_YES, Action.CANCEL_NO, Action.RESUME}
_AT_ONCE_COMMANDS = {"pause", "resume", "cancel"}


class UpdateProcessor(BaseUpdateProcessor):
    """Handles one update of a chat at a time, and many chats concurrently."""

    def __init__(
        self, monotonic: Callable[[], float] = time.monotonic, metrics: Metrics | None = None
    ) -> None:
        super().__init__(LIBRARY_BOUND)
        self._monotonic = monotonic
        self._metrics = metrics or Metrics()
        self._slots = asyncio.Semaphore(SLOTS)
        self._locks: dict[tuple[int, bool], tuple[asyncio.Lock, int]] = {}

    async def do_process_update(self, update: object, coroutine: Awaitable[Any]) -> None:
        self._metrics.update(_kind_of(update))
        with waiting(self._monotonic, self._metrics.first_answer):
            await self._in_order(update, coroutine)

    async def _in_order(self, update: object, coroutine: Awaitable[Any]) -> None:
        chat_id = _chat_of(update)
        if chat_id is None:
            await coroutine
            return
        at_once = _goes_at_once(update)
        key = (chat_id, at_once)
        lock, users = self._locks.get(key, (asyncio.Lock(), 0))
        self._locks[key] = (lock, users + 1)
        try:
            async with lock, nullcontext() if at_once else self._slots:
                await coroutine
        finally:
            lock, users = self._locks[key]
            if users > 1:
                self._locks[key] = (lock, users - 1)
            else:
                del self._locks[key]

    async def initialize(self) -> None:
        """Do nothing; the library requires the method."""

    async def shutdown(self) -> None:
        """Do nothing; the library requires the method."""


def _kind_of(update: object) -> str:
    """The update's field that is set, of those that the bot asks for."""
    for kind in HANDLED_KINDS:
        if getattr(update, kind, None) is not None:
            return kind
    return "other"


def _chat_of(update: object) -> int | None:
    if isinstance(update, Update) and update.effective_chat is not None:
        return update.effective_chat.id
    return None


def _goes_at_once(update: object) -> bool:
    if not isinstance(update, Update):
        return False
    if update.callback_query is not None:
        data = decode(update.callback_query.data)
        return data is not None and data.action in _AT_ONCE
    message = update.message
    return message is not None and command_of(message.text or "") in _AT_ONCE_COMMANDS
