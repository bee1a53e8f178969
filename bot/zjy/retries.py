"""Repeats a request after trouble that passes, with growing waits."""

from collections.abc import Awaitable, Callable
from typing import TypeVar

import stamina

from bot.clock import PlatformClock
from bot.zjy.errors import ZjyError
from bot.zjy.session_evidence import ATTEMPTS

WAIT_FIRST = 2.0
WAIT_GROWTH = 2.2
WAIT_LONGEST = 12.0
WAIT_JITTER = 1.5
"""Waits between attempts, in platform seconds: about 2, 5 and 10, each plus up to 1.5."""
RETRY_FOR = 40.0
"""Real seconds after the start of the first attempt within which further attempts may start."""

_T = TypeVar("_T")
Request = Callable[[], Awaitable[_T]]


def never() -> bool:
    """The ``stopped`` of a session that is never stopped."""
    return False


async def retried(
    once: Request[_T],
    kinds: tuple[type[ZjyError], ...],
    clock: PlatformClock,
    stopped: Callable[[], bool],
) -> _T:
    """Await ``once`` up to :data:`ATTEMPTS` times while it raises one of ``kinds``, with waits
    outside the student's queue. Once ``stopped()`` is true, the last trouble is raised instead of
    another attempt."""
    last: ZjyError | None = None
    # Requests take real time at any clock speed, so their common bound is in real time too.
    started = clock.clock.monotonic()

    def worth_another(error: Exception) -> bool:
        in_time = clock.clock.monotonic() - started < RETRY_FOR
        return isinstance(error, kinds) and in_time and not stopped()

    async for attempt in stamina.retry_context(
        on=worth_another,
        attempts=ATTEMPTS,
        timeout=None,
        wait_initial=clock.real(WAIT_FIRST),
        wait_exp_base=WAIT_GROWTH,
        wait_max=clock.real(WAIT_LONGEST),
        wait_jitter=clock.real(WAIT_JITTER),
    ):
        with attempt:
            if last is not None and stopped():  # stopped during the wait
                raise last
            try:
                return await once()
            except kinds as trouble:
                last = trouble
                raise
    raise AssertionError("the last attempt returns or raises")
