"""Decides when what a list lacks is gone: not after one reading, since lists can be incomplete."""

from collections import OrderedDict
from collections.abc import Collection, Hashable, Sequence
from datetime import datetime, timedelta

from storage import known
from storage.cells import Cell
from storage.database import Database

GONE_AFTER = timedelta(hours=20)
"""Real time between the first and the last reading without an entry that is taken for gone."""
REMEMBERED = 4096
"""The most lists whose missing entries are remembered; a forgotten one starts anew."""


class Missing:
    """In memory only: a restart makes entries stay for longer."""

    def __init__(self) -> None:
        self._since: OrderedDict[Hashable, dict[Hashable, datetime]] = OrderedDict()

    def may_go(self, place: Hashable, missing: Collection[Hashable], now: datetime) -> bool:
        """Record what a reading of the list at ``place`` lacked. Whether all of it was lacking in
        every reading for long enough."""
        before = self._since.pop(place, {})
        since = {each: before.get(each, now) for each in missing}
        if since:
            self._since[place] = since
        while len(self._since) > REMEMBERED:
            self._since.popitem(last=False)
        return all(now - each >= GONE_AFTER for each in since.values())


async def with_missing(
    db: Database,
    missing: Missing,
    course_id: int,
    module_id: str,
    cells: Sequence[Cell],
    now: datetime,
) -> Sequence[Cell]:
    """The cells of a module that was just read, and those known ones that it lacks and that are not
    taken for gone yet."""
    there = {cell.cell_id for cell in cells}
    lacking = [
        each.cell
        for each in await db.read(lambda conn: known.cells(conn, course_id))
        if each.cell.module_id == module_id and each.cell.cell_id not in there
    ]
    ids = {cell.cell_id for cell in lacking}
    if missing.may_go(("cells", course_id, module_id), ids, now):
        return cells
    return [*cells, *lacking]
