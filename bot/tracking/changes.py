"""Finds what a teacher published since the last look, from the platform's own numbers.

One request per course gives its number of cells and each module's percent. An unknown module is
new; a percent that fell means added cells; a count that rose by more than those means cells in
another unfinished module. Only the cells of such modules are read.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from bot.zjy.models import ModuleList, WireModule
from storage.cells import COMPLETE, Cell
from storage.known import KnownCourse, KnownModule

FELL_BY = 0.005
"""Percent points; percents have two decimals."""
NEW_AT_ONCE = 8
"""The most new modules of one course that one look reads; later looks read the others."""


Trees = Mapping[str, Sequence[Cell]]
"""The cells of the modules that were just read, by the platform's module id."""


@dataclass(frozen=True, slots=True)
class Before:
    """What was known of a course before the look; ``course`` is None before the first one."""

    course: KnownCourse | None
    modules: Mapping[str, KnownModule]
    """By the platform's id, removed ones included."""
    held: frozenset[str]
    """The ids of the cells that are known."""
    gone: frozenset[str]
    """The ids of known cells that were removed."""

    def is_unlike(self, listing: ModuleList) -> bool:
        """Whether a listing without modules is implausible: it counts cells, and modules are
        known."""
        known = any(module.listed for module in self.modules.values())
        return known and not listing.modules and listing.cell_count > 0


def surely_changed(before: Before, listing: ModuleList) -> list[WireModule]:
    """The modules with certainly new cells, and as many of the new or reappeared modules as one
    look reads."""
    if before.course is None:
        return []
    fell, unread = [], []
    for module in listing.modules:
        known = before.modules.get(module.id)
        if known is None or waits_to_be_read(known):
            unread.append(module)
        elif _fell(known.percent, module.percent):
            fell.append(module)
    return [*fell, *unread[:NEW_AT_ONCE]]


def _fell(known: float | None, percent: float | None) -> bool:
    """Whether a percent is lower than the known one; False if either is None."""
    return known is not None and percent is not None and percent < known - FELL_BY


def _has_stayed(known: float | None, percent: float | None) -> bool:
    return known is not None and percent is not None and 0 < percent <= known


def waits_to_be_read(known: KnownModule | None) -> bool:
    """Whether a module is new or reappeared and was not read since. None is an unknown module."""
    return known is None or not known.listed or is_unread_news(known)


def is_unread_news(known: KnownModule) -> bool:
    """Whether it is a new module that was not read yet."""
    return known.found_at is not None and known.read_at is None


def maybe_changed(before: Before, listing: ModuleList, read: Collection[str]) -> list[WireModule]:
    """Further modules that can hold the cells by which the count rose: those whose cells are known,
    so that new ones can be recognized. First come those whose percent a new cell need not change:
    nothing is done in them, something was done since, or their percent is unknown."""
    found = [
        (_has_stayed(known.percent, module.percent), module)
        for module in listing.modules
        if module.id not in read
        and not module.is_complete
        and (known := before.modules.get(module.id)) is not None
        and known.read_at is not None
    ]
    return [module for _, module in sorted(found, key=lambda each: each[0])]


def risen(before: Before, listing: ModuleList) -> int:
    """By how many cells the course grew, by the platform's count."""
    if before.course is None or before.course.cell_count <= 0:
        return 0
    return max(0, listing.cell_count - before.course.cell_count)


def new_cells(
    before: Before, known: KnownModule | None, cells: Sequence[Cell], *, just_read: bool
) -> set[str]:
    """Which of a module's cells are newly published. ``known`` is None for a new module;
    ``just_read`` is False for cells that a preview read some time ago."""
    if known is None or is_unread_news(known):
        return {cell.cell_id for cell in cells}
    if known.read_at is not None:
        return {cell.cell_id for cell in cells} - before.held - before.gone
    if just_read and known.is_complete:
        # All earlier cells were complete.
        return {
            cell.cell_id for cell in cells if cell.percent is not None and cell.percent < COMPLETE
        }
    return set()


def explained(before: Before, trees: Trees) -> int:
    """How many of the cells by which the count rose were found: new ones and reappeared ones. A new
    module's cells count when the module appears, not when it is read later."""
    found = 0
    for module_id, cells in trees.items():
        known = before.modules.get(module_id)
        if known is not None and not known.listed:
            found += len(cells)
        elif known is None or not is_unread_news(known):
            found += len(new_cells(before, known, cells, just_read=True))
            found += len({cell.cell_id for cell in cells} & before.gone)
    return found
