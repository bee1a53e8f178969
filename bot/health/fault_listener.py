"""Hears of each error in the log, so that the owner of the bot is told of it."""

from collections.abc import Callable
from contextlib import suppress

from structlog.typing import EventDict

from bot.logs import new_reference

ERRORS = frozenset({"error", "critical"})
TOLD_OTHERWISE = frozenset({"bot.backups"})
"""Loggers whose errors are a cause of their own, of which the owner is told in other words."""


class FaultListener:
    """A processor of log events: an error without a reference gets one. The first reference from
    before :meth:`listen` is kept until then."""

    def __init__(self) -> None:
        self._tell: Callable[[str], object] | None = None
        self._kept: str | None = None

    def listen(self, tell: Callable[[str], object]) -> None:
        """Call ``tell`` with the reference of each error, in the thread that logs it."""
        self._tell = tell
        if self._kept is not None:
            tell(self._kept)

    def end(self) -> None:
        """Tell of no further errors."""
        self._tell = None

    def __call__(self, logger: object, name: str, event: EventDict) -> EventDict:
        if event.get("level") in ERRORS and event.get("logger") not in TOLD_OTHERWISE:
            reference = str(event.setdefault("reference", new_reference()))
            tell = self._tell  # another thread may end it
            if tell is None:
                self._kept = self._kept or reference
            else:
                # The event loop may have ended meanwhile: the line is logged all the same.
                with suppress(RuntimeError):
                    tell(reference)
        return event
