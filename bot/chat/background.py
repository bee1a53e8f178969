"""Tasks that outlive the update that started them, such as slow reads of the platform.

This module holds a reference to each task, so that none is garbage-collected while it runs, every
failure is reported, and all end with the process. A key allows cancelling a task, and keeps a
second press from starting another.
"""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Hashable
from itertools import count
from typing import Any

from bot.logs import get_log, new_reference

_log = get_log(__name__)


class Background:
    """``on_failure`` gets the chat, if there is one, and the reference of a failed task."""

    def __init__(self, on_failure: Callable[[int | None, str], Awaitable[None]]) -> None:
        self._on_failure = on_failure
        self._tasks: dict[Hashable, asyncio.Task[None]] = {}
        self._numbers = count()

    def start(
        self, chat_id: int | None, key: Hashable | None, work: Coroutine[Any, Any, object]
    ) -> bool:
        """Run ``work``, whose result is dropped; ``chat_id`` is None if no person waits for it. If
        a task with the same key is running, returns False and starts nothing; without a key it
        always starts."""
        if key is None:
            key = ("unnamed", next(self._numbers))
        if key in self._tasks:
            work.close()
            return False
        task = asyncio.create_task(self._guarded(chat_id, work))
        self._tasks[key] = task
        task.add_done_callback(lambda ended: self._forget(key, ended))
        # A task that is cancelled before its first step never comes to its work.
        task.add_done_callback(lambda _: work.close())
        return True

    def is_running(self, key: Hashable) -> bool:
        return key in self._tasks

    def cancel(self, key: Hashable) -> bool:
        """Cancel the task; False if there is none. Another task may start with the key at once."""
        task = self._tasks.pop(key, None)
        if task is None:
            return False
        ending = ("cancelled", next(self._numbers))
        self._tasks[ending] = task
        task.add_done_callback(lambda ended: self._forget(ending, ended))
        return task.cancel()

    def _forget(self, key: Hashable, ended: "asyncio.Task[None]") -> None:
        if self._tasks.get(key) is ended:
            del self._tasks[key]

    async def _guarded(self, chat_id: int | None, work: Coroutine[Any, Any, object]) -> None:
        try:
            await work
        except Exception:  # noqa: BLE001 - the outermost frame of an owned task
            reference = new_reference()
            _log.exception("a task failed", chat=chat_id, reference=reference)
            await self._on_failure(chat_id, reference)

    async def close(self) -> None:
        """Cancel all tasks and wait for them."""
        tasks = list(self._tasks.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
