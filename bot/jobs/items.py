"""Computes a job's counts and snapshot from its items."""

from collections.abc import Mapping, Sequence
from decimal import Decimal

from bot.study.progress import Counts, Snapshot
from storage.jobs import JobItem


def counts_of(items: Sequence[JobItem]) -> Counts:
    return Counts.of([item.outcome for item in items])


def snapshot_of(items: Sequence[JobItem], known_lengths: Mapping[str, str]) -> Snapshot:
    """A job's snapshot from what is stored, which does not include the cell that is open now."""
    still_open = tuple(item.cell for item in items if item.outcome is None)
    lengths = {cell_id: Decimal(seconds) for cell_id, seconds in known_lengths.items()}
    return Snapshot(open_cells=still_open, counts=counts_of(items), lengths=lengths)
