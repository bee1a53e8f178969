"""The budget of the whole bot: how many calls a second Telegram gets, and whose are next.

Telegram takes about 30 messages a second from one bot and answers more with 429. Counted are sends,
edits and deletions. An answer to a press and a chat action are no messages; they are paid for from
the budget all the same, but never wait: should Telegram count them, the bot stays within its limit.

What a person waits for never waits for what is sent unprompted: within Telegram's limit it is sent
at once. Beyond the limit, as when very many people press in the same second, one call probes
whether Telegram takes more, and while it does, twice as many; after a 429 none does so until the
budget has recovered, and after that of a probe for minutes.

A 429 halves the budget, which then grows steadily. The wait that a 429 names is the chat's own,
unless several chats get one at the same time: then all calls wait, because each that is made
meanwhile lengthens the wait, and after it a single one tries first.
"""

import math
from collections import deque
from dataclasses import dataclass
from enum import IntEnum

from bot.loop_lag import LoopLag

MESSAGES_PER_SECOND = 25.0
LIMIT = 1.2
"""Telegram's limit as a multiple of the budget: 30 for 25."""
WINDOW = 1.0
"""Real seconds for which Telegram counts."""
BURST = 0.1
"""Seconds of the budget that may be saved for a burst of unprompted messages."""
DEEPEST_DEBT = 1.0
"""Seconds of the budget that people may use in advance; what is beyond is forgiven."""
PROGRESS_SHARE = 0.8
"""The part of the budget that progress may use: the rest stays free for what comes next."""
LAG_STEP = 0.05
"""Seconds of lateness of the event loop for which progress is halved, then a third, and so on."""
MOST_STRETCH = 20.0
PROBES = 16
"""The most calls at once beyond Telegram's limit."""
UNPROMPTED_AT_ONCE = 24
"""Unprompted calls at once, half of the connections: people find a free one when Telegram hangs."""

PROBE_AGAIN = 600.0
"""Real seconds without a probe after one that was refused."""
LEAST_SHARE = 1 / 8
RECOVERY = 1 / 50
"""The part of the budget that comes back in each second after a 429."""
TOGETHER = 1.0
"""429s within so many seconds count as one event."""
CHATS_TOGETHER = 3
"""So many chats refused together mean the limit of the whole bot."""
CHAT_MEMORY = 60.0
"""Seconds in which a further 429 of the same chat does not lower the budget again: it is the chat's
own limit."""
LONGEST_PAUSE = 60.0
"""Real seconds that all calls wait at most; a further 429 begins another wait."""


class Rank(IntEnum):
    """Whose call it is; a lower one goes first."""

    PERSON = 0
    """What a person pressed for or typed."""
    NOTICE = 1
    """Ends of jobs and notices."""
    DIGEST = 2
    PROGRESS = 3


@dataclass(frozen=True, slots=True)
class Spent:
    """What a call took from the budget, and whether it went beyond Telegram's limit."""

    cost: float
    is_probe: bool


