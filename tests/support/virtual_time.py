"""Hours in seconds, the same in every run: a loop, a clock, a job queue and a database in it."""

import asyncio
import selectors
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import Context
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any, TypeVar

import aiosqlite
import pytest

T = TypeVar("T")
EPOCH = datetime(2021, 3, 1, tzinfo=UTC)


class VirtualLoop(asyncio.SelectorEventLoop):
    """Nobody waits: when nothing is ready, it is at once the time of the next timer."""

    def __init__(self) -> None:
        self._virtual = 0.0
        self._stands = 0
        selector = selectors.DefaultSelector()
        self._really = selector.select
        selector.select = self._select  # type: ignore[method-assign]
        super().__init__(selector)

    def time(self) -> float:
        return self._virtual

    @contextmanager
    def standing(self) -> Iterator[None]:
        """No time passes while the connections' threads are waited for."""
        self._stands += 1
        try:
            yield
        finally:
            self._stands -= 1

    def _select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        if timeout is None or (self._stands and timeout > 0):
            return self._really(None)
        self._virtual += max(timeout, 0.0)
        return self._really(0)


class VirtualClock:
    """The clock of the program, on the running loop's time."""

    def now(self) -> datetime:
        return EPOCH + timedelta(seconds=self.monotonic())

    def monotonic(self) -> float:
        return asyncio.get_running_loop().time()

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds)


class VirtualQueue:
    """As much of the library's job queue as the dispatcher uses; its own looks at the machine's
    clock."""

    def __init__(self) -> None:
        self._tasks: set[asyncio.Task[None]] = set()

    def run_once(
        self,
        callback: Callable[[Any], Awaitable[None]],
        when: datetime,
        *,
        name: str,
        job_kwargs: Mapping[str, Any],
    ) -> None:
        async def once() -> None:
            # The library has a turn of the loop between its look and the run, too.
            await asyncio.sleep(0)
            await callback(SimpleNamespace(job=None))

        assert when < EPOCH, "what is queued for later waits by the machine's clock"
        self._keep(once())

    def _keep(self, work: Any) -> None:  # noqa: ANN401 - a coroutine
        # Whoever woke the queue has no part in what it does.
        task = asyncio.get_running_loop().create_task(work, context=Context())
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


@contextmanager
def database_at_once() -> Iterator[None]:
    """Statements run in the loop's own thread, so that each takes one turn of the loop, always.
    The connections and their files stay what they are."""

    async def connect(conn: aiosqlite.Connection) -> aiosqlite.Connection:
        conn._connection = conn._connector()
        return conn

    async def execute(
        conn: aiosqlite.Connection, act: Callable[..., T], *given: object, **named: object
    ) -> T:
        if conn._connection is None:
            raise ValueError("Connection closed")
        try:
            return act(*given, **named)
        finally:
            await asyncio.sleep(0)

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(aiosqlite.Connection, "_connect", connect)
        patched.setattr(aiosqlite.Connection, "_execute", execute)
        yield
