"""What a teacher published since the last look, told from the platform's own numbers.

One call per course says how many cells it has and each module's percent. A module nobody knew is
new; a percent that fell means cells that came; a count that rose by more than those means cells in
some other unfinished module. Only such modules are read deeper.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from bot.zjy.models import ModuleList, WireModule
from storage.cells import COMPLETE, Cell
from storage.known import KnownCourse, KnownModule

FELL_BY = 0.005
"""Percent points; percents have two decimals."""
NEW_AT_ONCE = 8
"""New modules of one course that one look reads; the others have their turn with the next."""


Trees = Mapping[str, Sequence[Cell]]
"""The cells of modules that were read deeper just now, by the module's id at the platform."""


@dataclass(frozen=True, slots=True)
class Before:
    """What was known of a course before the look; ``course`` is None at first sight."""

    course: KnownCourse | None
    modules: Mapping[str, KnownModule]
    """By the platform's id, with those that were taken away."""
    held: frozenset[str]
    """The ids of the cells that are known."""
    gone: frozenset[str]
    """The ids of cells that were known, and taken away."""

    def is_unlike(self, listing: ModuleList) -> bool:
        """Whether a listing without modules cannot be true: it counts cells, and modules are
        known."""
        known = any(module.listed for module in self.modules.values())
        return known and not listing.modules and listing.cell_count > 0


def surely_changed(before: Before, listing: ModuleList) -> list[WireModule]:
    """Modules in which something was published for sure, and of those that are new or there again
    so many as one look reads."""
    if before.course is None:
        return []
    fell, unread = [], []
    for module in distinct(listing):
        known = before.modules.get(module.id)
        if known is None or waits_to_be_read(known):
            unread.append(module)
        elif _fell(known.percent, module.percent):
            fell.append(module)
    return [*fell, *unread[:NEW_AT_ONCE]]


def _fell(known: float | None, percent: float | None) -> bool:
    """Whether a percent is lower than it was known; None says nothing."""
    return known is not None and percent is not None and percent < known - FELL_BY


def _has_stayed(known: float | None, percent: float | None) -> bool:
    return known is not None and percent is not None and 0 < percent <= known


def waits_to_be_read(known: KnownModule | None) -> bool:
    """Whether a module is new, or there again, and was not read since. None is unknown."""
    return known is None or not known.listed or is_unread_news(known)


def is_unread_news(known: KnownModule) -> bool:
    """A new module whose turn to be read has not come yet."""
    return known.found_at is not None and known.read_at is None


def maybe_changed(before: Before, listing: ModuleList, read: Collection[str]) -> list[WireModule]:
    """Further modules in which cells of the risen count can be: those whose cells are known, so
    that new ones can be told from old ones. First those whose percent a new cell could leave as it
    is: nothing is done in them, or something was done since, or nothing is known of it."""
    found = [
        (_has_stayed(known.percent, module.percent), module)
        for module in distinct(listing)
        if module.id not in read
        and not module.is_complete
        and (known := before.modules.get(module.id)) is not None
        and known.read_at is not None
    ]
    return [module for _, module in sorted(found, key=lambda each: each[0])]


def risen(before: Before, listing: ModuleList) -> int:
    """By how many cells the course grew, as far as the platform counts them."""
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
        # All that was there was complete.
        return {
            cell.cell_id for cell in cells if cell.percent is not None and cell.percent < COMPLETE
        }
    return set()


def explained(before: Before, trees: Trees) -> int:
    """How many of the cells by which the count rose were found: new ones, and those that were taken
    away before. Those of a new module were counted with it, not when its turn to be read came."""
    found = 0
    for module_id, cells in trees.items():
        known = before.modules.get(module_id)
        if known is not None and not known.listed:
            found += len(cells)
        elif known is None or not is_unread_news(known):
            found += len(new_cells(before, known, cells, just_read=True))
            found += len({cell.cell_id for cell in cells} & before.gone)
    return found


def distinct(listing: ModuleList) -> list[WireModule]:
    """A module can stand in the list twice."""
    return list({module.id: module for module in reversed(listing.modules)}.values())[::-1]
