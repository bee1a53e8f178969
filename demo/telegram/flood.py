"""The limits that Telegram puts on a bot that talks too much."""

from collections import deque
from collections.abc import Callable
from math import ceil

from demo.telegram.errors import too_many_requests

BURST = 3.0
PER_SECOND = 1.0
EDITS_PER_MINUTE = 20
GROUP_MESSAGES_PER_MINUTE = 20
CALLS_PER_SECOND = 30
PROFILE_CHANGES_PER_HOUR = 10
"""Telegram publishes no number; this one is enough to set up a profile once, not at each start."""
PENALTY = 3.0
"""Seconds that a wait lasts at least, and that each further call during it adds."""
_SENDING = ("sendm", "sendp", "sendd", "copy", "forward")
_PROFILE = frozenset(
    {
        "setmyname",
        "setmydescription",
        "setmyshortdescription",
        "setmyprofilephoto",
        "removemyprofilephoto",
    }
)
_UNCOUNTED = frozenset({"getupdates", "getme"})


class Flood:
    """Counts calls in seconds of the server's clock; raises ``ApiError`` 429 on too many.

    One private chat takes one message a second, with bursts of three; a group 20 messages a
    minute; a chat 20 edits a minute; all of them together 30 calls a second. Name, descriptions
    and photo of the bot may be changed 10 times an hour.
    """

    def __init__(self) -> None:
        self._all: deque[float] = deque()
        self._edits: dict[int, deque[float]] = {}
        self._profile: deque[float] = deque()
        self._group: dict[int, deque[float]] = {}
        self._tokens: dict[int, tuple[float, float]] = {}
        self._barred: dict[int | str | None, float] = {}

    def check(self, method: str, chat_id: int | None, now: float) -> None:
        """Count one call of ``method`` (lower case) at ``now``, or raise the 429."""
        if method in _UNCOUNTED:
            return
        self._count(None, now, lambda: _wait(self._all, now, 1.0, CALLS_PER_SECOND))
        if method in _PROFILE:
            most = PROFILE_CHANGES_PER_HOUR
            self._count("profile", now, lambda: _wait(self._profile, now, 3600.0, most))
        if chat_id is None:
            return
        if method.startswith("edit"):
            edits = self._edits.setdefault(chat_id, deque())
            self._count(chat_id, now, lambda: _wait(edits, now, 60.0, EDITS_PER_MINUTE))
        elif method.startswith(_SENDING):
            self._count(chat_id, now, lambda: self._message(chat_id, now))

    def _count(self, key: int | str | None, now: float, wait: Callable[[], float]) -> None:
        """Refuse while ``key`` is barred, and bar it when ``wait()`` is above 0 seconds."""
        until = self._barred.get(key, now)
        if now < until:
            until += PENALTY
        elif (seconds := wait()) > 0:
            until = now + max(seconds, PENALTY)
        else:
            return
        self._barred[key] = until
        raise too_many_requests(ceil(until - now))

    def _message(self, chat_id: int, now: float) -> float:
        if chat_id < 0:
            sent = self._group.setdefault(chat_id, deque())
            return _wait(sent, now, 60.0, GROUP_MESSAGES_PER_MINUTE)
        tokens, at = self._tokens.get(chat_id, (BURST, now))
        tokens = min(BURST, tokens + (now - at) * PER_SECOND)
        if tokens < 1:
            return (1 - tokens) / PER_SECOND
        self._tokens[chat_id] = (tokens - 1, now)
        return 0.0


def _wait(times: deque[float], now: float, window: float, most: int) -> float:
    """Seconds until one more event fits into the window; 0 if it does, and it is counted."""
    while times and times[0] <= now - window:
        times.popleft()
    if len(times) >= most:
        return times[0] + window - now
    times.append(now)
    return 0.0
