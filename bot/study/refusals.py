"""Tells a bar from a cell's own trouble, where a view is refused in words that name neither.

One cell that is refused is that cell's trouble; only if the next cell's view says the same is it a
bar (``docs/platform.md``, section *Result codes*).
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from bot.study.attempt import Verdict
from bot.study.events import CellSuspect
from storage.cells import Cell
from storage.enums import Outcome

MANY = 10
"""No teacher takes away so many lessons in a row; a platform that refuses them refuses all."""


@dataclass(frozen=True, slots=True)
class _Refusal:
    cell: Cell
    verdict: Verdict


class ViewRefusals:
    """Compares the refusals of views, attempt by attempt, across topics.

    ``known`` are the words of cells that an earlier bar was concluded from, by cell id. If one of
    them says the same after the bar, these words are of cells, and only :data:`MANY` cells in a row
    are a bar again: ``proved`` are such words of earlier runs. Otherwise cells that were taken away
    would bar every job that comes to them.
    """

    def __init__(self, known: Mapping[str, str], proved: Collection[str] = ()) -> None:
        self._known = known
        self._proved = set(proved)
        self._last: _Refusal | None = None
        self._row: set[str] = set()
        """Cells that were refused in the same words, none of another sort between them."""

    def bar(self, cell: Cell, verdict: Verdict | None) -> tuple[CellSuspect, ...]:
        """Take an attempt's end. Returns the two cells that were refused in the same words, one
        right after the other, or nothing."""
        if verdict is not None and verdict.outcome is Outcome.TEMPORARY:
            return ()
        if verdict is None or not verdict.refused_view:
            self._last, self._row = None, set()
            return ()
        words = verdict.msg or ""
        if self._known.get(cell.cell_id) == words:
            self._proved.add(words)
            return ()
        last, self._last = self._last, _Refusal(cell, verdict)
        if last is None or last.cell.cell_id == cell.cell_id or last.verdict.msg != verdict.msg:
            if last is None or last.verdict.msg != verdict.msg:
                self._row = {cell.cell_id}
            return ()
        self._row.add(cell.cell_id)
        if words in self._proved and len(self._row) < MANY:
            return ()
        return (_suspect(last), _suspect(self._last))


def _suspect(refusal: _Refusal) -> CellSuspect:
    return CellSuspect(refusal.cell, refusal.verdict.code, refusal.verdict.msg or "")
