"""Who waits for a request to the platform, and whose turn it is when several do."""

from collections.abc import Collection, Mapping
from enum import IntEnum


class Priority(IntEnum):
    """Who waits for a request; the smaller value goes first."""

    PERSON = 0
    """A person looks at a screen that waits for this read."""
    JOB = 1
    """A running job: its reports, views and read-backs."""
    OUTLINE = 2
    """The topics and cells of ticked modules, read in the background into a draft."""
    DIGEST = 3
    """A digest, a look for new lessons, or a read ahead of them."""


LEAST_SHARE: Mapping[Priority, int] = {
    Priority.JOB: 3,
    Priority.OUTLINE: 20,
    Priority.DIGEST: 20,
}
"""While requests of the class wait, one of so many goes to it, whatever else waits. Together these
are less than half, so that each gets its share. Jobs keep nine tenths beside the two below them."""


class LeastShares:
    """Chooses among the classes that wait: the most urgent, unless another's share is due."""

    def __init__(self) -> None:
        self._passed_over = dict.fromkeys(Priority, 0)

    def choose(self, waiting: Collection[Priority]) -> Priority:
        """The class of the next request; ``waiting``, the classes with one, is not empty."""
        overdue = [each for each in waiting if self._overdue(each) >= 0]
        chosen = max(overdue, key=self._overdue) if overdue else min(waiting)
        for each in Priority:
            is_passed_over = each in waiting and each is not chosen
            self._passed_over[each] = self._passed_over[each] + 1 if is_passed_over else 0
        return chosen

    def _overdue(self, priority: Priority) -> int:
        """By how many requests the class has waited too long; below 0 if it has not."""
        share = LEAST_SHARE.get(priority)
        return -1 if share is None else self._passed_over[priority] - (share - 1)
