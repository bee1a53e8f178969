"""A topic's cells: leaves, and folders of them, as frozen models that take every quirk of the wire.

See ``docs/platform.md``, section *Reading the course tree*.
"""

from typing import Annotated, Self

from pydantic import AliasChoices, BeforeValidator, Field, model_validator

from bot.zjy.fields import Count, Entries, Text, Wire, as_id_if_any, as_told_percent

FOLDER_TYPE = 4
MAX_DEPTH = 8
"""Nobody captured more than two levels of cells; deeper ones are read, up to here."""


def _cells(raw: object) -> "Entries[WireCell]":
    return Entries.of(WireCell, _once, raw)


def _once(cell: "WireCell") -> object:
    return cell.id if cell.id and not cell.is_folder else id(cell)


class WireCell(Wire):
    """A leaf or a folder. Which percent is the true one depends on where the cell stands, so
    read it with :func:`leaves`, never by hand."""

    id: Annotated[str, BeforeValidator(as_id_if_any)] = Field(
        "", validation_alias=AliasChoices("Id", "id")
    )
    """Empty in a folder alone, of which nothing is asked."""
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
        """Leaves carry an empty ``childNodeList`` too: only a non-empty one makes a folder."""
        return self.cell_type == FOLDER_TYPE or bool(self.below.read or self.below.unreadable)

    @model_validator(mode="after")
    def _has_an_id(self) -> Self:
        if not self.id and not self.is_folder:
            raise ValueError("a leaf without an id")
        return self


class Leaf(Wire):
    """A cell that can be studied, with the percent that counts and the folders it stands in.
    ``percent`` is None where the platform does not say it in a number."""

    id: str
    name: str
    category: str
    percent: float | None
    folders: tuple[str, ...] = ()


class CellList(Wire):
    """A topic's cells."""

    listed: Annotated[Entries[WireCell], BeforeValidator(_cells)] = Field(alias="cellList")

    @property
    def leaves(self) -> tuple[Leaf, ...]:
        """Every leaf, folders opened, in the platform's order; a repeated id counts once."""
        found: dict[str, Leaf] = {}
        for leaf in _leaves(self.listed, ()):
            found.setdefault(leaf.id, leaf)
        return tuple(found.values())

    @property
    def unreadable(self) -> int:
        """How many leaves or folders are left out because they cannot be read. While it is not 0
        a cell that ``leaves`` lacks is not gone, and the topic is not finished because all of
        ``leaves`` are at 100."""
        return _left_out(self.listed, depth=0)


def _left_out(entries: Entries[WireCell], depth: int) -> int:
    if depth > MAX_DEPTH:
        return 1
    return entries.unreadable + sum(
        _left_out(cell.below, depth + 1) for cell in entries.read if cell.is_folder
    )


def _leaves(cells: Entries[WireCell], folders: tuple[str, ...]) -> list[Leaf]:
    if len(folders) > MAX_DEPTH:
        return []
    found: list[Leaf] = []
    for cell in sorted(cells.read, key=lambda each: each.sort_order):
        if cell.is_folder:
            found += _leaves(cell.below, (*folders, cell.name))
            continue
        percent = cell.stu_cell_percent
        if folders and cell.stu_cell_four_percent not in (None, ""):
            percent = cell.stu_cell_four_percent
        found.append(
            Leaf(
                id=cell.id,
                name=cell.name,
                category=cell.category,
                percent=as_told_percent(percent),
                folders=folders,
            )
        )
    return found