class Budget:
    """``now`` is always the real monotonic clock's; ``lag`` is that of the event loop."""

    def __init__(self, per_second: float = MESSAGES_PER_SECOND, lag: LoopLag | None = None) -> None:
        self._full = per_second
        self._lag = lag or LoopLag()
        self._lowered_to, self._lowered_at = per_second, -math.inf
        self._saved, self._saved_at = max(1.0, per_second * BURST), 0.0
        self._next_progress = -math.inf
        self._ended: deque[float] = deque()
        self._on_the_way = 0
        self._refusals: deque[tuple[float, int | None, float]] = deque()
        self._refused_at: dict[int | None, float] = {}
        self._paused_until = -math.inf
        self._is_trying = False
        """Since a pause for all calls, none has been taken yet."""
        self._probes, self._probing, self._no_probe_until = 1, 0, -math.inf

    def rate(self, now: float) -> float:
        """Calls a second that may be made now."""
        recovered = self._full * RECOVERY * (now - self._lowered_at)
        return min(self._full, self._lowered_to + recovered)

    def wait(self, rank: Rank, now: float) -> float:
        """Seconds until a call of this rank may be made, 0 for now; infinite while it depends on
        the end of another call."""
        if now < self._paused_until:
            return self._paused_until - now
        if self._is_trying and self._on_the_way:
            return math.inf
        rate, full = self.rate(now), self._wait_of_window(now)
        if rank is Rank.PERSON:
            return 0.0 if self._may_probe(now) else full
        if self._on_the_way >= UNPROMPTED_AT_ONCE:
            return math.inf
        wait = max(full, (1.0 - self._savings(now)) / rate)
        if rank is Rank.PROGRESS:
            wait = max(wait, self._next_progress - now)
        return wait if wait > _ROUNDING else 0.0

    def _may_probe(self, now: float) -> bool:
        is_calm = now >= self._no_probe_until and self.rate(now) >= self._full
        return is_calm and self._probing < self._probes

    def _wait_of_window(self, now: float) -> float:
        """Seconds until a further call is surely within Telegram's limit; infinite if that depends
        on the end of another call. Telegram counts a call at some moment between its beginning and
        its end, so a call counts from the one until a window after the other: calls that a slow
        connection brings together are too few for a 429."""
        while self._ended and self._ended[0] + WINDOW - now <= _ROUNDING:
            self._ended.popleft()
        must_leave = self._on_the_way + len(self._ended) + 1 - math.ceil(self.rate(now) * LIMIT)
        if must_leave <= 0:
            return 0.0
        if must_leave > len(self._ended):
            return math.inf
        return self._ended[must_leave - 1] + WINDOW - now

    def spend(self, rank: Rank, now: float) -> Spent:
        """Count a call that begins now. :meth:`ended` must follow with what is returned."""
        is_probe = self._wait_of_window(now) > 0
        self._probing += is_probe
        cost = self._pay(now)
        self._on_the_way += 1
        if rank is Rank.PROGRESS:
            gap = self._stretch(now) / (self.rate(now) * PROGRESS_SHARE)
            self._next_progress = max(self._next_progress, now - gap) + gap
        return Spent(cost, is_probe)

    def ended(self, spent: Spent, now: float, *, made: bool) -> None:
        """A call that was counted has its answer, or was not ``made`` after all."""
        self._on_the_way -= 1
        self._probing -= spent.is_probe
        if not made:
            self._saved += spent.cost
            return
        if spent.is_probe:
            self._probes = min(self._probes * 2, PROBES)
        elif self._wait_of_window(now) == 0:
            self._probes = 1
        self._is_trying = self._is_trying and now < self._paused_until
        self._ended.append(now)

    def spend_unasked(self, now: float) -> None:
        """Count a call that waits for no budget."""
        self._pay(now)
        self._ended.append(now)

    def refused(
        self, chat_id: int | None, seconds: float, now: float, *, is_probe: bool = False
    ) -> None:
        """Telegram answered a call for the chat with a 429 that names so many seconds; None for an
        answer to a press. That of a probe is known to be the limit of the whole bot."""
        if is_probe:
            self._no_probe_until = now + PROBE_AGAIN
            self._is_trying = True
        refusals = self._refusals
        while refusals and refusals[0][0] <= now - TOGETHER:
            refusals.popleft()
        refusals.append((now, chat_id, seconds))
        if self._is_trying or len({chat for _, chat, _ in refusals}) >= CHATS_TOGETHER:
            self._is_trying = True
            longest = max(each for *_, each in refusals)
            self._paused_until = max(self._paused_until, now + min(longest, LONGEST_PAUSE))
        is_known = now - self._refused_at.pop(chat_id, -math.inf) < CHAT_MEMORY
        self._refused_at[chat_id] = now  # the newest stand last
        while next(iter(self._refused_at.values())) <= now - CHAT_MEMORY:
            del self._refused_at[next(iter(self._refused_at))]
        if is_known or now - self._lowered_at < TOGETHER:
            return
        self._probes = 1
        self._lowered_to = max(self.rate(now) / 2, self._full * LEAST_SHARE)
        self._lowered_at = now

    def pause(self, now: float) -> float:
        """Seconds for which Telegram wants no call at all; 0 if it takes calls."""
        return max(0.0, self._paused_until - now)

    def _stretch(self, now: float) -> float:
        """By which factor progress is rarer, because the event loop is late."""
        return min(1.0 + self._lag.seconds(now) / LAG_STEP, MOST_STRETCH)

    def _savings(self, now: float) -> float:
        """Calls that are paid for in advance; below 0 what people used in advance."""
        most = max(1.0, self._full * BURST)
        earned = (now - self._saved_at) * self.rate(now)
        self._saved, self._saved_at = min(most, self._saved + max(earned, 0.0)), now
        return self._saved

    def _pay(self, now: float) -> float:
        before = self._savings(now)
        self._saved = max(before - 1.0, -self._full * DEEPEST_DEBT)
        return before - self._saved


_ROUNDING = 1e-9
