"""Measures how long a person waits: from the receipt of an update to the first answer to it.

The measurement travels in the context of the update's handler and of the tasks that it starts, so
that what sends an answer need not know which update it is for.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

_current: ContextVar["_Waiting | None"] = ContextVar("_current", default=None)


@dataclass(slots=True)
class _Waiting:
    since: float
    monotonic: Callable[[], float]
    tell: Callable[[float], None]
    is_answered: bool = False


@contextmanager
def waiting(monotonic: Callable[[], float], tell: Callable[[float], None]) -> Iterator[None]:
    """An update was received, and is handled in the block. ``tell`` gets the seconds up to the
    first answer; an update without an answer is not told."""
    token = _current.set(_Waiting(monotonic(), monotonic, tell))
    try:
        yield
    finally:
        _current.reset(token)


def answered() -> None:
    """An answer was sent. Only the first one to an update counts."""
    now = _current.get()
    if now is not None and not now.is_answered:
        now.is_answered = True
        now.tell(now.monotonic() - now.since)
