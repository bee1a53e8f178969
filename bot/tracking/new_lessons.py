"""The content of a notice of new lessons, as stored in the notice's payload."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Self

from storage.cells import Cell


@dataclass(frozen=True, slots=True)
class TaughtModule:
    """A module with newly published cells; with ``is_new`` the module itself is new. ``cells`` are
    the new cells' names, ``cell_ids`` their ids; ids are the platform's own."""

    module_id: str
    name: str
    is_new: bool
    cells: Sequence[str]
    cell_ids: Sequence[str] = ()
    """Empty in a notice of an earlier version, which held only the cells' names."""

    def names(self, cell: Cell) -> bool:
        """Whether the cell, which is in this module, is one of the published ones."""
        if self.is_new:
            return True
        if self.cell_ids:
            return cell.cell_id in self.cell_ids
        return cell.name in self.cells


@dataclass(frozen=True, slots=True)
class NewLessonsNotice:
    """``account_id`` and ``course_id`` are row ids; ``unnamed`` is the number of further new cells
    that cannot be identified. With ``is_new`` the course itself was joined."""

    account_id: int
    course_id: int
    modules: Sequence[TaughtModule]
    unnamed: int
    is_new: bool = False

    @property
    def is_empty(self) -> bool:
        return not (self.modules or self.unnamed or self.is_new)

    def names(self, cell: Cell) -> bool:
        """Whether the cell is one of those that the notice names."""
        return any(
            module.module_id == cell.module_id and module.names(cell) for module in self.modules
        )

    def payload(self) -> str:
        return json.dumps(asdict(self), ensure_ascii=False)

    @classmethod
    def of(cls, payload: str) -> Self:
        """Raises ValueError, KeyError or TypeError for another kind of payload."""
        facts = json.loads(payload)
        modules = [
            TaughtModule(
                each["module_id"],
                each["name"],
                each["is_new"],
                tuple(each["cells"]),
                tuple(each.get("cell_ids", ())),
            )
            for each in facts["modules"]
        ]
        return cls(
            account_id=facts["account_id"],
            course_id=facts["course_id"],
            modules=modules,
            unnamed=facts["unnamed"],
            is_new=facts.get("is_new", False),
        )
