"""Whose turn it is among all chats. No step walks over the chats: each costs O(log n)."""

from collections.abc import Iterable
from heapq import heappop, heappush
from itertools import count

from bot.outbox.budget import Rank
from bot.outbox.chat_queue import Head


class Turns:
    """At most one entry for each chat and rank: first by the moment at which it is due, from then
    on within its rank by ``since``, the oldest first. Replaced entries stay in the heaps until
    they come up, and are passed over then."""

    def __init__(self) -> None:
        self._numbers = count()
        self._later: list[tuple[float, int, int, Head]] = []
        self._ready: dict[Rank, list[tuple[float, int, int]]] = {rank: [] for rank in Rank}
        self._entries: dict[int, dict[Rank, tuple[int, float]]] = {}
        """For each chat and rank: the number of the entry that counts, and when it is due."""

    def put(self, chat_id: int, heads: Iterable[Head]) -> None:
        """Let the chat have its turns. An entry that is due earlier than its head stays: when it
        comes up, the chat is put in anew."""
        known = self._entries.setdefault(chat_id, {})
        for head in heads:
            number, due = known.get(head.rank, (None, 0.0))
            if number is not None and due <= head.due:
                continue
            number = next(self._numbers)
            known[head.rank] = (number, head.due)
            heappush(self._later, (head.due, number, chat_id, head))
        if not known:
            del self._entries[chat_id]

    def remove(self, chat_id: int) -> None:
        self._entries.pop(chat_id, None)

    def first(self, now: float) -> Rank | None:
        """The rank that goes first of those that are due now."""
        while self._later and self._later[0][0] <= now:
            _, number, chat_id, head = heappop(self._later)
            if self._counts(chat_id, head.rank, number):
                heappush(self._ready[head.rank], (head.since, number, chat_id))
        for rank, ready in self._ready.items():
            while ready and not self._counts(ready[0][2], rank, ready[0][1]):
                heappop(ready)
            if ready:
                return rank
        return None

    def pop(self, rank: Rank) -> int:
        """Take the first entry of a rank that :meth:`first` returned; returns its chat."""
        _, _, chat_id = heappop(self._ready[rank])
        known = self._entries[chat_id]
        del known[rank]
        if not known:
            del self._entries[chat_id]
        return chat_id

    def next_due(self) -> float | None:
        """When the next entry that is not due yet becomes due."""
        while self._later:
            due, number, chat_id, head = self._later[0]
            if self._counts(chat_id, head.rank, number):
                return due
            heappop(self._later)
        return None

    def _counts(self, chat_id: int, rank: Rank, number: int) -> bool:
        entry = self._entries.get(chat_id, {}).get(rank)
        return entry is not None and entry[0] == number
