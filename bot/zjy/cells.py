"""A topic's cells: leaves and folders of them, as frozen models tolerant of the wire's quirks.

See ``docs/platform.md``, section *Reading the course tree*.
"""

from typing import Annotated, Self

from pydantic import AliasChoices, BeforeValidator, Field, model_validator

from bot.zjy.fields import Count, Entries, Text, Wire, as_id_if_any, as_told_percent

FOLDER_TYPE = 4
MAX_DEPTH = 8
"""The most levels of cells that are read; captured answers have at most two."""


def _cells(raw: object) -> "Entries[WireCell]":
    return Entries.of(WireCell, _once, raw)


def _once(cell: "WireCell") -> object:
    return cell.id if cell.id and not cell.is_folder else id(cell)


class WireCell(Wire):
    """A leaf or a folder. Which percent is valid depends on the cell's place, so read it only
    through :meth:`CellList.leaves`."""

    id: Annotated[str, BeforeValidator(as_id_if_any)] = Field(
        "", validation_alias=AliasChoices("Id", "id")
    )
    """Empty only in a folder, for which no request is made."""
    name: Text = Field("", alias="cellName")
    category: Text = Field("", alias="categoryName")
    cell_type: Count = Field(1, alias="cellType")
    sort_order: Count = Field(0, alias="sortOrder")
    stu_cell_percent: object = Field(None, alias="stuCellPercent")
    stu_cell_four_percent: object = Field(None, alias="stuCellFourPercent")
    below: Annotated["Entries[WireCell]", BeforeValidator(_cells)] = Field(
        Entries(), alias="childNodeList"
    )

    @property
    def is_folder(self) -> bool:
        """Leaves have an empty ``childNodeList`` too: only a non-empty one makes a folder."""
        return self.cell_type == FOLDER_TYPE or bool(self.below.read or self.below.unreadable)

    @model_validator(mode="after")
    def _has_an_id(self) -> Self:
        if not self.id and not self.is_folder:
            raise ValueError("a leaf without an id")
        return self


class Leaf(Wire):
    """A cell that can be studied, with its valid percent, which is None if the platform gives no
    number."""

    id: str
    name: str
    category: str
    percent: float | None


class CellList(Wire):
    """A topic's cells."""

    listed: Annotated[Entries[WireCell], BeforeValidator(_cells)] = Field(alias="cellList")

    @property
    def leaves(self) -> tuple[Leaf, ...]:
        """All leaves, those in folders too, in the platform's order; a repeated id counts once."""
        found: dict[str, Leaf] = {}
        for leaf in _leaves(self.listed, depth=0):
            found.setdefault(leaf.id, leaf)
        return tuple(found.values())

    @property
    def unreadable(self) -> int:
        """How many leaves or folders are left out because they cannot be read. Unless it is 0, a
        cell missing in ``leaves`` may still exist, and ``leaves`` all at 100 do not mean a finished
        topic."""
        return _left_out(self.listed, depth=0)


def _left_out(entries: Entries[WireCell], depth: int) -> int:
    if depth > MAX_DEPTH:
        return 1
    return entries.unreadable + sum(
        _left_out(cell.below, depth + 1) for cell in entries.read if cell.is_folder
    )


def _leaves(cells: Entries[WireCell], depth: int) -> list[Leaf]:
    if depth > MAX_DEPTH:
        return []
    found: list[Leaf] = []
    for cell in sorted(cells.read, key=lambda each: each.sort_order):
        if cell.is_folder:
            found += _leaves(cell.below, depth + 1)
            continue
        percent = cell.stu_cell_percent
        if depth and cell.stu_cell_four_percent not in (None, ""):
            percent = cell.stu_cell_four_percent
        found.append(
            Leaf(
                id=cell.id,
                name=cell.name,
                category=cell.category,
                percent=as_told_percent(percent),
            )
        )
    return found
