"""Computes a job's counts and snapshot from its items."""

from collections.abc import Sequence

from bot.study.progress import Counts, Snapshot
from storage.jobs import JobItem
from storage.lengths import KnownLengths


def counts_of(items: Sequence[JobItem]) -> Counts:
    return Counts.of([item.outcome for item in items])


def snapshot_of(items: Sequence[JobItem], known: KnownLengths) -> Snapshot:
    """A job's snapshot from what is stored, which does not include the cell that is open now."""
    still_open = tuple(item.cell for item in items if item.outcome is None)
    return Snapshot(
        open_cells=still_open,
        counts=counts_of(items),
        lengths=known.course,
        others=known.others,
    )
