"""Every clock of the tests: virtual, fast, jumping, and set by hand.

On a :class:`VirtualLoop` hours pass in seconds, the same in every run; :class:`LoopClock`,
:class:`VirtualQueue` and :func:`database_at_once` go with it.
"""

import asyncio
import selectors
import time
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import Context
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any, TypeVar

import aiosqlite
import pytest

from bot.clock import SystemClock

T = TypeVar("T")
EPOCH = datetime(2021, 3, 1, tzinfo=UTC)
FAST = 100.0


class VirtualLoop(asyncio.SelectorEventLoop):
    """A loop that never waits: when nothing is ready, it is at once the time of the next timer."""

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


@contextmanager
def standing_loop() -> Iterator[None]:
    """No virtual time passes in the block; another loop than a virtual one goes on as it does."""
    loop = asyncio.get_running_loop()
    if isinstance(loop, VirtualLoop):
        with loop.standing():
            yield
    else:
        yield


class LoopClock(SystemClock):
    """The running loop's time, from any date on; the wall clock alone can be put forward or
    back."""

    def __init__(self, begin: datetime = EPOCH) -> None:
        self.begin = begin
        self.jumped = timedelta()

    def now(self) -> datetime:
        return self.begin + timedelta(seconds=self.monotonic()) + self.jumped


class FastClock(SystemClock):
    """A hundred seconds of it pass in one of the machine's, for tests over sockets."""

    def monotonic(self) -> float:
        return time.monotonic() * FAST

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds / FAST)


class JumpingClock(SystemClock):
    """The machine's clock, with jumps on that end every wait they pass."""

    def __init__(self) -> None:
        self._ahead = 0.0
        self._jumped = asyncio.Event()

    def monotonic(self) -> float:
        return super().monotonic() + self._ahead

    async def sleep(self, seconds: float) -> None:
        until = self.monotonic() + seconds
        while (left := until - self.monotonic()) > 0:
            try:
                await asyncio.wait_for(self._jumped.wait(), left)
            except TimeoutError:
                return

    def jump(self, seconds: float) -> None:
        self._ahead += seconds
        self._jumped.set()
        self._jumped = asyncio.Event()


class SettableClock:
    """Stands still until a test moves it, or something sleeps on it; ``slept`` has each sleep, of
    which the first ends ``early`` seconds early. Called, it gives ``seconds``."""

    def __init__(
        self, shows: datetime = EPOCH, *, seconds: float = 0.0, early: float = 0.0
    ) -> None:
        self.shows = shows
        self.seconds = seconds
        self.slept: list[float] = []
        self._early = early

    def __call__(self) -> float:
        return self.seconds

    def now(self) -> datetime:
        return self.shows

    def monotonic(self) -> float:
        return self.seconds

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.advance(seconds - self._early)
        self._early = 0.0

    def advance(self, seconds: float) -> None:
        self.seconds += seconds
        self.shows += timedelta(seconds=seconds)


class VirtualQueue:
    """As much of the library's job queue as the dispatcher uses; its own looks at the machine's
    clock."""

    def __init__(self) -> None:
        self._tasks: set[asyncio.Task[None]] = set()

    async def start(self) -> None:
        """It runs what it is given at once."""

    async def stop(self, *, wait: bool = True) -> None:
        """What it runs ends with the loop."""

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
        # What woke the queue has no part in what it does.
        task = asyncio.get_running_loop().create_task(once(), context=Context())
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


@contextmanager
def virtual_runner() -> Iterator[asyncio.Runner]:
    """Runs coroutines on a virtual loop, with their databases in it."""
    with database_at_once(), asyncio.Runner(loop_factory=VirtualLoop) as runner:
        yield runner
