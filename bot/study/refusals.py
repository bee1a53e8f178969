"""Tells a bar from a cell's own trouble, where a view is refused in words that name neither.

One cell that is refused is that cell's trouble; only if the next cell's view says the same is it a
bar (``docs/platform.md``, section *Result codes*).
"""

from collections.abc import Mapping
from dataclasses import dataclass

from bot.study.attempt import Verdict
from bot.study.events import CellSuspect
from bot.study.outcome import Outcome
from bot.study.outline import PlannedCell


@dataclass(frozen=True, slots=True)
class _Refusal:
    cell: PlannedCell
    verdict: Verdict


class ViewRefusals:
    """Compares the refusals of views, attempt by attempt, across topics.

    ``known`` are the words of cells that an earlier bar was concluded from, by cell id: the same
    words again are no news. Otherwise two cells that were taken away would bar every job that
    comes to them.
    """

    def __init__(self, known: Mapping[str, str]) -> None:
        self._known = known
        self._last: _Refusal | None = None

    def bar(self, cell: PlannedCell, verdict: Verdict | None) -> tuple[CellSuspect, ...]:
        """Take an attempt's end. Returns the two cells that were refused in the same words, one
        right after the other, or nothing."""
        if verdict is not None and verdict.outcome is Outcome.TEMPORARY:
            return ()
        if verdict is None or not verdict.refused_view:
            self._last = None
            return ()
        if self._known.get(cell.cell_id) == verdict.msg:
            return ()
        last, self._last = self._last, _Refusal(cell, verdict)
        if last is None or last.cell.cell_id == cell.cell_id or last.verdict.msg != verdict.msg:
            return ()
        return (_suspect(last), _suspect(self._last))


def _suspect(refusal: _Refusal) -> CellSuspect:
    return CellSuspect(refusal.cell, refusal.verdict.code, refusal.verdict.msg or "")
