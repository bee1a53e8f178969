"""Lists that come without some of their rows, now and then."""

from collections import defaultdict
from collections.abc import Sequence
from random import Random


class Incomplete:
    """What was left out once is in the next list that it belongs to, and so is each thing below it:
    nothing is missing in two readings on end. ``share`` of the lists are cut, ``cuts`` counts
    them."""

    def __init__(self, rng: Random, share: float) -> None:
        self._rng = rng
        self.share = share
        self.cuts = 0
        self._owed: defaultdict[str, set[str]] = defaultdict(set)
        """By student, the ids of what was left out and of what is below it, until it is shown."""

    def some(
        self, student: str, rows: list[object], ids: Sequence[Sequence[str]], *, cut: bool
    ) -> list[object]:
        """The rows, or some of them if so asked or by chance. ``ids`` are each row's own, then
        those of all that is below it."""
        owed = self._owed[student]
        is_cut = cut or self._rng.random() < self.share
        out = {
            place
            for place, (own, *below) in enumerate(ids)
            if is_cut and owed.isdisjoint((own, *below)) and self._rng.random() < 0.5
        }
        if cut and not out:
            out = set(range(len(rows))[-1:])
        for place, (own, *below) in enumerate(ids):
            if place in out:
                owed.update((own, *below))
            else:
                owed.discard(own)
        self.cuts += bool(out)
        return [row for place, row in enumerate(rows) if place not in out]
