"""Tells a bar from a cell's own trouble when the message of a refused view names neither.

One refused cell is that cell's trouble; it is a bar only if the next cell's view is refused with
the same message (``docs/platform.md``, section *Result codes*).
"""

from collections.abc import Collection, Mapping

from bot.study.attempt import Verdict
from bot.study.events import CellSuspect
from storage.cells import Cell
from storage.enums import Outcome

MANY = 10
"""Consecutive refused cells that mean a bar: no teacher removes so many lessons in a row."""


class ViewRefusals:
    """Compares the refusals of views, attempt by attempt, across topics.

    ``known`` are the messages of cells that an earlier bar was concluded from, by cell id. If a
    cell is refused with the same message after the bar, the message concerns single cells, and only
    :data:`MANY` cells in a row are a bar again: ``proved`` are such messages of earlier runs.
    Otherwise removed cells would bar every job that reaches them.
    """

    def __init__(self, known: Mapping[str, str], proved: Collection[str] = ()) -> None:
        self._known = known
        self._proved = set(proved)
        self._last: CellSuspect | None = None
        self._row: set[str] = set()
        """The ids of consecutive cells that were refused with the same message."""

    def bar(self, cell: Cell, verdict: Verdict | None) -> tuple[CellSuspect, ...]:
        """Record the end of an attempt. Returns the two cells refused one right after the other
        with the same message, or an empty tuple."""
        if verdict is not None and verdict.outcome is Outcome.TEMPORARY:
            return ()
        if verdict is None or not verdict.refused_view:
            self._last, self._row = None, set()
            return ()
        suspect = CellSuspect(cell, verdict.code, verdict.msg or "")
        if self._known.get(cell.cell_id) == suspect.msg:
            self._proved.add(suspect.msg)
            return ()
        last, self._last = self._last, suspect
        if last is None or last.cell.cell_id == cell.cell_id or last.msg != suspect.msg:
            if last is None or last.msg != suspect.msg:
                self._row = {cell.cell_id}
            return ()
        self._row.add(cell.cell_id)
        if suspect.msg in self._proved and len(self._row) < MANY:
            return ()
        return (last, suspect)
